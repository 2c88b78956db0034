import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { assign, type Choice } from "./assign.ts"

type Rows = ReadonlyArray<ReadonlyArray<Choice>>

/** The largest sum of weights there is, by trying everything. */
const best = (rows: Rows, taken: ReadonlySet<number> = new Set()): number => {
  const [row, ...others] = rows
  if (row === undefined) return 0
  const ways = row
    .filter(({ column }) => !taken.has(column))
    .map(({ column, weight }) => weight + best(others, new Set([...taken, column])))
  return Math.max(best(others, taken), ...ways)
}

const worth = (rows: Rows, columns: ReadonlyArray<number | undefined>): number =>
  rows.reduce((sum, row, index) => sum + (row.find(({ column }) => column === columns[index])?.weight ?? 0), 0)

const rows = fc.array(
  fc.uniqueArray(fc.record({ column: fc.nat(5), weight: fc.integer({ min: -20, max: 60 }) }), {
    selector: ({ column }) => column
  }),
  { maxLength: 6 }
)

describe("assign", () => {
  it("gives no column twice, and the largest sum there is", () =>
    fc.assert(
      fc.property(rows, (rows) => {
        const columns = assign(rows, 6)
        const given = columns.filter((column) => column !== undefined)
        expect(new Set(given).size).toBe(given.length)
        expect(worth(rows, columns)).toBe(best(rows))
      }),
      { numRuns: 1000 }
    ))

  it("exchanges what was given before, where that is worth more", () => {
    const rows = [
      [
        { column: 0, weight: 10 },
        { column: 1, weight: 9 }
      ],
      [{ column: 0, weight: 5 }]
    ]
    expect(assign(rows, 2)).toEqual([1, 0])
  })

  it("gives nothing where nothing is worth having", () => {
    expect(assign([[{ column: 0, weight: -1 }], []], 1)).toEqual([undefined, undefined])
  })
})
