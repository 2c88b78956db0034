import type { SourceFile } from "./workspace.ts"

/** What a package is for. Every folder under packages/ that is not named here is an adapter. */
export type PackageKind = "recording" | "transport" | "testkit" | "archive" | "vcon" | "cli" | "adapter"

const knownKinds: ReadonlyMap<string, PackageKind> = new Map([
  ["recording", "recording"],
  ["transport", "transport"],
  ["testkit", "testkit"],
  ["archive", "archive"],
  ["vcon", "vcon"],
  ["cli", "cli"]
])

export const kindOf = (folder: string): PackageKind => knownKinds.get(folder) ?? "adapter"

/** The folder name of the package a file belongs to: `packages/transport/src/a.ts` → `transport`. */
export const packageFolder = (path: string): string | undefined => /^packages\/([^/]+)\//.exec(path)?.[1]

export const isTypeScript = ({ path }: SourceFile): boolean => /\.[cm]?ts$/.test(path)

/** A test, or a helper that only tests use. */
export const isTest = (path: string): boolean => path.endsWith(".test.ts") || path.split("/").includes("test")

export const isExample = (path: string): boolean => path.startsWith("examples/")

export const isBench = (path: string): boolean => path.split("/").includes("bench")

/** The npm package a specifier names, or undefined for relative paths and Node's own modules. */
export const packageName = (specifier: string): string | undefined => {
  if (/^[./#]/.test(specifier) || specifier.includes(":")) return undefined
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/")
}

/** The path a relative import means: `./b.ts` in `packages/x/src/a.ts` → `packages/x/src/b.ts`. */
export const resolveRelative = (fromPath: string, specifier: string): string => {
  const segments = fromPath.split("/").slice(0, -1)
  for (const segment of specifier.split("/")) {
    if (segment === "..") {
      if (segments.length === 0 || segments.at(-1) === "..") segments.push("..")
      else segments.pop()
    } else if (segment !== ".") segments.push(segment)
  }
  return segments.join("/")
}
