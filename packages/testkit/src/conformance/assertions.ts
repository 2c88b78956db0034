/** Small assertions over effects and streams, shared by the cases. */
import {
  type Audio,
  type Reason,
  type Recording,
  type RecordingError,
  type RecordingSource,
  startOf
} from "@callreel/recording"
import { Effect, Stream } from "effect"
import assert from "node:assert/strict"
import { createHash } from "node:crypto"
import type { ExpectedRecording, Expectations } from "./Case.ts"

/** Runs assertions; one that does not hold fails the case. */
export const check = (assertions: () => void): Effect.Effect<void> => Effect.sync(assertions)

export const sortedIds = (recordings: ReadonlyArray<{ readonly id: string }>): ReadonlyArray<string> =>
  recordings.map(({ id }) => id).toSorted()

/** Compares ids as sets that may not repeat, and names what is missing, extra or twice. */
export const assertSameIds = (
  actual: ReadonlyArray<{ readonly id: string }>,
  expected: ReadonlyArray<{ readonly id: string }>,
  what: string
): void => {
  const wanted = new Set(expected.map(({ id }) => id))
  const found = new Set(actual.map(({ id }) => id))
  const twice = actual.map(({ id }) => id).filter((id, index, ids) => ids.indexOf(id) !== index)
  assert.deepEqual(twice, [], `${what}: listed more than once`)
  assert.deepEqual(
    [...wanted].filter((id) => !found.has(id)),
    [],
    `${what}: missing`
  )
  assert.deepEqual(
    [...found].filter((id) => !wanted.has(id)),
    [],
    `${what}: does not belong`
  )
}

/** All recordings of the expectations' window. */
export const listAll = (
  source: RecordingSource,
  { window }: Expectations,
  query: object = {}
): Effect.Effect<ReadonlyArray<Recording>, RecordingError> => Stream.runCollect(source.list({ ...window, ...query }))

/** The reason an effect fails with; succeeding fails the case. */
export const reasonOf = <A, R>(
  effect: Effect.Effect<A, RecordingError, R>,
  what: string
): Effect.Effect<Reason, never, R> =>
  effect.pipe(
    Effect.matchEffect({
      onFailure: (error) => Effect.succeed(error.reason),
      onSuccess: () => Effect.sync(() => assert.fail(`${what}: succeeded, but must fail`))
    })
  )

/** The effect must fail with one of these reasons. */
export const failsWith = <A, R>(
  effect: Effect.Effect<A, RecordingError, R>,
  tags: ReadonlyArray<Reason["_tag"]>,
  what: string
): Effect.Effect<Reason, never, R> =>
  Effect.tap(reasonOf(effect, what), (reason) =>
    check(() =>
      assert.ok(tags.includes(reason._tag), `${what}: failed with ${reason._tag}, expected ${tags.join(" or ")}`)
    )
  )

/** Reads audio to its end. */
export const readAll = (audio: Audio): Effect.Effect<Uint8Array, RecordingError> =>
  Effect.map(Stream.runCollect(audio.stream), (chunks) => Buffer.concat(chunks))

/** Opens and reads audio, and compares it with what is expected. */
export const audioIsWhole = (
  source: RecordingSource,
  reference: Parameters<RecordingSource["audio"]>[0],
  expected: ExpectedRecording
): Effect.Effect<void, RecordingError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const audio = yield* source.audio(reference)
      const bytes = yield* readAll(audio)
      assert.match(audio.mediaType, /^audio\/[a-z0-9.+-]+$/, "the media type is that of audio, normalised")
      if (expected.mediaType !== undefined) assert.equal(audio.mediaType, expected.mediaType, "the media type")
      if (audio.bytes !== undefined) assert.equal(bytes.length, audio.bytes, "as many bytes as announced")
      if (expected.bytes !== undefined) assert.equal(bytes.length, expected.bytes, "as many bytes as the vendor has")
      if (expected.sha512 !== undefined) assert.equal(sha512(bytes), expected.sha512(), "the vendor's bytes")
    })
  )

export const sha512 = (bytes: Uint8Array): string => createHash("sha512").update(bytes).digest("hex")

/** Starts in the order given, never going back. */
export const assertOrdered = (recordings: ReadonlyArray<Recording>, order: "newest-first" | "oldest-first"): void => {
  const sign = order === "oldest-first" ? 1 : -1
  const starts = recordings.map((recording) => startOf(recording)?.getTime() ?? Number.NaN)
  const wrong = starts.findIndex((start, index) => index > 0 && sign * (start - (starts[index - 1] ?? start)) < 0)
  assert.equal(wrong, -1, `${order}: recording ${wrong} is out of order`)
}

/** The first recordings that can be had, spread over the window. */
export const someAvailable = (expectations: Expectations, count: number): ReadonlyArray<ExpectedRecording> => {
  const available = expectations.recordings.filter(
    (recording) => recording.available && recording.id !== expectations.truncatedId
  )
  const stride = Math.max(1, Math.floor(available.length / count))
  return available.filter((_, index) => index % stride === 0).slice(0, count)
}
