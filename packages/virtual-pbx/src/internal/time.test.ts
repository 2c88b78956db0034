import { describe, expect, it } from "vitest"
import { formatTime, parseTime } from "./time.ts"

describe("parseTime", () => {
  it.each([
    ["2021-01-01 00:00:18", "2021-01-01T00:00:18.000Z"],
    ["2021-01-01 00:00:05.98", "2021-01-01T00:00:05.980Z"],
    ["2021-01-01 00:00:05.9", "2021-01-01T00:00:05.900Z"],
    ["2021-01-01 15:57:56,60", "2021-01-01T15:57:56.600Z"],
    ["2021-01-01 00:00:05.987654", "2021-01-01T00:00:05.987Z"]
  ])("reads %s as UTC", (text, iso) => {
    expect(parseTime(text)?.toISOString()).toBe(iso)
  })

  it.each(["", "2021-01-01", "2021-01-01T00:00:18Z", "2021-02-30 00:00:00", "2021-01-01 25:00:00", "soon"])(
    "refuses %j",
    (text) => {
      expect(parseTime(text)).toBeUndefined()
    }
  )
})

describe("formatTime", () => {
  it("writes UTC seconds, cutting the fraction off", () => {
    expect(formatTime(new Date("2021-01-01T00:00:05.980Z"))).toBe("2021-01-01 00:00:05")
  })
})
