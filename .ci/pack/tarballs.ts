import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { asObject, stringEntries } from "../structure/workspace.ts"
import type { JsonObject } from "../structure/workspace.ts"
import { command } from "./command.ts"

export const root = join(import.meta.dirname, "../..")

/** A package that is published, and the name of the file it is packed into. */
export interface PublishedPackage {
  readonly name: string
  readonly version: string
  readonly folder: string
  readonly tarball: string
  /** Whether programs import it; the command is only run. */
  readonly isLibrary: boolean
}

const readJson = (path: string): JsonObject => asObject(JSON.parse(readFileSync(path, "utf8")))

/** Every package of the workspace that is not private. */
export const publishedPackages: ReadonlyArray<PublishedPackage> = readdirSync(join(root, "packages")).flatMap(
  (entry) => {
    const folder = join(root, "packages", entry)
    const manifest = readJson(join(folder, "package.json"))
    const { name = "", version = "" } = stringEntries(manifest)
    const tarball = `${name.replace("@", "").replace("/", "-")}.tgz`
    return manifest["private"] === true ? [] : [{ name, version, folder, tarball, isLibrary: !("bin" in manifest) }]
  }
)

/** The pnpm that the root's set-up script names. */
const pnpm = (folder: string, ...parameters: ReadonlyArray<string>): string => {
  const scripts = stringEntries(readJson(join(root, "package.json"))["scripts"])
  return command(folder, "npx", "--yes", /pnpm@\S+/.exec(scripts["setup"] ?? "")?.[0] ?? "pnpm", ...parameters)
}

/** Builds the workspace and packs every published package into `folder`, as a registry would get it. */
export const packAll = (folder: string): void => {
  pnpm(root, "--recursive", "run", "build")
  for (const { folder: source, tarball } of publishedPackages) pnpm(source, "pack", "--out", join(folder, tarball))
}

/** The version of a package that the workspace itself uses. */
export const installedVersion = (name: string): string =>
  stringEntries(readJson(join(root, "node_modules", name, "package.json")))["version"] ?? ""
