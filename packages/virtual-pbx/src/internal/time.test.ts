import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { formatTime, parseTime } from "./time.ts"

describe("parseTime", () => {
  it.each([
    ["2021-01-01 00:00:18", "2021-01-01T00:00:18.000Z"],
    ["2021-01-01 00:00:05.98", "2021-01-01T00:00:05.980Z"],
    ["2021-01-01 00:00:05.9", "2021-01-01T00:00:05.900Z"],
    ["2021-01-01 15:57:56,60", "2021-01-01T15:57:56.600Z"],
    ["2021-01-01 00:00:05.987654", "2021-01-01T00:00:05.987Z"],
    ["0050-02-28 23:59:59", "0050-02-28T23:59:59.000Z"],
    ["2024-02-29 00:00:00", "2024-02-29T00:00:00.000Z"]
  ])("reads %s as UTC", (text, iso) => {
    expect(parseTime(text)?.toISOString()).toBe(iso)
  })

  it.each([
    "",
    "2021-01-01",
    "2021-01-01T00:00:18Z",
    "2021-02-30 00:00:00",
    "2021-01-01 25:00:00",
    "2021-01-01 24:00:00",
    "2021-01-01 10:60:00",
    "2023-02-29 00:00:00",
    "2021-00-10 00:00:00",
    "soon"
  ])("refuses %j", (text) => {
    expect(parseTime(text)).toBeUndefined()
  })
})

describe("parseTime of any text", () => {
  const part = (most: number, length: number) =>
    fc.integer({ min: 0, max: most }).map((number) => String(number).padStart(length, "0"))
  const time = fc
    .tuple(part(9999, 4), part(14, 2), part(33, 2), part(26, 2), part(61, 2), part(61, 2), part(999, 1))
    .map(([year, month, day, hour, minute, second, fraction]) => ({
      day: `${year}-${month}-${day}`,
      clock: `${hour}:${minute}:${second}.${fraction}`
    }))

  it("reads what ISO 8601 reads, of days that there are", () => {
    fc.assert(
      fc.property(time, ({ clock, day }) => {
        const iso = new Date(`${day}T${clock}Z`)
        const isThere = !Number.isNaN(iso.getTime()) && iso.toISOString().startsWith(day)
        expect(parseTime(`${day} ${clock}`)).toEqual(isThere ? iso : undefined)
      }),
      { numRuns: 5_000 }
    )
  })
})

describe("formatTime", () => {
  it("writes UTC seconds, cutting the fraction off", () => {
    expect(formatTime(new Date("2021-01-01T00:00:05.980Z"))).toBe("2021-01-01 00:00:05")
  })
})
