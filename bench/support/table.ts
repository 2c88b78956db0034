/** One measured figure, beside what it is compared with. */
export interface Row {
  readonly what: string
  readonly measured: string
  readonly comparedWith: string
}

/** Prints the rows as a Markdown table, so that it can be pasted into docs/benchmarks.md. */
export const printTable = (title: string, rows: ReadonlyArray<Row>): void => {
  console.log(`### ${title}\n\n| what | measured | compared with |\n|---|---|---|`)
  for (const { comparedWith, measured, what } of rows) console.log(`| ${what} | ${measured} | ${comparedWith} |`)
  console.log("")
}

/** The middle of the values. */
export const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN
