import { Effect, Stream } from "effect"
import assert from "node:assert/strict"
import { audioIsWhole, failsWith, listAll, readAll, someAvailable } from "./assertions.ts"
import type { ConformanceCase } from "./Case.ts"

const ranges = (bytes: number) => [
  { start: 0, end: 0 },
  { start: 0, end: Math.min(99, bytes - 1) },
  { start: Math.floor(bytes / 2), end: Math.floor(bytes / 2) + 10 },
  { start: bytes - 1 },
  { start: Math.max(0, bytes - 50), end: bytes + 1_000 }
]

/** Audio: whole or an error, parts exactly, sockets closed. */
export const audioCases: ReadonlyArray<ConformanceCase> = [
  {
    number: 401,
    name: "audio of listed recordings has the vendor's bytes",
    body: (source, expectations) =>
      Effect.gen(function* () {
        const listed = new Map((yield* listAll(source, expectations)).map((recording) => [recording.id, recording]))
        for (const expected of someAvailable(expectations, 8)) {
          const recording = listed.get(expected.id)
          assert.ok(recording, "the recording is listed")
          assert.equal(recording.availability.state, "available")
          yield* audioIsWhole(source, recording, expected)
        }
      })
  },
  {
    number: 402,
    name: "audio by a bare id has the vendor's bytes",
    body: (source, expectations) =>
      Effect.forEach(
        someAvailable(expectations, 3),
        (expected) => audioIsWhole(source, { id: expected.id }, expected),
        {
          discard: true
        }
      )
  },
  {
    number: 403,
    name: "several at once do not disturb each other",
    body: (source, expectations) =>
      Effect.forEach(
        someAvailable(expectations, 12),
        (expected) => audioIsWhole(source, { id: expected.id }, expected),
        {
          concurrency: 6,
          discard: true
        }
      )
  },
  {
    number: 404,
    name: "a range gives exactly those bytes, and says which",
    body: (source, expectations) =>
      Effect.gen(function* () {
        for (const { id } of someAvailable(expectations, 2)) {
          const whole = yield* Effect.scoped(Effect.flatMap(source.audio({ id }), readAll))
          for (const range of ranges(whole.length)) {
            const part = yield* Effect.scoped(
              Effect.gen(function* () {
                const audio = yield* source.audio({ id }, { range })
                return { range: audio.range, bytes: yield* readAll(audio) }
              })
            )
            const last = Math.min(range.end ?? whole.length - 1, whole.length - 1)
            assert.deepEqual(Buffer.from(part.bytes), Buffer.from(whole.subarray(range.start, last + 1)))
            assert.equal(part.range?.start, range.start)
            assert.equal(part.range.end, last)
          }
        }
      })
  },
  {
    number: 405,
    name: "a range behind the end, or backwards, is refused",
    body: (source, expectations) =>
      Effect.gen(function* () {
        for (const { id, bytes } of someAvailable(expectations, 1)) {
          const part = (range: { readonly start: number; readonly end?: number }) =>
            Effect.scoped(Effect.flatMap(source.audio({ id }, { range }), readAll))
          yield* failsWith(part({ start: 10, end: 5 }), ["InvalidQuery"], "a range backwards")
          yield* failsWith(part({ start: -1 }), ["InvalidQuery"], "a range before the start")
          if (bytes !== undefined)
            yield* failsWith(part({ start: bytes + 10 }), ["InvalidQuery"], "a range behind the end")
        }
      })
  },
  {
    number: 406,
    name: "audio of an unknown id is not found, and not ready while its call is young",
    body: (source, { unknownRecordingId: id }) =>
      Effect.gen(function* () {
        yield* failsWith(Effect.scoped(source.audio({ id })), ["NotFound", "Gone"], "an unknown id")
        const now = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
        const young = source.audio({ id, startedAt: new Date(now - 60_000) })
        yield* failsWith(Effect.scoped(young), ["Pending"], "an id of a young call")
      })
  },
  {
    number: 407,
    name: "audio that is not to be had fails with a reason, never with bytes",
    selects: (_, { recordings }) => recordings.some(({ available }) => !available),
    body: (source, expectations) =>
      Effect.gen(function* () {
        const gone = new Set(expectations.recordings.filter(({ available }) => !available).map(({ id }) => id))
        for (const recording of yield* listAll(source, expectations)) {
          if (!gone.has(recording.id)) continue
          const reading = Effect.scoped(Effect.flatMap(source.audio(recording), readAll))
          yield* failsWith(reading, ["Gone", "NotFound", "Pending", "Forbidden"], "audio that is not to be had")
        }
      })
  },
  {
    number: 408,
    name: "audio that the vendor cuts short fails, and never ends as if it were whole",
    selects: (_, { truncatedId }) => truncatedId !== undefined,
    body: (source, { truncatedId: id = "" }) =>
      Effect.asVoid(
        failsWith(
          Effect.scoped(Effect.flatMap(source.audio({ id }), readAll)),
          ["Truncated", "Unavailable", "InvalidResponse"],
          "audio that is cut short"
        )
      )
  },
  {
    number: 409,
    name: "audio that is left half read closes its connection",
    selects: (_, { openConnections }) => openConnections !== undefined,
    body: (source, expectations) =>
      Effect.gen(function* () {
        const [longest] = expectations.recordings
          .filter(({ available, id }) => available && id !== expectations.truncatedId)
          .toSorted((left, right) => (right.bytes ?? 0) - (left.bytes ?? 0))
        assert.ok(longest, "a recording that can be had")
        const before = expectations.openConnections?.() ?? 0
        const take = Effect.scoped(
          Effect.flatMap(source.audio({ id: longest.id }), (audio) => Stream.runHead(audio.stream))
        )
        yield* Effect.forEach([1, 2, 3, 4, 5], () => take, { discard: true })
        // Idle connections may be kept for reuse, but five readings must not leave five behind.
        yield* Effect.sleep("50 millis")
        const after = expectations.openConnections?.() ?? 0
        assert.ok(after <= before + 2, `${after - before} connections were left open`)
      })
  }
]
