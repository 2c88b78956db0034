import { Effect, Option } from "effect"
import { Command } from "effect/cli"
import { openConfiguredArchive } from "../configuration/openConfiguredArchive.ts"
import { openSource } from "../configuration/openSources.ts"
import { usageError } from "../failure/Failure.ts"
import { jsonLine } from "../output/forms.ts"
import { Output } from "../output/Output.ts"
import { sizeText } from "../output/sizeText.ts"
import { root } from "../root.ts"
import { askingVendors } from "../vendorRequests.ts"
import { confirm, yesFlag } from "./confirm.ts"
import { sourceArgument, time } from "./parameters.ts"

/** `callreel prune-source`: deletes at the vendor what is archived and verified, after a yes. */
export const pruneSource = Command.make(
  "prune-source",
  {
    source: sourceArgument,
    archivedBefore: time("archived-before", "Recordings that were archived before this time (required)"),
    yes: yesFlag
  },
  Effect.fnUntraced(function* (input) {
    const { json } = yield* root
    const { note, print } = yield* Output
    if (Option.isNone(input.archivedBefore)) {
      return yield* usageError(
        "prune-source",
        "--archived-before is missing",
        "for example --archived-before 2026-01-01"
      )
    }
    const before = input.archivedBefore.value
    const { archive } = yield* openConfiguredArchive("prune-source")
    const source = yield* openSource("prune-source", input.source)
    const { planPrune, pruneSource: prune } = yield* Effect.promise(() => import("@callreel/archive"))
    const plan = yield* planPrune(archive, source.name, before, ({ file, id }) =>
      json ? Effect.void : note(`to delete: ${id} (${file?.path ?? ""})\n`)
    )
    yield* note(
      `${source.name}: ${plan.recordings} recordings (${sizeText(plan.bytes)}) are archived and verified; ` +
        `${plan.unverified} not verified and ${plan.held} on hold stay\n`
    )
    if (plan.recordings > 0 && !input.yes) {
      yield* confirm("prune-source", `Delete ${plan.recordings} recordings of ${source.name} at the vendor, for good?`)
    }
    const deleted = yield* prune(archive, source, before, ({ id }) => (json ? Effect.void : note(`deleted ${id}\n`)))
    yield* print(
      json
        ? jsonLine({ source: source.name, ...plan, deleted })
        : `${deleted} recordings of ${source.name} deleted at the vendor\n`
    )
  }, askingVendors("bulk"))
).pipe(
  Command.withDescription("Delete at the vendor what this archive holds and has verified since, for good"),
  Command.withExamples([
    {
      command: "callreel prune-source office --archived-before 2026-01-01",
      description: "Shows what would go, and asks; run `callreel verify` before"
    }
  ])
)
