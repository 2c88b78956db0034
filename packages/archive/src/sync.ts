import type { RecordingError, RecordingQuery, RecordingSource } from "@callreel/recording"
import { Lane, MaxWait, RetryLimits } from "@callreel/recording"
import { Clock, Duration, Effect, Stream } from "effect"
import type { Archive } from "./Archive.ts"
import { ArchiveError } from "./ArchiveError.ts"
import type { Entry } from "./Entry.ts"
import { addCounts } from "./internal/ledger/counts.ts"
import type { Layout } from "./internal/layout.ts"
import type { ProofKey } from "./internal/proof/proofKey.ts"
import { writeProof } from "./internal/proof/writeProof.ts"
import { type Bounds, type Budget, makeBudget, type Stopped } from "./internal/sync/Budget.ts"
import { discover } from "./internal/sync/discover.ts"
import { fetchDue } from "./internal/sync/fetchDue.ts"
import { notObtained, type NotObtained } from "./internal/sync/notObtained.ts"
import { passesOf } from "./internal/sync/passes.ts"
import type { TryContext } from "./internal/sync/tryOne.ts"
import type { Counts, EntryQuery } from "./Ledger.ts"
import { sentenceOf } from "./Proof.ts"

/** Filters of a listing; a run with any of them writes no proof, as it does not know all. */
export type SyncFilters = Pick<RecordingQuery, "direction" | "number" | "extension" | "queue">

/** A source to archive. */
export interface SyncSource {
  readonly source: RecordingSource
  /** Where its calls begin, for runs without a window: what the source's own option says. */
  readonly since?: Date
}

/** What a run is to do. */
export interface SyncOptions extends Bounds {
  /** A window of call starts, half-open; `to` is now by default. Without both, what changed since the last run. */
  readonly from?: Date
  readonly to?: Date
  readonly filters?: SyncFilters
  /** Lists nothing and tries only what failed, or was refused, now. */
  readonly retryFailed?: boolean
  readonly layout: Layout
  /** Told in proofs: program and version. */
  readonly tool: string
  readonly proofKey?: ProofKey
  /** Asked before each page of a listing and each fetch: whether to end the run early. What is under way is finished. */
  readonly stop?: () => boolean
  readonly progress?: (progress: SyncProgress) => Effect.Effect<void>
  /** How often, and after which first pause, a fetch is tried again within the run. Default 1, five seconds. */
  readonly again?: TryContext["again"]
}

/** How far a source is. */
export interface SyncProgress {
  readonly source: string
  readonly phase: "listing" | "fetching" | "proving" | "done"
  /** Recordings that this run listed. */
  readonly listed: number
  /** Recordings that are to be fetched, as counted when fetching began. */
  readonly due: number
  /** Of these, tried. */
  readonly tried: number
  readonly archived: number
  /** Bytes that the whole run received. */
  readonly bytes: number
}

/** Where a source stands after a run. */
export interface SourceResult extends Counts {
  readonly source: string
  readonly from?: Date
  readonly to: Date
  /** Path of the proof; none where the run did not come to its end. */
  readonly proof?: string
  /** Why the source was not read to its end. */
  readonly problem?: RecordingError
}

/** What a run led to. The counts are of all recordings in its sources and window; `fetched` and `bytesFetched` of this run. */
export interface SyncResult extends Counts {
  readonly fetched: number
  readonly bytesFetched: number
  readonly summary: string
  readonly sources: ReadonlyArray<SourceResult>
  /** What is not archived, and why; of very many only the first. */
  readonly notObtained: ReadonlyArray<NotObtained>
  readonly stopped?: Stopped
}

const defaultTransfers = 4
const defaultAgain: TryContext["again"] = { times: 1, pause: Duration.seconds(5) }

/** Nobody waits: what lists may be tried for longer than at a terminal. Audio is tried again by the run, too. */
const patience = { attempts: 8, within: Duration.minutes(5) }
const patienceForAudio = { attempts: 4, within: Duration.minutes(1) }

/**
 * Brings an archive up to date with its sources: lists what they have, fetches what is due, and proves what is there.
 * Sources run side by side. It can be killed at any moment and run again.
 *
 * A source's own troubles are told in the result; only an archive that cannot be used, or is written by another process,
 * fails.
 */
export const syncArchive = (
  archive: Archive,
  sources: ReadonlyArray<SyncSource>,
  { from, ...rest }: SyncOptions
): Effect.Effect<SyncResult, ArchiveError> =>
  Effect.gen(function* () {
    const begun = new Date(yield* Clock.currentTimeMillis)
    // A window without an end ends now.
    const options: SyncOptions = { ...rest, ...(from && { from, to: rest.to ?? begun }) }
    yield* checkWindow(options)
    yield* archive.ledger.lock
    const { isFirst, wasKilled } = yield* archive.ledger.beginRun
    yield* archive.destination.tidy
    const budget = yield* makeBudget(options, options.stop ?? (() => false))
    const run: Run = { archive, options, budget, begun, isFirst, wasKilled, fetched: { recordings: 0, bytes: 0 } }
    const done = yield* Effect.forEach(sources, (source) => syncSource(run, source), { concurrency: "unbounded" })
    yield* archive.ledger.endRun
    const results = done.map(({ result }) => result)
    const counts = addCounts(results)
    const stopped = budget.stopped()
    return {
      ...counts,
      fetched: run.fetched.recordings,
      bytesFetched: run.fetched.bytes,
      summary: sentenceOf(counts),
      sources: results,
      notObtained: yield* notObtained(
        archive.ledger,
        done.map(({ query }) => query)
      ),
      ...(stopped !== undefined && { stopped })
    }
  }).pipe(
    Effect.scoped,
    Effect.provideService(Lane, "bulk"),
    Effect.provideService(MaxWait, Duration.infinity),
    Effect.provideService(RetryLimits, patience)
  )

const checkWindow = ({ filters, from, retryFailed, to }: SyncOptions): Effect.Effect<void, ArchiveError> => {
  if (filters !== undefined && (from === undefined || retryFailed === true)) {
    return invalid("filters are for what a window lists: name one with --from, and without --retry-failed")
  }
  if (from === undefined && to !== undefined) return invalid("a window needs a beginning: --from")
  return from !== undefined && to !== undefined && from >= to ? invalid("--from must be before --to") : Effect.void
}

const invalid = (detail: string) => Effect.fail(new ArchiveError({ reason: "InvalidQuery", detail }))

/** One run, with all of its sources. */
interface Run {
  readonly archive: Archive
  readonly options: SyncOptions
  readonly budget: Budget
  readonly begun: Date
  readonly isFirst: boolean
  readonly wasKilled: boolean
  readonly fetched: { recordings: number; bytes: number }
}

const queryOf = (source: string, { from, to }: SyncOptions): EntryQuery & { readonly source: string } => ({
  source,
  ...(from && { from }),
  ...(to && { to })
})

const syncSource = (
  run: Run,
  { since, source }: SyncSource
): Effect.Effect<{ readonly result: SourceResult; readonly query: EntryQuery }, ArchiveError> =>
  Effect.gen(function* () {
    const { archive, budget, options } = run
    const scope = yield* scopeOf(run, source.name, since)
    const progress = yield* makeProgress(source.name, run)
    const problems: Array<RecordingError> = []
    const noting = (work: Effect.Effect<void, RecordingError | ArchiveError>): Effect.Effect<void, ArchiveError> =>
      Effect.catchTag(work, "RecordingError", (error) => Effect.sync(() => void problems.push(error)))

    if (options.retryFailed !== true) yield* noting(listAll(run, source, progress))
    yield* noting(fetchAll(run, source, progress))
    const isWhole =
      problems.length === 0 &&
      options.filters === undefined &&
      options.retryFailed !== true &&
      budget.stopped() === undefined
    yield* progress.phase(isWhole ? "proving" : "done")
    const proof = isWhole
      ? yield* writeProof(archive, {
          source,
          ...scope,
          tool: options.tool,
          ...(options.proofKey && { key: options.proofKey })
        })
      : undefined
    yield* progress.phase("done")
    const [problem] = problems
    return {
      query: scope.query,
      result: {
        source: source.name,
        ...(scope.from && { from: scope.from }),
        to: scope.to,
        ...(yield* archive.ledger.counts(scope.query)),
        ...(proof !== undefined && { proof }),
        ...(problem !== undefined && { problem })
      }
    }
  })

/** What a run is about: its window, or all since the source's changes were first read. */
interface Scope {
  /** What is counted. */
  readonly query: EntryQuery
  /** The window that is told. */
  readonly from?: Date
  readonly to: Date
}

const scopeOf = (
  { archive: { ledger }, begun, options: { from, to } }: Run,
  source: string,
  since: Date | undefined
): Effect.Effect<Scope, ArchiveError> =>
  Effect.gen(function* () {
    if (from !== undefined) {
      return { query: { source, from, ...(to && { to }) }, from, to: to ?? begun }
    }
    const isFirst = (yield* ledger.checkpoint(source)) === undefined
    const begins = yield* ledger.beginning(source, isFirst ? since : undefined)
    return { query: { source, ...(begins && { from: begins }) }, ...(begins && { from: begins }), to: begun }
  })

interface Progress {
  readonly phase: (phase: SyncProgress["phase"]) => Effect.Effect<void>
  readonly listed: (recordings: number) => Effect.Effect<void>
  readonly due: (recordings: number) => Effect.Effect<void>
  readonly tried: (entry: Entry) => Effect.Effect<void>
}

const makeProgress = (source: string, { budget, fetched, options }: Run): Effect.Effect<Progress> =>
  Effect.sync(() => {
    let now: SyncProgress = { source, phase: "listing", listed: 0, due: 0, tried: 0, archived: 0, bytes: 0 }
    const tell = (change: Partial<SyncProgress>) =>
      Effect.suspend(() => {
        now = { ...now, ...change, bytes: budget.bytes() }
        return options.progress?.(now) ?? Effect.void
      })
    return {
      phase: (phase) => tell({ phase }),
      listed: (recordings) => tell({ listed: now.listed + recordings }),
      due: (recordings) => tell({ due: recordings }),
      tried: ({ file, state }) => {
        if (state !== "archived") return tell({ tried: now.tried + 1 })
        fetched.recordings += 1
        fetched.bytes += file?.bytes ?? 0
        return tell({ tried: now.tried + 1, archived: now.archived + 1 })
      }
    }
  })

const listAll = (
  { archive, budget, options }: Run,
  source: RecordingSource,
  progress: Progress
): Effect.Effect<void, RecordingError | ArchiveError> => {
  const { filters, from, to } = options
  if (from !== undefined && to !== undefined) {
    const window: RecordingQuery = { from, to, order: "oldest-first", ...filters }
    return discover(archive.ledger, source, { window }, budget, progress.listed)
  }
  return discover(archive.ledger, source, "changes", budget, progress.listed)
}

const hasFiles = ({ destination }: Archive, source: string): Effect.Effect<boolean, ArchiveError> =>
  destination.list(source).pipe(
    Stream.take(1),
    Stream.runFold(
      () => false,
      (found, page) => found || page.length > 0
    )
  )

const fetchAll = (
  run: Run,
  source: RecordingSource,
  progress: Progress
): Effect.Effect<void, RecordingError | ArchiveError> =>
  Effect.gen(function* () {
    const { archive, begun, budget, isFirst, options, wasKilled } = run
    yield* progress.phase("fetching")
    const now = new Date(yield* Clock.currentTimeMillis)
    const passes = passesOf(queryOf(source.name, options), { begun, now }, options.retryFailed === true)
    const due = yield* Effect.forEach(passes, ({ query }) => archive.ledger.countDue(query))
    yield* progress.due(due.reduce((sum, count) => sum + count, 0))
    const context: TryContext = {
      archive,
      layout: options.layout,
      received: budget.received,
      // A ledger that is new beside files that are not was lost.
      wasKilled: wasKilled || (isFirst && (yield* hasFiles(archive, source.name))),
      again: options.again ?? defaultAgain
    }
    yield* fetchDue(context, source, passes, budget, options.transfers ?? defaultTransfers, progress.tried).pipe(
      Effect.provideService(RetryLimits, patienceForAudio)
    )
  })
