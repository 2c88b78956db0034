import { describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import * as fc from "fast-check"
import { Unavailable } from "./Reason.ts"
import type { Recording } from "./Recording.ts"
import { RecordingError } from "./RecordingError.ts"
import { mergeSources } from "./mergeSources.ts"

const window = { from: new Date(0), to: new Date(1_000_000) }

const recordingAt = (source: string, id: string, at: number): Recording => ({
  source,
  provider: "test",
  account: "1",
  id,
  call: { id, direction: "inbound", outcome: "answered", startedAt: new Date(at) },
  kind: "automatic",
  availability: { state: "available" },
  raw: {}
})

const key = (recording: Recording): string => `${recording.source}:${recording.id}`

describe("mergeSources", () => {
  it("gives every recording of every source once, in one order, whatever the pages", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(1000), { maxLength: 30 }), { maxLength: 4 }),
        fc.constantFrom("newest-first" as const, "oldest-first" as const),
        fc.integer({ min: 1, max: 7 }),
        async (worlds, order, pageSize) => {
          const sign = order === "oldest-first" ? 1 : -1
          const listings = worlds.map((times, index) =>
            times
              .toSorted((left, right) => sign * (left - right))
              .map((at, row) => recordingAt(`s${index}`, `${row}`, at))
          )
          const sources = listings.map((recordings) => ({
            list: () => Stream.fromIterable(recordings).pipe(Stream.rechunk(pageSize))
          }))
          const merged = await Effect.runPromise(Stream.runCollect(mergeSources(sources, { ...window, order })))
          const times = merged.map((recording) => recording.call?.startedAt.getTime() ?? -1)
          expect(times).toEqual(worlds.flat().toSorted((left, right) => sign * (left - right)))
          expect(merged.map(key).toSorted()).toEqual(listings.flat().map(key).toSorted())
        }
      ),
      { numRuns: 100 }
    ))

  it.effect("gives those of one instant in the order of the sources", () =>
    Effect.gen(function* () {
      const source = (name: string, times: ReadonlyArray<number>, pageSize: number) => ({
        list: () =>
          Stream.fromIterable(times.map((at, row) => recordingAt(name, `${row}`, at))).pipe(Stream.rechunk(pageSize))
      })
      const sources = [source("a", [5, 5, 5, 9], 2), source("b", [5, 9, 9], 3)]
      const merged = yield* Stream.runCollect(mergeSources(sources, { ...window, order: "oldest-first" }))
      expect(merged.map(key)).toEqual(["a:0", "a:1", "a:2", "b:0", "a:3", "b:1", "b:2"])
    })
  )

  it.effect("fails with the error of the source that failed, after what came before", () =>
    Effect.gen(function* () {
      const error = new RecordingError({
        source: "two",
        operation: "list",
        reason: new Unavailable({ detail: "the connection was reset" })
      })
      const sources = [
        { list: () => Stream.fromIterable([recordingAt("one", "1", 5), recordingAt("one", "2", 3)]) },
        { list: () => Stream.concat(Stream.succeed(recordingAt("two", "1", 4)), Stream.fail(error)) }
      ]
      const seen: Array<string> = []
      const failed = yield* mergeSources(sources, window).pipe(
        Stream.runForEach((recording) => Effect.sync(() => seen.push(key(recording)))),
        Effect.flip
      )
      expect(failed).toBe(error)
      expect(seen).toEqual(["one:1", "two:1"])
    })
  )

  it.effect("reads no further than the limit, and closes every source", () =>
    Effect.gen(function* () {
      let pulled = 0
      let closed = 0
      const endless = (source: string) => ({
        list: () =>
          Stream.fromEffectRepeat(Effect.sync(() => recordingAt(source, `${pulled++}`, 0))).pipe(
            Stream.ensuring(Effect.sync(() => (closed += 1)))
          )
      })
      const merged = yield* Stream.runCollect(mergeSources([endless("a"), endless("b")], { ...window, limit: 3 }))
      expect(merged).toHaveLength(3)
      expect(pulled).toBeLessThan(8)
      expect(closed).toBe(2)
    })
  )
})
