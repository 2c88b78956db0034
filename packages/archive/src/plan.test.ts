import { describe, expect, it } from "@effect/vitest"
import { Forbidden, type RecordingSource, Unauthorized, Unavailable } from "@callreel/recording"
import { memorySource, type MemoryWorld } from "@callreel/testkit"
import { Duration, Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { Archive } from "./Archive.ts"
import { entriesOf, folderArchive, pathsOf, sync } from "./internal/testing/test/sync/archives.ts"
import {
  entryFor,
  failing,
  minutesAfter,
  shortAudio,
  watchedWorld,
  wholeDay,
  withAudioFaults,
  worldOf
} from "./internal/testing/test/sync/worlds.ts"
import { planSync } from "./plan.ts"
import type { SyncOptions } from "./sync.ts"

const evening = minutesAfter(600)
const size = shortAudio("us:1").length

const plans = [
  { id: "1", minute: 0 },
  { id: "2", minute: 10 },
  { id: "3", minute: 20, availability: { state: "unavailable", reason: "expired" } as const },
  { id: "4", minute: 30, availability: { state: "pending", retryAt: minutesAfter(700) } as const }
]

const scene = (world: MemoryWorld = worldOf(plans)) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(evening.getTime())
    const archive = yield* folderArchive
    return { archive, world, ...watchedWorld(world) }
  })

const plan = (
  archive: Archive,
  source: RecordingSource,
  options: Pick<SyncOptions, "from" | "to" | "filters" | "retryFailed"> = {}
) => planSync(archive, [{ source }], options)

describe("a plan", () => {
  it.effect("says what would be listed and fetched, and changes nothing", () =>
    Effect.gen(function* () {
      const { archive, asked, source } = yield* scene()
      expect(yield* plan(archive, source, wholeDay)).toEqual({
        listed: 4,
        fetches: 2,
        bytes: 2 * size,
        requests: 0,
        summary: "4 listed, 2 would be fetched",
        sources: [{ source: "us", listed: 4, fetches: 2, bytes: 2 * size, requests: 0 }]
      })
      expect(asked.audio).toEqual([])
      expect(yield* entriesOf(archive)).toEqual([])
      expect(yield* pathsOf(archive)).toEqual([])
      expect(yield* archive.ledger.checkpoint("us")).toBeUndefined()
      expect(yield* archive.ledger.beginning("us")).toBeUndefined()
    })
  )

  it.effect("of a window without an end ends now, and is not one of what changed", () =>
    Effect.gen(function* () {
      const { archive, asked, source } = yield* scene()
      expect(yield* plan(archive, source, { from: minutesAfter(5) })).toMatchObject({ listed: 3, fetches: 1 })
      expect(asked.lists).toEqual(["list"])
    })
  )

  it.effect("keeps to its filters", () =>
    Effect.gen(function* () {
      const { archive, source } = yield* scene()
      const filters = { direction: "outbound" } as const
      expect(yield* plan(archive, source, { ...wholeDay, filters })).toMatchObject({ listed: 0, fetches: 0 })
    })
  )

  it.effect("counts requests and their time within the vendor's limit", () =>
    Effect.gen(function* () {
      const { archive, source } = yield* scene()
      const limited = { ...source, capability: { ...source.capability, audioRequests: 2, requestsPerMinute: 3 } }
      expect(yield* plan(archive, limited)).toMatchObject({ requests: 4, sources: [{ requests: 4, seconds: 80 }] })
    })
  )
})

describe("a plan of an archive that has some already", () => {
  it.effect.each([
    ["by window", wholeDay],
    ["by what changed", {}]
  ] as const)("comes true: %s", ([, options]) =>
    Effect.gen(function* () {
      const { archive, source, world } = yield* scene()
      const broken = withAudioFaults(source, (id) =>
        id === "1" ? new Unavailable({ detail: "no answer" }) : undefined
      )
      yield* sync(archive, [broken], { maxTransfer: 1, transfers: 1 })
      const before = (yield* entriesOf(archive)).filter(({ state }) => state === "archived").length
      yield* TestClock.setTime(minutesAfter(710).getTime())
      world.entries.push(entryFor({ id: "5", minute: 40 }), entryFor({ id: "6", minute: 50 }))
      world.entries.splice(2, 1, entryFor({ id: "3", minute: 20 }))
      const planned = yield* plan(archive, source, options)
      const done = yield* sync(archive, [source], options)
      expect([before, done.fetched > 2, done.pending]).toEqual([1, true, 1])
      // The one that is pending was due, and is awaited still: it was asked for, and not fetched.
      expect(planned.fetches).toBe(done.archived - before + done.pending)
    })
  )

  it.effect("fetches nothing where nothing is new, and what is put off is not due", () =>
    Effect.gen(function* () {
      const { archive, source } = yield* scene()
      yield* sync(archive, [source])
      expect(yield* plan(archive, source)).toMatchObject({ listed: 0, fetches: 0 })
      expect(yield* plan(archive, source, wholeDay)).toMatchObject({ listed: 4, fetches: 0 })
    })
  )

  it.effect("with retryFailed counts what failed and what was refused, and lists nothing", () =>
    Effect.gen(function* () {
      const { archive, asked, source } = yield* scene()
      const faults = { "1": new Unavailable({ detail: "no" }), "2": new Forbidden({ detail: "no" }) }
      const broken = withAudioFaults(source, (id) => (id === "1" || id === "2" ? faults[id] : undefined))
      yield* sync(archive, [broken])
      yield* TestClock.adjust(Duration.minutes(1))
      asked.lists.splice(0)
      expect(yield* plan(archive, source, { retryFailed: true })).toMatchObject({ listed: 0, fetches: 2 })
      expect(asked.lists).toEqual([])
      expect(yield* sync(archive, [source], { retryFailed: true })).toMatchObject({ fetched: 2 })
    })
  )
})

it.effect("the trouble of one source is told, and the others are planned", () =>
  Effect.gen(function* () {
    const { archive, source } = yield* scene()
    const pbx = memorySource("pbx", worldOf([{ id: "1", source: "pbx" }]))
    const refused: RecordingSource = {
      ...source,
      changes: () => Stream.fromEffect(failing(source, "changes", new Unauthorized({ detail: "no" })))
    }
    const result = yield* planSync(archive, [{ source: refused }, { source: pbx }], {})
    expect(result).toMatchObject({ listed: 1, fetches: 1 })
    expect(result.sources.map(({ problem }) => problem?.reason._tag)).toEqual(["Unauthorized", undefined])
  })
)
