import type { Recording, RecordingError, RecordingSource, TimeWindow } from "@callreel/recording"
import { Lane, MaxWait } from "@callreel/recording"
import { Clock, Duration, Effect, Stream } from "effect"
import type { Archive } from "./Archive.ts"
import type { ArchiveError } from "./ArchiveError.ts"
import type { Entry } from "./Entry.ts"
import { foundOf } from "./internal/found.ts"
import { listed } from "./internal/state.ts"
import { passesOf } from "./internal/sync/passes.ts"
import type { SyncOptions, SyncSource } from "./sync.ts"

/** What a run would do with one source. */
export interface SourcePlan {
  readonly source: string
  /** Recordings that the source lists. */
  readonly listed: number
  /** Recordings that would be fetched: new ones, and those in the ledger that are due. */
  readonly fetches: number
  /** Their size, where the source tells it. */
  readonly bytes: number
  /** Requests of these fetches; listing comes on top. */
  readonly requests: number
  /** The shortest time that the vendor's documented limit allows for them. */
  readonly seconds?: number
  readonly problem?: RecordingError
}

/** What a run would do. */
export interface SyncPlan {
  readonly listed: number
  readonly fetches: number
  readonly bytes: number
  readonly requests: number
  readonly summary: string
  readonly sources: ReadonlyArray<SourcePlan>
}

/** Says what `syncArchive` would do, without fetching anything or changing the archive. Asks the sources for their lists. */
export const planSync = (
  archive: Pick<Archive, "ledger">,
  sources: ReadonlyArray<SyncSource>,
  options: PlanOptions
): Effect.Effect<SyncPlan, ArchiveError> =>
  Effect.gen(function* () {
    const plans = yield* Effect.forEach(sources, ({ source }) => planSource(archive, source, options), {
      concurrency: "unbounded"
    })
    const sum = (key: "listed" | "fetches" | "bytes" | "requests"): number =>
      plans.reduce((total, plan) => total + plan[key], 0)
    const fetches = sum("fetches")
    return {
      listed: sum("listed"),
      fetches,
      bytes: sum("bytes"),
      requests: sum("requests"),
      summary: `${sum("listed").toLocaleString("en")} listed, ${fetches.toLocaleString("en")} would be fetched`,
      sources: plans
    }
  }).pipe(Effect.provideService(Lane, "bulk"), Effect.provideService(MaxWait, Duration.infinity))

interface Sum {
  readonly listed: number
  readonly fetches: number
  readonly bytes: number
}

type PlanOptions = Pick<SyncOptions, "from" | "to" | "filters" | "retryFailed">

const planSource = (
  { ledger }: Pick<Archive, "ledger">,
  source: RecordingSource,
  options: PlanOptions
): Effect.Effect<SourcePlan, ArchiveError> =>
  Effect.gen(function* () {
    const now = new Date(yield* Clock.currentTimeMillis)
    const { from, retryFailed } = options
    const window = from === undefined ? undefined : { from, to: options.to ?? now }
    const passes = passesOf({ source: source.name, ...window }, { begun: now, now }, retryFailed === true)
    const due = yield* Effect.forEach(passes, ({ query }) => ledger.countDue(query))
    const waiting: Sum = { listed: 0, fetches: due.reduce((sum, count) => sum + count, 0), bytes: 0 }
    const pages = retryFailed === true ? Stream.empty : listedBy(ledger, source, window, options.filters)
    const summing = Stream.runFoldEffect(
      pages,
      (): Sum => waiting,
      (sum, recordings) =>
        Effect.map(newlyDue(ledger, source, recordings, now), (found): Sum => ({
          listed: sum.listed + recordings.length,
          fetches: sum.fetches + found.length,
          bytes: found.reduce((bytes, { audio }) => bytes + (audio?.bytes ?? 0), sum.bytes)
        }))
    )
    return yield* summing.pipe(
      Effect.map((sum) => planOf(source, sum)),
      Effect.catchTag("RecordingError", (problem) => Effect.succeed({ ...planOf(source, waiting), problem }))
    )
  })

const planOf = ({ capability, name }: RecordingSource, sum: Sum): SourcePlan => {
  const { audioRequests, requestsPerMinute } = capability
  const requests = sum.fetches * audioRequests
  return {
    source: name,
    ...sum,
    requests,
    ...(requestsPerMinute !== undefined && { seconds: Math.ceil((requests / requestsPerMinute) * 60) })
  }
}

/** Pages of what a run would list. */
const listedBy = (
  ledger: Archive["ledger"],
  source: RecordingSource,
  window: TimeWindow | undefined,
  filters: SyncOptions["filters"]
): Stream.Stream<ReadonlyArray<Recording>, RecordingError | ArchiveError> =>
  window === undefined
    ? Stream.unwrap(
        Effect.map(ledger.checkpoint(source.name), (after) =>
          Stream.map(source.changes(after), ({ recordings }) => recordings)
        )
      )
    : Stream.grouped(source.list({ ...window, ...filters }), pageSize)

const pageSize = 500

/** Those that listing would make due; what is due already is counted apart. */
const newlyDue = (
  ledger: Archive["ledger"],
  source: RecordingSource,
  recordings: ReadonlyArray<Recording>,
  now: Date
): Effect.Effect<ReadonlyArray<Recording>, ArchiveError> =>
  Effect.filter(
    recordings,
    (recording) =>
      Effect.map(ledger.find({ source: source.name, id: recording.id }), (before) => {
        const after = listed(before, foundOf(recording, source), now)
        return isDue(after, now) && !(before !== undefined && isDue(before, now))
      }),
    { concurrency: 8 }
  )

const isDue = ({ retryAt, state }: Entry, now: Date): boolean =>
  state === "pending" && (retryAt === undefined || retryAt <= now)
