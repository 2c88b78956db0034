import { packageFolder } from "./paths.ts"
import type { Rule } from "./workspace.ts"

const projects = [
  { path: "tsconfig.json", reference: (folder: string): string => `"packages/${folder}"` },
  { path: ".ci/tsconfig.json", reference: (folder: string): string => `"../packages/${folder}"` }
]

/** `tsc -b` checks every package: a package that no project refers to would be checked by nobody. */
export const projectReferences: Rule = ({ files, manifests }) =>
  projects.flatMap(({ path, reference }) => {
    const text = files.find((file) => file.path === path)?.text ?? ""
    return manifests
      .flatMap((manifest) => packageFolder(manifest.path) ?? [])
      .filter((folder) => !text.includes(reference(folder)))
      .map((folder) => ({
        path,
        line: 1,
        message: `packages/${folder} is not checked: add { "path": ${reference(folder)} }`
      }))
  })
