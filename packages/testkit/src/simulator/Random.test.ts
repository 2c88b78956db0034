import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { makeRandom } from "./Random.ts"

const draw = (random: ReturnType<typeof makeRandom>): ReadonlyArray<number> =>
  Array.from({ length: 5 }, () => random.next())

describe("makeRandom", () => {
  it("gives the same numbers for the same seed and others for another", () => {
    expect(draw(makeRandom("a"))).toEqual(draw(makeRandom("a")))
    expect(draw(makeRandom("a"))).not.toEqual(draw(makeRandom("b")))
  })

  it("forks by name, whatever was drawn before", () => {
    const fresh = draw(makeRandom("a").fork("calls"))
    const used = makeRandom("a")
    draw(used)
    expect(draw(used.fork("calls"))).toEqual(fresh)
    expect(draw(used.fork("faults"))).not.toEqual(fresh)
  })

  it("stays within its bounds", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: -50, max: 50 }), fc.nat(50), (seed, least, span) => {
        const random = makeRandom(seed)
        const value = random.integer(least, least + span)
        expect(value).toBeGreaterThanOrEqual(least)
        expect(value).toBeLessThanOrEqual(least + span)
        expect(random.next()).toBeLessThan(1)
        expect(random.hex(32)).toMatch(/^[\da-f]{32}$/)
      })
    )
  })

  it("gives hundreds of thousands of forks ids of their own", () => {
    const root = makeRandom("ids")
    const ids = new Set(Array.from({ length: 200_000 }, (_, index) => root.fork(index).fork("leg 0").hex(32)))
    expect(ids.size).toBe(200_000)
  })
})
