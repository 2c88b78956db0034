import { describe, expect, it } from "@effect/vitest"
import { Recording } from "@callreel/recording"
import { Effect, Stream } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import { exportNdjson, type NdjsonOptions } from "./exportNdjson.ts"
import { erased } from "./internal/state.ts"
import { entryOf, fileAt, filledArchive, recordingAt } from "./internal/testing/test/filledArchive.ts"

const recordings = [recordingAt("us", "1", 0), recordingAt("pbx", "7", 1), recordingAt("us", "2", 2)]

const linesOf = (options: NdjsonOptions) => Effect.map(Stream.runCollect(exportNdjson(options)), (lines) => [...lines])

const parse = (line: string): unknown => JSON.parse(line)

describe("exportNdjson", () => {
  it.effect("writes each recording as it was listed, with what the archive has of it", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive(recordings)
      const lines = yield* linesOf(archive)
      expect(lines.map((line) => Recording.decode(parse(line)))).toMatchObject(
        recordings.map((one) => Either.right(one))
      )
      expect(lines.filter((line) => line.indexOf("\n") !== line.length - 1)).toEqual([])
      const { path, sha512 } = fileAt(archive, 0)
      expect(parse(lines[0] ?? "")).toMatchObject({
        source: "us",
        id: "1",
        archive: {
          state: "archived",
          path,
          sha512,
          bytes: 2016,
          mediaType: "audio/mpeg",
          durationSeconds: 1.008,
          archivedAt: "2026-03-02T00:00:00.000Z"
        }
      })
    })
  )

  it.effect("says why a recording is not archived, and nothing of one that was erased", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive(recordings)
      yield* archive.ledger.put(erased(yield* entryOf(archive, "us", "1"), "asked to"))
      const { file: _, ...failed } = yield* entryOf(archive, "us", "2")
      yield* archive.ledger.put({ ...failed, state: "failed", reason: "Truncated", attempts: 2 })
      const lines = yield* linesOf(archive)
      expect(lines.map(parse)).toMatchObject([
        { source: "pbx", id: "7", archive: { state: "archived" } },
        { source: "us", id: "2", archive: { state: "failed", reason: "Truncated", attempts: 2 } }
      ])
    })
  )

  it.effect("writes only the sources and the window that were asked for", () =>
    Effect.gen(function* () {
      const archive = yield* filledArchive(recordings)
      const lines = yield* linesOf({ ...archive, sources: ["us"], to: new Date("2026-03-01T12:02:00Z") })
      expect(lines.map(parse)).toMatchObject([{ source: "us", id: "1" }])
    })
  )
})
