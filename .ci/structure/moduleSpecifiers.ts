import { isTypeScript, packageName } from "./paths.ts"
import { importsOf } from "./syntax.ts"
import type { Rule } from "./workspace.ts"

/**
 * Every specifier is one that Node's ES module loader resolves. The type checker lets `fp-ts/Either` pass, because that
 * folder has a package.json; Node refuses it.
 */
export const moduleSpecifiers: Rule = ({ files, packagesWithoutExports }) =>
  files.filter(isTypeScript).flatMap((file) =>
    importsOf(file).flatMap(({ specifier, line }) => {
      const remedy = remedyFor(specifier, packagesWithoutExports)
      return remedy === undefined ? [] : [{ path: file.path, line, message: `"${specifier}": ${remedy}` }]
    })
  )

const remedyFor = (specifier: string, packagesWithoutExports: ReadonlySet<string>): string | undefined => {
  if (specifier.startsWith(".")) {
    return /\.(ts|json)$/.test(specifier)
      ? undefined
      : "a relative import names its file, ending included: write ./name.ts"
  }
  const name = packageName(specifier)
  if (name === undefined || name === specifier || !packagesWithoutExports.has(name)) return undefined
  return /\.(js|mjs|cjs|json)$/.test(specifier)
    ? undefined
    : `Node cannot import a folder of ${name}: name the file, such as ${name}/lib/${specifier.slice(name.length + 1)}.js`
}
