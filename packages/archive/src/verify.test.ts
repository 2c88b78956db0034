import { describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { access, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { ArchiveError } from "./ArchiveError.ts"
import {
  damage,
  entryOf,
  fileAt,
  type FilledArchive,
  filledArchive,
  recordingAt
} from "./internal/testing/test/filledArchive.ts"
import { sidecarOf } from "./internal/layout.ts"
import { verifyArchive, type VerifyOptions, type VerifyProblem, type VerifySummary } from "./verify.ts"

const now = new Date("2026-03-05T00:00:00Z")

const recordings = [
  recordingAt("us", "1", 0),
  recordingAt("us", "2", 1),
  recordingAt("us", "3", 2),
  recordingAt("pbx", "1", 3),
  recordingAt("pbx", "2", 4)
]

interface Verified {
  readonly problems: ReadonlyArray<VerifyProblem>
  readonly summary: VerifySummary | undefined
}

const verify = (archive: FilledArchive, options: Partial<VerifyOptions> = {}): Effect.Effect<Verified, ArchiveError> =>
  Effect.map(Stream.runCollect(verifyArchive({ ...archive, now, ...options })), (results) => ({
    problems: results.flatMap((one) => (one.result === "problem" ? [one.problem] : [])),
    summary: results.flatMap((one) => (one.result === "summary" ? [one.summary] : [])).at(-1)
  }))

const verifiedKeys = (archive: FilledArchive) =>
  Stream.flattenIterable(archive.ledger.entries({})).pipe(
    Stream.filter(({ file }) => file?.verifiedAt?.getTime() === now.getTime()),
    Stream.map(({ id, source }) => `${source}:${id}`),
    Stream.runCollect
  )

describe("verifyArchive", () => {
  it.effect("reads everything and notes that it is good", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive(recordings)
      yield* archive.destination.put("proofs/us/all.json", Buffer.from("{}"), "application/json")
      expect(yield* verify(archive)).toEqual({ problems: [], summary: { checked: 5, good: 5, problems: 0 } })
      expect(yield* verifiedKeys(archive)).toHaveLength(5)
    })
  )

  it.effect("names each kind of damage, and nothing else", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive(recordings)
      const [missing, cut, changed, other] = [0, 1, 2, 3].map((index) => fileAt(archive, index).path)
      const sidecar = sidecarOf(other ?? "")
      yield* damage(archive, missing ?? "", () => undefined)
      yield* damage(archive, cut ?? "", (content) => content.subarray(0, 1000))
      yield* damage(archive, changed ?? "", (content) => content.fill(1, 500, 501))
      yield* damage(archive, sidecar, () => undefined)
      yield* Effect.promise(() => writeFile(join(archive.folder, "us", "notes.txt"), "hello"))
      const { problems, summary } = yield* verify(archive)
      expect(summary).toEqual({ checked: 5, good: 1, problems: 5 })
      const { bytes, sha512 } = fileAt(archive, 2)
      expect(problems).toEqual([
        { source: "us", id: "1", path: missing, problem: "missing", expected: `${bytes} bytes`, actual: "no file" },
        { source: "us", id: "2", path: cut, problem: "size", expected: `${bytes} bytes`, actual: "1000 bytes" },
        {
          source: "us",
          id: "3",
          path: changed,
          problem: "checksum",
          expected: sha512,
          actual: expect.stringMatching(/^[\da-f]{128}$/)
        },
        { source: "pbx", id: "1", path: sidecar, problem: "sidecar", expected: "a vCon of pbx:1", actual: "missing" },
        { path: "us/notes.txt", problem: "extra", expected: "no file", actual: "5 bytes" }
      ])
      expect(yield* verifiedKeys(archive)).toEqual(["pbx:2"])
    })
  )

  const sidecars: ReadonlyArray<
    readonly [name: string, (text: string) => string, Pick<VerifyProblem, "expected" | "actual">]
  > = [
    ["that is no JSON", () => "{", { expected: "a vCon of us:1", actual: "not a vCon: the text is not JSON" }],
    [
      "without the recording",
      (text) => text.replace("callreel-recording", "x"),
      { expected: "us:1", actual: "no recording" }
    ],
    ["of another recording", (text) => text.replace('"id": "1"', '"id": "9"'), { expected: "us:1", actual: "us:9" }],
    [
      "of other audio",
      (text) => text.replace(/sha512-.{86}/, `sha512-${"A".repeat(86)}`),
      { expected: expect.stringMatching(/^sha512-/), actual: `sha512-${"A".repeat(86)}` }
    ],
    [
      "that is far too long",
      (text) => text + " ".repeat(17 * 1024 * 1024),
      { expected: "a vCon of us:1", actual: "too long to be one" }
    ]
  ]

  it.effect.each(sidecars)("finds a sidecar %s", ([, change, difference]) =>
    Effect.gen(function* () {
      const archive = yield* filledArchive([recordingAt("us", "1", 0)])
      const path = sidecarOf(fileAt(archive, 0).path)
      yield* damage(archive, path, (content) => Buffer.from(change(content.toString("utf8"))))
      const { problems } = yield* verify(archive)
      expect(problems).toEqual([{ source: "us", id: "1", path, problem: "sidecar", ...difference }])
    })
  )

  it.effect("reads only what was asked for, and looks for extra files only when that is everything", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive(recordings)
      yield* archive.destination.put("us/extra.mp3", Buffer.from("?"), "audio/mpeg")
      const checkedOf = (options: Partial<VerifyOptions>) =>
        Effect.map(verify(archive, options), ({ problems, summary }) => [summary?.checked, problems.length])
      expect(yield* checkedOf({})).toEqual([5, 1])
      expect(yield* checkedOf({ sources: ["pbx", "pbx"] })).toEqual([2, 0])
      expect(yield* checkedOf({ sample: { fraction: 1, seed: "" } })).toEqual([5, 0])
      expect(yield* checkedOf({ sample: { fraction: 0, seed: "" } })).toEqual([0, 0])
      expect(yield* checkedOf({ since: fileAt(archive, 0).archivedAt })).toEqual([5, 0])
      expect(yield* checkedOf({ since: now })).toEqual([0, 0])
    })
  )

  it.effect("refuses a sample that is no part", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive([])
      const failures = yield* Effect.forEach([-0.1, 5, Number.NaN], (fraction) =>
        Effect.flip(verify(archive, { sample: { fraction, seed: "" } }))
      )
      expect(failures.map(({ reason }) => reason)).toEqual(["InvalidQuery", "InvalidQuery", "InvalidQuery"])
    })
  )

  it.effect("sets damaged audio to be fetched again and writes damaged sidecars anew, when it is to repair", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive(recordings)
      yield* damage(archive, fileAt(archive, 0).path, () => undefined)
      yield* damage(archive, sidecarOf(fileAt(archive, 0).path), () => undefined)
      yield* damage(archive, fileAt(archive, 1).path, (content) => content.fill(1, 500, 501))
      yield* damage(archive, sidecarOf(fileAt(archive, 2).path), () => Buffer.from("?"))
      const { problems } = yield* verify(archive, { repair: true })
      expect(problems.map(({ problem }) => problem)).toEqual(["missing", "sidecar", "checksum", "sidecar"])
      const entries = yield* Effect.forEach(["1", "2", "3"], (id) => entryOf(archive, "us", id))
      expect(entries.map(({ reason, retryAt, state }) => ({ reason, retryAt, state }))).toEqual([
        { state: "pending", reason: "lost", retryAt: now },
        { state: "pending", reason: "lost", retryAt: now },
        { state: "archived" }
      ])
      expect((yield* verify(archive)).summary).toMatchObject({ checked: 3, good: 3 })
    })
  )

  it.effect("changes nothing in the ledger when it is not to repair", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive([recordingAt("us", "1", 0)])
      const before = yield* entryOf(archive, "us", "1")
      yield* damage(archive, fileAt(archive, 0).path, () => undefined)
      yield* verify(archive)
      expect(yield* entryOf(archive, "us", "1")).toEqual(before)
    })
  )

  it.effect("keeps what else is known of a recording that is good", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive([recordingAt("us", "1", 0)])
      const before = yield* entryOf(archive, "us", "1")
      yield* archive.ledger.put({ ...before, heldFor: "case 7", suspect: "1 s reported, 2 s measured" })
      yield* verify(archive)
      expect(yield* entryOf(archive, "us", "1")).toMatchObject({
        heldFor: "case 7",
        suspect: "1 s reported, 2 s measured",
        file: { ...before.file, verifiedAt: now }
      })
    })
  )

  it.effect("takes an archive that cannot be read for no damage of its recordings", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive(recordings)
      const failing = new ArchiveError({ reason: "Destination", detail: "the device reports an error" })
      const destination = { ...archive.destination, read: () => Stream.fail(failing) }
      expect(yield* Effect.flip(verify(archive, { destination, repair: true }))).toBe(failing)
      expect((yield* entryOf(archive, "us", "1")).state).toBe("archived")
    })
  )

  it.effect("holds the archive, and gives it back", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive(recordings)
      let [holds, most] = [0, 0]
      const lock = Effect.acquireRelease(
        Effect.sync(() => {
          holds += 1
          most = Math.max(most, holds)
        }),
        () => Effect.sync(() => (holds -= 1))
      )
      yield* verify(archive, { ledger: { ...archive.ledger, lock } })
      expect({ holds, most }).toEqual({ holds: 0, most: 1 })
    })
  )

  it.effect("takes the archive's own files for no extra ones", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive(recordings)
      yield* Effect.promise(() => access(join(archive.folder, ".callreel", "ledger.sqlite")))
      expect((yield* verify(archive)).problems).toEqual([])
    })
  )
})
