/** Archives in temporary folders, and what is read out of them. */
import type { RecordingSource } from "@callreel/recording"
import { Duration, Effect, type Scope, Stream } from "effect"
import { createHash } from "node:crypto"
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Archive } from "../../../../Archive.ts"
import type { ArchiveError } from "../../../../ArchiveError.ts"
import type { Entry } from "../../../../Entry.ts"
import { type Layout, makeLayout } from "../../../layout.ts"
import { openArchive } from "../../../../openArchive.ts"
import { Proof } from "../../../../Proof.ts"
import { syncArchive, type SyncOptions, type SyncResult } from "../../../../sync.ts"
import * as Either from "fp-ts/lib/Either.js"

/** A folder that is removed with the scope. */
export const temporaryFolder: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "callreel-sync-"))),
  (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true }))
)

export interface FolderArchive extends Archive {
  readonly folder: string
}

/** An empty archive in a folder of its own. */
export const folderArchive: Effect.Effect<FolderArchive, ArchiveError, Scope.Scope> = Effect.gen(function* () {
  const folder = join(yield* temporaryFolder, "archive")
  return { ...(yield* openArchive({ url: folder })), folder }
})

export const defaultLayout: Layout = Effect.runSync(makeLayout())

/** What every run of a test is given; nothing is waited for between tries. */
export const quick: Pick<SyncOptions, "layout" | "tool" | "again"> = {
  layout: defaultLayout,
  tool: "callreel test",
  again: { times: 3, pause: Duration.zero }
}

/** A run over sources. */
export const sync = (
  archive: Archive,
  sources: ReadonlyArray<RecordingSource>,
  options: Partial<SyncOptions> = {}
): Effect.Effect<SyncResult, ArchiveError> =>
  syncArchive(
    archive,
    sources.map((source) => ({ source })),
    { ...quick, ...options }
  )

/** All entries in the order of calls. */
export const entriesOf = ({ ledger }: Pick<Archive, "ledger">, source?: string) =>
  Stream.runCollect(Stream.flattenIterable(ledger.entries(source === undefined ? {} : { source })))

/** An entry that must be there. */
export const entryOf = (
  { ledger }: Pick<Archive, "ledger">,
  id: string,
  source = "us"
): Effect.Effect<Entry, ArchiveError> =>
  Effect.flatMap(ledger.find({ source, id }), (entry) =>
    entry === undefined ? Effect.die(new Error(`no entry ${source}:${id}`)) : Effect.succeed(entry)
  )

/** The bytes of a file in the archive. */
export const readFileOf = (
  { destination }: Pick<Archive, "destination">,
  path: string
): Effect.Effect<Buffer, ArchiveError> =>
  Effect.map(Stream.runCollect(destination.read(path)), (pieces) => Buffer.concat(pieces))

/** Paths of all files that the archive shows. */
export const pathsOf = ({ destination }: Pick<Archive, "destination">, folder = "") =>
  Effect.map(Stream.runCollect(Stream.flattenIterable(destination.list(folder))), (files) =>
    files.map(({ path }) => path).toSorted()
  )

/** Names of unfinished files in a folder archive. */
export const partialsOf = ({ folder }: Pick<FolderArchive, "folder">): Effect.Effect<ReadonlyArray<string>> =>
  Effect.promise(() => readdir(join(folder, ".callreel", "partial")).catch((): ReadonlyArray<string> => []))

/** The proof at a path, which must be one. */
export const proofAt = (
  archive: Pick<Archive, "destination">,
  path: string | undefined
): Effect.Effect<Proof, ArchiveError> =>
  Effect.flatMap(readFileOf(archive, path ?? "no-proof.json"), (bytes) => {
    const proof = Proof.decode(JSON.parse(bytes.toString("utf8")))
    return Either.isRight(proof) ? Effect.succeed(proof.right) : Effect.die(new Error("no proof"))
  })

export const sha512Of = (bytes: Uint8Array): string => createHash("sha512").update(bytes).digest("hex")
