import { kindOf, packageFolder } from "./paths.ts"
import { asObject, lineOf, stringEntries } from "./workspace.ts"
import type { JsonObject, Manifest, Rule, Workspace } from "./workspace.ts"

/** One fault of a manifest: the key it is about, and what to do. */
type Fault = readonly [key: string, message: string]

const requiredFiles = [
  "dist",
  "!dist/**/*.test.*",
  "!dist/**/*.tsbuildinfo",
  "src",
  "!src/**/*.test.ts",
  "README.md",
  "LICENSE"
]

/** Every package under packages/ is published the same way. */
export const packageManifest: Rule = (workspace) =>
  workspace.manifests.flatMap((manifest) => {
    const folder = packageFolder(manifest.path)
    if (folder === undefined) return []
    const text = workspace.files.find(({ path }) => path === manifest.path)?.text ?? ""
    return faultsOf(manifest, folder, workspace).map(([key, message]) => ({
      path: manifest.path,
      line: lineOf(text, `"${key}"`),
      message: `${key}: ${message}`
    }))
  })

const faultsOf = (manifest: Manifest, folder: string, workspace: Workspace): ReadonlyArray<Fault> => {
  const isLibrary = kindOf(folder) !== "cli"
  const { content } = manifest
  return [
    ...plainFaults(content),
    ...filesFaults(content, folder, workspace),
    ...exportsFaults(content, isLibrary),
    ...effectFaults(content, isLibrary),
    ...versionFaults(content),
    ...sameVersionFaults(content, workspace)
  ]
}

const plainFaults = (content: JsonObject): ReadonlyArray<Fault> => {
  const expected: ReadonlyArray<readonly [string, unknown]> = [
    ["type", "module"],
    ["license", "MIT"],
    ["engines", { node: ">=22" }],
    ["sideEffects", false],
    ["scripts", { ...asObject(content["scripts"]), build: "tsc -b" }]
  ]
  return expected.flatMap(([key, value]): ReadonlyArray<Fault> =>
    JSON.stringify(content[key]) === JSON.stringify(value) ? [] : [[key, `set it to ${JSON.stringify(value)}`]]
  )
}

const filesFaults = (content: JsonObject, folder: string, workspace: Workspace): ReadonlyArray<Fault> => {
  const files = Array.isArray(content["files"]) ? content["files"] : []
  const missing = requiredFiles.filter((entry) => !files.includes(entry))
  const hasReadme = workspace.files.some(({ path }) => path === `packages/${folder}/README.md`)
  return [
    ...missing.map((entry): Fault => ["files", `add ${JSON.stringify(entry)}`]),
    ...(hasReadme
      ? []
      : [["files", `write packages/${folder}/README.md: what it is, how to install it, a link`] as const])
  ]
}

const exportsFaults = (content: JsonObject, isLibrary: boolean): ReadonlyArray<Fault> => {
  const development = asObject(content["exports"])
  const published = asObject(asObject(content["publishConfig"])["exports"])
  const isManifest = (key: string): boolean => key === "./package.json"
  const wrongSource = Object.entries(development).filter(
    ([key, target]) => !isManifest(key) && target !== null && !isSourceTarget(target)
  )
  const wrongTarget = Object.entries(published).filter(
    ([key, target]) => !isManifest(key) && target !== null && !isDistTarget(target)
  )
  const keys = (exported: JsonObject): string => Object.keys(exported).toSorted().join(", ")
  return [
    ...wrongSource.map(([key]): Fault => ["exports", `"${key}" points at ./src/*.ts, so that no build is needed`]),
    ...wrongTarget.map(([key]): Fault => [
      "publishConfig",
      `exports "${key}" is { "types": "./dist/*.d.ts", "default": "./dist/*.js" }`
    ]),
    ...(keys(development) === keys(published)
      ? []
      : [["publishConfig", "exports has the same keys as exports, pointing into ./dist"] as const]),
    ...(isLibrary && (development["./internal/*"] !== null || published["./internal/*"] !== null)
      ? [["exports", 'add "./internal/*": null here and in publishConfig.exports'] as const]
      : [])
  ]
}

const isSourceTarget = (target: unknown): boolean => typeof target === "string" && /^\.\/src\/.*\.ts$/.test(target)

const isDistTarget = (target: unknown): boolean => {
  const { types, default: module } = stringEntries(target)
  return /^\.\/dist\/.*\.d\.ts$/.test(types ?? "") && /^\.\/dist\/.*\.js$/.test(module ?? "")
}

const effectFaults = (content: JsonObject, isLibrary: boolean): ReadonlyArray<Fault> => {
  if (!isLibrary) return []
  const isPeer = "effect" in stringEntries(content["peerDependencies"])
  const isDependency = "effect" in stringEntries(content["dependencies"])
  return [
    ...(isPeer ? [] : [["peerDependencies", "add effect: a library runs on its user's Effect"] as const]),
    ...(isDependency ? [["dependencies", "move effect to peerDependencies (and devDependencies)"] as const] : [])
  ]
}

const versionFaults = (content: JsonObject): ReadonlyArray<Fault> =>
  ["dependencies", "devDependencies", "optionalDependencies"].flatMap((field) =>
    Object.entries(stringEntries(content[field]))
      .filter(([, version]) => !["catalog:", "workspace:^", "workspace:*"].includes(version))
      .map(([name]): Fault => [name, `${field} take their versions from pnpm-workspace.yaml: write "catalog:"`])
  )

const sameVersionFaults = (content: JsonObject, { manifests }: Workspace): ReadonlyArray<Fault> => {
  const versions = manifests.filter(({ path }) => packageFolder(path)).map((other) => other.content["version"])
  return versions.every((version) => version === content["version"])
    ? []
    : [["version", "all packages share one version (the fixed group of .changeset/config.json)"]]
}
