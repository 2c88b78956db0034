import type { EntryKey } from "@callreel/archive"
import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { openConfiguredArchive } from "../configuration/openConfiguredArchive.ts"
import { usageError } from "../failure/Failure.ts"
import { jsonLine } from "../output/forms.ts"
import { Output } from "../output/Output.ts"
import { root } from "../root.ts"
import { confirm, yesFlag } from "./confirm.ts"

/** A recording of the archive by its key. */
export const keyArgument = Argument.String("KEY").pipe(
  Argument.withDescription("The recording in the archive: SOURCE:ID")
)

/** The key that a command line names. */
export const keyOf = Effect.fnUntraced(function* (command: string, text: string) {
  const { entryKey } = yield* Effect.promise(() => import("@callreel/archive"))
  const key: EntryKey | undefined = entryKey(text)
  return key ?? (yield* usageError(command, "KEY: must be SOURCE:ID, such as office:468944-C7C39313"))
})

/** `callreel erase`: takes one recording out of the archive, for good. */
export const erase = Command.make(
  "erase",
  {
    key: keyArgument,
    reason: Flag.String("reason").pipe(
      Flag.withMetavar("TEXT"),
      Flag.withDescription("Why, for the archive's log; no personal data")
    ),
    yes: yesFlag
  },
  Effect.fnUntraced(function* ({ key: text, reason, yes }) {
    const { json } = yield* root
    const { print } = yield* Output
    const key = yield* keyOf("erase", text)
    if (!yes) yield* confirm("erase", `Erase ${text} from the archive, audio and personal data, for good?`)
    const { archive, layout } = yield* openConfiguredArchive("erase")
    const { eraseRecording } = yield* Effect.promise(() => import("@callreel/archive"))
    yield* eraseRecording(archive, key, reason, layout)
    yield* print(json ? jsonLine({ ...key, erased: true }) : `erased ${text}\n`)
  }, Effect.scoped)
).pipe(
  Command.withDescription("Erase one recording from the archive; later runs do not bring it back"),
  Command.withExamples([
    { command: 'callreel erase office:468944-C7C39313 --reason "request 17"', description: "Asks first" }
  ])
)
