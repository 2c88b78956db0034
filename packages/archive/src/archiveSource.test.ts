import { describe, expect, it } from "@effect/vitest"
import { Forbidden, Gone, type Reason, Unavailable } from "@callreel/recording"
import { memorySource, memoryWorld } from "@callreel/testkit"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import { archiveSource } from "./archiveSource.ts"
import { eraseRecording } from "./erase.ts"
import { defaultLayout, entryOf, folderArchive, sync } from "./internal/testing/test/sync/archives.ts"
import { minutesAfter, shortAudio, wholeDay, withAudioFaults, worldOf } from "./internal/testing/test/sync/worlds.ts"

const window = { from: new Date("2026-01-01T00:00:00Z"), to: new Date("2026-04-01T00:00:00Z") }

const filled = Effect.gen(function* () {
  yield* TestClock.setTime(window.to.getTime())
  const archive = yield* folderArchive
  const world = memoryWorld("us")
  yield* sync(archive, [memorySource("us", world)], window)
  return { archive, world, source: archiveSource(archive, { name: "us", provider: "memory" }) }
})

const bytesOf = (source: ReturnType<typeof archiveSource>, id: string) =>
  Effect.scoped(
    Effect.flatMap(source.audio({ id }), ({ stream }) =>
      Effect.map(Stream.runCollect(stream), (pieces) => Buffer.concat(pieces))
    )
  )

describe("the archive as a source", () => {
  it.effect("lists the recordings that the vendor gave, in both orders, with windows and filters", () =>
    Effect.gen(function* () {
      const { source, world } = yield* filled
      const vendor = memorySource("us", world)
      const queries = [
        { ...window, order: "oldest-first" },
        { ...window, order: "newest-first" },
        { from: new Date("2026-02-01T00:00:00Z"), to: new Date("2026-02-20T00:00:00Z"), order: "oldest-first" },
        { ...window, order: "oldest-first", direction: "outbound" },
        { ...window, order: "oldest-first", queue: "Продажи", limit: 5 }
      ] as const
      for (const query of queries) {
        const expected = yield* Stream.runCollect(vendor.list(query))
        const found = yield* Stream.runCollect(source.list(query))
        expect(found).toHaveLength(expected.length)
        expect(new Set(found.map(({ id }) => id))).toEqual(new Set(expected.map(({ id }) => id)))
        expect(found.map(({ call }) => call?.startedAt)).toEqual(expected.map(({ call }) => call?.startedAt))
      }
    })
  )

  it.effect("has each recording as it was, and its audio byte for byte", () =>
    Effect.gen(function* () {
      const { source, world } = yield* filled
      const whole = world.entries.filter(({ audio, cutAt }) => audio !== undefined && cutAt === undefined)
      expect(whole.length).toBeGreaterThan(50)
      for (const { audio, recording } of whole) {
        expect(yield* source.get({ id: recording.id })).toEqual(recording)
        expect(Buffer.compare(yield* bytesOf(source, recording.id), audio ?? Buffer.alloc(0))).toBe(0)
      }
    })
  )

  it.effect("tells size, format and a name of the audio", () =>
    Effect.gen(function* () {
      const { archive, source } = yield* filled
      const { file } = yield* entryOf(archive, "recording-0")
      const audio = yield* source.audio({ id: "recording-0" })
      expect(audio).toMatchObject({
        mediaType: "audio/mpeg",
        bytes: file?.bytes,
        filename: file?.path.split("/").at(-1)
      })
    })
  )

  it.effect("counts what it has", () =>
    Effect.gen(function* () {
      const { source, world } = yield* filled
      const whole = world.entries.filter(({ audio, cutAt }) => audio !== undefined && cutAt === undefined)
      expect(yield* source.stats(window)).toEqual({
        recordings: whole.length,
        bytes: whole.reduce((sum, { audio }) => sum + (audio?.length ?? 0), 0)
      })
    })
  )

  it.effect("has nothing of another source, and changes nothing", () =>
    Effect.gen(function* () {
      const { archive } = yield* filled
      const other = archiveSource(archive, { name: "pbx", provider: "memory" })
      expect(yield* Stream.runCollect(other.list(window))).toEqual([])
      expect((yield* Effect.flip(other.get({ id: "recording-0" }))).reason._tag).toBe("NotFound")
      expect((yield* Effect.flip(other.remove({ id: "recording-0" }))).reason._tag).toBe("Unsupported")
    })
  )
})

describe("audio that the archive does not have", () => {
  const reasonOf = (id: string) =>
    Effect.gen(function* () {
      yield* TestClock.setTime(minutesAfter(600).getTime())
      const archive = yield* folderArchive
      const faults: Readonly<Record<string, Reason>> = {
        expired: new Gone({ why: "expired", detail: "gone" }),
        short: new Gone({ why: "too-short", detail: "short" }),
        refused: new Forbidden({ detail: "no" }),
        failed: new Unavailable({ detail: "no answer" })
      }
      const world = worldOf([
        { id: "expired" },
        { id: "short" },
        { id: "refused" },
        { id: "failed" },
        { id: "erased" },
        { id: "waiting", availability: { state: "pending", retryAt: minutesAfter(700) } }
      ])
      const source = withAudioFaults(memorySource("us", world), (one) => faults[one])
      yield* sync(archive, [source], wholeDay)
      yield* eraseRecording(archive, { source: "us", id: "erased" }, "asked", defaultLayout)
      return (yield* Effect.flip(
        Effect.scoped(archiveSource(archive, { name: "us", provider: "memory" }).audio({ id }))
      )).reason
    })

  it.effect.each([
    ["expired", { _tag: "Gone", why: "expired" }],
    ["short", { _tag: "Gone", why: "too-short" }],
    ["refused", { _tag: "Forbidden" }],
    ["failed", { _tag: "Pending" }],
    ["waiting", { _tag: "Pending", retryAt: minutesAfter(700) }],
    ["erased", { _tag: "Gone", why: "deleted" }],
    ["unknown", { _tag: "NotFound" }]
  ] as const)("%s: is said why", ([id, expected]) =>
    Effect.gen(function* () {
      expect(yield* reasonOf(id)).toMatchObject(expected)
    })
  )

  it.effect("is not taken for audio where its file is gone", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(minutesAfter(600).getTime())
      const archive = yield* folderArchive
      yield* sync(archive, [memorySource("us", worldOf([{ id: "1" }]))], wholeDay)
      const source = archiveSource(archive, { name: "us", provider: "memory" })
      expect(Buffer.compare(yield* bytesOf(source, "1"), shortAudio("us:1"))).toBe(0)
      yield* archive.destination.remove((yield* entryOf(archive, "1")).file?.path ?? "")
      expect((yield* Effect.flip(bytesOf(source, "1"))).reason._tag).toBe("NotFound")
    })
  )
})
