/** One archived recording, read again from beginning to end. */
import { Effect, Stream } from "effect"
import { createHash } from "node:crypto"
import type { ArchiveError } from "../../ArchiveError.ts"
import type { Destination } from "../../Destination.ts"
import type { ArchivedFile } from "../../Entry.ts"

/** What a file should be and is not. */
export interface FileProblem {
  readonly problem: "missing" | "size" | "checksum"
  readonly expected: string
  readonly actual: string
}

/** Whether the file is there, with the bytes that were archived; undefined where it is. */
export const checkFile = (
  destination: Destination,
  { bytes, path, sha512 }: ArchivedFile
): Effect.Effect<FileProblem | undefined, ArchiveError> =>
  Effect.suspend(() => {
    const hash = createHash("sha512")
    let length = 0
    return Stream.runForEach(destination.read(path), (piece) =>
      Effect.sync(() => {
        length += piece.length
        hash.update(piece)
      })
    ).pipe(
      Effect.map((): FileProblem | undefined => {
        if (length !== bytes) return { problem: "size", expected: `${bytes} bytes`, actual: `${length} bytes` }
        const actual = hash.digest("hex")
        return actual === sha512 ? undefined : { problem: "checksum", expected: sha512, actual }
      }),
      Effect.catchIf(
        ({ reason }) => reason === "NotFound",
        () => Effect.succeed<FileProblem>({ problem: "missing", expected: `${bytes} bytes`, actual: "no file" })
      )
    )
  })
