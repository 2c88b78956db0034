import { Forbidden, RecordingError, type RecordingSource, type SourceCheck } from "@callreel/recording"
import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { configuration, connect } from "../configuration/openSources.ts"
import { exitCodeOfAll } from "../failure/exitCode.ts"
import { AlreadyReported, type Failure } from "../failure/Failure.ts"
import { reporter } from "../failure/reporter.ts"
import { Invocation } from "../Invocation.ts"
import { jsonLine, sourceForm } from "../output/forms.ts"
import { Output } from "../output/Output.ts"
import { root } from "../root.ts"
import { askingVendors } from "../vendorRequests.ts"

/** `callreel sources`: what is configured and what it can do; every source is tried, whatever becomes of the others. */
export const sources = Command.make(
  "sources",
  {
    check: Flag.Boolean("check").pipe(
      Flag.withDescription("Log in to every source and test its permissions"),
      Flag.withoutNegation,
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(function* ({ check }) {
    const { json } = yield* root
    const { print } = yield* Output
    const { columns, isTerminal } = yield* Invocation
    const report = reporter(json)
    // Loaded by this command alone, as are tables by those that print them.
    const { capabilityTable, checkText } = yield* Effect.promise(() => import("../output/sourceTable.ts"))
    const loaded = yield* configuration
    const failures: Array<Failure> = []
    const note = (failure: Failure) => {
      failures.push(failure)
      return report(failure)
    }
    const opened: Array<RecordingSource> = []
    const checked: Array<string> = []
    for (const configured of loaded.sources) {
      const source = yield* unlessFailed(connect(loaded, configured), note)
      if (source === undefined) continue
      const found = check ? yield* unlessFailed(source.check(), note) : undefined
      for (const failure of missingPermissions(source, found)) yield* note(failure)
      opened.push(source)
      if (found !== undefined) checked.push(checkText(source.name, found))
      if (json) yield* print(jsonLine(sourceForm(source, found)))
    }
    if (!json && opened.length > 0) {
      yield* print(capabilityTable(opened, isTerminal.stdout ? columns : undefined))
      if (checked.length > 0) yield* print(`\n${checked.join("")}`)
    }
    if (failures.length > 0) {
      const reasons = failures.map((failure) =>
        failure._tag === "RecordingError" ? failure.reason._tag : failure.reason
      )
      return yield* new AlreadyReported({ exitCode: exitCodeOfAll(reasons) })
    }
  }, askingVendors("interactive"))
).pipe(
  Command.withDescription("Show the configured sources and what they can do"),
  Command.withExamples([
    { command: "callreel sources", description: "Capabilities of every source" },
    {
      command: "callreel sources --check",
      description: "Test credentials and permissions; exit code 3 where any is refused"
    }
  ])
)

const unlessFailed = <A, E extends Failure, R, R2>(
  effect: Effect.Effect<A, E, R>,
  note: (failure: Failure) => Effect.Effect<void, never, R2>
): Effect.Effect<A | undefined, never, R | R2> =>
  effect.pipe(Effect.catch((failure) => Effect.as(note(failure), undefined)))

const missingPermissions = ({ name }: RecordingSource, found: SourceCheck | undefined): ReadonlyArray<RecordingError> =>
  (found?.permissions ?? [])
    .filter(({ granted }) => !granted)
    .map(
      (permission) =>
        new RecordingError({
          source: name,
          operation: "check",
          reason: new Forbidden({ permission: permission.name, detail: `the permission ${permission.name} is missing` })
        })
    )
