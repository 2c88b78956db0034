import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { slices } from "./windows.ts"

const iso = (text: string): Date => new Date(`${text}Z`)

/** The documented rule, read most strictly: the end is not after the beginning of the last day of the next month. */
const allowed = (from: Date, to: Date): boolean =>
  to.getTime() <= Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 2, 0)

describe("slices", () => {
  it.each([
    ["a day", "2026-03-08T00:00:00", "2026-03-09T00:00:00", ["2026-03-08T00:00:00"]],
    ["up to the last allowed instant", "2026-01-01T00:00:00", "2026-02-28T00:00:00", ["2026-01-01T00:00:00"]],
    [
      "one millisecond more",
      "2026-01-01T00:00:00",
      "2026-02-28T00:00:00.001",
      ["2026-01-01T00:00:00", "2026-02-28T00:00:00"]
    ],
    ["from the 31st into a leap February", "2024-01-31T12:00:00", "2024-02-29T00:00:00", ["2024-01-31T12:00:00"]]
  ])("takes %s", (_, from, to, starts) => {
    expect(slices({ from: iso(from), to: iso(to) }).map((slice) => slice.from)).toEqual(starts.map(iso))
  })

  it("covers any window exactly once, each slice allowed with its margins", () => {
    const instant = fc.date({ min: iso("2000-01-01T00:00:00"), max: iso("2040-01-01T00:00:00"), noInvalidDate: true })
    const margin = fc.record({ before: fc.nat(3_600_000), after: fc.nat(86_400_000) })
    fc.assert(
      fc.property(instant, instant, margin, (one, other, margins) => {
        const [from, to] = one <= other ? [one, other] : [other, one]
        const result = slices({ from, to }, margins)
        const borders = result.flatMap((slice) => [slice.from.getTime(), slice.to.getTime()])
        // Each slice begins where the one before ended: nothing twice, nothing left out.
        expect([from.getTime(), ...borders, to.getTime()]).toEqual(
          [from.getTime(), ...borders, to.getTime()].toSorted((left, right) => left - right)
        )
        expect(result.reduce((sum, slice) => sum + slice.to.getTime() - slice.from.getTime(), 0)).toBe(
          to.getTime() - from.getTime()
        )
        for (const slice of result) {
          expect(slice.from < slice.to).toBe(true)
          expect(
            allowed(new Date(slice.from.getTime() - margins.before), new Date(slice.to.getTime() + margins.after))
          ).toBe(true)
        }
      })
    )
  })
})
