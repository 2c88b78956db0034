import { Effect } from "effect"
import { Command } from "effect/cli"
import { openSource } from "../configuration/openSources.ts"
import { jsonLine, recordingForm } from "../output/forms.ts"
import { Output } from "../output/Output.ts"
import { recordingText } from "../output/recordingText.ts"
import { root } from "../root.ts"
import { askingVendors } from "../vendorRequests.ts"
import { idArgument, referenceFlags, referenceOf, sourceArgument } from "./parameters.ts"

/** `callreel get`: what is known of one recording. */
export const get = Command.make(
  "get",
  { source: sourceArgument, id: idArgument, ...referenceFlags },
  Effect.fnUntraced(function* (input) {
    const { json } = yield* root
    const source = yield* openSource("get", input.source)
    const recording = yield* source.get(referenceOf(input))
    yield* (yield* Output).print(json ? jsonLine(recordingForm(recording, source)) : recordingText(recording))
  }, askingVendors("interactive"))
).pipe(
  Command.withDescription("Show one recording"),
  Command.withExamples([
    { command: "callreel get office 468944-C7C39313", description: "What is known of a recording" },
    {
      command: "callreel get us 44444444 --session 1234567890 --json",
      description: "The same as JSON, found by its session"
    }
  ])
)
