import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { appendFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { type BagOptions, exportBag } from "./exportBag.ts"
import { sidecarOf } from "./internal/layout.ts"
import {
  damage,
  entryOf,
  fileAt,
  type FilledArchive,
  filledArchive,
  recordingAt
} from "./internal/testing/test/filledArchive.ts"
import { readBag } from "./internal/testing/test/readBag.ts"

const recordings = [
  recordingAt("us", "1", 0),
  recordingAt("pbx", "7", 1),
  recordingAt("us", "2", 2),
  recordingAt("us", "a/%\n", 3)
]

const bag = (archive: FilledArchive, options: Partial<BagOptions> = {}) =>
  exportBag({
    ...archive,
    folder: join(archive.elsewhere, "bag"),
    now: new Date("2026-03-05T23:00:00Z"),
    tool: "callreel 0.1.0",
    ...options
  })

const read = (folder: string) => Effect.promise(() => readBag(folder))
const names = (folder: string) => Effect.promise(() => readdir(folder))

describe("exportBag", () => {
  it.effect("makes a bag of everything that is archived, valid by the RFC", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive(recordings)
      yield* archive.destination.put("proofs/us/all.json", Buffer.from("{}\n"), "application/json")
      const made = yield* bag(archive, { sourceOrganization: "Acme" })
      const { info, payload, problems, tags } = yield* read(made.bag)
      expect(problems).toEqual([])
      const paths = archive.files.flatMap(({ path }) => [`data/${path}`, `data/${sidecarOf(path)}`])
      expect(payload).toEqual(paths)
      expect(tags).toEqual(["bag-info.txt", "bagit.txt", "manifest-sha512.txt", "proofs/us/all.json"])
      expect(made).toMatchObject({ bag: join(archive.elsewhere, "bag"), recordings: 4, files: 8 })
      expect(Object.fromEntries(info)).toEqual({
        "Source-Organization": "Acme",
        "External-Description": "4 call recordings and their vCons",
        "Bagging-Date": "2026-03-05",
        "Payload-Oxum": `${made.bytes}.8`,
        "Bag-Software-Agent": "callreel 0.1.0"
      })
    })
  )

  it.effect("copies only the sources and the window that were asked for, with the proofs of those sources", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive(recordings)
      yield* archive.destination.put("proofs/us/all.json", Buffer.from("{}\n"), "application/json")
      yield* archive.destination.put("proofs/pbx/all.json", Buffer.from("{}\n"), "application/json")
      const made = yield* bag(archive, {
        sources: ["us"],
        from: new Date("2026-03-01T12:02:00Z"),
        to: new Date("2026-03-01T12:03:00Z")
      })
      const { info, payload, problems, tags } = yield* read(made.bag)
      expect(problems).toEqual([])
      expect(payload).toEqual([`data/${fileAt(archive, 2).path}`, `data/${sidecarOf(fileAt(archive, 2).path)}`])
      expect(tags).toContain("proofs/us/all.json")
      expect(tags).not.toContain("proofs/pbx/all.json")
      expect(info.get("External-Description")).toBe(
        "1 call recordings and their vCons of us from 2026-03-01T12:02:00.000Z to 2026-03-01T12:03:00.000Z"
      )
    })
  )

  it.effect("makes the same bag of the same archive", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive(recordings)
      const first = yield* bag(archive)
      const second = yield* bag(archive, { folder: join(archive.elsewhere, "again") })
      const manifest = (folder: string) =>
        Effect.promise(() => readFile(join(folder, "tagmanifest-sha512.txt"), "utf8"))
      expect(yield* manifest(second.bag)).toBe(yield* manifest(first.bag))
    })
  )

  it.effect("makes a valid bag of nothing, in an empty folder that is there", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive([])
      const folder = join(archive.elsewhere, "bag")
      yield* Effect.promise(() => mkdir(folder, { recursive: true }))
      expect(yield* bag(archive)).toEqual({ bag: folder, recordings: 0, files: 0, bytes: 0 })
      expect((yield* read(folder)).problems).toEqual([])
    })
  )

  it.effect("leaves out what is not archived any more", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive(recordings)
      const { file: _, ...entry } = yield* entryOf(archive, "us", "1")
      yield* archive.ledger.put({ ...entry, state: "failed", reason: "Truncated" })
      expect(yield* bag(archive)).toMatchObject({ recordings: 3, files: 6 })
    })
  )

  it.effect("refuses a folder with something in it, and leaves it as it was", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive(recordings)
      const folder = join(archive.elsewhere, "bag")
      yield* Effect.promise(() => mkdir(folder, { recursive: true }))
      yield* Effect.promise(() => writeFile(join(folder, "mine.txt"), "mine"))
      const error = yield* Effect.flip(bag(archive))
      expect(error).toMatchObject({
        reason: "InvalidOptions",
        detail: `${folder} is not empty, and nothing in it is overwritten`
      })
      expect(yield* names(folder)).toEqual(["mine.txt"])
    })
  )

  const changes: ReadonlyArray<
    readonly [string, (path: string) => string, (content: Buffer) => Uint8Array | undefined, RegExp]
  > = [
    ["audio that is missing", (path) => path, () => undefined, /\.mp3 of pbx:7 .*: no file instead of 2016 bytes$/],
    [
      "audio that is cut",
      (path) => path,
      (content) => content.subarray(1),
      /of pbx:7 .*: 2015 bytes instead of 2016 bytes$/
    ],
    ["audio that was changed", (path) => path, (content) => content.fill(1, 500, 501), /of pbx:7 .*instead of SHA-512/],
    [
      "a sidecar that is missing",
      sidecarOf,
      () => undefined,
      /vcon\.json of pbx:7 .*: missing instead of a vCon of pbx:7$/
    ]
  ]

  it.effect.each(changes)("stops at %s, names the recording, and leaves nothing", ([, pathOf, change, message]) =>
    Effect.gen(function* () {
      const archive = yield* filledArchive(recordings)
      yield* damage(archive, pathOf(fileAt(archive, 1).path), change)
      const error = yield* Effect.flip(bag(archive))
      expect(error.reason).toBe("Destination")
      expect(error.message).toMatch(message)
      expect(yield* names(archive.elsewhere)).toEqual([])
    })
  )

  it.effect("removes what an export that was killed has left", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive(recordings)
      const left = join(archive.elsewhere, ".bag.partial", "data", "left.mp3")
      yield* Effect.promise(() => mkdir(dirname(left), { recursive: true }))
      yield* Effect.promise(() => writeFile(left, "left"))
      const made = yield* bag(archive)
      expect((yield* read(made.bag)).problems).toEqual([])
      expect(yield* names(archive.elsewhere)).toEqual(["bag"])
    })
  )

  it.effect("says why a bag cannot be written", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive([])
      yield* Effect.promise(() => writeFile(archive.elsewhere, "a file"))
      const error = yield* Effect.flip(bag(archive))
      expect(error).toMatchObject({ reason: "Destination" })
      expect(error.message).toMatch(/bag cannot be written: a part of its path is not a folder$/)
    })
  )

  it.effect("is found to be damaged when it is: the reading itself is strict", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive(recordings)
      const made = yield* bag(archive)
      const [first, second] = [fileAt(archive, 0).path, fileAt(archive, 1).path]
      yield* Effect.promise(() => appendFile(join(made.bag, "data", first), "x"))
      yield* Effect.promise(() => rm(join(made.bag, "data", second)))
      yield* Effect.promise(() => writeFile(join(made.bag, "data", "extra.mp3"), "x"))
      yield* Effect.promise(() => appendFile(join(made.bag, "bag-info.txt"), "More: text\n"))
      const { problems } = yield* read(made.bag)
      expect(problems.map((problem) => problem.replace(/ \d+\.\d+$/, "")).toSorted()).toEqual(
        [
          `manifest-sha512.txt: data/${first} has another hash`,
          "manifest-sha512.txt: data/extra.mp3 is not listed",
          `data/${second} is missing`,
          "tagmanifest-sha512.txt: bag-info.txt has another hash",
          "Payload-Oxum is not"
        ].toSorted()
      )
    })
  )
})
