import { describe, expect, it } from "@effect/vitest"
import { type Audio, Forbidden, type RecordingSource, Unavailable } from "@callreel/recording"
import { memorySource, type MemoryWorld } from "@callreel/testkit"
import { contentHashOf, parseVcon, recordingOf } from "@callreel/vcon"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import { ArchiveError } from "../../ArchiveError.ts"
import type { Destination } from "../../Destination.ts"
import {
  defaultLayout,
  type FolderArchive,
  folderArchive,
  partialsOf,
  pathsOf,
  readFileOf,
  sha512Of
} from "../testing/test/sync/archives.ts"
import {
  change,
  entryFor,
  failing,
  longAudio,
  minutesAfter,
  type RecordingPlan,
  shortAudio,
  watched,
  worldOf
} from "../testing/test/sync/worlds.ts"
import { Doubt } from "./Doubt.ts"
import { storeAudio } from "./storeAudio.ts"

const mebibyte = 1024 * 1024
const overlap = 16 * 1024
const long = longAudio("long", 3 * mebibyte)
const other = longAudio("another", 3 * mebibyte)
const archivedAt = minutesAfter(120)
const path = "us/2026/03/01/20260301T120000Z_inbound_1.mp3"

const plan: RecordingPlan = { id: "1", audio: long }

/** An archive and a source with one long recording. */
const scene = (
  world: MemoryWorld = worldOf([plan]),
  wrap: (source: RecordingSource) => RecordingSource = (one) => one
) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(archivedAt.getTime())
    const archive = yield* folderArchive
    const { asked, source } = watched(wrap(memorySource("us", world)))
    const taken = { bytes: 0 }
    const store = (destination: Destination = archive.destination) =>
      Effect.suspend(() => {
        const { recording } = world.entries[0] ?? entryFor(plan)
        return storeAudio(
          {
            archive: { destination },
            layout: defaultLayout,
            received: (bytes) => Effect.sync(() => void (taken.bytes += bytes))
          },
          { source, recording, reference: { id: recording.id }, doubt: new Doubt(undefined) }
        )
      })
    return { archive, world, asked, taken, store }
  })

/** Whatever comes next breaks off at this byte. */
const cut = (world: MemoryWorld, at: number | undefined) =>
  change(world, "1", ({ audio, recording }) => ({ audio, recording, ...(at !== undefined && { cutAt: at }) }))

const audioIs = (world: MemoryWorld, audio: Uint8Array) => change(world, "1", (entry) => ({ ...entry, audio }))

const expectWhole = (archive: FolderArchive, content: Uint8Array, at = path) =>
  Effect.gen(function* () {
    expect(Buffer.compare(yield* readFileOf(archive, at), content)).toBe(0)
    expect(yield* partialsOf(archive)).toEqual([])
  })

describe("a recording that is fetched whole", () => {
  it.effect("is described by its bytes", () =>
    Effect.gen(function* () {
      const short = shortAudio("short")
      const { archive, store, taken } = yield* scene(worldOf([{ id: "1", audio: short }]))
      const { file, suspect } = yield* store()
      expect(file).toMatchObject({
        path,
        bytes: short.length,
        sha512: sha512Of(short),
        mediaType: "audio/mpeg",
        channels: 1,
        archivedAt
      })
      expect(file.durationSeconds).toBeCloseTo(1.008, 1)
      expect(suspect).toBeUndefined()
      expect(taken.bytes).toBe(short.length)
      yield* expectWhole(archive, short)
    })
  )

  it.effect("has a sidecar with the hash of the audio and the recording", () =>
    Effect.gen(function* () {
      const { archive, store, world } = yield* scene()
      const { file } = yield* store()
      const text = (yield* readFileOf(archive, path.replace(".mp3", ".vcon.json"))).toString("utf8")
      const vcon = yield* parseVcon(text)
      expect(vcon.dialog?.[0]).toMatchObject({
        type: "recording",
        mediatype: "audio/mpeg",
        filename: "20260301T120000Z_inbound_1.mp3",
        content_hash: contentHashOf(file.sha512)
      })
      expect(recordingOf(vcon)).toEqual(world.entries[0]?.recording)
    })
  )

  it.effect("gets its name after its sidecar, so that audio under its name is always known", () =>
    Effect.gen(function* () {
      const { archive, store } = yield* scene()
      const steps: Array<string> = []
      const { destination } = archive
      yield* store({
        ...destination,
        put: (to, content, mediaType) =>
          Effect.gen(function* () {
            const before = yield* destination.stat(path)
            steps.push(`put ${to.slice(-9)}, audio ${before === undefined ? "not there" : "there"}`)
            yield* destination.put(to, content, mediaType)
          }),
        receive: (to, mediaType) =>
          Effect.map(destination.receive(to, mediaType), (receiver) => ({
            ...receiver,
            commit: Effect.andThen(
              Effect.sync(() => steps.push("commit")),
              receiver.commit
            )
          }))
      })
      expect(steps).toEqual(["put vcon.json, audio not there", "commit"])
    })
  )

  it.effect("is not there, nor its sidecar, when it breaks off", () =>
    Effect.gen(function* () {
      const { archive, store, world } = yield* scene()
      cut(world, 500_000)
      expect((yield* Effect.flip(store())).reason).toMatchObject({ _tag: "Truncated" })
      expect(yield* pathsOf(archive)).toEqual([])
      expect(yield* partialsOf(archive)).toEqual([])
    })
  )

  it.effect("is not taken when fewer bytes came than the answer promised, though it ended well", () =>
    Effect.gen(function* () {
      const promising = (source: RecordingSource): RecordingSource => ({
        ...source,
        audio: (reference, options) =>
          Effect.map(source.audio(reference, options), (audio): Audio => ({ ...audio, bytes: (audio.bytes ?? 0) + 1 }))
      })
      const { archive, store } = yield* scene(worldOf([{ id: "1" }]), promising)
      const bytes = shortAudio("us:1").length
      expect((yield* Effect.flip(store())).reason).toMatchObject({
        _tag: "Truncated",
        expected: bytes + 1,
        received: bytes
      })
      expect(yield* pathsOf(archive)).toEqual([])
    })
  )
})

describe("what an earlier try left", () => {
  it.effect("is gone on with by Range, after a look at its last bytes", () =>
    Effect.gen(function* () {
      const { archive, asked, store, taken, world } = yield* scene()
      cut(world, 2 * mebibyte)
      yield* Effect.flip(store())
      expect(yield* partialsOf(archive)).toHaveLength(1)
      cut(world, undefined)
      taken.bytes = 0
      const { file } = yield* store()
      expect(asked.audio).toEqual([{ id: "1" }, { id: "1", start: 2 * mebibyte - overlap }])
      expect(taken.bytes).toBe(long.length - 2 * mebibyte)
      expect(file).toMatchObject({ bytes: long.length, sha512: sha512Of(long), channels: 1 })
      expect(file.durationSeconds).toBeGreaterThan(1000)
      yield* expectWhole(archive, long)
    })
  )

  it.effect("grows from try to try", () =>
    Effect.gen(function* () {
      const { archive, asked, store, world } = yield* scene()
      for (const at of [1.2, 1.7, 2.5]) {
        cut(world, at * mebibyte)
        expect((yield* Effect.flip(store())).reason).toMatchObject({ _tag: "Truncated" })
      }
      cut(world, undefined)
      yield* store()
      const starts = asked.audio.map(({ start }) => start ?? 0)
      expect(starts).toHaveLength(4)
      expect(starts).toEqual(starts.toSorted((one, next) => one - next))
      expect(starts[3]).toBeGreaterThan(2.4 * mebibyte)
      yield* expectWhole(archive, long)
    })
  )

  it.effect("may be all of it already: then no more than the look is fetched", () =>
    Effect.gen(function* () {
      // What a folder writes at once.
      const even = long.subarray(0, 2 * mebibyte)
      const { archive, asked, store, taken } = yield* scene(worldOf([{ id: "1", audio: even }]))
      const { destination } = archive
      const full = new ArchiveError({ reason: "Destination", detail: "no space is left" })
      expect(yield* Effect.flip(store({ ...destination, put: () => Effect.fail(full) }))).toBe(full)
      taken.bytes = 0
      yield* store()
      expect(asked.audio[1]).toEqual({ id: "1", start: even.length - overlap })
      expect(taken.bytes).toBe(0)
      yield* expectWhole(archive, even)
    })
  )

  it.effect("is of no use where it is less than a mebibyte", () =>
    Effect.gen(function* () {
      const { archive, asked, store, world } = yield* scene()
      cut(world, mebibyte - 1)
      yield* Effect.flip(store())
      expect(yield* partialsOf(archive)).toEqual([])
      cut(world, undefined)
      yield* store()
      expect(asked.audio).toEqual([{ id: "1" }, { id: "1" }])
      yield* expectWhole(archive, long)
    })
  )

  it.effect("is fetched anew where the vendor has other audio now", () =>
    Effect.gen(function* () {
      const { archive, asked, store, world } = yield* scene()
      cut(world, 2 * mebibyte)
      yield* Effect.flip(store())
      audioIs(world, other)
      cut(world, undefined)
      const { file } = yield* store()
      expect(asked.audio.map(({ start }) => start)).toEqual([undefined, 2 * mebibyte - overlap, undefined])
      expect(file.sha512).toBe(sha512Of(other))
      yield* expectWhole(archive, other)
    })
  )

  it.effect.each([
    ["ends before what is kept", mebibyte],
    ["ends within the last bytes of what is kept", 2 * mebibyte - 1000]
  ] as const)("is fetched anew where the vendor's audio %s", ([, length]) =>
    Effect.gen(function* () {
      const { archive, store, world } = yield* scene()
      cut(world, 2 * mebibyte)
      yield* Effect.flip(store())
      audioIs(world, long.subarray(0, length))
      cut(world, undefined)
      const { file } = yield* store()
      expect(file).toMatchObject({ bytes: length, sha512: sha512Of(long.subarray(0, length)) })
      yield* expectWhole(archive, long.subarray(0, length))
    })
  )

  it.effect("is fetched anew where the vendor has it in another format now", () =>
    Effect.gen(function* () {
      const { archive, asked, store, world } = yield* scene()
      cut(world, 2 * mebibyte)
      yield* Effect.flip(store())
      cut(world, undefined)
      // The listing of before says MP3; the vendor's answers say WAV.
      const asWav = world.entries[0]
      const wav: RecordingSource = {
        ...memorySource("us", world),
        audio: (reference, options) =>
          Effect.map(memorySource("us", world).audio(reference, options), (audio) => ({
            ...audio,
            mediaType: "audio/wav"
          }))
      }
      const second = watched(wav)
      const { file } = yield* storeAudio(
        { archive, layout: defaultLayout, received: () => Effect.void },
        {
          source: second.source,
          recording: asWav?.recording ?? entryFor(plan).recording,
          reference: { id: "1" },
          doubt: new Doubt(undefined)
        }
      )
      expect(asked.audio).toHaveLength(1)
      expect(second.asked.audio.map(({ start }) => start)).toEqual([2 * mebibyte - overlap, undefined])
      expect(file).toMatchObject({ path: path.replace(".mp3", ".wav"), mediaType: "audio/wav" })
      expect(Buffer.compare(yield* readFileOf(archive, file.path), long)).toBe(0)
    })
  )

  it.effect.each([
    [
      "has no ranges",
      (source: RecordingSource): RecordingSource => ({
        ...source,
        capability: { ...source.capability, audioWithRange: false }
      }),
      [undefined, undefined]
    ],
    [
      "gives the whole in place of the range",
      (source: RecordingSource): RecordingSource => ({ ...source, audio: (reference) => source.audio(reference) }),
      [undefined, 2 * mebibyte - overlap, undefined]
    ],
    [
      "gives another range",
      (source: RecordingSource): RecordingSource => ({
        ...source,
        audio: (reference, options) =>
          source.audio(
            reference,
            options?.range === undefined ? options : { range: { start: options.range.start + 1 } }
          )
      }),
      [undefined, 2 * mebibyte - overlap, undefined]
    ]
  ] as const)("is fetched anew where the vendor %s", ([, wrap, starts]) =>
    Effect.gen(function* () {
      const { archive, asked, store, world } = yield* scene(worldOf([plan]), wrap)
      cut(world, 2 * mebibyte)
      yield* Effect.flip(store())
      cut(world, undefined)
      const { file } = yield* store()
      expect(asked.audio.map(({ start }) => start)).toEqual(starts)
      expect(file.sha512).toBe(sha512Of(long))
      yield* expectWhole(archive, long)
    })
  )

  it.effect("is gone on with where the vendor does not tell the whole size", () =>
    Effect.gen(function* () {
      const withoutTotal = (source: RecordingSource): RecordingSource => ({
        ...source,
        audio: (reference, options) =>
          Effect.map(source.audio(reference, options), ({ range, ...audio }) => ({
            ...audio,
            ...(range && { range: { start: range.start, end: range.end } })
          }))
      })
      const { archive, asked, store, world } = yield* scene(worldOf([plan]), withoutTotal)
      cut(world, 2 * mebibyte)
      yield* Effect.flip(store())
      cut(world, undefined)
      yield* store()
      expect(asked.audio).toHaveLength(2)
      yield* expectWhole(archive, long)
    })
  )

  it.effect.each([new Unavailable({ detail: "no answer" }), new Forbidden({ detail: "no" })])(
    "stays for the next try where the vendor answers $_tag now",
    (reason) =>
      Effect.gen(function* () {
        let refuses = false
        const refusing = (source: RecordingSource): RecordingSource => ({
          ...source,
          audio: (reference, options) => (refuses ? failing(source, "audio", reason) : source.audio(reference, options))
        })
        const { archive, store, world } = yield* scene(worldOf([plan]), refusing)
        cut(world, 2 * mebibyte)
        yield* Effect.flip(store())
        cut(world, undefined)
        refuses = true
        expect((yield* Effect.flip(store())).reason).toBe(reason)
        expect(yield* partialsOf(archive)).toHaveLength(1)
        refuses = false
        yield* store()
        yield* expectWhole(archive, long)
      })
  )

  it.effect("is not taken for the beginning of another recording", () =>
    Effect.gen(function* () {
      const { archive, store, world } = yield* scene()
      cut(world, 2 * mebibyte)
      yield* Effect.flip(store())
      const second = worldOf([{ id: "2", audio: other }])
      const { asked, source } = watched(memorySource("us", second))
      yield* storeAudio(
        { archive, layout: defaultLayout, received: () => Effect.void },
        {
          source,
          recording: second.entries[0]?.recording ?? entryFor(plan).recording,
          reference: { id: "2" },
          doubt: new Doubt(undefined)
        }
      )
      expect(asked.audio).toEqual([{ id: "2" }])
      expect(yield* partialsOf(archive)).toHaveLength(1)
      cut(world, undefined)
      yield* store()
      yield* expectWhole(archive, long)
    })
  )
})

it.effect("pieces are handed on one by one, so that bandwidth can hold them back", () =>
  Effect.gen(function* () {
    const archive = yield* folderArchive
    const world = worldOf([{ id: "1" }])
    const sizes: Array<number> = []
    yield* storeAudio(
      { archive, layout: defaultLayout, received: (bytes) => Effect.sync(() => void sizes.push(bytes)) },
      {
        source: memorySource("us", world),
        recording: entryFor({ id: "1" }).recording,
        reference: { id: "1" },
        doubt: new Doubt(undefined)
      }
    )
    const pieces = yield* memorySource("us", world)
      .audio({ id: "1" })
      .pipe(Effect.flatMap(({ stream }) => Stream.runCollect(stream)))
    expect(sizes).toEqual(pieces.map(({ length }) => length))
  })
)
