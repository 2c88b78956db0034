import { describe, expect, it } from "@effect/vitest"
import { memorySource } from "@callreel/testkit"
import { Deferred, Duration, Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { hostname } from "node:os"
import { checkProof } from "./checkProof.ts"
import { eraseRecording, holdRecording } from "./erase.ts"
import {
  defaultLayout,
  entriesOf,
  entryOf,
  folderArchive,
  pathsOf,
  readFileOf,
  sync
} from "./internal/testing/test/sync/archives.ts"
import {
  entryFor,
  longAudio,
  minutesAfter,
  noon,
  watched,
  watchedWorld,
  wholeDay,
  worldOf
} from "./internal/testing/test/sync/worlds.ts"
import { openArchive } from "./openArchive.ts"
import { pruneSource } from "./prune.ts"
import { verifyArchive } from "./verify.ts"

const plans = ["1", "2", "3"].map((id, minute) => ({ id, minute }))

/** A run that holds an archive until it is let go on. */
const heldRun = Effect.gen(function* () {
  const archive = yield* folderArchive
  const world = memorySource("us", worldOf(plans))
  const reached = yield* Deferred.make<void>()
  const release = yield* Deferred.make<void>()
  const waiting = {
    ...world,
    audio: (reference: { readonly id: string }) =>
      Deferred.succeed(reached, undefined).pipe(
        Effect.andThen(Deferred.await(release)),
        Effect.andThen(world.audio(reference))
      )
  }
  const fiber = yield* Effect.forkChild(sync(archive, [waiting], wholeDay))
  yield* Deferred.await(reached)
  return { archive, fiber, world, release: Deferred.succeed(release, undefined) }
})

describe("two runs at once", () => {
  it.live("the second is refused, says who holds the archive, and leaves the first as it is", () =>
    Effect.gen(function* () {
      const { archive, fiber, release } = yield* heldRun
      const other = yield* openArchive({ url: archive.folder })
      const { asked, source } = watchedWorld(worldOf(plans))
      const error = yield* Effect.flip(sync(other, [source], wholeDay))
      expect(error.reason).toBe("Locked")
      expect(`${error.detail} ${error.remedy}`).toContain(String(process.pid))
      expect(error.detail).toContain(hostname())
      expect(asked.lists).toEqual([])
      yield* release
      expect(yield* Fiber.join(fiber)).toMatchObject({ archived: 3, fetched: 3 })
      expect(yield* sync(other, [source], wholeDay)).toMatchObject({ archived: 3, fetched: 0 })
    })
  )

  it.live("nothing else that writes goes on beside a run: not erasing, not holding, not pruning", () =>
    Effect.gen(function* () {
      const { archive, fiber, release, world } = yield* heldRun
      const other = yield* openArchive({ url: archive.folder })
      const key = { source: "us", id: "1" }
      const uses = [
        eraseRecording(other, key, "asked", defaultLayout),
        holdRecording(other, key, "asked"),
        pruneSource(other, world, minutesAfter(1e6))
      ]
      for (const use of uses) expect(yield* Effect.flip(use)).toMatchObject({ reason: "Locked" })
      yield* release
      yield* Fiber.join(fiber)
    })
  )

  it.live("of one process are kept apart, too", () =>
    Effect.gen(function* () {
      const { archive, fiber, release, world } = yield* heldRun
      expect(yield* Effect.flip(sync(archive, [world], wholeDay))).toMatchObject({ reason: "Locked" })
      yield* release
      expect(yield* Fiber.join(fiber)).toMatchObject({ archived: 3 })
    })
  )
})

describe("a clock that was set back between runs", () => {
  const day = 24 * 60

  it.effect(
    "corrupts nothing: what is archived stays, what is new is archived, what waits comes when the clock does",
    () =>
      Effect.gen(function* () {
        const archive = yield* folderArchive
        const world = worldOf([
          { id: "1" },
          { id: "2", minute: 1, availability: { state: "pending", retryAt: minutesAfter(3 * day) } }
        ])
        const { asked, source } = watchedWorld(world)
        yield* TestClock.setTime(minutesAfter(2 * day).getTime())
        const first = yield* sync(archive, [source])
        expect(first).toMatchObject({ listed: 2, archived: 1, pending: 1 })
        const before = yield* entryOf(archive, "1")

        yield* TestClock.setTime(minutesAfter(day).getTime())
        world.entries.push(entryFor({ id: "3", minute: 2 }))
        const second = yield* sync(archive, [source])
        expect(second).toMatchObject({ listed: 3, archived: 2, pending: 1, fetched: 1 })
        expect(yield* entryOf(archive, "1")).toEqual(before)

        yield* TestClock.setTime(minutesAfter(3 * day).getTime())
        world.entries.splice(1, 1, entryFor({ id: "2", minute: 1 }))
        const third = yield* sync(archive, [source])
        expect(third).toMatchObject({ listed: 3, archived: 3, fetched: 1 })
        expect(asked.audio.map(({ id }) => id)).toEqual(["1", "3", "2"])

        for (const { sources } of [first, second, third]) {
          expect(yield* checkProof(archive, yield* readFileOf(archive, sources[0]?.proof ?? ""))).toEqual([])
        }
        const problems = yield* verifyArchive({ ...archive, now: noon }).pipe(
          Stream.filter(({ result }) => result === "problem"),
          Stream.runCollect
        )
        expect(problems).toEqual([])
      })
  )

  it.effect("what was listed and not fetched, and what failed, is fetched by the next run all the same", () =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const world = worldOf(plans)
      world.entries.splice(0, 1, { ...entryFor({ id: "1" }), cutAt: 1000 })
      yield* TestClock.setTime(minutesAfter(2 * day).getTime())
      const stopped = yield* sync(archive, [memorySource("us", world)], { maxTransfer: 1001, transfers: 1 })
      expect(stopped).toMatchObject({ failed: 1, pending: 2 })
      yield* TestClock.setTime(minutesAfter(2 * day - 60).getTime())
      const broken = watched(memorySource("us", world))
      expect(yield* sync(archive, [broken.source])).toMatchObject({ archived: 2, failed: 1, fetched: 2 })
      expect(broken.fetchesOf("1")).toBe(5)
      world.entries.splice(0, 1, entryFor({ id: "1" }))
      yield* TestClock.setTime(minutesAfter(2 * day - 120).getTime())
      expect(yield* sync(archive, [memorySource("us", world)])).toMatchObject({ archived: 3, fetched: 1 })
    })
  )

  it.effect("what an earlier try left is not thrown away by it", () =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const audio = longAudio("long", 2 * 1024 * 1024)
      const world = worldOf([{ id: "1", audio }])
      const entry = world.entries[0] ?? entryFor({ id: "1" })
      world.entries.splice(0, 1, { ...entry, cutAt: 1_500_000 })
      yield* TestClock.setTime(minutesAfter(2 * day).getTime())
      yield* sync(archive, [memorySource("us", world)])
      world.entries.splice(0, 1, entry)
      yield* TestClock.setTime(minutesAfter(day).getTime())
      const { asked, source } = watched(memorySource("us", world))
      expect(yield* sync(archive, [source])).toMatchObject({ archived: 1 })
      expect(asked.audio[0]?.start).toBeGreaterThan(1_000_000)
    })
  )
})

describe("a run that was killed", () => {
  it.effect("between a file and the ledger: the file is found, compared, and not fetched again", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(minutesAfter(600).getTime())
      const archive = yield* folderArchive
      const { asked, source } = watchedWorld(worldOf(plans))
      yield* sync(archive, [source], wholeDay)
      const before = yield* entriesOf(archive)
      // The ledger as it was, and its lock as a killed process leaves it.
      const pending = before.map(({ file: _, ...entry }) => ({ ...entry, state: "pending" as const, retryAt: noon }))
      yield* Effect.forEach(pending, archive.ledger.put)
      const killed = {
        ...archive,
        ledger: { ...archive.ledger, beginRun: Effect.succeed({ wasKilled: true, isFirst: false }) }
      }
      yield* TestClock.adjust(Duration.minutes(1))
      const result = yield* sync(killed, [source], wholeDay)
      expect(result).toMatchObject({ listed: 3, archived: 3 })
      expect(asked.audio).toHaveLength(3)
      const after = yield* entriesOf(archive)
      expect(after.map(({ file }) => file?.sha512)).toEqual(before.map(({ file }) => file?.sha512))
      expect(yield* pathsOf(archive, "us")).toHaveLength(6)
    })
  )

  it.effect("or lost its ledger: what stands in the archive is found, compared, and not fetched again", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(minutesAfter(600).getTime())
      const archive = yield* folderArchive
      const { asked, source } = watchedWorld(worldOf(plans))
      yield* sync(archive, [source], wholeDay)
      const paths = yield* pathsOf(archive, "us")
      const elsewhere = yield* folderArchive
      const result = yield* sync({ ...archive, ledger: elsewhere.ledger }, [source], wholeDay)
      expect(result).toMatchObject({ listed: 3, archived: 3 })
      expect(asked.audio).toHaveLength(3)
      expect(yield* pathsOf(archive, "us")).toEqual(paths)
    })
  )

  it.effect("and left a file that is not what its sidecar says: it is fetched again", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(minutesAfter(600).getTime())
      const archive = yield* folderArchive
      const { asked, source } = watchedWorld(worldOf(plans))
      yield* sync(archive, [source], wholeDay)
      const { file, ...entry } = yield* entryOf(archive, "2")
      yield* archive.destination.put(file?.path ?? "", Buffer.from("other"), "audio/mpeg")
      yield* archive.ledger.put({ ...entry, state: "pending", retryAt: noon })
      const killed = {
        ...archive,
        ledger: { ...archive.ledger, beginRun: Effect.succeed({ wasKilled: true, isFirst: false }) }
      }
      expect(yield* sync(killed, [source], wholeDay)).toMatchObject({ archived: 3, fetched: 1 })
      expect(asked.audio).toHaveLength(4)
      expect((yield* entryOf(archive, "2")).file?.sha512).toBe(file?.sha512)
    })
  )
})
