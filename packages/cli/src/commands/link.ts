import { Effect } from "effect"
import { Command } from "effect/cli"
import { openSource } from "../configuration/openSources.ts"
import { jsonLine, linkForm } from "../output/forms.ts"
import { Output } from "../output/Output.ts"
import { root } from "../root.ts"
import { askingVendors } from "../vendorRequests.ts"
import { idArgument, referenceFlags, referenceOf, sourceArgument } from "./parameters.ts"

/** `callreel link`: an address of the audio for other programs. It is printed whole, for it was asked for. */
export const link = Command.make(
  "link",
  { source: sourceArgument, id: idArgument, ...referenceFlags },
  Effect.fnUntraced(function* (input) {
    const { json } = yield* root
    const source = yield* openSource("link", input.source)
    const found = yield* source.link(referenceOf(input))
    yield* (yield* Output).print(json ? jsonLine(linkForm(source.name, input.id, found)) : `${found.url}\n`)
  }, askingVendors("interactive"))
).pipe(
  Command.withDescription("Print an address of the audio; treat it as a secret"),
  Command.withExamples([
    { command: "callreel link office 468944-C7C39313 --json", description: "With what a request to it must bring" }
  ])
)
