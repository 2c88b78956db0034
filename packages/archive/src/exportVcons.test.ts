import { describe, expect, it } from "@effect/vitest"
import { parseVcon, recordingOf } from "@callreel/vcon"
import { Effect } from "effect"
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { exportVcons } from "./exportVcons.ts"
import { sidecarOf } from "./internal/layout.ts"
import { damage, fileAt, filledArchive, recordingAt } from "./internal/testing/test/filledArchive.ts"

const recordings = [recordingAt("us", "1", 0), recordingAt("pbx", "7", 1)]

describe("exportVcons", () => {
  it.effect("copies the vCon of every recording, under its path in the archive", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive(recordings)
      const folder = join(archive.elsewhere, "vcons")
      const { bytes, files } = yield* exportVcons({ ...archive, folder })
      const texts = yield* Effect.forEach(archive.files, ({ path }) =>
        Effect.promise(() => readFile(join(folder, sidecarOf(path)), "utf8"))
      )
      expect({ bytes, files }).toEqual({ files: 2, bytes: Buffer.byteLength(texts.join("")) })
      const vcons = yield* Effect.forEach(texts, (text) => parseVcon(text))
      expect(vcons.map((vcon) => recordingOf(vcon))).toEqual(recordings)
    })
  )

  it.effect("stops at a vCon that is not the recording's, and leaves nothing", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive(recordings)
      const wrong = sidecarOf(fileAt(archive, 0).path)
      yield* damage(archive, wrong, (content) =>
        Buffer.from(content.toString("utf8").replace("callreel-recording", "x"))
      )
      const error = yield* Effect.flip(exportVcons({ ...archive, folder: join(archive.elsewhere, "vcons") }))
      expect(error.message).toBe(
        `the archive's file ${wrong} of us:1 is not as it was archived: no recording instead of us:1`
      )
      expect(yield* Effect.promise(() => readdir(archive.elsewhere))).toEqual([])
    })
  )

  it.effect("copies only the sources that were asked for", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive(recordings)
      const folder = join(archive.elsewhere, "vcons")
      expect(yield* exportVcons({ ...archive, folder, sources: ["pbx"] })).toMatchObject({ folder, files: 1 })
      expect(yield* Effect.promise(() => readdir(folder))).toEqual(["pbx"])
    })
  )
})
