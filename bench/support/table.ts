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
  /** Promises of ours that the figures break. */
  readonly broken: ReadonlyArray<string>
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

/** Prints a Markdown table, so that it can be pasted into docs/benchmarks.md. */
export const printTable = ({ columns, rows, title }: Table): void => {
  console.log(`### ${title}\n\n${line(columns)}\n|${columns.map(() => "---|").join("")}`)
  for (const row of rows) console.log(line(row))
  console.log("")
}

/** The middle of the values. */
export const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN
