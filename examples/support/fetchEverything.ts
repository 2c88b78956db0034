import {
  Lane,
  mergeSources,
  type Recording,
  type RecordingError,
  type RecordingSource,
  RetryLimits,
  type TimeWindow
} from "@callreel/recording"
import { configuredSources } from "callreel"
import { Duration, Effect, Stream } from "effect"
import { type Fetched, saveRecording } from "./saveRecording.ts"
import { verifySums, writeSums } from "./sums.ts"

/** What to fetch, and where to. */
export interface FetchEverything {
  readonly config: string
  readonly window: TimeWindow
  readonly folder: string
}

/** At once: more would only wait at the vendor's limits. */
const concurrency = 8

/** A migration has patience: eight tries within five minutes, beside waiting for limits. */
const patience = { attempts: 8, within: Duration.minutes(5) }

/** Lists, fetches, verifies and tells. Fails where listing fails: a list with a hole must not look complete. */
export const fetchEverything = ({ config, folder, window }: FetchEverything) =>
  Effect.scoped(
    Effect.gen(function* () {
      const sources = yield* configuredSources({ config })
      const results = yield* mergeSources(sources, { ...window, order: "oldest-first" }).pipe(
        Stream.mapEffect((recording) => fetchOne(sources, recording, folder), { concurrency }),
        Stream.runCollect
      )
      const saved = results.filter((result) => result.state === "saved")
      yield* Effect.promise(() => writeSums(folder, saved))
      const verified = yield* Effect.promise(() => verifySums(folder))
      return tell(results, verified, folder)
    })
  ).pipe(Effect.provideService(Lane, "bulk"), Effect.provideService(RetryLimits, patience))

type Result =
  | ({ readonly state: "saved" } & Fetched)
  | { readonly state: "unavailable" | "failed"; readonly why: string }

/** One bad recording never stops the rest. */
const fetchOne = (
  sources: ReadonlyArray<RecordingSource>,
  recording: Recording,
  folder: string
): Effect.Effect<Result> => {
  const source = sources.find(({ name }) => name === recording.source)
  if (source === undefined) return Effect.die(new Error("a recording of no source"))
  return saveRecording(source, recording, folder).pipe(
    Effect.map((fetched): Result => ({ state: "saved", ...fetched })),
    Effect.catch((error) => Effect.succeed(outcomeOf(error)))
  )
}

const outcomeOf = ({ reason, message }: RecordingError): Result => {
  const state = ["Gone", "NotFound", "Pending"].includes(reason._tag) ? "unavailable" : "failed"
  return { state, why: state === "failed" ? message : reason._tag === "Gone" ? reason.why : reason._tag }
}

const tell = (results: ReadonlyArray<Result>, verified: number, folder: string) => {
  const count = (state: Result["state"]): number => results.filter((result) => result.state === state).length
  const bytes = results.reduce((sum, result) => sum + (result.state === "saved" ? result.bytes : 0), 0)
  const summary = {
    listed: results.length,
    saved: count("saved"),
    unavailable: count("unavailable"),
    failed: count("failed")
  }
  for (const result of results) if (result.state === "failed") console.error(`failed: ${result.why}`)
  console.log(`${summary.listed} recordings listed`)
  console.log(
    `${summary.saved} fetched, ${(bytes / 1e6).toFixed(1)} MB; ${verified} read again and verified by SHA-512`
  )
  console.log(`${summary.unavailable} not to be had at the vendor, ${summary.failed} failed`)
  console.log(`audio, a .json beside each, and SHA512SUMS are in ${folder}`)
  return summary
}
