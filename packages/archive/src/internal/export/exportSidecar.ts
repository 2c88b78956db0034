import { Effect } from "effect"
import type { ArchiveError } from "../../ArchiveError.ts"
import type { Destination } from "../../Destination.ts"
import { readSidecar } from "../verify/readSidecar.ts"
import { type ArchivedEntry, notAsArchived } from "./archivedEntries.ts"
import { writeOutput, type Written } from "./OutputFile.ts"

/** Copies the sidecar of a recording into a folder, under its path in the archive; fails where it does not belong to it. */
export const exportSidecar = (
  destination: Destination,
  { entry, file }: ArchivedEntry,
  folder: string
): Effect.Effect<Written & { readonly path: string }, ArchiveError> =>
  Effect.gen(function* () {
    const sidecar = yield* readSidecar(destination, entry, file)
    if (sidecar.difference !== undefined) return yield* notAsArchived(entry, sidecar.path, sidecar.difference)
    return { path: sidecar.path, ...(yield* writeOutput(folder, sidecar.path, sidecar.bytes)) }
  })
