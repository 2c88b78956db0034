import { builtinModules } from "node:module"
import { isTest, isTypeScript, packageFolder, packageName } from "./paths.ts"
import { importsOf } from "./syntax.ts"
import { stringEntries } from "./workspace.ts"
import type { Manifest, Rule } from "./workspace.ts"

/** What a published file imports is installed with it: a dependency or a peer, never only a devDependency. */
export const declaredDependencies: Rule = ({ files, manifests }) =>
  files
    .filter(isTypeScript)
    .filter(({ path }) => /^packages\/[^/]+\/src\//.test(path) && !isTest(path))
    .flatMap((file) => {
      const manifest = manifests.find(({ path }) => path === `packages/${packageFolder(file.path)}/package.json`)
      if (manifest === undefined) return []
      const installed = installedWith(manifest)
      return importsOf(file).flatMap(({ specifier, line }) => {
        const name = packageName(specifier)
        return name === undefined || installed.has(name) || isNodeModule(name)
          ? []
          : [{ path: file.path, line, message: `${name} is not in the dependencies of ${manifest.path}: add it there` }]
      })
    })

const installedWith = ({ name, content }: Manifest): ReadonlySet<string> =>
  new Set([
    name,
    ...["dependencies", "peerDependencies", "optionalDependencies"].flatMap((field) =>
      Object.keys(stringEntries(content[field]))
    )
  ])

/** Node's modules written without `node:` are the linter's to find. */
const isNodeModule = (name: string): boolean => builtinModules.includes(name)
