import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { importsOf } from "./syntax.ts"
import { isTypeScript, packageFolder, packageName } from "./paths.ts"
import { asObject, makeWorkspace } from "./workspace.ts"
import type { SourceFile, Workspace } from "./workspace.ts"

const skippedNames = new Set(["node_modules", "dist", ".git", "coverage", "fixtures"])
const skippedPaths = new Set(["archive", "bag"])
const textFile = /(\.(ts|mts|cts|js|mjs|cjs|json|jsonc|md|ya?ml|sh|html|css|toml|txt)|\/run|^run|\.npmrc|\.gitignore)$/

/** Reads every text file below the root that people write, and what is installed, into a {@link Workspace}. */
export const readWorkspace = (root: string): Workspace => {
  const files = listFiles(root, "").map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }))
  return makeWorkspace(files, findPackagesWithoutExports(root, files))
}

const listFiles = (root: string, folder: string): ReadonlyArray<string> =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`
    if (skippedNames.has(entry.name) || skippedPaths.has(path)) return []
    if (entry.isDirectory()) return listFiles(root, path)
    return entry.isFile() && textFile.test(path) ? [path] : []
  })

const findPackagesWithoutExports = (root: string, files: ReadonlyArray<SourceFile>): ReadonlySet<string> =>
  new Set(
    files.filter(isTypeScript).flatMap((file) =>
      importsOf(file).flatMap(({ specifier }) => {
        const name = packageName(specifier)
        return name !== undefined && lacksExports(root, file.path, name) ? [name] : []
      })
    )
  )

const lacksExports = (root: string, path: string, name: string): boolean => {
  const folder = packageFolder(path)
  const owners = folder === undefined ? [path.split("/")[0] ?? "", ""] : [`packages/${folder}`, ""]
  const manifest = owners
    .map((owner) => join(root, owner, "node_modules", name, "package.json"))
    .find((candidate) => existsSync(candidate))
  return manifest !== undefined && !("exports" in asObject(JSON.parse(readFileSync(manifest, "utf8"))))
}
