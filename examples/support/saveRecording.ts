import {
  fileExtensionOf,
  Recording,
  type RecordingError,
  type RecordingSource,
  safeFileName
} from "@callreel/recording"
import { Effect, Stream } from "effect"
import { createHash } from "node:crypto"
import { mkdir, open, rename, rm, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"

/** One file that is whole on disk. */
export interface Fetched {
  /** Relative to the folder. */
  readonly path: string
  readonly bytes: number
  readonly sha512: string
}

/**
 * Saves the audio, under a temporary name until it is whole, and the recording's JSON beside it. Ids and types come from
 * the vendor: names are made safe before they become paths.
 */
export const saveRecording = (
  source: RecordingSource,
  recording: Recording,
  folder: string
): Effect.Effect<Fetched, RecordingError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const audio = yield* source.audio(recording)
      const stem = stemOf(recording)
      const path = `${stem}.${fileExtensionOf(audio.mediaType)}`
      const target = join(folder, path)
      const partial = `${target}.partial`
      yield* Effect.promise(() => mkdir(dirname(target), { recursive: true }))
      const file = yield* Effect.acquireRelease(
        Effect.promise(() => open(partial, "w")),
        (opened) => Effect.promise(() => opened.close().then(() => rm(partial, { force: true })))
      )
      const hash = createHash("sha512")
      let bytes = 0
      yield* Stream.runForEach(audio.stream, (chunk) =>
        Effect.promise(async () => {
          hash.update(chunk)
          bytes += chunk.length
          await file.appendFile(chunk)
        })
      )
      yield* Effect.promise(async () => {
        await file.sync()
        await rename(partial, target)
        await writeFile(join(folder, `${stem}.json`), `${JSON.stringify(printable(source, recording), null, 2)}\n`)
      })
      return { path, bytes, sha512: hash.digest("hex") }
    })
  )

const printable = (source: RecordingSource, recording: Recording) =>
  Recording.encode({ ...recording, raw: source.maskRaw(recording.raw) })

/** `<source>/<yyyy>/<mm>/<dd>/<UTC start>_<direction>_<id>` */
const stemOf = ({ call, id, source, startedAt }: Recording): string => {
  const start = (call?.startedAt ?? startedAt ?? new Date(0)).toISOString()
  const day = start.slice(0, 10).split("-").join("/")
  return `${source}/${day}/${start.replaceAll(":", "-")}_${call?.direction ?? "unknown"}_${safeFileName(id)}`
}
