import { Effect } from "effect"
import { Command } from "effect/cli"
import { openSource } from "../configuration/openSources.ts"
import { jsonLine, statsForm } from "../output/forms.ts"
import { Output } from "../output/Output.ts"
import { bytesText } from "../output/recordingText.ts"
import { root } from "../root.ts"
import { askingVendors } from "../vendorRequests.ts"
import { sourceArgument, windowFlags, windowOf } from "./parameters.ts"

/** `callreel stats`: the vendor's own count and size of a window's recordings. */
export const stats = Command.make(
  "stats",
  { source: sourceArgument, ...windowFlags },
  Effect.fnUntraced(function* (input) {
    const { json } = yield* root
    const window = yield* windowOf("stats", input)
    const source = yield* openSource("stats", input.source)
    const found = yield* source.stats(window)
    const text = `${found.recordings.toLocaleString("en")} recordings, ${bytesText(found.bytes)}\n`
    yield* (yield* Output).print(json ? jsonLine(statsForm(source.name, window, found)) : text)
  }, askingVendors("bulk"))
).pipe(
  Command.withDescription("Show the vendor's own figures of a window"),
  Command.withExamples([
    { command: "callreel stats office --from 2026-03-01 --to 2026-04-01", description: "How many recordings March has" }
  ])
)
