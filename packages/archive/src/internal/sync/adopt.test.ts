import { describe, expect, it } from "@effect/vitest"
import { memorySource } from "@callreel/testkit"
import { Effect, Option } from "effect"
import { TestClock } from "effect/testing"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { ArchivedFile } from "../../Entry.ts"
import { sidecarOf } from "../layout.ts"
import { defaultLayout, type FolderArchive, folderArchive, readFileOf } from "../testing/test/sync/archives.ts"
import { entryFor, minutesAfter, shortAudio, worldOf } from "../testing/test/sync/worlds.ts"
import { adopt } from "./adopt.ts"
import { Doubt } from "./Doubt.ts"
import { sidecarBytes, storeAudio } from "./storeAudio.ts"

const plan = { id: "1", reportedSeconds: 60 }
const { recording } = entryFor(plan)
const later = minutesAfter(500)

/** The files of a recording, as a process leaves them that is killed before it has told the ledger. */
const leftBehind = Effect.gen(function* () {
  const archive = yield* folderArchive
  const source = memorySource("us", worldOf([plan]))
  yield* TestClock.setTime(minutesAfter(100).getTime())
  const { file } = yield* storeAudio(
    { archive, layout: defaultLayout, received: () => Effect.void },
    { source, recording, reference: { id: "1" }, doubt: new Doubt(undefined) }
  )
  yield* TestClock.setTime(later.getTime())
  return { archive, file }
})

const adopted = ({ destination }: FolderArchive) => adopt(destination, defaultLayout, recording)

const overwrite = ({ folder }: FolderArchive, path: string, content: Uint8Array | string) =>
  Effect.promise(() => writeFile(join(folder, path), content))

describe("adopt", () => {
  it.effect("takes audio that is what its sidecar says, with all that is known of it", () =>
    Effect.gen(function* () {
      const { archive, file } = yield* leftBehind
      const stored = yield* adopted(archive)
      expect(Option.getOrUndefined(stored)).toEqual({
        file: { ...file, archivedAt: later },
        suspect: expect.stringContaining("60 s reported")
      })
    })
  )

  it.effect.each([
    ["the audio has another byte", (file: ArchivedFile) => [file.path, shortAudio("us:1").fill(7, 100, 101)] as const],
    ["the audio is cut", (file: ArchivedFile) => [file.path, shortAudio("us:1").subarray(0, 100)] as const],
    [
      "the audio is longer",
      (file: ArchivedFile) => [file.path, Buffer.concat([shortAudio("us:1"), Buffer.alloc(1)])] as const
    ],
    ["the audio is empty", (file: ArchivedFile) => [file.path, ""] as const],
    ["the sidecar is empty", (file: ArchivedFile) => [sidecarOf(file.path), ""] as const],
    ["the sidecar is no vCon", (file: ArchivedFile) => [sidecarOf(file.path), '{"vcon":"0.0.1"}'] as const],
    ["the sidecar is no JSON", (file: ArchivedFile) => [sidecarOf(file.path), "<html>"] as const],
    [
      "the sidecar is of another recording",
      (file: ArchivedFile) => [sidecarOf(file.path), sidecarOfOther(file)] as const
    ],
    [
      "the sidecar names another file",
      (file: ArchivedFile) => [sidecarOf(file.path), sidecarOfFile(file, "x.mp3")] as const
    ]
  ] as const)("takes nothing where %s", ([, damage]) =>
    Effect.gen(function* () {
      const { archive, file } = yield* leftBehind
      const [path, content] = damage(file)
      yield* overwrite(archive, path, content)
      expect(Option.isNone(yield* adopted(archive))).toBe(true)
    })
  )

  it.effect.each([
    ["the audio", (file: ArchivedFile) => file.path],
    ["the sidecar", (file: ArchivedFile) => sidecarOf(file.path)]
  ] as const)("takes nothing where %s is missing", ([, pathOf]) =>
    Effect.gen(function* () {
      const { archive, file } = yield* leftBehind
      yield* archive.destination.remove(pathOf(file))
      expect(Option.isNone(yield* adopted(archive))).toBe(true)
    })
  )

  it.effect("takes nothing of an empty archive", () =>
    Effect.gen(function* () {
      expect(Option.isNone(yield* adopted(yield* folderArchive))).toBe(true)
    })
  )

  it.effect("changes nothing", () =>
    Effect.gen(function* () {
      const { archive, file } = yield* leftBehind
      const before = yield* readFileOf(archive, sidecarOf(file.path))
      yield* adopted(archive)
      expect(Buffer.compare(yield* readFileOf(archive, sidecarOf(file.path)), before)).toBe(0)
    })
  )
})

const unmasked = { maskRaw: (raw: unknown) => raw }

const sidecarOfOther = (file: ArchivedFile) => sidecarBytes(unmasked, { ...recording, id: "2" }, file)

const sidecarOfFile = (file: ArchivedFile, name: string) =>
  sidecarBytes(unmasked, recording, { ...file, path: `us/2026/03/01/${name}` })
