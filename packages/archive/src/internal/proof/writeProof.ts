/** Makes the proof of a source and stores it in the archive, with its signature where there is a key. */
import type { RecordingSource, RecordingStats } from "@callreel/recording"
import { Clock, Effect, Stream } from "effect"
import { createHash } from "node:crypto"
import type { Archive } from "../../Archive.ts"
import type { ArchiveError } from "../../ArchiveError.ts"
import { states } from "../../Entry.ts"
import type { EntryQuery } from "../../Ledger.ts"
import { hashOfIds, type Proof, type Slice } from "../../Proof.ts"
import type { ProofKey } from "./proofKey.ts"

const day = 86_400_000

/** What a proof is about. */
export interface ProofSubject {
  readonly source: RecordingSource
  /** What is counted. */
  readonly query: EntryQuery
  /** The window that is told. */
  readonly from?: Date
  readonly to: Date
  /** Program and version. */
  readonly tool: string
  readonly key?: ProofKey
}

/** Gives the proof's path in the archive. */
export const writeProof = (
  { destination, ledger }: Archive,
  { from, key, query, source, to, tool }: ProofSubject
): Effect.Effect<string, ArchiveError> =>
  Effect.gen(function* () {
    const counts = yield* ledger.counts(query)
    const listed = states.filter((state) => state !== "erased")
    const slices = yield* slicesOf(ledger.keysByDay({ ...query, states: listed }), query)
    const vendor = yield* vendorFigures(source, from, to)
    const previous = yield* ledger.lastProof(source.name)
    const at = new Date(yield* Clock.currentTimeMillis)
    const { erased: _, ...figures } = counts
    const proof: Proof = {
      proof: "callreel/1",
      source: source.name,
      provider: source.provider,
      ...(from && { from: from.toISOString() }),
      to: to.toISOString(),
      at: at.toISOString(),
      tool,
      ...figures,
      slices,
      ...(vendor && {
        vendor: {
          ...vendor,
          difference: { recordings: vendor.recordings - counts.listed, bytes: vendor.bytes - counts.bytes }
        }
      }),
      ...(previous && { previous: previous.sha256 })
    }
    const bytes = Buffer.from(`${JSON.stringify(proof, null, 2)}\n`)
    const path = `proofs/${source.name}/${compact(from)}_${compact(to)}.json`
    yield* keepReplaced(destination, path)
    if (key !== undefined) yield* destination.put(signaturePathOf(path), yield* key.sign(bytes), "application/jose")
    yield* destination.put(path, bytes, "application/json")
    yield* ledger.addProof({
      source: source.name,
      at,
      path,
      sha256: sha256Of(bytes),
      ...(from && { from }),
      to
    })
    return path
  })

/** The signature stands beside the proof. */
export const signaturePathOf = (path: string): string => path.replace(/\.json$/, ".jws")

/** A proof of the same window is kept under its hash, by which the next one names it, and so is its signature. */
const keepReplaced = (destination: Archive["destination"], path: string): Effect.Effect<void, ArchiveError> =>
  Effect.gen(function* () {
    const proof = yield* readIfThere(destination, path)
    if (proof === undefined) return
    const kept = `${path.slice(0, path.lastIndexOf("/"))}/replaced/${sha256Of(proof)}.json`
    yield* destination.put(kept, proof, "application/json")
    const signature = yield* readIfThere(destination, signaturePathOf(path))
    if (signature === undefined) return
    yield* destination.put(signaturePathOf(kept), signature, "application/jose")
    // The next proof may have none.
    yield* destination.remove(signaturePathOf(path))
  })

const readIfThere = (
  destination: Archive["destination"],
  path: string
): Effect.Effect<Uint8Array | undefined, ArchiveError> =>
  Effect.gen(function* () {
    if ((yield* destination.stat(path)) === undefined) return undefined
    return Buffer.concat(yield* Stream.runCollect(destination.read(path)))
  })

export const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex")

/** One slice a day; those at the window's ends are as short as the window makes them. */
const slicesOf = (
  days: ReturnType<Archive["ledger"]["keysByDay"]>,
  { from, to }: EntryQuery
): Effect.Effect<ReadonlyArray<Slice>, ArchiveError> =>
  Effect.map(
    Stream.runCollect(
      Stream.map(days, ({ day: begins, ids }): Slice => {
        const counted = { listed: ids.length, sha256: hashOfIds(ids) }
        if (begins === undefined) return counted
        const start = Math.max(begins.getTime(), from?.getTime() ?? 0)
        const end = Math.min(begins.getTime() + day, to?.getTime() ?? Number.MAX_SAFE_INTEGER)
        return { from: new Date(start).toISOString(), to: new Date(end).toISOString(), ...counted }
      })
    ),
    (slices) => slices
  )

/** What the vendor itself counts, where it does; a proof does not fail for want of it. */
const vendorFigures = (
  source: RecordingSource,
  from: Date | undefined,
  to: Date
): Effect.Effect<RecordingStats | undefined> =>
  Effect.gen(function* () {
    if (!source.capability.stats || from === undefined) return undefined
    return yield* source
      .stats({ from, to })
      .pipe(Effect.catch((error) => Effect.logDebug(`no statistics of ${source.name}: ${error.message}`)))
  }).pipe(Effect.map((figures) => figures ?? undefined))

/** An instant in a file name; the beginning of time where there is none. */
const compact = (at: Date | undefined): string =>
  at === undefined ? "beginning" : at.toISOString().replaceAll(/[-:]|\.\d{3}/g, "")
