import { describe, expect, it } from "@effect/vitest"
import { memorySource } from "@callreel/testkit"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import type { Destination } from "./Destination.ts"
import { recordingOf } from "./internal/found.ts"
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { checkProof } from "./checkProof.ts"
import { entryKey, eraseRecording, holdRecording, releaseRecording } from "./erase.ts"
import {
  defaultLayout,
  entriesOf,
  entryOf,
  folderArchive,
  pathsOf,
  proofAt,
  readFileOf,
  sync,
  temporaryFolder
} from "./internal/testing/test/sync/archives.ts"
import { change, minutesAfter, watchedWorld, wholeDay, worldOf } from "./internal/testing/test/sync/worlds.ts"
import { openArchive } from "./openArchive.ts"

const evening = minutesAfter(600)
const key = (id: string) => ({ source: "us", id })

const plans = ["1", "2", "3"].map((id, minute) => ({ id, minute }))

/** Files below a folder that hold a text. */
const filesWith = (folder: string, text: string) =>
  Effect.promise(async () => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const paths = entries.filter((entry) => entry.isFile()).map(({ name, parentPath }) => join(parentPath, name))
    const contents = await Promise.all(paths.map((path) => readFile(path)))
    return paths.filter((_, index) => contents[index]?.includes(text))
  })

const filled = Effect.gen(function* () {
  yield* TestClock.setTime(evening.getTime())
  const archive = yield* folderArchive
  const world = worldOf(plans)
  const { asked, source } = watchedWorld(world)
  const result = yield* sync(archive, [source], wholeDay)
  return { archive, world, asked, source, result }
})

describe("a recording that is erased", () => {
  it.effect("leaves its audio, its sidecar and its personal data nowhere, and its key as a tombstone", () =>
    Effect.gen(function* () {
      const { archive } = yield* filled
      const { file } = yield* entryOf(archive, "2")
      yield* eraseRecording(archive, key("2"), "asked for by the caller", defaultLayout)
      expect(yield* entryOf(archive, "2")).toEqual({
        source: "us",
        id: "2",
        state: "erased",
        attempts: 0,
        startedAt: minutesAfter(1),
        erasedFor: "asked for by the caller"
      })
      const left = (yield* pathsOf(archive)).filter((path) => !path.startsWith("proofs/"))
      expect(left).toHaveLength(4)
      expect(left).not.toContain(file?.path)
    })
  )

  it.effect("is in no file of the archive any more, when that is closed", () =>
    Effect.gen(function* () {
      const secret = "+79990001122"
      const folder = join(yield* temporaryFolder, "archive")
      const world = worldOf(plans)
      change(world, "1", (entry) => ({ ...entry, recording: { ...entry.recording, raw: { number: secret } } }))
      const opened = Effect.orDie(openArchive({ url: folder }))
      const archived = Effect.flatMap(opened, (archive) => sync(archive, [memorySource("us", world)], wholeDay))
      yield* Effect.scoped(archived)
      expect(yield* filesWith(folder, secret)).toHaveLength(2)
      yield* Effect.scoped(
        Effect.flatMap(opened, (archive) => eraseRecording(archive, key("1"), "asked", defaultLayout))
      )
      expect(yield* filesWith(folder, secret)).toEqual([])
    })
  )

  it.effect("is never brought back: not by a listing, not by a change of it, not by a retry", () =>
    Effect.gen(function* () {
      const { archive, asked, source, world } = yield* filled
      yield* eraseRecording(archive, key("2"), "asked", defaultLayout)
      change(world, "2", (entry) => ({ ...entry, recording: { ...entry.recording, raw: { changed: true } } }))
      const before = asked.audio.length
      const results = [
        yield* sync(archive, [source], wholeDay),
        yield* sync(archive, [source]),
        yield* sync(archive, [source], { retryFailed: true })
      ]
      expect(results.map(({ archived, erased, listed }) => [listed, archived, erased])).toEqual([
        [2, 2, 1],
        [2, 2, 1],
        [2, 2, 1]
      ])
      expect(asked.audio).toHaveLength(before)
      expect(yield* entryOf(archive, "2")).toMatchObject({ state: "erased" })
    })
  )

  it.effect("leaves proofs true: those from before, and those that come", () =>
    Effect.gen(function* () {
      const { archive, result, source } = yield* filled
      const before = yield* readFileOf(archive, result.sources[0]?.proof ?? "")
      yield* eraseRecording(archive, key("2"), "asked", defaultLayout)
      const again = yield* sync(archive, [source], wholeDay)
      const after = yield* readFileOf(archive, again.sources[0]?.proof ?? "")
      expect(yield* proofAt(archive, again.sources[0]?.proof)).toMatchObject({ listed: 2, archived: 2 })
      expect(yield* checkProof(archive, before)).toEqual([])
      expect(yield* checkProof(archive, after)).toEqual([])
    })
  )

  it.effect("is logged with the reason, and erasing it again changes nothing of it", () =>
    Effect.gen(function* () {
      const { archive } = yield* filled
      yield* eraseRecording(archive, key("2"), "first", defaultLayout)
      yield* eraseRecording(archive, key("2"), "second", defaultLayout)
      expect((yield* entryOf(archive, "2")).erasedFor).toBe("first")
      const [first] = yield* Stream.runCollect(Stream.flattenIterable(archive.ledger.logged))
      expect(first).toEqual({ at: evening, action: "erased", source: "us", id: "2", detail: "first" })
    })
  )

  it.effect("may be one that was never archived", () =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const world = worldOf([{ id: "1", audio: null }])
      yield* sync(archive, [memorySource("us", world)], wholeDay)
      yield* eraseRecording(archive, key("1"), "asked", defaultLayout)
      expect(yield* sync(archive, [memorySource("us", worldOf(plans))], wholeDay)).toMatchObject({
        listed: 2,
        archived: 2,
        erased: 1
      })
    })
  )

  it.effect("takes what a killed run left of one that is not archived: a file without an entry, and half a file", () =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const { destination } = archive
      yield* sync(archive, [memorySource("us", worldOf(plans))], { ...wholeDay, maxTransfer: 1, transfers: 1 })
      const waiting = (yield* entriesOf(archive)).filter(({ state }) => state === "pending")
      expect(waiting).toHaveLength(2)
      for (const [place, entry] of waiting.entries()) {
        const recording = yield* recordingOf(entry)
        const path = defaultLayout.pathOf(recording, recording.audio?.mediaType ?? "")
        if (place === 0) yield* destination.put(path, Buffer.from("audio"), "audio/mpeg")
        else yield* receiveHalf(destination, path)
        yield* eraseRecording(archive, entry, "asked", defaultLayout)
        expect(yield* destination.stat(path)).toBeUndefined()
        expect(yield* Effect.scoped(Effect.map(destination.receive(path, "audio/mpeg"), ({ kept }) => kept))).toBe(0)
      }
    })
  )

  it.effect("must be known", () =>
    Effect.gen(function* () {
      const { archive } = yield* filled
      const error = yield* Effect.flip(eraseRecording(archive, key("9"), "asked", defaultLayout))
      expect(error).toMatchObject({ reason: "NotFound", detail: "the archive has no recording us:9" })
    })
  )

  it.effect("is erased by doing it again where a first time ended between its files and the ledger", () =>
    Effect.gen(function* () {
      const { archive } = yield* filled
      const { file } = yield* entryOf(archive, "2")
      yield* archive.destination.remove(file?.path ?? "")
      yield* eraseRecording(archive, key("2"), "asked", defaultLayout)
      expect((yield* entryOf(archive, "2")).state).toBe("erased")
      expect((yield* pathsOf(archive, "us")).length).toBe(4)
    })
  )
})

/** What a run leaves that is killed in the middle of a file. */
const receiveHalf = (destination: Destination, path: string) =>
  Effect.scoped(
    Effect.flatMap(destination.receive(path, "audio/mpeg"), ({ write }) => write(new Uint8Array(2 * 1024 * 1024)))
  )

describe("a recording on hold", () => {
  it.effect("is not erased, and nothing of it is touched", () =>
    Effect.gen(function* () {
      const { archive } = yield* filled
      yield* holdRecording(archive, key("2"), "case 12")
      const paths = yield* pathsOf(archive)
      const error = yield* Effect.flip(eraseRecording(archive, key("2"), "asked", defaultLayout))
      expect(error).toMatchObject({ reason: "OnHold", detail: expect.stringContaining("case 12") })
      expect(yield* pathsOf(archive)).toEqual(paths)
      expect(yield* entryOf(archive, "2")).toMatchObject({ state: "archived", heldFor: "case 12" })
    })
  )

  it.effect("stays on hold over further runs, and until it is released", () =>
    Effect.gen(function* () {
      const { archive, source } = yield* filled
      yield* holdRecording(archive, key("2"), "case 12")
      yield* sync(archive, [source], wholeDay)
      expect((yield* entryOf(archive, "2")).heldFor).toBe("case 12")
      yield* releaseRecording(archive, key("2"), "closed")
      expect((yield* entryOf(archive, "2")).heldFor).toBeUndefined()
      yield* eraseRecording(archive, key("2"), "asked", defaultLayout)
      const log = yield* Stream.runCollect(Stream.flattenIterable(archive.ledger.logged))
      expect(log.map(({ action, detail }) => [action, detail])).toEqual([
        ["held", "case 12"],
        ["released", "closed"],
        ["erased", "asked"]
      ])
    })
  )

  it.effect("is not one that is erased or unknown", () =>
    Effect.gen(function* () {
      const { archive } = yield* filled
      yield* eraseRecording(archive, key("2"), "asked", defaultLayout)
      for (const id of ["2", "9"]) {
        expect((yield* Effect.flip(holdRecording(archive, key(id), "case"))).reason).toBe("NotFound")
      }
    })
  )
})

describe("entryKey", () => {
  it.each([
    ["us:1", { source: "us", id: "1" }],
    ["us:a:b:c", { source: "us", id: "a:b:c" }],
    ["us: ", { source: "us", id: " " }],
    ["us:", undefined],
    [":1", undefined],
    ["us", undefined],
    ["", undefined]
  ])("reads %j", (text, expected) => {
    expect(entryKey(text)).toEqual(expected)
  })
})
