import type { ArchiveError } from "@callreel/archive"
import { Cause, Effect } from "effect"
import { CliConfig, type CliError, CliOutput, Command, Completions, GlobalFlag } from "effect/cli"
import { asksForJson, normaliseCommandLine } from "./commandLine.ts"
import { erase } from "./commands/erase.ts"
import { exportCommand } from "./commands/export.ts"
import { fetch } from "./commands/fetch.ts"
import { find } from "./commands/find.ts"
import { get } from "./commands/get.ts"
import { hold } from "./commands/hold.ts"
import { link } from "./commands/link.ts"
import { list } from "./commands/list.ts"
import { match } from "./commands/match.ts"
import { pruneSource } from "./commands/pruneSource.ts"
import { remove } from "./commands/remove.ts"
import { requestArchive } from "./commands/requestArchive.ts"
import { sources } from "./commands/sources.ts"
import { stats } from "./commands/stats.ts"
import { status } from "./commands/status.ts"
import { sync } from "./commands/sync.ts"
import { verify } from "./commands/verify.ts"
import { ExitCode, exitCodeOf } from "./failure/exitCode.ts"
import { type AlreadyReported, CommandError, type Failure, type OutputClosed } from "./failure/Failure.ts"
import { toJsonLine, toText } from "./failure/report.ts"
import { reporter } from "./failure/reporter.ts"
import { scrub } from "./failure/scrub.ts"
import { usageErrorOf } from "./failure/usageErrorOf.ts"
import { Invocation } from "./Invocation.ts"
import { Output } from "./output/Output.ts"
import { root } from "./root.ts"
import { readVersion } from "./version.ts"

const callreel = root.pipe(
  Command.withSubcommands([
    sources,
    list,
    get,
    find,
    fetch,
    stats,
    link,
    remove,
    requestArchive,
    sync,
    status,
    verify,
    exportCommand,
    erase,
    hold,
    pruneSource,
    match
  ])
)

const sharedOptions = (Completions.fromCommand(callreel).subcommands[0]?.flags ?? []).map(({ name }) => name)

/** Runs one command line and gives its exit code; only interruption ends it otherwise. */
export const program = Effect.fnUntraced(function* (argv: ReadonlyArray<string>) {
  const { isTerminal, env } = yield* Invocation
  const commandLine = normaliseCommandLine(argv, Completions.fromCommand(callreel))
  const json = asksForJson(commandLine)
  const colors = isTerminal.stdout && (env["NO_COLOR"] ?? "") === ""
  return yield* Command.runWith(callreel, { version: readVersion() })(commandLine).pipe(
    Effect.as(ExitCode.done),
    Effect.catch((failure) =>
      exitOf(failure._tag === "ArchiveError" ? ofCommand(failure, commandLine[0] ?? "callreel") : failure, json)
    ),
    Effect.catchCause((cause) => (Cause.hasInterrupts(cause) ? Effect.failCause(cause) : exitOfDefect(cause, json))),
    Effect.provideService(CliOutput.Presenter, yield* makePresenter(CliOutput.defaultFormatter({ colors }), json)),
    Effect.provideService(CliConfig.CliConfig, {
      builtIns: [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions]
    })
  )
})

/** Prints help and version that were asked for; what is wrong with a command line is reported as every other failure. */
const makePresenter = Effect.fnUntraced(function* (formatter: CliOutput.Formatter, json: boolean) {
  const { print } = yield* Output
  const presenter: CliOutput.Presenter = {
    present: (event) => {
      switch (event._tag) {
        case "Help":
          // A program that gave no command has made a mistake, and reads no help.
          if (json && event.reason === "Implicit") return Effect.void
          return Effect.ignore(print(`${formatter.formatHelpDoc(event.helpDoc)}\n`))
        case "Version":
          return Effect.ignore(print(`${event.version}\n`))
        case "InvalidInvocation":
          return Effect.void
      }
    }
  }
  return presenter
})

/** An archive does not know which command it serves. */
const ofCommand = ({ detail, reason, remedy }: ArchiveError, operation: string): CommandError =>
  new CommandError({ reason, operation, detail, ...(remedy === undefined ? {} : { remedy }) })

const exitOf = (
  failure: Failure | OutputClosed | AlreadyReported | CliError.CliError,
  json: boolean
): Effect.Effect<number, never, Output> => {
  if (failure._tag === "OutputClosed") return Effect.succeed(ExitCode.done)
  if (failure._tag === "AlreadyReported") return Effect.succeed(failure.exitCode)
  if (failure._tag === "RecordingError" || failure._tag === "CommandError") {
    const reason = failure._tag === "RecordingError" ? failure.reason._tag : failure.reason
    return Effect.as(reporter(json)(failure), exitCodeOf(reason))
  }
  // No command at all: help was shown, and that is what people ask for with it.
  if (failure._tag === "ShowHelp" && failure.errors.length === 0 && !json) return Effect.succeed(ExitCode.done)
  const command = failure._tag === "ShowHelp" ? failure.commandPath.slice(1).join(" ") : ""
  return exitOf(usageErrorOf(failure, command === "" ? "callreel" : command, sharedOptions), json)
}

/** A defect of callreel or of a library: its message was not written for people and may hold anything. */
const exitOfDefect = (cause: Cause.Cause<never>, json: boolean) =>
  Effect.gen(function* () {
    const { env, secrets } = yield* Invocation
    const { note } = yield* Output
    const debug = env["CALLREEL_DEBUG"] === "1"
    const squashed = Cause.squash(cause)
    const what = debug
      ? Cause.pretty(cause)
      : squashed instanceof Error
        ? `${squashed.name}: ${squashed.message}`
        : "unknown"
    const report = {
      reason: "Unexpected" as const,
      operation: "callreel",
      message: `unexpected error: ${scrub(what, secrets)}`,
      remedy: debug ? "please report it" : "please report it; CALLREEL_DEBUG=1 shows where it happened"
    }
    yield* note(json ? toJsonLine(report) : toText(report))
    return ExitCode.unexpected
  })
