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

  it("gives a file of a leg far beyond the window's end with its call, which ended long before", () =>
    Effect.gen(function* () {
      const leg = (index: number, begins: number, ends: number): FakeLeg => ({
        id: legId(index),
        ...(index > 1 && { parent: legId(index - 1) }),
        createdAt: start + begins * minute,
        hangupAt: start + ends * minute,
        storedMicros: (start + ends * minute) * 1000,
        files: index === 3 ? [{ id: "1", from: 0 }] : []
      })
      // The window ends at 60: the child begins within the hour after it, the grandchild beyond.
      const history = fakeHistory([leg(1, 55, 65), leg(2, 64, 64 + 5 * 60), leg(3, 200, 210)])
      history.now = start + 10_000 * minute
      const listed = (from: number, to: number) =>
        Effect.map(
          Stream.runCollect(
            listFiles(history, { from: new Date(start + from * minute), to: new Date(start + to * minute) })
          ),
          (pieces) => pieces.flat().map(({ file, owner, root }) => [file.id, owner.id, root.id])
        )
      expect(yield* listed(0, 60)).toEqual([["1", legId(3), legId(1)]])
      expect(yield* listed(60, 600)).toEqual([])
    }).pipe(Effect.provide(TestClock.layer()), Effect.runPromise))
})
