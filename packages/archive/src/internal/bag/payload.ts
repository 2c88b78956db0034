/** The files of a recording, copied into a bag. */
import { Effect, Stream } from "effect"
import type { ArchiveError } from "../../ArchiveError.ts"
import type { Destination } from "../../Destination.ts"
import { type ArchivedEntry, notAsArchived } from "../export/archivedEntries.ts"
import { exportSidecar } from "../export/exportSidecar.ts"
import { OutputFile, type Written } from "../export/OutputFile.ts"

/** A file in a bag: its path in the folder that it was copied to, its size and hash. */
export interface BagFile extends Written {
  readonly path: string
}

/** Copies a file of the archive into a folder, under the same path. */
export const copyFile = (
  destination: Destination,
  path: string,
  folder: string
): Effect.Effect<BagFile, ArchiveError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const output = yield* OutputFile.open(folder, path)
      yield* Stream.runForEach(destination.read(path), (piece) => output.write(piece))
      return { path, ...(yield* output.end) }
    })
  )

/** Copies audio and sidecar of a recording; fails where they are not what was archived. */
export const copyRecording = (
  destination: Destination,
  archived: ArchivedEntry,
  folder: string
): Effect.Effect<ReadonlyArray<BagFile>, ArchiveError> =>
  Effect.gen(function* () {
    const { entry, file } = archived
    const audio = yield* copyFile(destination, file.path, folder).pipe(
      Effect.catchIf(
        ({ reason }) => reason === "NotFound",
        () => Effect.fail(notAsArchived(entry, file.path, { expected: `${file.bytes} bytes`, actual: "no file" }))
      )
    )
    if (audio.bytes !== file.bytes) {
      const difference = { expected: `${file.bytes} bytes`, actual: `${audio.bytes} bytes` }
      return yield* notAsArchived(entry, file.path, difference)
    }
    if (audio.sha512 !== file.sha512) {
      const difference = { expected: `SHA-512 ${file.sha512.slice(0, 16)}…`, actual: `${audio.sha512.slice(0, 16)}…` }
      return yield* notAsArchived(entry, file.path, difference)
    }
    return [audio, yield* exportSidecar(destination, archived, folder)]
  })
