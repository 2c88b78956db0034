import { isTypeScript, resolveRelative } from "./paths.ts"
import { importsOf } from "./syntax.ts"
import type { Rule, SourceFile, Violation } from "./workspace.ts"

interface Edge {
  readonly to: string
  readonly line: number
}

/** No file imports itself by way of others. Type-only imports count: a circle of types is as hard to read. */
export const circularImports: Rule = ({ files }) => {
  const graph = new Map(files.filter(isTypeScript).map((file) => [file.path, edgesOf(file)]))
  const finished = new Set<string>()
  const violations: Array<Violation> = []
  const visit = (path: string, trail: ReadonlyArray<string>): void => {
    for (const { to, line } of graph.get(path) ?? []) {
      const start = trail.indexOf(to)
      if (start >= 0) violations.push(circle(path, line, [...trail.slice(start), to]))
      else if (!finished.has(to) && graph.has(to)) visit(to, [...trail, to])
    }
    finished.add(path)
  }
  for (const path of graph.keys()) if (!finished.has(path)) visit(path, [path])
  return violations
}

const edgesOf = (file: SourceFile): ReadonlyArray<Edge> =>
  importsOf(file)
    .filter(({ specifier }) => specifier.startsWith("."))
    .map(({ specifier, line }) => ({ to: resolveRelative(file.path, specifier), line }))

const circle = (path: string, line: number, trail: ReadonlyArray<string>): Violation => ({
  path,
  line,
  message: `circular import ${trail.join(" → ")}: move what both need into a third file`
})
