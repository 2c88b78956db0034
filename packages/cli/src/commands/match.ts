import type { Match } from "@callreel/archive"
import { Effect, Option, Stream } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { openSource } from "../configuration/openSources.ts"
import { ExitCode } from "../failure/exitCode.ts"
import { AlreadyReported } from "../failure/Failure.ts"
import { matchForm } from "../output/archiveForms.ts"
import { matchText } from "../output/archiveText.ts"
import { jsonLine } from "../output/forms.ts"
import { Output } from "../output/Output.ts"
import { root } from "../root.ts"
import { askingVendors } from "../vendorRequests.ts"
import { windowFlags, windowOf } from "./parameters.ts"

const seconds = (name: string, description: string) =>
  Flag.Finite(name).pipe(
    Flag.withMetavar("SECONDS"),
    Flag.withDescription(description),
    Flag.filter(
      (value) => value >= 0,
      () => "a number of seconds, 0 or more"
    ),
    Flag.optional
  )

/** `callreel match`: whether two systems have the same calls. */
export const match = Command.make(
  "match",
  {
    left: Argument.String("A").pipe(Argument.withDescription("Configured name of one source")),
    right: Argument.String("B").pipe(Argument.withDescription("Configured name of the other source")),
    ...windowFlags,
    startTolerance: seconds("start-tolerance", "Starts of one call differ by at most so much (default: 120)"),
    durationTolerance: seconds(
      "duration-tolerance",
      "Durations of one call differ by at most so much, or by a tenth (default: 5)"
    )
  },
  Effect.fnUntraced(function* (input) {
    const { json } = yield* root
    const { note, print } = yield* Output
    const window = yield* windowOf("match", input)
    const left = yield* openSource("match", input.left)
    const right = yield* openSource("match", input.right)
    const { defaultTolerance, matchRecordings } = yield* Effect.promise(() => import("@callreel/archive"))
    const tolerance = {
      ...defaultTolerance,
      ...(Option.isSome(input.startTolerance) && { startSeconds: input.startTolerance.value }),
      ...(Option.isSome(input.durationTolerance) && { durationSeconds: input.durationTolerance.value })
    }
    const query = { ...window, order: "oldest-first" as const }
    const counts = { pair: 0, "only-left": 0, "only-right": 0 }
    yield* Stream.runForEachArray(matchRecordings(left.list(query), right.list(query), tolerance), (matches) => {
      for (const { match: kind } of matches) counts[kind] += 1
      const line = (found: Match) => (json ? jsonLine(matchForm(found)) : matchText(found, left.name, right.name))
      return print(matches.map(line).join(""))
    })
    yield* note(
      `${counts.pair} pairs, ${counts["only-left"]} only in ${left.name}, ${counts["only-right"]} only in ${right.name}\n`
    )
    if (counts["only-left"] + counts["only-right"] > 0) {
      return yield* new AlreadyReported({ exitCode: ExitCode.someFailed })
    }
  }, askingVendors("bulk"))
).pipe(
  Command.withDescription("Compare the calls of two sources: pairs, and what only one of them has (exit code 7)"),
  Command.withExamples([
    {
      command: "callreel match office centre --from 2026-03-01 --to 2026-04-01",
      description: "Whether the new system recorded what the old one did"
    }
  ])
)
