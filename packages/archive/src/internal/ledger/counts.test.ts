import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { states } from "../../Entry.ts"
import type { Counts } from "../../Ledger.ts"
import { addCounts, countsOf, type CountRow } from "./counts.ts"

const none: Counts = {
  listed: 0,
  archived: 0,
  unavailable: {},
  pending: 0,
  failed: 0,
  erased: 0,
  suspect: 0,
  bytes: 0
}

const row = (state: CountRow["state"], entries: number, more: Partial<CountRow> = {}): CountRow => ({
  state,
  reason: null,
  entries,
  bytes: null,
  suspect: 0,
  ...more
})

const reason = fc.constantFrom("absent", "expired", "too-short", "constructor", "__proto__ ")
const anyRow: fc.Arbitrary<CountRow> = fc.record({
  state: fc.constantFrom(...states),
  reason: fc.option(reason),
  entries: fc.oneof(fc.nat(), fc.nat().map(String), fc.nat().map(BigInt)),
  bytes: fc.option(fc.oneof(fc.nat(), fc.nat().map(String))),
  suspect: fc.nat()
})

describe("counts", () => {
  it("of nothing are zero", () => {
    expect(countsOf([])).toStrictEqual(none)
    expect(addCounts([])).toStrictEqual(none)
  })

  it("are those of the groups, with what is unavailable by its reason in order, and tombstones apart", () => {
    const rows = [
      row("archived", 5, { bytes: "1200", suspect: 2n }),
      row("archived", 1, { reason: "odd", bytes: 7 }),
      row("unavailable", 3, { reason: "too-short" }),
      row("unavailable", 2, { reason: "expired" }),
      row("unavailable", 1),
      row("pending", 4),
      row("pending", 2, { reason: "lost" }),
      row("failed", 1, { reason: "Truncated" }),
      row("erased", 9)
    ]
    const counts = countsOf(rows)
    expect(counts).toStrictEqual({
      listed: 19,
      archived: 6,
      unavailable: { absent: 1, expired: 2, "too-short": 3 },
      pending: 6,
      failed: 1,
      erased: 9,
      suspect: 2,
      bytes: 1207
    })
    expect(Object.keys(counts.unavailable)).toStrictEqual(["absent", "expired", "too-short"])
  })

  it("add up: listed is the sum of the states but erased", () => {
    fc.assert(
      fc.property(fc.array(anyRow), (rows) => {
        const { archived, failed, listed, pending, unavailable } = countsOf(rows)
        const gone = Object.values(unavailable).reduce((sum, number) => sum + number, 0)
        expect(listed).toBe(archived + pending + failed + gone)
        const sum = rows.map(({ entries, state }) => (state === "erased" ? 0 : Number(entries)))
        expect(listed).toBe(sum.reduce((left, right) => left + right, 0))
      })
    )
  })

  it("of parts together are those of the whole", () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyRow)), (parts) => {
        expect(addCounts(parts.map(countsOf))).toStrictEqual(countsOf(parts.flat()))
      })
    )
  })
})
