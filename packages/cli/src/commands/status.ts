import { Effect } from "effect"
import { Command } from "effect/cli"
import { sourcesInArchive } from "../configuration/archivedSources.ts"
import { openConfiguredArchive } from "../configuration/openConfiguredArchive.ts"
import { statusForm } from "../output/archiveForms.ts"
import { statusText } from "../output/archiveText.ts"
import { jsonLine } from "../output/forms.ts"
import { Output } from "../output/Output.ts"
import { root } from "../root.ts"
import { sourceFlag } from "./parameters.ts"

/** `callreel status`: what is in the archive, and what is not yet. */
export const status = Command.make(
  "status",
  { source: sourceFlag },
  Effect.fnUntraced(function* (input) {
    const { json } = yield* root
    const { note, print } = yield* Output
    const { archive } = yield* openConfiguredArchive("status")
    const { archiveStatus } = yield* Effect.promise(() => import("@callreel/archive"))
    const found = yield* archiveStatus(archive, yield* sourcesInArchive("status", archive, input.source))
    yield* print(json ? jsonLine(statusForm(found)) : statusText(found))
    if (json) yield* note(`${found.summary}\n`)
  }, Effect.scoped)
).pipe(
  Command.withDescription("Show what the archive holds, and what is missing and why"),
  Command.withExamples([
    { command: "callreel status", description: "Counts of every source, and when the next try is" }
  ])
)
