import { Effect } from "effect"
import assert from "node:assert/strict"
import { assertSameIds, failsWith, listAll, someAvailable, sortedIds } from "./assertions.ts"
import type { ConformanceCase } from "./Case.ts"

/** Ids that would change a request if they were not encoded into one path segment. */
const hostileIds = ["../oauth", "..", ".", "a/b", "a%2Fb", "a?b=c", "a#b", "a b", "a\r\nX-Evil: 1", "@me"]

const callsOf = (recordings: ReadonlyArray<{ readonly id: string; readonly callId: string }>) => {
  const calls = Map.groupBy(recordings, ({ callId }) => callId)
  const sizes = [...calls.values()].toSorted((left, right) => right.length - left.length)
  // The call with most recordings, where taking only the first or last leg shows, and one with the fewest.
  return [sizes.at(0), sizes.at(-1)].filter((call) => call !== undefined)
}

/** Finding one recording, and those of a call. */
export const lookupCases: ReadonlyArray<ConformanceCase> = [
  {
    number: 301,
    name: "get gives a listed recording again, by the recording and by its bare id",
    body: (source, expectations) =>
      Effect.gen(function* () {
        const listed = new Map((yield* listAll(source, expectations)).map((recording) => [recording.id, recording]))
        for (const { id, callId } of someAvailable(expectations, 3)) {
          const recording = listed.get(id)
          assert.ok(recording, "the recording is listed")
          const again = yield* source.get(recording)
          assert.equal(again.id, id)
          assert.equal(again.call?.id, callId)
          const bare = yield* source.get({ id })
          assert.equal(bare.id, id)
          assert.equal(bare.account, expectations.account)
          if (bare.call !== undefined) assert.equal(bare.call.id, callId)
        }
      })
  },
  {
    number: 302,
    name: "get of an unknown id is not found, and not ready while its call is young",
    body: (source, { unknownRecordingId: id }) =>
      Effect.gen(function* () {
        yield* failsWith(source.get({ id }), ["NotFound"], "an unknown id")
        const now = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
        yield* failsWith(source.get({ id, startedAt: new Date(now - 60_000) }), ["Pending"], "an id of a young call")
      })
  },
  {
    number: 303,
    name: "no id can turn one request into another, or is taken for empty",
    body: (source) =>
      Effect.gen(function* () {
        for (const id of hostileIds) {
          yield* failsWith(source.get({ id }), ["NotFound", "InvalidQuery", "Gone"], `get ${JSON.stringify(id)}`)
          const audio = Effect.scoped(source.audio({ id }))
          yield* failsWith(audio, ["NotFound", "InvalidQuery", "Gone"], `audio ${JSON.stringify(id)}`)
        }
        yield* failsWith(source.get({ id: "" }), ["InvalidQuery"], "an empty id")
      })
  },
  {
    number: 304,
    name: "find gives all recordings of a call, each once",
    selects: (capability) => capability.findByCallId,
    body: (source, { recordings }) =>
      Effect.gen(function* () {
        for (const call of callsOf(recordings)) {
          const [first] = call
          assert.ok(first, "a call has recordings")
          const found = yield* source.find({ id: first.callId })
          assertSameIds(found, call, "find by call id")
          for (const recording of found) assert.equal(recording.call?.id, first.callId)
        }
      })
  },
  {
    number: 305,
    name: "find of an unknown call is not found",
    selects: (capability) => capability.findByCallId,
    body: (source, { unknownCallId }) =>
      Effect.gen(function* () {
        yield* failsWith(source.find({ id: unknownCallId }), ["NotFound"], "an unknown call")
        yield* failsWith(source.find({ id: "" }), ["InvalidQuery"], "an empty call id")
      })
  },
  {
    number: 306,
    name: "find by an event gives the recordings of its call",
    selects: (capability, { event }) => capability.findByEvent && event !== undefined,
    body: (source, { event }) =>
      Effect.gen(function* () {
        const found = yield* source.find({ event: event?.payload })
        assert.deepEqual(sortedIds(found), event?.recordingIds.toSorted())
      })
  },
  {
    number: 307,
    name: "find refuses an event that is none",
    selects: (capability) => capability.findByEvent,
    body: (source) =>
      Effect.gen(function* () {
        for (const event of [{}, "", "hello", 7, null]) {
          yield* failsWith(source.find({ event }), ["InvalidQuery"], `the event ${JSON.stringify(event)}`)
        }
      })
  }
]
