import { describe, expect, it } from "vitest"
import { inBatches, nextTurn } from "./storedTimes.ts"

describe("the mover", () => {
  it("comes once a second, within a second of the time, at a microsecond of its own", () => {
    const times = Array.from({ length: 1000 }, (_, index) => 1_782_900_000_000 + index * 137)
    const turns = times.map(nextTurn)
    times.forEach((time, index) => {
      const wait = (turns[index] ?? 0) - time * 1000
      expect(wait).toBeGreaterThanOrEqual(0)
      expect(wait).toBeLessThan(2_000_000)
    })
    expect(new Set(turns).size).toBeLessThan(140)
    expect(new Set(turns.map((turn) => turn % 1000)).size).toBeGreaterThan(50)
  })

  it("is the same each time, and takes what ends on its very turn", () => {
    const turn = nextTurn(1_782_900_000_123)
    expect(nextTurn(1_782_900_000_123)).toBe(turn)
    expect(nextTurn(Math.floor(turn / 1000))).toBe(turn)
  })
})

describe("batches", () => {
  it.each([
    [1, [30, 10, 20, 40]],
    [2, [40, 20, 20, 40]],
    [3, [30, 30, 30, 40]],
    [100, [40, 40, 40, 40]]
  ])("of %i have the time of their last: %j", (size, times) => {
    expect(inBatches([30, 10, 20, 40], size)).toEqual(times)
  })
})
