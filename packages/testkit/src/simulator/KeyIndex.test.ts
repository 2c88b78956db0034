import { describe, expect, it } from "vitest"
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
