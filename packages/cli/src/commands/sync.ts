import type { RecordingError } from "@callreel/recording"
import type { ArchiveError, SyncPlan, SyncResult, SyncSource } from "@callreel/archive"
import { Clock, Duration, Effect, Fiber, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { openConfiguredArchive } from "../configuration/openConfiguredArchive.ts"
import { configuration, openSources } from "../configuration/openSources.ts"
import { ExitCode, exitCodeOfAll } from "../failure/exitCode.ts"
import { AlreadyReported, usageError } from "../failure/Failure.ts"
import { reporter } from "../failure/reporter.ts"
import { planForm, syncForm } from "../output/archiveForms.ts"
import { planText, syncText } from "../output/archiveText.ts"
import { jsonLine } from "../output/forms.ts"
import { Output } from "../output/Output.ts"
import { makeSyncProgress } from "../output/SyncProgress.ts"
import { root } from "../root.ts"
import { parseTime } from "../time.ts"
import { askingVendors } from "../vendorRequests.ts"
import { readVersion } from "../version.ts"
import { boundsFlags, boundsOf } from "./boundsFlags.ts"
import { filterFlags, filtersOf, sourceFlag, time } from "./parameters.ts"

/** How long what is under way may take to end after a request to stop. */
const grace = Duration.seconds(15)

/** `callreel sync`: brings the archive up to date, and proves what is in it. */
export const sync = Command.make(
  "sync",
  {
    source: sourceFlag,
    from: time("from", "Calls that started at this time or later (default: where the last run ended, or since)"),
    to: time("to", "Calls that started before this time"),
    ...filterFlags,
    retryFailed: Flag.Boolean("retry-failed").pipe(
      Flag.withDescription("Only try again what failed or was refused, now"),
      Flag.withoutNegation,
      Flag.withDefault(false)
    ),
    dryRun: Flag.Boolean("dry-run").pipe(
      Flag.withDescription("Only say what would be done; changes nothing"),
      Flag.withoutNegation,
      Flag.withDefault(false)
    ),
    ...boundsFlags
  },
  Effect.fnUntraced(function* (input) {
    const { json } = yield* root
    const { note, print } = yield* Output
    const filters = filtersOf(input)
    const isFiltered = Object.keys(filters).length > 0
    const window = yield* windowOfRun(input)
    if (isFiltered && window === undefined) {
      return yield* usageError("sync", "a filter needs a window: --from is missing", "what is new is read unfiltered")
    }
    const { archive, layout, proofKey } = yield* openConfiguredArchive("sync", input.dryRun ? "pretend" : "make")
    const sources = yield* withSince(yield* openSources("sync", input.source))
    const { planSync, syncArchive } = yield* Effect.promise(() => import("@callreel/archive"))
    const options = {
      ...boundsOf(input),
      ...window,
      ...(isFiltered && { filters }),
      retryFailed: input.retryFailed,
      layout,
      ...(proofKey && { proofKey }),
      tool: `callreel ${readVersion()}`
    }
    if (input.dryRun) {
      const plan: SyncPlan = yield* planSync(archive, sources, options)
      const problems = yield* reportProblems(plan.sources)
      yield* print(json ? jsonLine(planForm(plan)) : planText(plan))
      if (json) yield* note(`${plan.summary}\n`)
      return problems.length > 0 ? yield* new AlreadyReported({ exitCode: exitCodeOfAll(problems) }) : undefined
    }
    const stop: Stop = { asked: false }
    // The progress ends with the run, so that nothing is drawn over what is printed then.
    const running = Effect.scoped(
      Effect.flatMap(makeSyncProgress, (progress) =>
        syncArchive(archive, sources, { ...options, progress, stop: () => stop.asked })
      )
    )
    const result = yield* finishing(running, stop, (stopped) => Effect.ignore(tell(stopped)))
    const problems = yield* tell(result)
    if (problems.length > 0) return yield* new AlreadyReported({ exitCode: exitCodeOfAll(problems) })
    if (result.failed > 0) return yield* new AlreadyReported({ exitCode: ExitCode.someFailed })
  }, askingVendors("bulk"))
).pipe(
  Command.withDescription(
    "Bring the archive up to date: list, fetch, verify, prove. Can be stopped at any time and run again"
  ),
  Command.withExamples([
    {
      command: "callreel sync --from 2024-01-01 --to 2026-01-01",
      description: "Two years of all sources, with a proof of each"
    },
    { command: "callreel sync", description: "What is new since the last run" },
    { command: "callreel sync --retry-failed", description: "Once more what failed" }
  ])
)

/** The window of a run, which ends now where no end is named; undefined for what is new since the last one. */
const windowOfRun = Effect.fnUntraced(function* ({
  from,
  to
}: {
  readonly from: Option.Option<Date>
  readonly to: Option.Option<Date>
}) {
  if (Option.isNone(from)) {
    return Option.isNone(to) ? undefined : yield* usageError("sync", "a window needs a beginning: --from is missing")
  }
  const end = Option.isSome(to) ? to.value : new Date(yield* Clock.currentTimeMillis)
  return from.value < end
    ? { from: from.value, to: end }
    : yield* usageError("sync", "--from must be before --to", "without --to the window ends now")
})

/** Sources with the beginning that the configuration gives them. */
const withSince = Effect.fnUntraced(function* (sources: ReadonlyArray<SyncSource["source"]>) {
  const configured = (yield* configuration).sources
  return sources.map((source): SyncSource => {
    const since = configured.find(({ name }) => name === source.name)?.options["since"]
    const at = typeof since === "string" ? parseTime(since) : undefined
    return { source, ...(at && { since: at }) }
  })
})

/** Prints why sources were not read to their end, and gives the reasons. */
const reportProblems = Effect.fnUntraced(function* (sources: ReadonlyArray<{ readonly problem?: RecordingError }>) {
  const { json } = yield* root
  const problems = sources.flatMap(({ problem }) => (problem === undefined ? [] : [problem]))
  yield* Effect.forEach(problems, reporter(json), { discard: true })
  return problems.map(({ reason }) => reason._tag)
})

/** Prints what a run led to; gives the reasons of sources that were not read to their end. */
const tell = Effect.fnUntraced(function* (result: SyncResult) {
  const { json } = yield* root
  const { note, print } = yield* Output
  const problems = yield* reportProblems(result.sources)
  yield* print(json ? jsonLine(syncForm(result)) : syncText(result))
  if (json) yield* note(`${result.summary}\n`)
  return problems
})

interface Stop {
  asked: boolean
}

/** Interruption lets what is under way come to its end, within bounds, and tells how far the run came. */
const finishing = <RunServices, TellServices>(
  running: Effect.Effect<SyncResult, ArchiveError, RunServices>,
  stop: Stop,
  stopped: (result: SyncResult) => Effect.Effect<unknown, never, TellServices>
): Effect.Effect<SyncResult, ArchiveError, RunServices | TellServices | Output> =>
  Effect.gen(function* () {
    const { note } = yield* Output
    const fiber = yield* Effect.forkDetach(running)
    return yield* Effect.onInterrupt(Fiber.join(fiber), () =>
      Effect.gen(function* () {
        stop.asked = true
        const exit = yield* Effect.timeoutOption(Fiber.await(fiber), grace)
        if (Option.isNone(exit)) {
          yield* note("stopped in the midst of what was under way; run it again to go on\n")
          return yield* Fiber.interrupt(fiber)
        }
        if (exit.value._tag === "Success") yield* stopped(exit.value.value)
      })
    )
  })
