import { Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { openConfiguredArchive } from "../configuration/openConfiguredArchive.ts"
import { usageError } from "../failure/Failure.ts"
import { jsonLine } from "../output/forms.ts"
import { Output } from "../output/Output.ts"
import { root } from "../root.ts"
import { keyArgument, keyOf } from "./erase.ts"

/** `callreel hold`: puts a recording on legal hold, or ends that. */
export const hold = Command.make(
  "hold",
  {
    key: keyArgument,
    reason: Flag.String("reason").pipe(
      Flag.withMetavar("TEXT"),
      Flag.withDescription("Why, for the archive's log; no personal data"),
      Flag.optional
    ),
    release: Flag.Boolean("release").pipe(
      Flag.withDescription("End the hold"),
      Flag.withoutNegation,
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(function* ({ key: text, reason, release }) {
    const { json } = yield* root
    const { print } = yield* Output
    const key = yield* keyOf("hold", text)
    if (Option.isNone(reason) && !release) return yield* usageError("hold", "--reason is missing")
    const { archive } = yield* openConfiguredArchive("hold")
    const { holdRecording, releaseRecording } = yield* Effect.promise(() => import("@callreel/archive"))
    const why = Option.getOrElse(reason, () => "released")
    const work = release ? releaseRecording(archive, key, why) : holdRecording(archive, key, why)
    yield* work
    yield* print(json ? jsonLine({ ...key, held: !release }) : `${release ? "released" : "held"} ${text}\n`)
  }, Effect.scoped)
).pipe(
  Command.withDescription("Put a recording of the archive on legal hold: it is neither erased nor pruned"),
  Command.withExamples([
    { command: 'callreel hold office:468944-C7C39313 --reason "case 17"', description: "Until it is released" },
    { command: "callreel hold office:468944-C7C39313 --release", description: "Ends the hold" }
  ])
)
