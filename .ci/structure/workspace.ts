import { parse as parseYaml } from "yaml"

/** A text file of the repository; `path` is relative to the root, with forward slashes. */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/** What the structure rules read of a package.json. */
export interface Manifest {
  readonly path: string
  readonly name: string
  readonly content: JsonObject
}

export type JsonObject = Readonly<Record<string, unknown>>

/** Everything a structure rule may look at. */
export interface Workspace {
  readonly files: ReadonlyArray<SourceFile>
  readonly manifests: ReadonlyArray<Manifest>
  readonly catalog: Readonly<Record<string, string>>
  /** Installed packages whose package.json has no `exports`: Node resolves their subpaths as plain files. */
  readonly packagesWithoutExports: ReadonlySet<string>
}

export interface Violation {
  readonly path: string
  readonly line: number
  /** What is wrong and what to do instead. */
  readonly message: string
}

export type Rule = (workspace: Workspace) => ReadonlyArray<Violation>

export const formatViolation = ({ path, line, message }: Violation): string => `${path}:${line}: ${message}`

/** Reads the manifests and the catalog out of the files. */
export const makeWorkspace = (
  files: ReadonlyArray<SourceFile>,
  packagesWithoutExports: ReadonlySet<string> = new Set()
): Workspace => ({
  files,
  manifests: files.filter(({ path }) => /(^|\/)package\.json$/.test(path)).map(readManifest),
  catalog: readCatalog(files.find(({ path }) => path === "pnpm-workspace.yaml")?.text ?? ""),
  packagesWithoutExports
})

const readManifest = ({ path, text }: SourceFile): Manifest => {
  const content = asObject(JSON.parse(text))
  return { path, name: typeof content["name"] === "string" ? content["name"] : "", content }
}

const readCatalog = (text: string): Readonly<Record<string, string>> =>
  stringEntries(asObject(parseYaml(text))["catalog"])

const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The value as an object; an empty one for anything else. */
export const asObject = (value: unknown): JsonObject => (isObject(value) ? value : {})

/** The entries of an object that are text, such as `dependencies`. */
export const stringEntries = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(asObject(value)).filter((entry): entry is [string, string] => typeof entry[1] === "string")
  )

/** The line on which `part` stands first, so that a violation of a manifest points at it; 1 when it is absent. */
export const lineOf = (text: string, part: string): number => lineAt(text, Math.max(0, text.indexOf(part)))

/** The line (from 1) of a UTF-16 offset. */
export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split("\n").length
