import { isBench, isExample, isTest, isTypeScript, packageFolder, packageName } from "./paths.ts"
import { importsOf, walk } from "./syntax.ts"
import type { Node } from "./syntax.ts"
import { lineAt } from "./workspace.ts"
import type { Rule, SourceFile, Violation } from "./workspace.ts"

const nodeHttp = new Set(["http", "https", "http2"].flatMap((name) => [name, `node:${name}`]))
const clients = new Set(["ky", "undici", "effect/http", "axios", "got", "node-fetch"])

const remedy = "only packages/transport sends requests, bound to the configured origins: call it instead"

/**
 * HTTP goes through packages/transport, where credentials are bound to origins; packages/testkit serves and asks in
 * simulators. Tests, examples and benchmarks may run servers on `node:http`, and tests may `fetch` from them; benchmarks
 * measure other clients beside ours.
 */
export const httpImports: Rule = ({ files }) =>
  files
    .filter(isTypeScript)
    .filter(({ path }) => !["transport", "testkit"].includes(packageFolder(path) ?? ""))
    .flatMap((file) => [
      ...checkImports(file),
      ...(isTest(file.path) || isBench(file.path) ? [] : findGlobalFetch(file))
    ])

const checkImports = (file: SourceFile): ReadonlyArray<Violation> => {
  const mayServe = isTest(file.path) || isExample(file.path) || isBench(file.path)
  return importsOf(file)
    .filter(({ specifier }) => {
      if (nodeHttp.has(specifier)) return !mayServe
      if (isBench(file.path)) return false
      return clients.has(specifier) || clients.has(packageName(specifier) ?? "")
    })
    .map(({ specifier, line }) => ({ path: file.path, line, message: `import of "${specifier}": ${remedy}` }))
}

const findGlobalFetch = (file: SourceFile): ReadonlyArray<Violation> => {
  const violations: Array<Violation> = []
  walk(file, (node, ancestors) => {
    if (isMemberOfGlobal(node) || isGlobalReference(node, ancestors)) {
      violations.push({ path: file.path, line: lineAt(file.text, node.start), message: `global fetch: ${remedy}` })
    }
  })
  return violations
}

const isMemberOfGlobal = (node: Node): boolean =>
  node.type === "MemberExpression" &&
  node.object.type === "Identifier" &&
  ["globalThis", "global", "window", "self"].includes(node.object.name) &&
  ((node.property.type === "Identifier" && !node.computed && node.property.name === "fetch") ||
    (node.property.type === "Literal" && node.property.value === "fetch"))

const isGlobalReference = (node: Node, ancestors: ReadonlyArray<Node>): boolean =>
  node.type === "Identifier" &&
  node.name === "fetch" &&
  !ancestors.slice(-1).some((parent) => isOnlyAName(node, parent)) &&
  !ancestors.some(declaresFetch)

/** Keys, members, module names and type queries are spelled `fetch` without meaning the global. */
const isOnlyAName = (node: Node, parent: Node): boolean => {
  switch (parent.type) {
    case "MemberExpression":
      return parent.property === node && !parent.computed
    case "Property":
      return parent.key === node && !parent.computed
    case "MethodDefinition":
    case "PropertyDefinition":
    case "AccessorProperty":
    case "TSPropertySignature":
      return parent.key === node && !parent.computed
    case "TSMethodSignature":
      return (parent.key === node && !parent.computed) || isBinding(node, parent)
    case "ImportSpecifier":
    case "ExportSpecifier":
    case "TSTypeQuery":
    case "TSQualifiedName":
    case "TSNamedTupleMember":
      return true
    default:
      return isBinding(node, parent)
  }
}

/** A parameter of a function type is spelled `fetch` without a scope of its own. */
const isBinding = (node: Node, parent: Node): boolean =>
  "params" in parent && Array.isArray(parent.params) && parent.params.some((parameter: unknown) => parameter === node)

/** The node opens a scope in which `fetch` means something of the file's own. */
const declaresFetch = (node: Node): boolean => {
  switch (node.type) {
    case "Program":
    case "BlockStatement":
      return node.body.some(statementDeclaresFetch)
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return node.params.some(patternBindsFetch)
    default:
      return false
  }
}

const statementDeclaresFetch = (statement: Node): boolean => {
  switch (statement.type) {
    case "VariableDeclaration":
      return statement.declarations.some(({ id }) => patternBindsFetch(id))
    case "FunctionDeclaration":
    case "ClassDeclaration":
      return statement.id?.name === "fetch"
    case "ImportDeclaration":
      return statement.specifiers.some(({ local }) => local.name === "fetch")
    case "ExportNamedDeclaration":
      return statement.declaration !== null && statementDeclaresFetch(statement.declaration)
    default:
      return false
  }
}

const patternBindsFetch = (pattern: Node): boolean => {
  switch (pattern.type) {
    case "Identifier":
      return pattern.name === "fetch"
    case "ObjectPattern":
      return pattern.properties.some((property) =>
        patternBindsFetch(property.type === "Property" ? property.value : property.argument)
      )
    case "ArrayPattern":
      return pattern.elements.some((element) => element !== null && patternBindsFetch(element))
    case "AssignmentPattern":
      return patternBindsFetch(pattern.left)
    case "RestElement":
      return patternBindsFetch(pattern.argument)
    default:
      return false
  }
}
