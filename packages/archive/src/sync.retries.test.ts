import { describe, expect, it } from "@effect/vitest"
import { Forbidden, Gone, InvalidResponse, NotFound, Pending, type Reason, Unavailable } from "@callreel/recording"
import { memorySource } from "@callreel/testkit"
import { Duration, Effect } from "effect"
import { TestClock } from "effect/testing"
import { entriesOf, entryOf, folderArchive, sync } from "./internal/testing/test/sync/archives.ts"
import {
  type AudioFaults,
  change,
  entryFor,
  forget,
  minutesAfter,
  watched,
  watchedWorld,
  wholeDay,
  withAudioFaults,
  withGetFaults,
  worldOf
} from "./internal/testing/test/sync/worlds.ts"

const evening = minutesAfter(600)
const atEvening = TestClock.setTime(evening.getTime())
const aMinute = TestClock.adjust(Duration.minutes(1))

const unavailable = new Unavailable({ detail: "no answer" })
const forbidden = new Forbidden({ detail: "no" })

const plans = [
  { id: "fine", minute: 0 },
  { id: "bad", minute: 1 },
  { id: "refused", minute: 2 }
]

const troubled: AudioFaults = (id) => ({ bad: unavailable, refused: forbidden })[id]

/** The same world, at first with trouble. */
const scene = Effect.gen(function* () {
  yield* atEvening
  const archive = yield* folderArchive
  const world = worldOf(plans)
  const first = watched(withAudioFaults(memorySource("us", world), troubled))
  const result = yield* sync(archive, [first.source], wholeDay)
  yield* aMinute
  return { archive, world, result }
})

describe("what failed", () => {
  it.effect("is told with its reason and its tries", () =>
    Effect.gen(function* () {
      const { result } = yield* scene
      expect(result).toMatchObject({
        listed: 3,
        archived: 1,
        failed: 1,
        unavailable: { forbidden: 1 },
        summary: "3 listed: 1 archived, 1 unavailable (1 forbidden), 0 pending, 1 failed",
        notObtained: [
          { source: "us", id: "bad", state: "failed", reason: "Unavailable", attempts: 1, retryAt: evening },
          { source: "us", id: "refused", state: "unavailable", reason: "forbidden", attempts: 0 }
        ]
      })
      // It is known where all of them stand: that is a proof, too.
      expect(result.sources[0]?.proof).toBeDefined()
    })
  )

  it.effect("is not tried twice in one run, however fast the run is", () =>
    Effect.gen(function* () {
      yield* atEvening
      const archive = yield* folderArchive
      const { asked, source } = watched(withAudioFaults(memorySource("us", worldOf(plans)), troubled))
      yield* sync(archive, [source], { ...wholeDay, again: { times: 0, pause: Duration.zero } })
      expect(asked.audio.map(({ id }) => id).toSorted()).toEqual(["bad", "fine", "refused"])
      expect(yield* entryOf(archive, "bad")).toMatchObject({ state: "failed", attempts: 1 })
    })
  )

  it.effect("gets one more try in each further run, and is archived as soon as it can be", () =>
    Effect.gen(function* () {
      const { archive, world } = yield* scene
      const again = watched(withAudioFaults(memorySource("us", world), troubled))
      yield* sync(archive, [again.source], wholeDay)
      expect(again.asked.audio.map(({ id }) => id)).toEqual(["bad", "bad", "bad", "bad"])
      expect(yield* entryOf(archive, "bad")).toMatchObject({ state: "failed", attempts: 2 })
      yield* aMinute
      const { asked, source } = watchedWorld(world)
      expect(yield* sync(archive, [source], wholeDay)).toMatchObject({ archived: 2, failed: 0, fetched: 1 })
      expect(asked.audio.map(({ id }) => id)).toEqual(["bad"])
      expect(yield* entryOf(archive, "bad")).toMatchObject({ state: "archived", attempts: 2 })
    })
  )

  it.effect("waits behind what was never tried", () =>
    Effect.gen(function* () {
      const { archive, world } = yield* scene
      world.entries.push(entryFor({ id: "new", minute: 30 }))
      const { asked, source } = watchedWorld(world)
      yield* sync(archive, [source], { ...wholeDay, transfers: 1 })
      expect(asked.audio.map(({ id }) => id)).toEqual(["new", "bad"])
    })
  )
})

describe("a run with retryFailed", () => {
  it.effect("lists nothing, and tries only what failed and what was refused", () =>
    Effect.gen(function* () {
      const { archive, world } = yield* scene
      world.entries.push(entryFor({ id: "new", minute: 30 }))
      const { asked, source } = watchedWorld(world)
      const result = yield* sync(archive, [source], { retryFailed: true, transfers: 1 })
      expect(asked.lists).toEqual([])
      expect(asked.audio.map(({ id }) => id)).toEqual(["bad", "refused"])
      expect(result).toMatchObject({ listed: 3, archived: 3, failed: 0, unavailable: {}, fetched: 2 })
    })
  )

  it.effect("leaves what is pending, and all other that is unavailable", () =>
    Effect.gen(function* () {
      yield* atEvening
      const archive = yield* folderArchive
      const faults: Record<string, Reason> = {
        "1": new Pending({ retryAt: evening, detail: "not ready" }),
        "2": new Gone({ why: "expired", detail: "gone" }),
        "3": unavailable
      }
      const world = worldOf(["1", "2", "3"].map((id) => ({ id })))
      yield* sync(archive, [withAudioFaults(memorySource("us", world), (id) => faults[id])], wholeDay)
      yield* aMinute
      const { asked, source } = watchedWorld(world)
      yield* sync(archive, [source], { retryFailed: true })
      expect(asked.audio.map(({ id }) => id)).toEqual(["3"])
    })
  )

  it.effect("keeps to its window", () =>
    Effect.gen(function* () {
      const { archive, world } = yield* scene
      const { asked, source } = watchedWorld(world)
      yield* sync(archive, [source], { retryFailed: true, from: minutesAfter(2), to: minutesAfter(3) })
      expect(asked.audio.map(({ id }) => id)).toEqual(["refused"])
    })
  )

  it.effect("counts what is refused again as refused, and proves nothing", () =>
    Effect.gen(function* () {
      const { archive, result: before, world } = yield* scene
      const still = withAudioFaults(memorySource("us", world), troubled)
      const result = yield* sync(archive, [still], { retryFailed: true })
      expect(result).toMatchObject({ archived: 1, failed: 1, unavailable: { forbidden: 1 }, fetched: 0 })
      expect(result.sources[0]?.proof).toBeUndefined()
      expect((yield* archive.ledger.lastProof("us"))?.path).toBe(before.sources[0]?.proof)
    })
  )

  it.effect("asks the vendor anew about what it listed as refused", () =>
    Effect.gen(function* () {
      yield* atEvening
      const archive = yield* folderArchive
      const world = worldOf([{ id: "1", availability: { state: "unavailable", reason: "forbidden" } }])
      expect(yield* sync(archive, [memorySource("us", world)], wholeDay)).toMatchObject({
        unavailable: { forbidden: 1 }
      })
      const { asked, source } = watchedWorld(worldOf([{ id: "1" }]))
      expect(yield* sync(archive, [source], { retryFailed: true })).toMatchObject({ archived: 1 })
      expect(asked.gets).toEqual(["1"])
    })
  )
})

describe("what is pending", () => {
  const retryAt = minutesAfter(700)
  const notReady = { state: "pending", retryAt } as const

  it.effect("is asked for when it is due, and not before", () =>
    Effect.gen(function* () {
      yield* atEvening
      const archive = yield* folderArchive
      const world = worldOf([{ id: "1", availability: notReady }])
      const { asked, source } = watchedWorld(world)
      const first = yield* sync(archive, [source], wholeDay)
      expect(first).toMatchObject({
        pending: 1,
        notObtained: [{ id: "1", state: "pending", attempts: 0, retryAt }]
      })
      yield* TestClock.setTime(retryAt.getTime() - 1)
      yield* sync(archive, [source])
      expect(asked.gets).toEqual([])
      yield* TestClock.setTime(retryAt.getTime())
      change(world, "1", ({ audio, recording }) => ({
        audio,
        recording: { ...recording, availability: { state: "available" } }
      }))
      // No listing tells of it: it is asked for by its id.
      expect(yield* sync(archive, [source], { from: minutesAfter(0), to: minutesAfter(1) })).toMatchObject({
        archived: 1
      })
    })
  )

  it.effect("is fetched before its time when a listing shows that it is there", () =>
    Effect.gen(function* () {
      yield* atEvening
      const archive = yield* folderArchive
      yield* sync(archive, [memorySource("us", worldOf([{ id: "1", availability: notReady }]))], wholeDay)
      const after = yield* sync(archive, [memorySource("us", worldOf([{ id: "1" }]))], wholeDay)
      expect(after).toMatchObject({ archived: 1, pending: 0 })
    })
  )

  it.effect("of a limit of the vendor is due when the vendor says so", () =>
    Effect.gen(function* () {
      yield* atEvening
      const archive = yield* folderArchive
      const pending = new Pending({ retryAt, detail: "not ready" })
      const world = worldOf([{ id: "1" }])
      yield* sync(archive, [withAudioFaults(memorySource("us", world), () => pending)], wholeDay)
      const { asked, source } = watchedWorld(world)
      yield* sync(archive, [source])
      expect(asked.audio).toEqual([])
      yield* TestClock.setTime(retryAt.getTime())
      expect(yield* sync(archive, [source])).toMatchObject({ archived: 1 })
    })
  )
})

describe("why there is no audio", () => {
  const gone = (why: Gone["why"]) => new Gone({ why, detail: "gone" })
  const audioNotFound = new NotFound({ what: "the audio" })

  it.effect("is said as the vendor says it, in counts, lists and words", () =>
    Effect.gen(function* () {
      yield* atEvening
      const archive = yield* folderArchive
      const faults: Record<string, Reason> = {
        expired: gone("expired"),
        deleted: gone("deleted"),
        short: gone("too-short"),
        absent: gone("absent"),
        nowhere: audioNotFound,
        removed: audioNotFound,
        refused: forbidden,
        html: new InvalidResponse({ path: "", detail: "HTML" })
      }
      const ids = Object.keys(faults)
      const world = worldOf([
        ...ids.map((id, minute) => ({ id, minute: id === "removed" ? minute - 3 * 24 * 60 : minute })),
        { id: "listed", minute: 20, availability: { state: "unavailable", reason: "too-short" } as const },
        { id: "fine", minute: 21 }
      ])
      const source = withGetFaults(
        withAudioFaults(memorySource("us", world), (id) => faults[id]),
        ({ id }) => (id === "removed" ? new NotFound({ what: "the recording" }) : undefined)
      )
      const result = yield* sync(archive, [source], { from: minutesAfter(-4 * 24 * 60), to: minutesAfter(30) })
      expect(result).toMatchObject({
        listed: 10,
        archived: 1,
        unavailable: { absent: 2, deleted: 2, expired: 1, forbidden: 1, "too-short": 2 },
        pending: 0,
        failed: 1,
        summary:
          "10 listed: 1 archived, 8 unavailable (2 absent, 2 deleted, 1 expired, 1 forbidden, 2 too-short), 0 pending, 1 failed"
      })
      expect(Object.fromEntries(result.notObtained.map(({ id, reason }) => [id, reason]))).toEqual({
        expired: "expired",
        deleted: "deleted",
        short: "too-short",
        absent: "absent",
        nowhere: "absent",
        removed: "deleted",
        refused: "forbidden",
        html: "InvalidResponse",
        listed: "too-short"
      })
    })
  )

  it.effect("does not change by itself when the vendor forgets the row: nothing is lost from the count", () =>
    Effect.gen(function* () {
      yield* atEvening
      const archive = yield* folderArchive
      const world = worldOf([{ id: "1" }, { id: "2", minute: 1 }])
      const source = withAudioFaults(memorySource("us", world), (id) => (id === "1" ? gone("expired") : undefined))
      yield* sync(archive, [source], wholeDay)
      forget(world, "1", "2")
      const result = yield* sync(archive, [source], wholeDay)
      expect(result).toMatchObject({ listed: 2, archived: 1, unavailable: { expired: 1 } })
      expect(yield* entriesOf(archive)).toHaveLength(2)
    })
  )
})
