import { describe, expect, it } from "vitest"
import { PathSet } from "./PathSet.ts"

describe("PathSet", () => {
  it("has every path that was added and no other, however many there are", () => {
    const paths = new PathSet()
    const pathOf = (number: number): string => `us/2026/03/01/20260301T101500Z_inbound_${number}.mp3`
    for (let number = 0; number < 50_000; number++) paths.add(pathOf(number))
    for (let number = 0; number < 50_000; number += 3) paths.add(pathOf(number))
    const numbers = Array.from({ length: 100_000 }, (_, number) => number)
    expect(numbers.filter((number) => paths.has(pathOf(number)))).toEqual(numbers.slice(0, 50_000))
  })

  it("has nothing at first", () => {
    expect(new PathSet().has("")).toBe(false)
  })
})
