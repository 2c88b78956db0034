import { parseSync, visitorKeys } from "oxc-parser"
import type { Comment, Node, ParseResult } from "oxc-parser"
import { lineAt } from "./workspace.ts"
import type { SourceFile } from "./workspace.ts"

export type { Node } from "oxc-parser"

const parsed = new WeakMap<SourceFile, ParseResult>()

const parse = (file: SourceFile): ParseResult => {
  const known = parsed.get(file)
  if (known !== undefined) return known
  const result = parseSync(file.path, file.text, { sourceType: "module" })
  parsed.set(file, result)
  return result
}

/** Calls `visit` for every node of the file, outermost first; `ancestors` end with the node's parent. */
export const walk = (file: SourceFile, visit: (node: Node, ancestors: ReadonlyArray<Node>) => void): void => {
  const enter = (node: Node, ancestors: ReadonlyArray<Node>): void => {
    visit(node, ancestors)
    const path = [...ancestors, node]
    for (const child of childrenOf(node)) enter(child, path)
  }
  enter(parse(file).program, [])
}

const childrenOf = (node: Node): ReadonlyArray<Node> =>
  (visitorKeys[node.type] ?? []).flatMap((key) => {
    const child: unknown = Reflect.get(node, key)
    return (Array.isArray(child) ? child : [child]).filter(isNode)
  })

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"

export interface LineComment {
  readonly text: string
  readonly line: number
}

/** All comments, each line of a block comment on its own. */
export const commentsOf = (file: SourceFile): ReadonlyArray<LineComment> =>
  parse(file).comments.flatMap((comment: Comment) => {
    const firstLine = lineAt(file.text, comment.start)
    return comment.value.split("\n").map((text, index) => ({ text, line: firstLine + index }))
  })

export interface ModuleImport {
  readonly specifier: string
  readonly line: number
  /** The import is erased: `import type`, or every name in it is a type. */
  readonly isTypeOnly: boolean
}

/** Every module the file names: imports, re-exports, dynamic imports and `import("…")` types. */
export const importsOf = (file: SourceFile): ReadonlyArray<ModuleImport> => {
  const imports: Array<ModuleImport> = []
  const add = (source: Node | null, isTypeOnly: boolean): void => {
    if (source?.type === "Literal" && typeof source.value === "string") {
      imports.push({ specifier: source.value, line: lineAt(file.text, source.start), isTypeOnly })
    }
  }
  walk(file, (node) => {
    switch (node.type) {
      case "ImportDeclaration":
        add(node.source, node.importKind === "type" || areAllTypes(node.specifiers))
        break
      case "ExportNamedDeclaration":
        add(node.source, node.exportKind === "type")
        break
      case "ExportAllDeclaration":
        add(node.source, node.exportKind === "type")
        break
      case "ImportExpression":
        add(node.source, false)
        break
      case "TSImportType":
        add(node.source, true)
        break
      default:
    }
  })
  return imports
}

const areAllTypes = (specifiers: ReadonlyArray<Node>): boolean =>
  specifiers.length > 0 &&
  specifiers.every((specifier) => specifier.type === "ImportSpecifier" && specifier.importKind === "type")

/** Why the file cannot be read as TypeScript, if so. */
export const syntaxErrorsOf = (file: SourceFile): ReadonlyArray<string> =>
  parse(file).errors.map(({ message }) => message)
