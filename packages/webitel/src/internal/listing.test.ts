import { describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { fakeHistory, type FakeLeg, legId } from "./testing/fakeHistory.ts"
import { listFiles } from "./listing.ts"

const start = Date.parse("2026-03-01T00:00:00Z")
const minute = 60_000

/** Trees of legs: children begin while their parent runs, and may outlive it. */
const arbitraryLegs = fc
  .array(
    fc.record({
      begins: fc.integer({ min: 0, max: 600 }),
      lasts: fc.constantFrom(1, 5, 30, 200),
      files: fc.integer({ min: 0, max: 2 }),
      childOf: fc.option(fc.nat({ max: 30 }), { nil: undefined })
    }),
    { minLength: 1, maxLength: 40 }
  )
  .map((rows) => {
    const legs: Array<FakeLeg> = []
    for (const [index, { begins, childOf, files, lasts }] of rows.entries()) {
      const parent = childOf === undefined ? undefined : legs[childOf]
      const length = parent === undefined ? 1 : Math.max(1, parent.hangupAt - parent.createdAt)
      const createdAt = parent === undefined ? start + begins * minute : parent.createdAt + ((begins * 997) % length)
      const hangupAt = createdAt + lasts * minute
      legs.push({
        id: legId(index),
        ...(parent !== undefined && { parent: parent.id }),
        createdAt,
        hangupAt,
        storedMicros: (hangupAt + 1000) * 1000,
        files: Array.from({ length: files }, (_, number) => ({ id: String(index * 10 + number + 1), from: 0 }))
      })
    }
    return legs
  })

const rootStart = (legs: ReadonlyArray<FakeLeg>, leg: FakeLeg): number => {
  const parent = legs.find(({ id }) => id === leg.parent)
  return parent === undefined ? leg.createdAt : rootStart(legs, parent)
}

describe("listFiles", () => {
  it("gives the files of exactly the calls that began in the window, each once, of all their legs", () =>
    fc.assert(
      fc.asyncProperty(
        arbitraryLegs,
        fc.integer({ min: -60, max: 650 }),
        fc.integer({ min: 0, max: 700 }),
        fc.boolean(),
        fc.constantFrom(2, 5, Infinity),
        (legs, from, length, startRecord, most) =>
          Effect.runPromise(
            Effect.gen(function* () {
              const history = fakeHistory(legs, { startRecord, most })
              history.now = start + 10_000 * minute
              const window = { from: new Date(start + from * minute), to: new Date(start + (from + length) * minute) }
              const found = (yield* Stream.runCollect(listFiles(history, window))).flat()
              const expected = legs.flatMap((leg) => {
                const at = rootStart(legs, leg)
                return at >= window.from.getTime() && at < window.to.getTime() ? leg.files.map(({ id }) => id) : []
              })
              expect(found.map(({ file }) => String(file.id)).toSorted()).toEqual(expected.toSorted())
              for (const { owner, root } of found) {
                const leg = legs.find(({ id }) => id === owner.id)
                expect(Number(root.created_at)).toBe(leg && rootStart(legs, leg))
              }
            }).pipe(Effect.provide(TestClock.layer()))
          )
      ),
      { numRuns: 300 }
    ))
})
