import { describe, expect, it } from "vitest"
import { parseInstant } from "./Instant.ts"

const twoDigits = (number: number): string => String(number).padStart(2, "0")

describe("parseInstant", () => {
  it.each([
    ["2026-11-21T18:00:00Z", "2026-11-21T18:00:00.000Z"],
    ["2026-11-30T23:30:00.5-01:00", "2026-12-01T00:30:00.500Z"],
    ["2024-02-29T12:00:00+02:00", "2024-02-29T10:00:00.000Z"]
  ])("reads %s", (text, iso) => {
    expect(parseInstant(text)?.toISOString()).toBe(iso)
  })

  it.each([
    "",
    "5",
    "2026-11-21",
    "2026-11-21T18:00:00",
    "2026-13-01T00:00:00Z",
    "2026-01-32T00:00:00Z",
    "2026-01-00T00:00:00Z"
  ])("refuses %j", (text) => {
    expect(parseInstant(text)).toBeUndefined()
  })

  it.each([2024, 2025, 2100])("knows the last day of every month of %i", (year) => {
    const lastDays = Array.from({ length: 12 }, (_, month) => {
      const days = Array.from(
        { length: 31 },
        (_, day) => `${year}-${twoDigits(month + 1)}-${twoDigits(day + 1)}T23:59:59Z`
      )
      return days.filter((day) => parseInstant(day) !== undefined).length
    })
    expect(lastDays).toEqual(
      Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(year, month + 1, 0)).getUTCDate())
    )
  })
})
