import { describe, expect, it } from "@effect/vitest"
import { Forbidden, NotFound, type RecordingSource, Unavailable } from "@callreel/recording"
import { Duration, Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import { truncate } from "node:fs/promises"
import { join } from "node:path"
import { holdRecording } from "./erase.ts"
import { type FolderArchive, entryOf, folderArchive, sync } from "./internal/testing/test/sync/archives.ts"
import { failing, minutesAfter, watchedWorld, wholeDay, worldOf } from "./internal/testing/test/sync/worlds.ts"
import { planPrune, pruneSource } from "./prune.ts"
import { verifyArchive } from "./verify.ts"

const evening = minutesAfter(600)
const tomorrow = minutesAfter(24 * 60)

const plans = ["1", "2", "3"].map((id, minute) => ({ id, minute }))

const filled = Effect.gen(function* () {
  yield* TestClock.setTime(evening.getTime())
  const archive = yield* folderArchive
  const world = worldOf(plans)
  const watching = watchedWorld(world)
  yield* sync(archive, [watching.source], wholeDay)
  yield* TestClock.adjust(Duration.hours(1))
  return { archive, world, ...watching }
})

const verify = (archive: FolderArchive) =>
  Effect.flatMap(
    Effect.clockWith((clock) => clock.currentTimeMillis),
    (now) => Stream.runDrain(verifyArchive({ ...archive, now: new Date(now) }))
  )

const logOf = ({ ledger }: FolderArchive) =>
  Effect.map(Stream.runCollect(Stream.flattenIterable(ledger.logged)), (records) =>
    records.filter(({ action }) => action === "removed-at-vendor").map(({ id }) => id)
  )

describe("pruneSource", () => {
  it.effect("deletes at the vendor what is archived and verified, and logs each", () =>
    Effect.gen(function* () {
      const { archive, asked, source, world } = yield* filled
      yield* verify(archive)
      const told: Array<string> = []
      const deleted = yield* pruneSource(archive, source, tomorrow, ({ id }) => Effect.sync(() => void told.push(id)))
      expect(deleted).toBe(3)
      expect(asked.removed).toEqual(["1", "2", "3"])
      expect(told).toEqual(["1", "2", "3"])
      expect(world.entries).toEqual([])
      expect(yield* logOf(archive)).toEqual(["1", "2", "3"])
      const [first] = yield* Stream.runCollect(Stream.flattenIterable(archive.ledger.logged))
      expect(first?.detail).toContain("us/2026/03/01/")
      // What is archived stays so.
      expect(yield* sync(archive, [source], wholeDay)).toMatchObject({ listed: 3, archived: 3, fetched: 0 })
    })
  )

  it.effect("deletes nothing that was not read back since it was archived", () =>
    Effect.gen(function* () {
      const { archive, asked, source } = yield* filled
      expect(yield* pruneSource(archive, source, tomorrow)).toBe(0)
      // As a restored ledger, or a clock that was set back, has it.
      const entry = yield* entryOf(archive, "1")
      if (entry.file !== undefined) {
        yield* archive.ledger.put({ ...entry, file: { ...entry.file, verifiedAt: minutesAfter(599) } })
      }
      expect(yield* pruneSource(archive, source, tomorrow)).toBe(0)
      expect(asked.removed).toEqual([])
    })
  )

  it.effect("leaves what was archived at that instant or later, and what is on hold", () =>
    Effect.gen(function* () {
      const { archive, asked, source } = yield* filled
      yield* verify(archive)
      expect(yield* pruneSource(archive, source, evening)).toBe(0)
      yield* holdRecording(archive, { source: "us", id: "2" }, "a case")
      expect(yield* pruneSource(archive, source, minutesAfter(601))).toBe(2)
      expect(asked.removed).toEqual(["1", "3"])
    })
  )

  it.effect("of one source leaves the others", () =>
    Effect.gen(function* () {
      const { archive, source } = yield* filled
      const pbx = watchedWorld(worldOf([{ id: "1", source: "pbx" }]), "pbx")
      yield* sync(archive, [pbx.source], wholeDay)
      yield* verify(archive)
      expect(yield* pruneSource(archive, source, tomorrow)).toBe(3)
      expect(pbx.asked.removed).toEqual([])
    })
  )

  it.effect.each([
    ["missing", (path: string, { destination }: FolderArchive) => destination.remove(path)],
    [
      "of another size",
      (path: string, { folder }: FolderArchive) => Effect.promise(() => truncate(join(folder, path), 100))
    ]
  ] as const)("stops where a file is %s, and deletes nothing more", ([, damage]) =>
    Effect.gen(function* () {
      const { archive, asked, source } = yield* filled
      yield* verify(archive)
      const { file } = yield* entryOf(archive, "2")
      yield* damage(file?.path ?? "", archive)
      const error = yield* Effect.flip(pruneSource(archive, source, tomorrow))
      expect(error).toMatchObject({ _tag: "ArchiveError", reason: "NotFound" })
      expect(error.message).toContain("us:2")
      expect(asked.removed).toEqual(["1"])
      expect(yield* logOf(archive)).toEqual(["1"])
    })
  )

  it.effect.each([new Forbidden({ detail: "no" }), new Unavailable({ detail: "no answer" })])(
    "stops where the vendor answers $_tag, and goes on there another time",
    (reason) =>
      Effect.gen(function* () {
        const { archive, asked, source } = yield* filled
        yield* verify(archive)
        const refusing: RecordingSource = {
          ...source,
          remove: (reference) => (reference.id === "2" ? failing(source, "remove", reason) : source.remove(reference))
        }
        const error = yield* Effect.flip(pruneSource(archive, refusing, tomorrow))
        expect(error).toMatchObject({ _tag: "RecordingError", reason })
        expect(asked.removed).toEqual(["1"])
        expect(yield* pruneSource(archive, source, tomorrow)).toBe(2)
        expect(asked.removed).toEqual(["1", "2", "3"])
        expect(yield* logOf(archive)).toEqual(["1", "2", "3"])
      })
  )

  it.effect("passes over what the vendor has no more: a retention took it, or a run that was killed", () =>
    Effect.gen(function* () {
      const { archive, source } = yield* filled
      yield* verify(archive)
      const forgetful: RecordingSource = {
        ...source,
        remove: (reference) =>
          reference.id === "1"
            ? failing(source, "remove", new NotFound({ what: "the recording" }))
            : source.remove(reference)
      }
      expect(yield* pruneSource(archive, forgetful, tomorrow)).toBe(2)
      expect(yield* logOf(archive)).toEqual(["2", "3"])
    })
  )

  it.effect("does not ask twice for what it deleted", () =>
    Effect.gen(function* () {
      const { archive, asked, source } = yield* filled
      yield* verify(archive)
      yield* pruneSource(archive, source, tomorrow)
      expect(yield* pruneSource(archive, source, tomorrow)).toBe(0)
      expect(asked.removed).toHaveLength(3)
    })
  )
})

describe("planPrune", () => {
  it.effect("counts what would be deleted, and why the rest stays", () =>
    Effect.gen(function* () {
      const { archive, asked, source, world } = yield* filled
      yield* verify(archive)
      yield* holdRecording(archive, { source: "us", id: "2" }, "a case")
      world.entries.push(...worldOf([{ id: "4", minute: 4 }]).entries)
      yield* sync(archive, [source], wholeDay)
      const bytes = (yield* entryOf(archive, "1")).file?.bytes ?? 0
      expect(yield* planPrune(archive, "us", tomorrow)).toEqual({
        recordings: 2,
        bytes: bytes + ((yield* entryOf(archive, "3")).file?.bytes ?? 0),
        unverified: 1,
        held: 1
      })
      expect(yield* planPrune(archive, "us", evening)).toEqual({ recordings: 0, bytes: 0, unverified: 0, held: 0 })
      expect(asked.removed).toEqual([])
    })
  )

  it.effect("does not count what was deleted already", () =>
    Effect.gen(function* () {
      const { archive, source } = yield* filled
      yield* verify(archive)
      yield* pruneSource(archive, source, tomorrow)
      expect(yield* planPrune(archive, "us", tomorrow)).toMatchObject({ recordings: 0, bytes: 0 })
    })
  )
})
