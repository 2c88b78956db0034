import { parseInstant } from "@callreel/recording"
import { Effect, Stream } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import type { Archive } from "./Archive.ts"
import type { ArchiveError } from "./ArchiveError.ts"
import { isSignedBy } from "./internal/proof/proofKey.ts"
import { sha256Of } from "./internal/proof/writeProof.ts"
import type { DayOfKeys } from "./Ledger.ts"
import { addsUp, hashOfIds, Proof } from "./Proof.ts"

/** What was found wrong with a proof. */
export interface ProofProblem {
  readonly problem: "format" | "unknown" | "sums" | "slice" | "missing" | "chain" | "signature"
  readonly detail: string
}

/** How to check a proof. */
export interface ProofCheck {
  /** The compact JWS beside the proof. */
  readonly signature?: string
  /** Public key or certificate in PEM; with it, a proof must be signed. */
  readonly publicKey?: string
}

/**
 * Whether a proof is true of this archive: the ledger remembers its bytes, its figures add up, the archive still knows every recording that it counted, it
 * follows another proof that is there, and it was signed with the key that is given.
 */
export const checkProof = (
  archive: Archive,
  bytes: Uint8Array,
  { publicKey, signature }: ProofCheck = {}
): Effect.Effect<ReadonlyArray<ProofProblem>, ArchiveError> =>
  Effect.gen(function* () {
    const proof = parseProof(bytes)
    if (proof === undefined) return [{ problem: "format", detail: "it is no proof of callreel" }]
    const problems: Array<ProofProblem> = []
    if (publicKey !== undefined && !(yield* isSigned(bytes, signature, publicKey))) {
      const detail =
        signature === undefined ? "it is not signed" : "its signature is not of this key, or of another proof"
      problems.push({ problem: "signature", detail })
    }
    if (!(yield* archive.ledger.hasProof(proof.source, sha256Of(bytes)))) {
      const detail =
        "the ledger has no record of these bytes: it was changed after it was written, or is another archive's"
      problems.push({ problem: "unknown", detail })
    }
    if (!addsUp(proof)) problems.push({ problem: "sums", detail: "its figures do not add up to what was listed" })
    problems.push(...(yield* sliceProblems(archive, proof)))
    if (proof.previous !== undefined && !(yield* isInArchive(archive, proof.source, proof.previous))) {
      problems.push({ problem: "chain", detail: `the proof before it (${proof.previous}) is not in the archive` })
    }
    return problems
  })

const isSigned = (bytes: Uint8Array, signature: string | undefined, publicKey: string) =>
  signature === undefined ? Effect.succeed(false) : isSignedBy(signature, bytes, publicKey)

const parseProof = (bytes: Uint8Array): Proof | undefined => {
  const json = Either.tryCatch(
    (): unknown => JSON.parse(new TextDecoder().decode(bytes)),
    () => undefined
  )
  const proof = Either.isRight(json) ? Proof.decode(json.right) : json
  return Either.isRight(proof) ? proof.right : undefined
}

/**
 * A slice of fewer recordings than the archive knows by now is no problem, as late ones are listed later; one whose hash
 * differs at the same number, or that had more, is.
 */
const sliceProblems = (
  { ledger }: Archive,
  { slices, source }: Proof
): Effect.Effect<ReadonlyArray<ProofProblem>, ArchiveError> =>
  Effect.map(
    Effect.forEach(slices, (slice) =>
      Effect.gen(function* () {
        const name = slice.from ?? "undated"
        const ids = yield* idsOf(ledger.keysByDay(queryOf(source, slice)), slice.from === undefined)
        if (ids.length < slice.listed) {
          const detail = `${name}: ${slice.listed} were listed, the archive knows ${ids.length}`
          return [{ problem: "missing" as const, detail }]
        }
        return ids.length === slice.listed && hashOfIds(ids) !== slice.sha256
          ? [{ problem: "slice" as const, detail: `${name}: the archive knows other recordings than were listed` }]
          : []
      })
    ),
    (problems) => problems.flat()
  )

const queryOf = (source: string, { from, to }: { readonly from?: string; readonly to?: string }) => {
  const begins = from === undefined ? undefined : parseInstant(from)
  const ends = to === undefined ? undefined : parseInstant(to)
  return { source, ...(begins && { from: begins }), ...(ends && { to: ends }) }
}

const idsOf = (
  days: Stream.Stream<DayOfKeys, ArchiveError>,
  undated: boolean
): Effect.Effect<ReadonlyArray<string>, ArchiveError> =>
  Effect.map(Stream.runCollect(Stream.filter(days, ({ day }) => (day === undefined) === undated)), (found) =>
    found.flatMap(({ ids }) => ids)
  )

/** Whether the archive has a proof with these bytes; the ledger may remember one whose file is gone. */
const isInArchive = ({ destination }: Archive, source: string, sha256: string): Effect.Effect<boolean, ArchiveError> =>
  destination.list(`proofs/${source}`).pipe(
    Stream.flattenIterable,
    Stream.filter(({ path }) => path.endsWith(".json")),
    Stream.mapEffect(({ path }) =>
      Effect.map(Stream.runCollect(destination.read(path)), (pieces) => sha256Of(Buffer.concat(pieces)))
    ),
    Stream.runFold(
      () => false,
      (found, hash) => found || hash === sha256
    )
  )
