import { describe, expect, it } from "@effect/vitest"
import { type RecordingSource, Unavailable } from "@callreel/recording"
import { memorySource } from "@callreel/testkit"
import { Deferred, Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { entriesOf, entryOf, folderArchive, partialsOf, pathsOf, sync } from "./internal/testing/test/sync/archives.ts"
import {
  failing,
  minutesAfter,
  shortAudio,
  watched,
  watchedWorld,
  wholeDay,
  withAudioFaults,
  worldOf
} from "./internal/testing/test/sync/worlds.ts"
import type { SyncProgress } from "./sync.ts"

const ids = ["1", "2", "3", "4", "5", "6"]
const plans = ids.map((id, minute) => ({ id, minute }))
const size = shortAudio("us:1").length

/** The same as the list, whatever order the vendor has them in. */
const shuffled = ["4", "1", "6", "3", "5", "2"].map((id) => ({ id, minute: Number(id) - 1 }))

describe("the order of fetching", () => {
  it.effect("is that of the calls, oldest first", () =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const { asked, source } = watchedWorld(worldOf(shuffled))
      yield* sync(archive, [source], { transfers: 1 })
      expect(asked.audio.map(({ id }) => id)).toEqual(ids)
    })
  )

  it.effect("is that of what the vendor deletes first, where that is known", () =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const { ledger } = archive
      const { asked, source } = watchedWorld(worldOf(plans))
      yield* sync(archive, [withAudioFaults(source, () => new Unavailable({ detail: "no" }))], {
        again: { times: 0, pause: Duration.zero }
      })
      yield* TestClock.adjust(Duration.minutes(1))
      for (const [id, hour] of [
        ["5", 1],
        ["2", 2]
      ] as const) {
        yield* ledger.put({ ...(yield* entryOf(archive, id)), expiresAt: minutesAfter(hour * 60) })
      }
      yield* sync(archive, [source], { transfers: 1 })
      expect(asked.audio.map(({ id }) => id)).toEqual(["5", "2", "1", "3", "4", "6"])
    })
  )

  it.live("goes on with as many at once as transfers says, and no more", () =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const world = memorySource("us", worldOf(plans))
      let underWay = 0
      let most = 0
      const counting: RecordingSource = {
        ...world,
        audio: (reference, options) =>
          Effect.gen(function* () {
            underWay += 1
            most = Math.max(most, underWay)
            yield* Effect.sleep(Duration.millis(20))
            yield* Effect.addFinalizer(() => Effect.sync(() => void (underWay -= 1)))
            return yield* world.audio(reference, options)
          })
      }
      yield* sync(archive, [counting], { transfers: 3 })
      expect(most).toBe(3)
    })
  )

  it.live("begins others while what came is brought to the disk", () =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const third = yield* Deferred.make<void>()
      const { asked, source } = watchedWorld(worldOf(plans))
      const watching: RecordingSource = {
        ...source,
        audio: (reference, options) =>
          Effect.tap(source.audio(reference, options), () =>
            asked.audio.length > 2 ? Deferred.succeed(third, undefined) : Effect.void
          )
      }
      const { destination } = archive
      const slow: typeof destination = {
        ...destination,
        put: (...file) => Effect.andThen(Deferred.await(third), destination.put(...file))
      }
      const { archived } = yield* sync({ ...archive, destination: slow }, [watching], { transfers: 2 })
      expect(archived).toBe(plans.length)
    })
  )
})

describe("a run that is to end early", () => {
  it.effect.each([
    ["before anything came", 1, 1],
    ["at the end of a fetch", size, 1],
    ["within the second fetch", size + 1, 2],
    ["at the last byte of all", size * 6, 6]
  ] as const)("by bytes, %s, finishes the fetch that it is at", ([, maxTransfer, fetched]) =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const result = yield* sync(archive, [memorySource("us", worldOf(plans))], {
        ...wholeDay,
        maxTransfer,
        transfers: 1
      })
      expect(result).toMatchObject({ listed: 6, archived: fetched, pending: 6 - fetched, fetched })
      expect(yield* partialsOf(archive)).toEqual([])
    })
  )

  it.effect("by bytes says so, proves nothing, and goes on with the next run", () =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const { asked, source } = watchedWorld(worldOf(plans))
      const options = { ...wholeDay, maxTransfer: size * 2, transfers: 1 }
      const first = yield* sync(archive, [source], options)
      expect(first).toMatchObject({ archived: 2, stopped: "max-transfer" })
      expect(first.sources[0]?.proof).toBeUndefined()
      const second = yield* sync(archive, [source], options)
      expect(second).toMatchObject({ archived: 4, stopped: "max-transfer" })
      const third = yield* sync(archive, [source], options)
      // What was allowed is used up, and nothing is left to do: that is the end of the work, and not an early one.
      expect(third).toMatchObject({ archived: 6 })
      expect(third.stopped).toBeUndefined()
      expect(third.sources[0]?.proof).toBeDefined()
      expect(asked.audio.map(({ id }) => id)).toEqual(ids)
    })
  )

  it.effect("by a request finishes what is under way", () =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const world = memorySource("us", worldOf(plans))
      let asked = false
      const stopping: RecordingSource = {
        ...world,
        audio: (reference, options) => {
          asked ||= reference.id === "2"
          return world.audio(reference, options)
        }
      }
      const result = yield* sync(archive, [stopping], { ...wholeDay, stop: () => asked, transfers: 1 })
      expect(result).toMatchObject({ archived: 2, pending: 4, failed: 0, stopped: "stopped" })
      expect((yield* entriesOf(archive)).map(({ attempts }) => attempts)).toEqual([0, 0, 0, 0, 0, 0])
      expect(yield* sync(archive, [world], wholeDay)).toMatchObject({ archived: 6, fetched: 4 })
    })
  )

  it.effect("by a request stops listing behind the page that is stored", () =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const many = Array.from({ length: 120 }, (_, index) => ({
        id: `${index}`,
        minute: index,
        audio: Buffer.from("a")
      }))
      const { asked, source } = watchedWorld(worldOf(many))
      let listed = 0
      const progress = (now: SyncProgress) => Effect.sync(() => void (listed = now.listed))
      const result = yield* sync(archive, [source], { stop: () => listed >= 50, progress })
      expect(result).toMatchObject({ listed: 50, archived: 0, pending: 50, stopped: "stopped" })
      expect((yield* archive.ledger.checkpoint("us"))?.state).toBe(50)
      expect(asked.audio).toEqual([])
      expect(yield* sync(archive, [source])).toMatchObject({ listed: 120, archived: 120 })
    })
  )

  it.effect("by time ends when it is over", () =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const world = memorySource("us", worldOf(plans))
      const slow: RecordingSource = {
        ...world,
        audio: (reference, options) =>
          Effect.andThen(TestClock.adjust(Duration.minutes(4)), world.audio(reference, options))
      }
      const result = yield* sync(archive, [slow], { ...wholeDay, maxDuration: Duration.minutes(10), transfers: 1 })
      expect(result).toMatchObject({ archived: 3, pending: 3, stopped: "max-duration" })
    })
  )

  it.effect("applies to all sources together", () =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const us = memorySource("us", worldOf(plans))
      const pbx = memorySource("pbx", worldOf(plans.map((plan) => ({ ...plan, source: "pbx" }))))
      const result = yield* sync(archive, [us, pbx], { ...wholeDay, maxTransfer: size * 4, transfers: 1 })
      expect(result.bytesFetched).toBeGreaterThanOrEqual(size * 4)
      // Each may be at one more when the limit is reached.
      expect(result.bytesFetched).toBeLessThan(size * 6)
      expect(result.sources.map(({ proof }) => proof)).toEqual([undefined, undefined])
    })
  )
})

describe("bandwidth", () => {
  it.effect("holds back a run as long as its bytes need", () =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const source = memorySource("us", worldOf(plans.slice(0, 2)))
      const bytes = shortAudio("us:1").length + shortAudio("us:2").length
      const fiber = yield* Effect.forkChild(sync(archive, [source], { ...wholeDay, bandwidth: 1000 }))
      const isDone = Effect.sync(() => fiber.pollUnsafe() !== undefined)
      let seconds = 0
      while (!(yield* isDone)) {
        // What is not time but work is let through.
        yield* Effect.promise(() => new Promise<void>((resolve) => setImmediate(resolve)))
        yield* TestClock.adjust(Duration.millis(10))
        seconds += 0.01
      }
      expect(yield* Fiber.join(fiber)).toMatchObject({ archived: 2 })
      expect(seconds).toBeGreaterThanOrEqual(bytes / 1000 - 0.1)
    })
  )
})

describe("progress", () => {
  it.effect("is told step by step, and its last word is the whole", () =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const told: Array<SyncProgress> = []
      const broken = withAudioFaults(memorySource("us", worldOf(plans)), (id) =>
        id === "3" ? new Unavailable({ detail: "no" }) : undefined
      )
      const progress = (now: SyncProgress) => Effect.sync(() => void told.push(now))
      const result = yield* sync(archive, [broken], { ...wholeDay, progress })
      expect(told.map(({ phase }) => phase).filter((phase, index, all) => phase !== all[index - 1])).toEqual([
        "listing",
        "fetching",
        "proving",
        "done"
      ])
      expect(told.at(-1)).toEqual({
        source: "us",
        phase: "done",
        listed: 6,
        due: 6,
        tried: 6,
        archived: 5,
        bytes: result.bytesFetched
      })
      for (const key of ["listed", "tried", "archived", "bytes"] as const) {
        const values = told.map((one) => one[key])
        expect(values).toEqual(values.toSorted((one, next) => one - next))
      }
    })
  )
})

describe("an interrupted run", () => {
  it.live("leaves what it was at as it was, and gives the lock back", () =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const world = memorySource("us", worldOf(plans))
      const reached = yield* Deferred.make<void>()
      const hanging: RecordingSource = {
        ...world,
        audio: (reference, options) =>
          reference.id === "3"
            ? Effect.andThen(Deferred.succeed(reached, undefined), Effect.never)
            : world.audio(reference, options)
      }
      const { asked, source } = watched(hanging)
      const fiber = yield* Effect.forkChild(sync(archive, [source], { ...wholeDay, transfers: 1 }))
      yield* Deferred.await(reached)
      yield* Fiber.interrupt(fiber)
      expect((yield* entriesOf(archive)).map(({ state }) => state)).toEqual([
        "archived",
        "archived",
        ...Array.from({ length: 4 }, () => "pending")
      ])
      expect(asked.audio).toHaveLength(3)
      const result = yield* sync(archive, [world], wholeDay)
      expect(result).toMatchObject({ archived: 6, fetched: 4 })
      // An audio file and a sidecar each, and the proof.
      expect(yield* pathsOf(archive)).toHaveLength(13)
    })
  )

  it.effect("by an archive that cannot be used fails, whatever sources say", () =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const us = memorySource("us", worldOf(plans))
      const { destination, ledger } = archive
      const full = failing(us, "audio", new Unavailable({ detail: "no" }))
      const broken = { ledger, destination: { ...destination, tidy: Effect.die(new Error("not reached")) } }
      const exit = yield* Effect.exit(sync(broken, [{ ...us, audio: () => full }], wholeDay))
      expect(exit._tag).toBe("Failure")
      expect(yield* sync(archive, [us], wholeDay)).toMatchObject({ archived: 6 })
    })
  )
})
