import { describe, expect, it } from "@effect/vitest"
import { nextLength } from "./windows.ts"

const hour = 3_600_000

describe("nextLength", () => {
  it.each([
    ["grows fourfold at most where nothing was found", hour, 0, 4 * hour],
    ["stays where the window was as full as wanted", hour, 2_000, hour],
    ["halves where it was twice as full", hour, 4_000, hour / 2],
    ["shrinks to an eighth at most", hour, 1_000_000, hour / 8],
    ["is never longer than a week", 6 * 24 * hour, 0, 7 * 24 * hour],
    ["is never shorter than a second", 2_000, 1_000_000, 1_000]
  ])("%s", (_, length, rows, expected) => {
    expect(nextLength(length, rows)).toBe(expected)
  })
})
