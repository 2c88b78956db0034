import { Effect } from "effect"
import type { Archive } from "./Archive.ts"
import type { ArchiveError } from "./ArchiveError.ts"
import { addCounts } from "./internal/ledger/counts.ts"
import type { Counts, ProofRecord } from "./Ledger.ts"
import { sentenceOf } from "./Proof.ts"

/** Where a source stands in the archive. */
export interface SourceStatus extends Counts {
  readonly source: string
  /** The soonest instant at which something is due. */
  readonly nextRetryAt?: Date
  readonly lastProof?: ProofRecord
}

/** What is in an archive. */
export interface ArchiveStatus extends Counts {
  readonly summary: string
  readonly sources: ReadonlyArray<SourceStatus>
}

/** Counts of the whole archive, and of the sources that are named, else of all. Reads beside a run. */
export const archiveStatus = (
  { ledger }: Pick<Archive, "ledger">,
  only: ReadonlyArray<string> = []
): Effect.Effect<ArchiveStatus, ArchiveError> =>
  Effect.gen(function* () {
    const names = only.length === 0 ? yield* ledger.sources : only
    const sources = yield* Effect.forEach(names, (source) =>
      Effect.gen(function* () {
        const counts = yield* ledger.counts({ source })
        const nextRetryAt = yield* ledger.nextRetry(source)
        const lastProof = yield* ledger.lastProof(source)
        return { source, ...counts, ...(nextRetryAt && { nextRetryAt }), ...(lastProof && { lastProof }) }
      })
    )
    const counts = addCounts(sources)
    return { ...counts, summary: sentenceOf(counts), sources }
  })
