import { kindOf, packageFolder } from "./paths.ts"
import type { Rule, Violation, Workspace } from "./workspace.ts"

const commonFiles = [
  "index.ts",
  "internal/wire.ts",
  "internal/map.ts",
  "internal/map.test.ts",
  "internal/errors.ts",
  "internal/errors.test.ts",
  "internal/api.ts"
]

/** Every adapter has the same files, so that a reader of one finds any rule of another. */
export const adapterFiles: Rule = (workspace) =>
  workspace.manifests
    .flatMap(({ path }) => packageFolder(path) ?? [])
    .filter((folder) => kindOf(folder) === "adapter")
    .flatMap((folder) => checkAdapter(workspace, folder))

const checkAdapter = (workspace: Workspace, folder: string): ReadonlyArray<Violation> => {
  const source = `packages/${folder}/src/`
  const present = new Set(
    workspace.files.filter(({ path }) => path.startsWith(source)).map(({ path }) => path.slice(source.length))
  )
  const missing = (file: string, remedy: string): Violation => ({
    path: `${source}${file}`,
    line: 1,
    message: `every adapter has this file: ${remedy}`
  })
  return [
    ...commonFiles
      .filter((file) => !present.has(file))
      .map((file) => missing(file, "see docs/writing-an-adapter.md for what goes into it")),
    ...checkVendorFiles(present, missing)
  ]
}

const vendorsOf = (present: ReadonlySet<string>, suffix: "Source" | "Options"): ReadonlyArray<string> =>
  [...present].flatMap((file) => new RegExp(`^([A-Z][A-Za-z0-9]*)${suffix}\\.ts$`).exec(file)?.[1] ?? [])

const checkVendorFiles = (
  present: ReadonlySet<string>,
  missing: (file: string, remedy: string) => Violation
): ReadonlyArray<Violation> => {
  const sources = vendorsOf(present, "Source")
  const [vendor, ...others] = sources
  if (vendor === undefined)
    return [missing("<Vendor>Source.ts", "<Vendor> in PascalCase, with make, layer and connect")]
  return [
    ...others.map((other) =>
      missing(`${other}Source.ts`, `one source per adapter, but ${vendor}Source.ts is there too`)
    ),
    ...(present.has(`${vendor}Options.ts`)
      ? []
      : [missing(`${vendor}Options.ts`, `the same <Vendor> as in ${vendor}Source.ts`)]),
    ...vendorsOf(present, "Options")
      .filter((other) => other !== vendor)
      .map((other) => missing(`${other}Options.ts`, `rename it after ${vendor}Source.ts`))
  ]
}
