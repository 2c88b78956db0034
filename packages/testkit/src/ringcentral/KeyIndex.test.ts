import { describe, expect, it } from "vitest"
import { callRecordId, callRecordKey, digitsId, digitsKey, telephonySessionId, telephonySessionKey } from "./ids.ts"
import { firstAtOrAfter, makeKeyIndex } from "./KeyIndex.ts"

describe("makeKeyIndex", () => {
  it("finds values by keys in any order", () => {
    const index = makeKeyIndex([30, 10, 20], [3, 1, 2])
    expect([10, 20, 30].map(index.find)).toEqual([1, 2, 3])
    expect([undefined, 0, 15, 31].map(index.find)).toEqual([undefined, undefined, undefined, undefined])
  })
})

describe("firstAtOrAfter", () => {
  it.each([
    [0, 0],
    [1, 0],
    [2, 1],
    [3, 1],
    [4, 3]
  ])("finds %i at %i", (value, place) => {
    expect(firstAtOrAfter(Float64Array.of(1, 3, 3), value)).toBe(place)
  })
})

describe("ids", () => {
  const hex = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"

  it("lead back to one number", () => {
    const key = Number.parseInt(hex.slice(0, 12), 16)
    expect(digitsKey(digitsId(hex))).toBe(key)
    expect(telephonySessionKey(telephonySessionId(hex))).toBe(key)
    expect(callRecordKey(callRecordId(hex))).toBe(key)
  })

  it.each(["", "-1", "01", "1e3", "12345678901234567", "x"])("of digits are not %j", (text) => {
    expect(digitsKey(text)).toBeUndefined()
  })
})
