import { type ChangePage, Checkpoint, type RecordingSource } from "@callreel/recording"
import { Effect, Stream } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import assert from "node:assert/strict"
import { assertSameIds, failsWith } from "./assertions.ts"
import type { ConformanceCase, Expectations } from "./Case.ts"

/** A checkpoint as a store gives it back after months. */
const stored = (checkpoint: Checkpoint): Checkpoint => {
  const decoded = Checkpoint.decode(JSON.parse(JSON.stringify(checkpoint)))
  assert.ok(Either.isRight(decoded), "a checkpoint is JSON")
  return decoded.right
}

const pages = (source: RecordingSource, after?: Checkpoint) => Stream.runCollect(source.changes(after))

const unique = (found: ReadonlyArray<ChangePage>): ReadonlyArray<{ readonly id: string }> =>
  [...new Set(found.flatMap(({ recordings }) => recordings.map(({ id }) => id)))].map((id) => ({ id }))

const inWindow = (found: ReadonlyArray<ChangePage>, { recordings }: Expectations) => {
  const expected = new Set(recordings.map(({ id }) => id))
  return unique(found).filter(({ id }) => expected.has(id))
}

/** Changes: nothing is lost over checkpoints, crashes and late rows. A recording may come again. */
export const changesCases: ReadonlyArray<ConformanceCase> = [
  {
    number: 201,
    name: "changes from the beginning give every recording, and every page a checkpoint",
    selects: (capability) => capability.changes,
    body: (source, expectations) =>
      Effect.gen(function* () {
        const found = yield* pages(source)
        assertSameIds(inWindow(found, expectations), expectations.recordings, "changes")
        for (const { checkpoint } of found) assert.equal(stored(checkpoint).provider, source.provider)
      })
  },
  {
    number: 202,
    name: "a run that stops after any page goes on from its checkpoint without a loss",
    selects: (capability) => capability.changes,
    body: (source, expectations) =>
      Effect.gen(function* () {
        const whole = yield* pages(source)
        const stops = [0, Math.floor(whole.length / 2), whole.length - 1]
        for (const stop of stops) {
          const before = whole.slice(0, stop + 1)
          const last = before.at(-1)
          assert.ok(last, "changes give at least one page")
          const after = yield* pages(source, stored(last.checkpoint))
          assertSameIds(
            inWindow([...before, ...after], expectations),
            expectations.recordings,
            `resumed after page ${stop}`
          )
        }
      })
  },
  {
    number: 205,
    name: "a run that finds nothing new still gives a page, and its checkpoint does not go back",
    selects: (capability) => capability.changes,
    body: (source) =>
      Effect.gen(function* () {
        const last = (yield* pages(source)).at(-1)
        assert.ok(last, "changes give at least one page")
        const next = (yield* pages(source, stored(last.checkpoint))).at(-1)
        assert.ok(next, "a run that finds nothing new gives a page")
        const after = (yield* pages(source, stored(next.checkpoint))).flatMap(({ recordings }) => recordings)
        const before = (yield* pages(source)).flatMap(({ recordings }) => recordings)
        assert.ok(after.length < before.length, "a later checkpoint leaves old recordings behind")
      })
  },
  {
    number: 203,
    name: "a recording that appears late is found by the next run",
    selects: (capability, { appearLate }) => capability.changes && appearLate !== undefined,
    body: (source, { appearLate }) =>
      Effect.gen(function* () {
        const last = (yield* pages(source)).at(-1)
        assert.ok(last && appearLate, "changes give at least one page")
        const late = appearLate()
        const found = unique(yield* pages(source, stored(last.checkpoint)))
        assert.ok(
          found.some(({ id }) => id === late),
          "the late recording was missed"
        )
      })
  },
  {
    number: 204,
    name: "a checkpoint of another provider is refused",
    selects: (capability) => capability.changes,
    body: (source) =>
      Effect.asVoid(
        failsWith(
          Stream.runDrain(source.changes({ provider: "another", version: 1, state: {} })),
          ["InvalidQuery"],
          "another provider's checkpoint"
        )
      )
  }
]
