import { describe, expect, it } from "vitest"
import { isSampled } from "./isSampled.ts"

const recordings = Array.from({ length: 10_000 }, (_, index) => ({ source: "us", id: `${index}` }))

const sampled = (fraction: number, seed: string) =>
  recordings.filter((recording) => isSampled(recording, { fraction, seed })).map(({ id }) => id)

describe("isSampled", () => {
  it("takes about the fraction that was asked for", () => {
    expect(sampled(0.05, "a").length).toBeGreaterThan(400)
    expect(sampled(0.05, "a").length).toBeLessThan(600)
  })

  it("takes the same ones for a seed, and others for another", () => {
    expect(sampled(0.05, "a")).toEqual(sampled(0.05, "a"))
    const again = new Set(sampled(0.05, "b"))
    expect(sampled(0.05, "a").filter((id) => again.has(id)).length).toBeLessThan(100)
  })

  it("takes all or none at the ends, and never less for more", () => {
    expect(sampled(1, "a")).toHaveLength(recordings.length)
    expect(sampled(0, "a")).toEqual([])
    const more = new Set(sampled(0.1, "a"))
    expect(sampled(0.05, "a").filter((id) => !more.has(id))).toEqual([])
  })
})
