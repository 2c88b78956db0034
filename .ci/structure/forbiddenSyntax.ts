import { isTypeScript } from "./paths.ts"
import { commentsOf, syntaxErrorsOf, walk } from "./syntax.ts"
import type { Node } from "./syntax.ts"
import { lineAt } from "./workspace.ts"
import type { Rule, SourceFile, Violation } from "./workspace.ts"

const testFunctions = new Set(["it", "test", "describe", "suite", "bench"])
const testModifiers = new Set(["skip", "only", "todo"])

/** Nothing silences the compiler, the linter or a test. */
export const forbiddenSyntax: Rule = ({ files }) =>
  files.filter(isTypeScript).flatMap((file) => [...checkParsing(file), ...checkComments(file), ...checkNodes(file)])

const checkParsing = (file: SourceFile): ReadonlyArray<Violation> =>
  syntaxErrorsOf(file).map((message) => ({ path: file.path, line: 1, message: `not TypeScript: ${message}` }))

const checkComments = (file: SourceFile): ReadonlyArray<Violation> =>
  commentsOf(file).flatMap(({ text, line }) => {
    const message = judgeComment(text)
    return message === undefined ? [] : [{ path: file.path, line, message }]
  })

const judgeComment = (text: string): string | undefined => {
  const silenced = /^[\s*/]*(@ts-(?:ignore|expect-error|nocheck))\b/.exec(text)?.[1]
  if (silenced !== undefined) return `${silenced} silences the compiler: correct the types instead`
  const isUnexplained = /^[\s*]*(?:oxlint|eslint)-disable/.test(text) && !/ -- \S+ \S+/.test(text)
  return isUnexplained ? "a lint rule is disabled without a reason: add ` -- why` on the same line" : undefined
}

const checkNodes = (file: SourceFile): ReadonlyArray<Violation> => {
  const violations: Array<Violation> = []
  walk(file, (node) => {
    const message = judgeNode(node)
    if (message !== undefined) violations.push({ path: file.path, line: lineAt(file.text, node.start), message })
  })
  return violations
}

const judgeNode = (node: Node): string | undefined => {
  switch (node.type) {
    case "TSAsExpression":
    case "TSTypeAssertion":
      return node.typeAnnotation.type === "TSAnyKeyword"
        ? "a cast to any: decode or narrow the value instead"
        : undefined
    case "MemberExpression":
      return node.property.type === "Identifier" &&
        testModifiers.has(node.property.name) &&
        testFunctions.has(rootName(node.object) ?? "")
        ? `.${node.property.name} leaves tests out: run them all, and delete the ones that say nothing`
        : undefined
    case "CallExpression":
      return testFunctions.has(rootName(node.callee) ?? "") ? judgeTestOptions(node.arguments) : undefined
    default:
      return undefined
  }
}

/** The first name of `it.effect.each(…)`: `it`. */
const rootName = (node: Node): string | undefined => {
  switch (node.type) {
    case "Identifier":
      return node.name
    case "MemberExpression":
      return rootName(node.object)
    case "CallExpression":
      return rootName(node.callee)
    default:
      return undefined
  }
}

const judgeTestOptions = (parameters: ReadonlyArray<Node>): string | undefined => {
  const modifier = parameters
    .flatMap((parameter) => (parameter.type === "ObjectExpression" ? parameter.properties : []))
    .flatMap((property) =>
      property.type === "Property" && property.key.type === "Identifier" ? property.key.name : []
    )
    .find((name) => testModifiers.has(name))
  return modifier === undefined ? undefined : `the option ${modifier} leaves tests out: run them all`
}
