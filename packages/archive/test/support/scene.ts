/** What tests of the archive with real adapters share: an archive in a temporary folder, and runs with patience. */
import {
  type Archive,
  type Entry,
  makeLayout,
  openArchive,
  syncArchive,
  type ArchiveError,
  type SyncOptions,
  type SyncResult
} from "@callreel/archive"
import type { RecordingSource } from "@callreel/recording"
import { Duration, Effect, type Scope, Stream } from "effect"
import { createHash } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** An empty archive in a folder that is removed with the scope. */
export const folderArchive: Effect.Effect<Archive & { readonly folder: string }, ArchiveError, Scope.Scope> =
  Effect.gen(function* () {
    const base = yield* Effect.acquireRelease(
      Effect.promise(() => mkdtemp(join(tmpdir(), "callreel-archive-"))),
      (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true }))
    )
    const folder = join(base, "archive")
    return { ...(yield* openArchive({ url: folder })), folder }
  })

export const sync = (
  archive: Archive,
  source: RecordingSource,
  options: Partial<SyncOptions> = {}
): Effect.Effect<SyncResult, ArchiveError> =>
  Effect.flatMap(makeLayout(), (layout) =>
    syncArchive(archive, [{ source }], {
      layout,
      tool: "callreel test",
      again: { times: 4, pause: Duration.millis(20) },
      transfers: 8,
      ...options
    })
  )

export const entriesOf = ({ ledger }: Archive): Effect.Effect<ReadonlyArray<Entry>, ArchiveError> =>
  Stream.runCollect(Stream.flattenIterable(ledger.entries({})))

/** SHA-512 of a file as it stands in the archive. */
export const sha512In = ({ destination }: Archive, path: string): Effect.Effect<string, ArchiveError> =>
  Effect.map(Stream.runCollect(destination.read(path)), (pieces) =>
    createHash("sha512").update(Buffer.concat(pieces)).digest("hex")
  )
