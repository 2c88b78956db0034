/** One measured figure, beside what it is compared with. */
export interface Row {
  readonly what: string
  readonly measured: string
  readonly comparedWith: string
}

/** Figures in any columns; every row has a cell for each. */
export interface Table {
  readonly title: string
  readonly columns: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
}

/** What a benchmark tells. */
export interface Outcome {
  readonly tables: ReadonlyArray<Table>
  /** The figures for programs, as JSON. */
  readonly data: unknown
  /** Promises of ours that the figures break, whatever the machine: requests, memory, contents. */
  readonly broken: ReadonlyArray<string>
  /** Aims of time that were missed; another machine, or others' work on it, may do that. */
  readonly missed?: ReadonlyArray<string>
}

/** A benchmark that has nothing but rows. */
export const outcomeOf = (title: string, rows: ReadonlyArray<Row>): Outcome => ({
  tables: [
    {
      title,
      columns: ["what", "measured", "compared with"],
      rows: rows.map(({ comparedWith, measured, what }) => [what, measured, comparedWith])
    }
  ],
  data: rows,
  broken: []
})

const line = (cells: ReadonlyArray<string>): string => `| ${cells.join(" | ")} |`

/**
 * What a benchmark prints: its name as a heading, then its tables in Markdown, so that it can be pasted into
 * docs/benchmarks.md. A table that has the benchmark's own name has no heading more.
 */
export const printed = (name: string, tables: ReadonlyArray<Table>): string =>
  [
    `### ${name}`,
    ...tables.flatMap(({ columns, rows, title }) => [
      ...(title === name ? [] : [`#### ${title}`]),
      [line(columns), `|${columns.map(() => "---|").join("")}`, ...rows.map(line)].join("\n")
    ])
  ].join("\n\n")

/** The middle of the values. */
export const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN
