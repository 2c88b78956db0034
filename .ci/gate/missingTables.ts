/**
 * Which benchmarks have no table in what a run printed: each is a heading of level three with its name, and below it at
 * least one Markdown table that has a row.
 */
export const missingTables = (printed: string, names: ReadonlyArray<string>): ReadonlyArray<string> => {
  const sections = new Map(
    printed
      .split(/^### /m)
      .slice(1)
      .map((section) => [section.split("\n", 1)[0] ?? "", section] as const)
  )
  return names.filter((name) => !hasTable.test(sections.get(name) ?? ""))
}

/** A line of columns, the line below it, and a row. */
const hasTable = /^\| .+ \|\n\|(?:-+\|)+\n\| .+ \|$/m
