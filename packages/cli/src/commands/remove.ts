import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { createInterface } from "node:readline"
import { openSource } from "../configuration/openSources.ts"
import { ofSource, usageError } from "../failure/Failure.ts"
import { Invocation } from "../Invocation.ts"
import { jsonLine, removeForm } from "../output/forms.ts"
import { Output } from "../output/Output.ts"
import { root } from "../root.ts"
import { askingVendors } from "../vendorRequests.ts"
import { idArgument, referenceFlags, referenceOf, sourceArgument } from "./parameters.ts"

/** `callreel remove`: deletes one recording at the vendor, after a yes. */
export const remove = Command.make(
  "remove",
  {
    source: sourceArgument,
    id: idArgument,
    ...referenceFlags,
    yes: Flag.Boolean("yes").pipe(
      Flag.withAlias("y"),
      Flag.withDescription("Do not ask; needed where nobody can be asked"),
      Flag.withoutNegation,
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(function* (input) {
    const { json } = yield* root
    const question = `Delete recording ${input.id} of ${input.source} at the vendor, for good?`
    if (!input.yes) yield* confirm(question).pipe(Effect.mapError(ofSource(input.source)))
    const source = yield* openSource("remove", input.source)
    yield* source.remove(referenceOf(input))
    yield* (yield* Output).print(json ? jsonLine(removeForm(source.name, input.id)) : `removed ${input.id}\n`)
  }, askingVendors("interactive"))
).pipe(
  Command.withDescription("Delete one recording at the vendor, for good"),
  Command.withExamples([
    { command: "callreel remove office 468944-C7C39313", description: "Asks first" },
    { command: "callreel remove office 468944-C7C39313 --yes", description: "In a script" }
  ])
)

const confirm = Effect.fnUntraced(function* (question: string) {
  const { isTerminal, stdin, stderr } = yield* Invocation
  if (!isTerminal.stdin || !isTerminal.stderr) {
    return yield* usageError("remove", "nobody can be asked whether to delete it", "--yes deletes without asking")
  }
  const answer = yield* Effect.callback<string>((resume) => {
    // Not in raw mode: an interrupt key stays a signal to the process.
    const lines = createInterface({ input: stdin, output: stderr, terminal: false })
    lines.once("close", () => resume(Effect.succeed("")))
    lines.question(`${question} [y/N] `, (line) => {
      resume(Effect.succeed(line))
      lines.close()
    })
    return Effect.sync(() => lines.close())
  })
  if (!/^y(es)?$/i.test(answer.trim())) return yield* usageError("remove", "not confirmed; nothing was deleted")
})
