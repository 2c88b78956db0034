import { describe, expect, it } from "@effect/vitest"
import {
  Forbidden,
  Gone,
  InvalidOptions,
  InvalidQuery,
  InvalidResponse,
  NotFound,
  Pending,
  RateLimited,
  type Reason,
  type RecordingSource,
  Truncated,
  Unauthorized,
  Unavailable,
  Unsupported
} from "@callreel/recording"
import { memorySource, type MemoryWorld } from "@callreel/testkit"
import { Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import { setTimeout } from "node:timers/promises"
import type { Entry } from "../../Entry.ts"
import { foundOf } from "../found.ts"
import { listed } from "../state.ts"
import { tryOne, type TryContext } from "./tryOne.ts"
import { defaultLayout, type FolderArchive, folderArchive, pathsOf, readFileOf } from "../testing/test/sync/archives.ts"
import {
  type AudioFaults,
  change,
  entryFor,
  minutesAfter,
  noon,
  type RecordingPlan,
  shortAudio,
  watched,
  withAudioFaults,
  withGetFaults,
  worldOf
} from "../testing/test/sync/worlds.ts"

const contextOf = (archive: FolderArchive, more: Partial<TryContext> = {}): TryContext => ({
  archive,
  layout: defaultLayout,
  received: () => Effect.void,
  wasKilled: false,
  again: { times: 3, pause: Duration.zero },
  ...more
})

/** The entry of a recording as it was just listed. */
const justListed = (plan: RecordingPlan): Entry => {
  const { recording } = entryFor(plan)
  return listed(undefined, foundOf(recording, memorySource("us", worldOf([]))), noon)
}

interface Tried {
  readonly after: Entry
  readonly fetches: number
  readonly gets: number
  readonly archive: FolderArchive
}

/** Tries the one recording of a world, at noon and two hours, with the second try and on as `faults` wants them. */
const tryWith = (
  plan: RecordingPlan,
  faults: AudioFaults,
  options: {
    readonly get?: Reason
    readonly world?: MemoryWorld
    readonly entry?: Entry
    readonly context?: Partial<TryContext>
    readonly wrap?: (source: RecordingSource) => RecordingSource
  } = {}
) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(now.getTime())
    const archive = yield* folderArchive
    const { get, wrap = (source) => source } = options
    const world = wrap(memorySource("us", options.world ?? worldOf([plan])))
    const { asked, source } = watched(
      withAudioFaults(get === undefined ? world : withGetFaults(world, () => get), faults)
    )
    const result = yield* Effect.result(
      tryOne(contextOf(archive, options.context), source, options.entry ?? justListed(plan))
    )
    return { result, fetches: asked.audio.length, gets: asked.gets.length, archive }
  })

const succeeding = (tried: ReturnType<typeof tryWith>) =>
  Effect.flatMap(tried, ({ result, ...rest }) =>
    Effect.map(Effect.fromResult(result), (after): Tried => ({ after, ...rest }))
  )

/** Lets everything go on until it waits for the test's clock. */
const settled = Effect.promise(() => setTimeout(60))

const now = minutesAfter(120)
const retryAt = minutesAfter(600)

const always =
  (reason: Reason): AudioFaults =>
  () =>
    reason

/** Every reason there is, what it makes of a recording, and how many fetches that takes. */
const outcomes: ReadonlyArray<readonly [name: string, reason: Reason, expected: Partial<Entry>, fetches: number]> = [
  ["Gone (expired)", new Gone({ why: "expired", detail: "gone" }), { state: "unavailable", reason: "expired" }, 1],
  ["Gone (deleted)", new Gone({ why: "deleted", detail: "gone" }), { state: "unavailable", reason: "deleted" }, 1],
  ["Gone (too-short)", new Gone({ why: "too-short", detail: "" }), { state: "unavailable", reason: "too-short" }, 1],
  ["Gone (absent)", new Gone({ why: "absent", detail: "gone" }), { state: "unavailable", reason: "absent" }, 1],
  ["NotFound", new NotFound({ what: "the audio" }), { state: "unavailable", reason: "absent" }, 1],
  ["Forbidden", new Forbidden({ detail: "no" }), { state: "unavailable", reason: "forbidden" }, 1],
  ["Pending", new Pending({ retryAt, detail: "not ready" }), { state: "pending", reason: "Pending", retryAt }, 1],
  [
    "RateLimited",
    new RateLimited({ retryAfter: Duration.minutes(5) }),
    { state: "pending", reason: "RateLimited", retryAt: minutesAfter(125) },
    1
  ],
  [
    "Unavailable",
    new Unavailable({ detail: "no answer" }),
    { state: "failed", reason: "Unavailable", attempts: 1, retryAt: now },
    4
  ],
  [
    "Truncated",
    new Truncated({ expected: 2, received: 1 }),
    { state: "failed", reason: "Truncated", attempts: 1, retryAt: now },
    // As listed, and as it is.
    5
  ],
  [
    "InvalidResponse",
    new InvalidResponse({ path: "", detail: "HTML" }),
    { state: "failed", reason: "InvalidResponse", attempts: 1 },
    // Its source has tried all that it has.
    1
  ],
  [
    "InvalidQuery",
    new InvalidQuery({ field: "id", detail: "bad" }),
    { state: "failed", reason: "InvalidQuery", attempts: 1 },
    1
  ],
  ["Unsupported", new Unsupported({ capability: "audio" }), { state: "failed", reason: "Unsupported" }, 1],
  ["InvalidOptions", new InvalidOptions({ option: "a", detail: "b" }), { state: "failed", reason: "InvalidOptions" }, 1]
]

describe("a fetch that fails every time", () => {
  it.effect.each(outcomes)("with %s", ([, reason, expected, fetches]) =>
    Effect.gen(function* () {
      const tried = yield* succeeding(tryWith({ id: "1" }, always(reason)))
      expect(tried.after).toMatchObject(expected)
      expect(tried.after.file).toBeUndefined()
      expect(tried.fetches).toBe(fetches)
      expect(yield* pathsOf(tried.archive)).toEqual([])
    })
  )

  it.effect("with Unauthorized says nothing of the recording: the try itself fails", () =>
    Effect.gen(function* () {
      const { fetches, result } = yield* tryWith({ id: "1" }, always(new Unauthorized({ detail: "no" })))
      expect(result).toMatchObject({ _tag: "Failure", failure: { reason: { _tag: "Unauthorized" } } })
      expect(fetches).toBe(1)
    })
  )
})

describe("a fetch that fails at first", () => {
  it.effect.each([
    ["Unavailable", new Unavailable({ detail: "no answer" })],
    ["Truncated", new Truncated({ expected: 2, received: 1 })]
  ] as const)("with %s is tried again in the run, and archived", ([, reason]) =>
    Effect.gen(function* () {
      const faults: AudioFaults = (_, attempt) => (attempt <= 3 ? reason : undefined)
      const { after, archive, fetches } = yield* succeeding(tryWith({ id: "1" }, faults))
      expect(fetches).toBe(4)
      expect(after).toMatchObject({ state: "archived", attempts: 0, file: { archivedAt: now } })
      const bytes = yield* readFileOf(archive, after.file?.path ?? "")
      expect(Buffer.compare(bytes, shortAudio("us:1"))).toBe(0)
    })
  )

  it.effect("counts one failed try a run, however often it was tried in it", () =>
    Effect.gen(function* () {
      const before: Entry = { ...justListed({ id: "1" }), state: "failed", attempts: 4, reason: "Truncated" }
      const faults = always(new Unavailable({ detail: "no answer" }))
      const { after } = yield* succeeding(tryWith({ id: "1" }, faults, { entry: before }))
      expect(after).toMatchObject({ state: "failed", reason: "Unavailable", attempts: 5 })
    })
  )

  it.effect("waits longer before each further try", () =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const { asked, source } = watched(
        withAudioFaults(memorySource("us", worldOf([{ id: "1" }])), always(new Unavailable({ detail: "no answer" })))
      )
      const context = contextOf(archive, { again: { times: 2, pause: Duration.seconds(10) } })
      yield* Effect.forkChild(tryOne(context, source, justListed({ id: "1" })))
      yield* settled
      expect(asked.audio).toHaveLength(1)
      // A pause may be a fifth shorter or longer.
      yield* TestClock.adjust(Duration.seconds(7))
      yield* settled
      expect(asked.audio).toHaveLength(1)
      yield* TestClock.adjust(Duration.seconds(6))
      yield* settled
      expect(asked.audio).toHaveLength(2)
      yield* TestClock.adjust(Duration.seconds(20))
      yield* settled
      expect(asked.audio).toHaveLength(2)
      yield* TestClock.adjust(Duration.seconds(17))
      yield* settled
      expect(asked.audio).toHaveLength(3)
    })
  )
})

describe("audio that is not found", () => {
  const notFound = new NotFound({ what: "the audio" })

  it.effect("is absent where the vendor still has the recording", () =>
    Effect.gen(function* () {
      const { after, gets } = yield* succeeding(tryWith({ id: "1" }, always(notFound)))
      expect(after).toMatchObject({ state: "unavailable", reason: "absent" })
      expect(gets).toBe(1)
    })
  )

  it.effect("is deleted where the vendor has no record of the recording any more", () =>
    Effect.gen(function* () {
      // Old enough that it is not awaited any more.
      const world = worldOf([])
      const plan = { id: "1", minute: -3 * 24 * 60 }
      const { after } = yield* succeeding(tryWith(plan, always(notFound), { world }))
      expect(after).toMatchObject({ state: "unavailable", reason: "deleted" })
    })
  )

  it.effect("is what the vendor says of the recording then", () =>
    Effect.gen(function* () {
      const get = new Gone({ why: "expired", detail: "gone" })
      const { after } = yield* succeeding(tryWith({ id: "1" }, always(notFound), { get }))
      expect(after).toMatchObject({ state: "unavailable", reason: "expired" })
    })
  )

  it.effect("is not called absent while nobody can tell", () =>
    Effect.gen(function* () {
      const get = new Unavailable({ detail: "no answer" })
      const { after } = yield* succeeding(tryWith({ id: "1" }, always(notFound), { get }))
      expect(after).toMatchObject({ state: "failed", reason: "Unavailable" })
    })
  )

  it.effect("is awaited while its call is young", () =>
    Effect.gen(function* () {
      const plan = { id: "1", minute: 100 }
      const { after } = yield* succeeding(tryWith(plan, () => undefined, { world: worldOf([]) }))
      expect(after.state).toBe("pending")
      expect(after.retryAt?.getTime()).toBeGreaterThan(now.getTime())
    })
  )
})

describe("a recording that was not ready when it was listed", () => {
  const plan: RecordingPlan = { id: "1", availability: { state: "pending", retryAt: minutesAfter(60) } }
  const entry = justListed(plan)

  it.effect("is asked for anew, and fetched where it is there now", () =>
    Effect.gen(function* () {
      const world = worldOf([{ id: "1" }])
      const { after, archive, fetches, gets } = yield* succeeding(tryWith(plan, () => undefined, { world, entry }))
      expect([gets, fetches]).toEqual([1, 1])
      expect(after.state).toBe("archived")
      expect(JSON.parse(after.recording ?? "")).toMatchObject({ availability: { state: "available" } })
      expect(yield* pathsOf(archive)).toHaveLength(2)
    })
  )

  it.effect("is not fetched before it is ready, and knows its new time", () =>
    Effect.gen(function* () {
      const world = worldOf([{ id: "1", availability: { state: "pending", retryAt } }])
      const { after, fetches } = yield* succeeding(tryWith(plan, () => undefined, { world, entry }))
      expect(fetches).toBe(0)
      expect(after).toMatchObject({ state: "pending", retryAt })
    })
  )

  it.effect("is unavailable where the vendor says so now", () =>
    Effect.gen(function* () {
      const world = worldOf([{ id: "1", availability: { state: "unavailable", reason: "too-short" } }])
      const { after, fetches } = yield* succeeding(tryWith(plan, () => undefined, { world, entry }))
      expect(fetches).toBe(0)
      expect(after).toMatchObject({ state: "unavailable", reason: "too-short" })
    })
  )

  it.effect("is deleted where the vendor has no record of it any more", () =>
    Effect.gen(function* () {
      const old: RecordingPlan = { ...plan, minute: -3 * 24 * 60 }
      const { after, fetches } = yield* succeeding(
        tryWith(old, () => undefined, { world: worldOf([]), entry: justListed(old) })
      )
      expect(fetches).toBe(0)
      expect(after).toMatchObject({ state: "unavailable", reason: "deleted" })
    })
  )

  it.effect("stays on hold", () =>
    Effect.gen(function* () {
      const held = { ...entry, heldFor: "a case" }
      const { after } = yield* succeeding(
        tryWith(plan, () => undefined, { world: worldOf([{ id: "1" }]), entry: held })
      )
      expect(after).toMatchObject({ state: "archived", heldFor: "a case" })
    })
  )
})

describe("what is archived", () => {
  it.effect("has its recording beside it as the vendor gave it, masked", () =>
    Effect.gen(function* () {
      const world = worldOf([{ id: "1" }])
      change(world, "1", (entry) => ({
        ...entry,
        recording: { ...entry.recording, raw: { id: "1", link: "https://storage/secret-of-mine" } }
      }))
      const [first] = world.entries
      const mask = (source: RecordingSource): RecordingSource => ({
        ...source,
        maskRaw: () => ({ id: "1", link: "***" })
      })
      const masked = mask(memorySource("us", world))
      const entry = listed(undefined, foundOf(first?.recording ?? entryFor({ id: "1" }).recording, masked), noon)
      const { after, archive } = yield* succeeding(tryWith({ id: "1" }, () => undefined, { world, entry, wrap: mask }))
      const paths = yield* pathsOf(archive)
      const texts = yield* Effect.forEach(paths, (path) => readFileOf(archive, path))
      expect(texts.map(String).join()).not.toContain("secret-of-mine")
      expect(after.recording).toContain("***")
    })
  )

  it.effect("is suspect where it is not what was reported", () =>
    Effect.gen(function* () {
      const plan = { id: "1", reportedSeconds: 60 }
      const { after } = yield* succeeding(tryWith(plan, () => undefined))
      expect(after).toMatchObject({ state: "archived", suspect: expect.stringContaining("60 s reported") })
    })
  )

  it.effect("is not what was erased: a tombstone is not tried", () =>
    Effect.gen(function* () {
      const entry: Entry = { source: "us", id: "1", state: "erased", attempts: 0, erasedFor: "asked" }
      const { fetches, result } = yield* tryWith({ id: "1" }, () => undefined, { entry })
      expect(result).toMatchObject({ _tag: "Failure", failure: { _tag: "ArchiveError", reason: "NotFound" } })
      expect(fetches).toBe(0)
    })
  )
})

describe("a vendor's wrong size", () => {
  it.effect("is believed over one answer, and not over two that are alike", () =>
    Effect.gen(function* () {
      const plan = { id: "1", reportedBytes: 5 }
      const { after, fetches } = yield* succeeding(tryWith(plan, () => undefined))
      expect(fetches).toBe(2)
      expect(after).toMatchObject({ state: "archived", suspect: expect.stringContaining("5 bytes reported") })
    })
  )

  it.effect("does not let through an answer that was cut short once, with a length that agrees", () =>
    Effect.gen(function* () {
      const plan = { id: "1" }
      const whole = shortAudio("us:1")
      const world = worldOf([plan])
      let fetches = 0
      const shortOnce = (source: RecordingSource): RecordingSource => {
        const short = memorySource("us", worldOf([{ ...plan, audio: whole.subarray(0, 500) }]))
        return {
          ...source,
          audio: (reference, options) => {
            fetches += 1
            return fetches === 1 ? short.audio(reference, options) : source.audio(reference, options)
          }
        }
      }
      const { after, archive } = yield* succeeding(tryWith(plan, () => undefined, { world, wrap: shortOnce }))
      expect(after).toMatchObject({ state: "archived", file: { bytes: whole.length } })
      expect(after.suspect).toBeUndefined()
      expect(yield* readFileOf(archive, after.file?.path ?? "")).toHaveLength(whole.length)
    })
  )

  it.effect("and answers that differ every time are no audio", () =>
    Effect.gen(function* () {
      const plan = { id: "1" }
      const whole = shortAudio("us:1")
      let fetches = 0
      const shorter = (source: RecordingSource): RecordingSource => ({
        ...source,
        audio: (reference, options) => {
          fetches += 1
          const short = memorySource("us", worldOf([{ ...plan, audio: whole.subarray(0, 500 + fetches) }]))
          return short.audio(reference, options)
        }
      })
      const { after, archive } = yield* succeeding(tryWith(plan, () => undefined, { wrap: shorter }))
      expect(after).toMatchObject({ state: "failed", reason: "Truncated", attempts: 1 })
      expect(yield* pathsOf(archive)).toEqual([])
    })
  )
})
