import type { Checkpoint, Recording } from "@callreel/recording"
import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { changesSince, type RecordingsOf } from "./changes.ts"
import { type FakeHistory, fakeHistory, type FakeLeg, legId } from "./testing/fakeHistory.ts"
import { recordingOfFile } from "./map.ts"

const start = Date.parse("2026-03-01T00:00:00Z")
const minute = 60_000
const hour = 60 * minute
const context = { source: "centre", account: "1", now: new Date(start), pendingFor: Duration.hours(24) }
const recordingsOf: RecordingsOf = (files) => Effect.succeed(files.map((file) => recordingOfFile(file, context)))

/** One run at a time of the clock; stopped after so many pages, as by a crash. */
const run = (history: FakeHistory, at: number, after: Checkpoint | undefined, pages = Infinity) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(at)
    history.now = at
    const changes = changesSince(history, after, "2026-03-01", Duration.hours(24), recordingsOf)
    const found = yield* Stream.runCollect(Number.isFinite(pages) ? Stream.take(changes, pages) : changes)
    return { recordings: found.flatMap(({ recordings }) => recordings), checkpoint: found.at(-1)?.checkpoint ?? after }
  })

const idsOf = (recordings: ReadonlyArray<Recording>): ReadonlyArray<string> => recordings.map(({ id }) => id).toSorted()

const arbitraryLegs = fc
  .array(
    fc.record({
      // Few instants, so that many rows share one, within a millisecond too.
      stored: fc.integer({ min: 0, max: 40 }),
      micros: fc.constantFrom(0, 0, 1, 500, 999),
      talking: fc.integer({ min: 1, max: 90 }),
      files: fc.integer({ min: 0, max: 2 }),
      late: fc.constantFrom(0, 0, 0, 5 * minute, 3 * hour, 20 * hour),
      childOf: fc.option(fc.nat({ max: 30 }), { nil: undefined })
    }),
    { minLength: 1, maxLength: 40 }
  )
  .map((rows) => {
    return rows.map(({ childOf, files, late, micros, stored, talking }, index): FakeLeg => {
      const storedAt = start + hour + stored * 7 * minute
      const parent = childOf !== undefined && childOf < index ? legId(childOf) : undefined
      const from = storedAt + late
      return {
        id: legId(index),
        ...(parent !== undefined && { parent }),
        createdAt: storedAt - talking * minute,
        hangupAt: storedAt - 1000,
        storedMicros: storedAt * 1000 + micros,
        files: Array.from({ length: files }, (_, number) => ({ id: String(index * 10 + number + 1), from }))
      }
    })
  })

const allIds = (legs: ReadonlyArray<FakeLeg>): ReadonlyArray<string> =>
  legs.flatMap(({ files }) => files.map(({ id }) => id)).toSorted()

describe("changesSince", () => {
  it("finds each recording exactly once, whatever runs and windows lie between, late ones too", () =>
    fc.assert(
      fc.asyncProperty(
        arbitraryLegs,
        fc.boolean(),
        fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 8 }),
        fc.constantFrom(1, 3, 1000),
        (legs, startRecord, pauses, most) =>
          Effect.runPromise(
            Effect.gen(function* () {
              const history = fakeHistory(legs, { startRecord, most: Math.max(most, 2) })
              const found: Array<Recording> = []
              let at = start
              let checkpoint: Checkpoint | undefined
              for (const pause of [...pauses.map((minutes) => minutes * minute), 7 * hour, ...ladder]) {
                at += pause
                const result = yield* run(history, at, checkpoint)
                found.push(...result.recordings)
                checkpoint = stored(result.checkpoint)
              }
              expect(idsOf(found)).toEqual(allIds(legs))
            }).pipe(Effect.provide(TestClock.layer()))
          )
      ),
      { numRuns: 150 }
    ))

  it("loses nothing and repeats nothing where a run stops after any page", () =>
    fc.assert(
      fc.asyncProperty(arbitraryLegs, fc.integer({ min: 1, max: 6 }), (legs, pages) =>
        Effect.runPromise(
          Effect.gen(function* () {
            const history = fakeHistory(legs)
            const found: Array<Recording> = []
            const end = start + 60 * hour
            let checkpoint: Checkpoint | undefined
            // Every stop goes on at least a page.
            for (let stops = 0; stops < 12; stops += 1) {
              const result = yield* run(history, end, checkpoint, pages)
              found.push(...result.recordings)
              checkpoint = stored(result.checkpoint)
            }
            const rest = yield* run(history, end, checkpoint)
            expect(idsOf([...found, ...rest.recordings])).toEqual(allIds(legs))
          }).pipe(Effect.provide(TestClock.layer()))
        )
      ),
      { numRuns: 80 }
    ))

  it.effect("reads a thousand rows of one instant once", () =>
    Effect.gen(function* () {
      const storedMicros = (start + 2 * hour) * 1000
      const legs = Array.from({ length: 3000 }, (_, index): FakeLeg => ({
        id: legId(index),
        createdAt: start + hour,
        hangupAt: start + 2 * hour - 1000,
        storedMicros: storedMicros + Math.floor(index / 1000),
        files: [{ id: String(index + 1), from: start }]
      }))
      const history = fakeHistory(legs)
      const { checkpoint, recordings } = yield* run(history, start + 3 * hour, undefined)
      expect(idsOf(recordings)).toEqual(allIds(legs))
      const again = yield* run(history, start + 4 * hour, stored(checkpoint))
      expect(again.recordings).toEqual([])
    })
  )

  it.effect("finds what was stored between two milliseconds, also where so little is too much for one answer", () =>
    Effect.gen(function* () {
      const legs = [0, 0, 500, 999, 1000].map((micros, index): FakeLeg => ({
        id: legId(index),
        createdAt: start,
        hangupAt: start + hour,
        storedMicros: (start + 2 * hour) * 1000 + micros,
        files: [{ id: String(index + 1), from: start }]
      }))
      const { recordings } = yield* run(fakeHistory(legs, { most: 1 }), start + 3 * hour, undefined)
      expect(idsOf(recordings)).toEqual(allIds(legs))
    })
  )

  it.effect("refuses a checkpoint that it did not write", () =>
    Effect.gen(function* () {
      for (const state of [{}, null, "x", { through: "2026" }]) {
        const failed = yield* Effect.flip(
          Stream.runDrain(
            changesSince(
              fakeHistory([]),
              { provider: "webitel", version: 1, state },
              undefined,
              Duration.hours(1),
              recordingsOf
            )
          )
        )
        expect(failed).toMatchObject({ _tag: "InvalidQuery", field: "checkpoint" })
      }
    })
  )
})

/** Runs after all rows are stored, at which every late recording is there. */
const ladder = [3 * minute, 11 * minute, 70 * minute, 5 * hour, 13 * hour, 25 * hour]

/** As a store gives it back. */
const stored = (checkpoint: Checkpoint | undefined): Checkpoint | undefined =>
  checkpoint && {
    provider: checkpoint.provider,
    version: checkpoint.version,
    state: JSON.parse(JSON.stringify(checkpoint.state))
  }
