import { Effect, Stream } from "effect"
import { join, resolve } from "node:path"
import type { Archive } from "./Archive.ts"
import type { ArchiveError } from "./ArchiveError.ts"
import { type BagFile, copyFile, copyRecording } from "./internal/bag/payload.ts"
import { bagInfo, declaration, manifestLine } from "./internal/bag/tagFiles.ts"
import { archivedEntries, type ExportQuery } from "./internal/export/archivedEntries.ts"
import { inNewFolder } from "./internal/export/newFolder.ts"
import { makeFolder, OutputFile, writeOutput } from "./internal/export/OutputFile.ts"

export type { ExportQuery } from "./internal/export/archivedEntries.ts"

/** What to put into a bag, and where. */
export interface BagOptions extends Archive, ExportQuery {
  /** The bag's folder; not there yet, or empty. */
  readonly folder: string
  /** Told as the day of bagging. */
  readonly now: Date
  /** Told in the bag: program and version. */
  readonly tool: string
  /** Whose recordings they are. */
  readonly sourceOrganization?: string
}

/** A bag that was made: how many recordings, and how many files with how many bytes in its payload. */
export interface BagResult {
  readonly bag: string
  readonly recordings: number
  readonly files: number
  readonly bytes: number
}

/** Recordings copied at the same time. */
const concurrency = 4

const payloadFolder = "data"

/**
 * Copies archived recordings, audio and sidecar, into a bag by RFC 8493 (BagIt 1.0). Their proofs stand beside the payload
 * as tag files, under `proofs`.
 *
 * Each file is hashed while it is copied and must be what was archived: the first that is not ends it, named in the error.
 * The folder gets its name when the bag is whole; until then, and when it fails, it is not there. The manifest has the
 * recordings in the ledger's order, so that the same archive makes the same one; memory does not grow with them.
 *
 * Fails with `InvalidOptions` where the folder is not empty, with `Destination` where something cannot be read or written.
 */
export const exportBag = (options: BagOptions): Effect.Effect<BagResult, ArchiveError> =>
  inNewFolder(options.folder, (folder) =>
    Effect.gen(function* () {
      const { manifest, ...payload } = yield* copyPayload(options, folder)
      const proofs = yield* copyProofs(options, folder)
      const declared = yield* writeTag(folder, "bagit.txt", declaration)
      const info = yield* writeTag(folder, "bag-info.txt", infoOf(options, payload))
      const lines = [manifest, declared, info, ...proofs]
        .toSorted((one, other) => (one.path < other.path ? -1 : 1))
        .map(({ path, sha512 }) => manifestLine(sha512, path))
      yield* writeTag(folder, "tagmanifest-sha512.txt", lines.join(""))
      return { bag: resolve(options.folder), ...payload }
    })
  )

type Payload = Omit<BagResult, "bag">

const copyPayload = (
  options: BagOptions,
  folder: string
): Effect.Effect<Payload & { readonly manifest: BagFile }, ArchiveError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const path = "manifest-sha512.txt"
      const manifest = yield* OutputFile.open(folder, path)
      const data = join(folder, payloadFolder)
      // A bag without recordings has it, too.
      yield* makeFolder(data)
      let [recordings, files, bytes] = [0, 0, 0]
      yield* archivedEntries(options, options).pipe(
        Stream.mapEffect((archived) => copyRecording(options.destination, archived, data), { concurrency }),
        Stream.runForEach((copied) => {
          recordings += 1
          files += copied.length
          bytes += copied.reduce((sum, file) => sum + file.bytes, 0)
          const lines = copied.map((file) => manifestLine(file.sha512, `${payloadFolder}/${file.path}`))
          return manifest.write(Buffer.from(lines.join("")))
        })
      )
      return { recordings, files, bytes, manifest: { path, ...(yield* manifest.end) } }
    })
  )

/** Of the sources that are exported; there are as many as there were runs. */
const copyProofs = (
  { destination, sources }: BagOptions,
  folder: string
): Effect.Effect<ReadonlyArray<BagFile>, ArchiveError> =>
  Stream.fromIterable(sources === undefined ? ["proofs"] : new Set(sources.map((source) => `proofs/${source}`))).pipe(
    Stream.flatMap((proofs) => Stream.flattenIterable(destination.list(proofs))),
    Stream.mapEffect(({ path }) => copyFile(destination, path, folder)),
    Stream.runCollect
  )

const writeTag = (folder: string, path: string, text: string): Effect.Effect<BagFile, ArchiveError> =>
  Effect.map(writeOutput(folder, path, Buffer.from(text)), (written) => ({ path, ...written }))

const infoOf = ({ from, now, sourceOrganization, sources, to, tool }: BagOptions, payload: Payload): string =>
  bagInfo({
    ...payload,
    ...(sourceOrganization !== undefined && { sourceOrganization }),
    externalDescription: [
      `${payload.recordings} call recordings and their vCons`,
      ...(sources === undefined ? [] : [`of ${sources.join(", ")}`]),
      ...(from === undefined ? [] : [`from ${from.toISOString()}`]),
      ...(to === undefined ? [] : [`to ${to.toISOString()}`])
    ].join(" "),
    baggedAt: now,
    software: tool
  })
