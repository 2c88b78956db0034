/** The JSON that the commands of the archive print. Pure. */
import type {
  ArchiveStatus,
  Counts,
  Match,
  NotObtained,
  ProofProblem,
  SourceResult,
  SyncPlan,
  SyncResult,
  VerifyProblem,
  VerifySummary
} from "@callreel/archive"

const countsForm = ({ archived, failed, listed, pending, unavailable }: Counts) => ({
  listed,
  archived,
  unavailable,
  pending,
  failed
})

const sourceResultForm = (result: SourceResult) => ({
  source: result.source,
  ...(result.from === undefined ? {} : { from: result.from.toISOString() }),
  to: result.to.toISOString(),
  ...countsForm(result),
  ...(result.proof === undefined ? {} : { proof: result.proof })
})

const notObtainedForm = ({ attempts, id, reason, retryAt, source, state }: NotObtained) => ({
  source,
  id,
  state,
  ...(reason === undefined ? {} : { reason }),
  attempts,
  ...(retryAt === undefined ? {} : { retryAt: retryAt.toISOString() })
})

/** What a run led to. */
export const syncForm = (result: SyncResult) => ({
  ...countsForm(result),
  fetched: result.fetched,
  bytesFetched: result.bytesFetched,
  suspect: result.suspect,
  summary: result.summary,
  ...(result.stopped === undefined ? {} : { stopped: result.stopped }),
  sources: result.sources.map(sourceResultForm),
  notObtained: result.notObtained.map(notObtainedForm)
})

/** What is in the archive. */
export const statusForm = (status: ArchiveStatus) => ({
  ...countsForm(status),
  suspect: status.suspect,
  erased: status.erased,
  bytes: status.bytes,
  summary: status.summary,
  sources: status.sources.map(({ bytes, erased, lastProof, nextRetryAt, source, suspect, ...counts }) => ({
    source,
    ...countsForm({ ...counts, bytes, erased, suspect }),
    suspect,
    erased,
    bytes,
    ...(nextRetryAt === undefined ? {} : { nextRetryAt: nextRetryAt.toISOString() }),
    ...(lastProof === undefined ? {} : { proof: lastProof.path, provedAt: lastProof.at.toISOString() })
  }))
})

/** What a run would do. */
export const planForm = ({ sources, summary, ...plan }: SyncPlan) => ({
  ...plan,
  summary,
  sources: sources.map(({ problem, ...source }) => ({
    ...source,
    ...(problem === undefined ? {} : { problem: problem.message })
  }))
})

/** A pair, or a recording that only one side has. */
export const matchForm = (found: Match) =>
  found.match === "pair"
    ? {
        match: found.match,
        left: { source: found.left.source, id: found.left.id },
        right: { source: found.right.source, id: found.right.id },
        differences: found.differences
      }
    : { match: found.match, recording: { source: found.recording.source, id: found.recording.id } }

/** What a verification found. */
export const verifyForm = ({ checked, good }: VerifySummary, problems: ReadonlyArray<VerifyProblem>) => ({
  checked,
  good,
  problems
})

/** What the check of a proof found. */
export const proofForm = (proof: string, problems: ReadonlyArray<ProofProblem>) => ({
  proof,
  good: problems.length === 0,
  problems
})
