import { isTest, isTypeScript, kindOf, packageFolder, packageName, resolveRelative } from "./paths.ts"
import type { PackageKind } from "./paths.ts"
import { importsOf } from "./syntax.ts"
import { lineOf, stringEntries } from "./workspace.ts"
import type { Manifest, Rule, SourceFile, Violation, Workspace } from "./workspace.ts"

/** Which kinds of package each kind may import. The arrows of docs/architecture.md, and nothing else. */
const arrows: Readonly<Record<PackageKind, ReadonlyArray<PackageKind>>> = {
  recording: [],
  transport: ["recording"],
  testkit: ["recording"],
  archive: ["recording", "vcon"],
  vcon: ["recording"],
  adapter: ["transport", "recording"],
  cli: ["archive", "vcon", "transport", "recording", "adapter"]
}

/** Tests may also use the testkit and, outside adapters, adapters. */
const testArrows = (kind: PackageKind): ReadonlyArray<PackageKind> =>
  kind === "adapter" ? [...arrows[kind], "testkit"] : [...arrows[kind], "testkit", "adapter"]

/** Arrows between packages point one way only, in imports and in manifests. */
export const packageArrows: Rule = (workspace) => {
  const folders = foldersByName(workspace)
  return [
    ...workspace.files.filter(isTypeScript).flatMap((file) => checkImports(file, folders)),
    ...workspace.manifests.flatMap((manifest) => checkManifest(manifest, workspace, folders))
  ]
}

const foldersByName = ({ manifests }: Workspace): ReadonlyMap<string, string> =>
  new Map(
    manifests.flatMap(({ path, name }) => {
      const folder = packageFolder(path)
      return folder === undefined ? [] : [[name, folder]]
    })
  )

const checkImports = (file: SourceFile, folders: ReadonlyMap<string, string>): ReadonlyArray<Violation> => {
  const from = packageFolder(file.path)
  if (from === undefined) return []
  const allowed = isTest(file.path) ? testArrows(kindOf(from)) : arrows[kindOf(from)]
  return importsOf(file).flatMap(({ specifier, line }) => {
    if (specifier.startsWith(".")) return checkRelative(file.path, from, specifier, line)
    const to = folders.get(packageName(specifier) ?? "")
    return to === undefined || isAllowed(from, to, allowed)
      ? []
      : [{ path: file.path, line, message: describe(from, to, allowed) }]
  })
}

const checkRelative = (path: string, from: string, specifier: string, line: number): ReadonlyArray<Violation> =>
  packageFolder(resolveRelative(path, specifier)) === from
    ? []
    : [{ path, line, message: `"${specifier}" leaves the package ${from}: import the other package by its name` }]

const checkManifest = (
  manifest: Manifest,
  workspace: Workspace,
  folders: ReadonlyMap<string, string>
): ReadonlyArray<Violation> => {
  const from = packageFolder(manifest.path)
  if (from === undefined) return []
  const text = workspace.files.find(({ path }) => path === manifest.path)?.text ?? ""
  const check = (field: string, allowed: ReadonlyArray<PackageKind>): ReadonlyArray<Violation> =>
    Object.keys(stringEntries(manifest.content[field])).flatMap((name) => {
      const to = folders.get(name)
      return to === undefined || isAllowed(from, to, allowed)
        ? []
        : [
            {
              path: manifest.path,
              line: lineOf(text, `"${name}":`),
              message: `${field}: ${describe(from, to, allowed)}`
            }
          ]
    })
  const kind = kindOf(from)
  return [
    ...["dependencies", "peerDependencies", "optionalDependencies"].flatMap((field) => check(field, arrows[kind])),
    ...check("devDependencies", testArrows(kind))
  ]
}

const isAllowed = (from: string, to: string, allowed: ReadonlyArray<PackageKind>): boolean =>
  from === to || allowed.includes(kindOf(to))

const describe = (from: string, to: string, allowed: ReadonlyArray<PackageKind>): string => {
  const may = allowed.length === 0 ? "no other package" : allowed.join(", ")
  return `${from} (${kindOf(from)}) must not depend on ${to} (${kindOf(to)}): here it may use ${may}; move what is shared down, or the code up`
}
