import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { formatHundredths, formatSeconds, parseSeconds, parseWindow } from "./datetime.ts"

describe("times", () => {
  it.each([
    ["2026-01-05T00:00:05.980Z", "2026-01-05 00:00:05.98"],
    ["2026-01-05T00:00:05.900Z", "2026-01-05 00:00:05.9"],
    ["2026-01-05T00:00:05.049Z", "2026-01-05 00:00:05.04"],
    ["2026-01-05T00:00:05.009Z", "2026-01-05 00:00:05"]
  ])("%s is written %s", (instant, text) => {
    expect(formatHundredths(Date.parse(instant))).toBe(text)
  })

  it("are read back as written", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_799 }), (seconds) => {
        expect(parseSeconds(formatSeconds(seconds * 1000))).toBe(seconds * 1000)
      })
    )
  })

  it.each([
    "2026-01-05T00:00:00",
    "2026-01-05 00:00:00Z",
    "2026-01-05 00:00",
    "2026-01-05",
    "2026-02-30 00:00:00",
    "2026-01-05 24:00:00",
    "2026-01-05 00:00:00.5",
    " 2026-01-05 00:00:00",
    "1767571200"
  ])("%s is refused", (text) => {
    expect(parseSeconds(text)).toBeUndefined()
  })
})

describe("windows", () => {
  it.each([
    ["2026-01-01 00:00:00", "2026-02-28 23:59:59", true],
    ["2026-01-31 23:59:59", "2026-02-28 23:59:59", true],
    ["2026-01-31 23:59:59", "2026-03-01 00:00:00", false],
    ["2028-01-15 00:00:00", "2028-02-29 23:59:59", true],
    ["2026-12-01 00:00:00", "2027-01-31 23:59:59", true],
    ["2026-12-01 00:00:00", "2027-02-01 00:00:00", false],
    ["2026-01-01 00:00:00", "2026-01-01 00:00:00", true],
    ["2026-01-02 00:00:00", "2026-01-01 23:59:59", false]
  ])("from %s to %s: %s", (start, end, allowed) => {
    expect(typeof parseWindow(start, end) === "object").toBe(allowed)
  })
})
