import { Effect } from "effect"
import { Command } from "effect/cli"
import { openSource } from "../configuration/openSources.ts"
import { ofSource } from "../failure/Failure.ts"
import { jsonLine, removeForm } from "../output/forms.ts"
import { Output } from "../output/Output.ts"
import { root } from "../root.ts"
import { askingVendors } from "../vendorRequests.ts"
import { confirm, yesFlag } from "./confirm.ts"
import { idArgument, referenceFlags, referenceOf, sourceArgument } from "./parameters.ts"

/** `callreel remove`: deletes one recording at the vendor, after a yes. */
export const remove = Command.make(
  "remove",
  {
    source: sourceArgument,
    id: idArgument,
    ...referenceFlags,
    yes: yesFlag
  },
  Effect.fnUntraced(function* (input) {
    const { json } = yield* root
    const question = `Delete recording ${input.id} of ${input.source} at the vendor, for good?`
    if (!input.yes) yield* confirm("remove", question).pipe(Effect.mapError(ofSource(input.source)))
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
