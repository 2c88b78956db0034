import type { Recording, RecordingError, RecordingSource } from "@callreel/recording"
import { Lane, MaxWait } from "@callreel/recording"
import { Clock, Duration, Effect, Stream } from "effect"
import type { Archive } from "./Archive.ts"
import type { ArchiveError } from "./ArchiveError.ts"
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
  options: Pick<SyncOptions, "from" | "to" | "filters" | "retryFailed">
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

const planSource = (
  { ledger }: Pick<Archive, "ledger">,
  source: RecordingSource,
  { filters, from, retryFailed, to }: Pick<SyncOptions, "from" | "to" | "filters" | "retryFailed">
): Effect.Effect<SourcePlan, ArchiveError> =>
  Effect.gen(function* () {
    const now = new Date(yield* Clock.currentTimeMillis)
    const window = { ...(from && { from }), ...(to && { to }) }
    const due = { ...window, source: source.name, now }
    const waiting = retryFailed === true ? 0 : yield* ledger.countDue({ ...due, state: "pending" })
    const failed = yield* ledger.countDue({ ...due, state: "failed" })
    const asks = Effect.gen(function* () {
      if (retryFailed === true) return Stream.empty
      if (from !== undefined && to !== undefined) {
        return source.list({ from, to, ...filters }).pipe(Stream.grouped(pageSize))
      }
      const after = yield* ledger.checkpoint(source.name)
      return source.changes(after).pipe(Stream.map(({ recordings }): ReadonlyArray<Recording> => recordings))
    })
    const summing = Stream.runFoldEffect(
      Stream.unwrap(asks),
      (): Sum => ({ listed: 0, fetches: waiting + failed, bytes: 0 }),
      (sum, recordings) =>
        Effect.map(
          Effect.filter(recordings, (recording) => Effect.map(ledger.find(recording), (entry) => entry === undefined), {
            concurrency: 8
          }),
          (unknown): Sum => {
            const obtainable = unknown.filter(({ availability }) => availability.state === "available")
            return {
              listed: sum.listed + recordings.length,
              fetches: sum.fetches + obtainable.length,
              bytes: obtainable.reduce((bytes, { audio }) => bytes + (audio?.bytes ?? 0), sum.bytes)
            }
          }
        )
    )
    const { audioRequests, requestsPerMinute } = source.capability
    return yield* summing.pipe(
      Effect.map((sum): SourcePlan => {
        const requests = sum.fetches * audioRequests
        return {
          source: source.name,
          ...sum,
          requests,
          ...(requestsPerMinute !== undefined && { seconds: Math.ceil((requests / requestsPerMinute) * 60) })
        }
      }),
      Effect.catchTag("RecordingError", (problem) =>
        Effect.succeed<SourcePlan>({
          source: source.name,
          listed: 0,
          fetches: waiting + failed,
          bytes: 0,
          requests: 0,
          problem
        })
      )
    )
  })

const pageSize = 500
