import { Recording, type RecordingSource, startOf } from "@callreel/recording"
import { Effect, Stream } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import assert from "node:assert/strict"
import { assertOrdered, assertSameIds, failsWith, listAll } from "./assertions.ts"
import type { ConformanceCase, Expectations } from "./Case.ts"

/** Splits the window at exact starts of recordings, where an inclusive end or a lost one shows. */
const cuts = ({ window, recordings }: Expectations): ReadonlyArray<Date> => {
  const starts = recordings.map(({ startedAt }) => startedAt.getTime()).toSorted((left, right) => left - right)
  const inner = [...new Set(starts.filter((_, index) => index % 7 === 3))].filter(
    (start) => start > window.from.getTime() && start < window.to.getTime()
  )
  return [window.from, ...inner.map((start) => new Date(start)), window.to]
}

const listWindows = (source: RecordingSource, borders: ReadonlyArray<Date>) =>
  Effect.forEach(borders.slice(1), (to, index) => {
    const from = borders[index] ?? to
    return Stream.runCollect(source.list({ from, to }))
  })

/** JSON keys whose value is null, outside of `raw`. */
const nulls = (value: unknown, path: string): ReadonlyArray<string> => {
  if (value === null) return [path]
  if (typeof value !== "object") return []
  return Object.entries(value).flatMap(([key, item]) => (key === "raw" ? [] : nulls(item, `${path}.${key}`)))
}

const filterCase = (
  number: number,
  filter: "number" | "extension" | "queue",
  capabilityKey: "listByNumber" | "listByExtension" | "listByQueue",
  matches: (recording: Recording, wanted: string) => boolean
): ConformanceCase => ({
  number,
  name: `list by ${filter} gives exactly those that match`,
  selects: (capability, { filters }) => capability[capabilityKey] !== "unsupported" && filters?.[filter] !== undefined,
  body: (source, expectations) =>
    Effect.gen(function* () {
      const wanted = expectations.filters?.[filter] ?? ""
      const all = yield* listAll(source, expectations)
      const expected = all.filter((recording) => matches(recording, wanted))
      assert.ok(expected.length > 0 && expected.length < all.length, `the ${filter} must match some, not all`)
      assertSameIds(yield* listAll(source, expectations, { [filter]: wanted }), expected, `list by ${filter}`)
    })
})

const parties = ({ call }: Recording) => [call?.from, call?.to].filter((party) => party !== undefined)

/** Listing: completeness, order, borders, filters, and the form of what is listed. */
export const listCases: ReadonlyArray<ConformanceCase> = [
  {
    number: 101,
    name: "list gives every recording of the window once, newest first",
    body: (source, expectations) =>
      Effect.gen(function* () {
        const listed = yield* listAll(source, expectations)
        assertSameIds(listed, expectations.recordings, "list")
        assertOrdered(listed, "newest-first")
      })
  },
  {
    number: 102,
    name: "list gives the same oldest first",
    body: (source, expectations) =>
      Effect.gen(function* () {
        const listed = yield* listAll(source, expectations, { order: "oldest-first" })
        assertSameIds(listed, expectations.recordings, "list oldest first")
        assertOrdered(listed, "oldest-first")
      })
  },
  {
    number: 103,
    name: "windows are half-open: neighbours that meet at a recording's start list it once, in the later one",
    body: (source, expectations) =>
      Effect.gen(function* () {
        const borders = cuts(expectations)
        const listed = yield* listWindows(source, borders)
        assertSameIds(listed.flat(), expectations.recordings, "neighbouring windows")
        for (const [index, recordings] of listed.entries()) {
          const [from, to] = [borders[index], borders[index + 1]]
          for (const recording of recordings) {
            const start = startOf(recording)
            assert.ok(start && from && to && start >= from && start < to, "a recording outside of its window")
          }
        }
      })
  },
  {
    number: 104,
    name: "a window of one millisecond holds what starts in it, and its neighbour does not",
    body: (source, { recordings }) =>
      Effect.gen(function* () {
        const [first] = recordings
        assert.ok(first, "the expectations need recordings")
        const at = first.startedAt.getTime()
        const expected = recordings.filter(({ startedAt }) => startedAt.getTime() === at)
        const inside = yield* Stream.runCollect(source.list({ from: first.startedAt, to: new Date(at + 1) }))
        assertSameIds(inside, expected, "one millisecond")
        const before = yield* Stream.runCollect(source.list({ from: new Date(at - 1), to: first.startedAt }))
        assert.ok(!before.some(({ id }) => id === first.id), "the end of a window is not in it")
      })
  },
  {
    number: 105,
    name: "list stops at the limit, with the first in order",
    body: (source, expectations) =>
      Effect.gen(function* () {
        const all = yield* listAll(source, expectations)
        const some = yield* listAll(source, expectations, { limit: 5 })
        const starts = (recordings: ReadonlyArray<Recording>) =>
          recordings.map((recording) => startOf(recording)?.getTime())
        assert.deepEqual(starts(some), starts(all.slice(0, 5)))
      })
  },
  {
    number: 106,
    name: "a window in which nothing happened is empty, not an error",
    body: (source, { window }) =>
      Effect.gen(function* () {
        const to = new Date(window.from.getTime() - 400 * 86_400_000)
        const listed = yield* Stream.runCollect(source.list({ from: new Date(to.getTime() - 3_600_000), to }))
        assert.deepEqual(listed, [])
      })
  },
  {
    number: 107,
    name: "list refuses a window that is empty or backwards",
    body: (source, { window: { from, to } }) =>
      Effect.gen(function* () {
        yield* failsWith(Stream.runDrain(source.list({ from, to: from })), ["InvalidQuery"], "an empty window")
        yield* failsWith(Stream.runDrain(source.list({ from: to, to: from })), ["InvalidQuery"], "a window backwards")
      })
  },
  {
    number: 108,
    name: "recordings have the contract's form: names, ids, instants, and JSON that decodes to the same",
    body: (source, expectations) =>
      Effect.gen(function* () {
        const expected = new Map(expectations.recordings.map((recording) => [recording.id, recording]))
        for (const recording of yield* listAll(source, expectations)) {
          const truth = expected.get(recording.id)
          assert.equal(recording.source, source.name)
          assert.equal(recording.provider, source.provider)
          assert.equal(recording.account, expectations.account, "the vendor's real id of the account")
          assert.equal(recording.call?.id, truth?.callId, "the call's id")
          assert.equal(recording.call?.startedAt.toISOString(), truth?.startedAt.toISOString(), "the call's start")
          if (truth?.direction !== undefined) assert.equal(recording.call?.direction, truth.direction)
          if (truth?.outcome !== undefined) assert.equal(recording.call?.outcome, truth.outcome)
          assert.notEqual(recording.raw, undefined, "the vendor's own object")
          const json = Recording.encode(recording)
          assert.deepEqual(nulls(json, ""), [], "absent means left out, never null")
          const decoded = Recording.decode(JSON.parse(JSON.stringify(json)))
          assert.ok(Either.isRight(decoded), "its JSON decodes")
          assert.deepEqual(Recording.encode(decoded.right), JSON.parse(JSON.stringify(json)))
        }
      })
  },
  {
    number: 109,
    name: "recordings carry what the capability declares, all of them, and nothing that it denies",
    body: (source, expectations) =>
      Effect.gen(function* () {
        const { capability } = source
        const expected = new Map(expectations.recordings.map((recording) => [recording.id, recording]))
        const listed = (yield* listAll(source, expectations)).filter(({ id }) => expected.get(id)?.available)
        const carries = (declared: boolean, name: string, read: (recording: Recording) => unknown): void => {
          const without = listed.filter((recording) => read(recording) === undefined)
          if (declared)
            assert.deepEqual(
              without.map(({ id }) => id),
              [],
              `${name} is declared, but missing`
            )
          else assert.equal(without.length, listed.length, `${name} is carried, but the capability denies it`)
        }
        carries(capability.hasBytes, "hasBytes", ({ audio }) => audio?.bytes)
        carries(capability.hasDuration, "hasDuration", ({ durationSeconds }) => durationSeconds)
        carries(capability.hasMediaType, "hasMediaType", ({ audio }) => audio?.mediaType)
        const queued = listed.some(({ call }) => call?.queue !== undefined)
        if (!capability.hasQueue) assert.ok(!queued, "hasQueue is carried, but the capability denies it")
        for (const recording of listed) {
          const truth = expected.get(recording.id)
          if (capability.hasBytes && truth?.bytes !== undefined)
            assert.equal(recording.audio?.bytes, truth.bytes, "bytes")
          if (capability.hasDuration && truth?.durationSeconds !== undefined) {
            assert.equal(recording.durationSeconds, truth.durationSeconds, "duration")
          }
        }
      })
  },
  {
    number: 110,
    name: "list by direction gives exactly those that match",
    selects: (capability) => capability.listByDirection !== "unsupported",
    body: (source, expectations) =>
      Effect.gen(function* () {
        const all = yield* listAll(source, expectations)
        for (const direction of ["inbound", "outbound"] as const) {
          const expected = all.filter(({ call }) => call?.direction === direction)
          assert.ok(expected.length > 0 && expected.length < all.length, `${direction} must match some, not all`)
          assertSameIds(yield* listAll(source, expectations, { direction }), expected, `list ${direction}`)
        }
      })
  },
  filterCase(111, "number", "listByNumber", (recording, wanted) =>
    parties(recording).some(({ number, e164 }) => number === wanted || e164 === wanted)
  ),
  filterCase(112, "extension", "listByExtension", (recording, wanted) =>
    parties(recording).some(({ extension }) => [extension?.id, extension?.number, extension?.name].includes(wanted))
  ),
  filterCase(113, "queue", "listByQueue", ({ call }, wanted) => [call?.queue?.id, call?.queue?.name].includes(wanted)),
  {
    number: 114,
    name: "a part of a number matches nothing",
    selects: (capability, { filters }) => capability.listByNumber !== "unsupported" && filters?.number !== undefined,
    body: (source, expectations) =>
      Effect.gen(function* () {
        const part = expectations.filters?.number?.slice(1, -1) ?? ""
        assert.deepEqual(yield* listAll(source, expectations, { number: part }), [])
      })
  }
]
