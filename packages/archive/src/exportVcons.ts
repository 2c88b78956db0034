import { type Effect, Stream } from "effect"
import { resolve } from "node:path"
import type { Archive } from "./Archive.ts"
import type { ArchiveError } from "./ArchiveError.ts"
import { archivedEntries, type ExportQuery } from "./internal/export/archivedEntries.ts"
import { exportSidecar } from "./internal/export/exportSidecar.ts"
import { inNewFolder } from "./internal/export/newFolder.ts"

/** Which vCons to export, and where to. */
export interface VconsOptions extends Archive, ExportQuery {
  /** Not there yet, or empty. */
  readonly folder: string
}

/** How many vCons there are in the folder, one of each recording. */
export interface VconsResult {
  readonly folder: string
  readonly files: number
  readonly bytes: number
}

/** vCons copied at the same time. */
const concurrency = 4

/**
 * Copies the vCons of archived recordings into a folder, under their paths in the archive. The audio is not copied: they
 * name it, and its hash.
 *
 * Fails with `InvalidOptions` where the folder is not empty, with `Destination` where a vCon is not the recording's, or
 * something cannot be read or written; then the folder is not there.
 */
export const exportVcons = (options: VconsOptions): Effect.Effect<VconsResult, ArchiveError> =>
  inNewFolder(options.folder, (folder) =>
    archivedEntries(options, options).pipe(
      Stream.mapEffect((archived) => exportSidecar(options.destination, archived, folder), { concurrency }),
      Stream.runFold(
        (): VconsResult => ({ folder: resolve(options.folder), files: 0, bytes: 0 }),
        (result, { bytes }) => ({ ...result, files: result.files + 1, bytes: result.bytes + bytes })
      )
    )
  )
