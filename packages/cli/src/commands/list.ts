import { mergeSources, type RecordingQuery } from "@callreel/recording"
import { Effect, Option } from "effect"
import { Command, Flag } from "effect/cli"
import { archivedSources } from "../configuration/archivedSources.ts"
import { openSources } from "../configuration/openSources.ts"
import { printRecordings } from "../output/printRecordings.ts"
import { askingVendors } from "../vendorRequests.ts"
import { optional } from "./optional.ts"
import { filterFlags, filtersOf, sourceFlag, windowFlags, windowOf } from "./parameters.ts"

/** `callreel list`: the recordings of a window, of one source or of several merged in time order. */
export const list = Command.make(
  "list",
  {
    source: sourceFlag,
    ...windowFlags,
    order: Flag.Literals("order", ["newest-first", "oldest-first"]).pipe(
      Flag.withMetavar("ORDER"),
      Flag.withDescription("Order by the calls' start (default: newest-first)"),
      Flag.optional
    ),
    ...filterFlags,
    limit: Flag.Int("limit").pipe(
      Flag.withMetavar("N"),
      Flag.withDescription("At most so many recordings"),
      Flag.filter(
        (limit) => limit > 0,
        () => "a whole number, 1 or more"
      ),
      Flag.optional
    ),
    archive: Flag.Boolean("archive").pipe(
      Flag.withDescription("From the archive, without asking the vendors; --from and --to may be left out"),
      Flag.withoutNegation,
      Flag.withDefault(false)
    )
  },
  Effect.fnUntraced(function* (input) {
    const archived = input.archive ? yield* archivedSources("list", input.source) : undefined
    const query: RecordingQuery = {
      ...(yield* windowOf("list", {
        from: Option.orElse(input.from, () => Option.fromNullishOr(archived?.span.from)),
        to: Option.orElse(input.to, () => Option.fromNullishOr(archived?.span.to))
      })),
      ...optional("order", input.order),
      ...filtersOf(input),
      ...optional("limit", input.limit)
    }
    const sources = archived?.sources ?? (yield* openSources("list", input.source))
    yield* printRecordings(mergeSources(sources, query), sources)
  }, askingVendors("bulk"))
).pipe(
  Command.withDescription("List the recordings of a window, newest first"),
  Command.withExamples([
    {
      command: "callreel list --from 2026-03-01 --to 2026-04-01",
      description: "All recordings of March, of all sources"
    },
    {
      command: "callreel list --source office --number +74951234567 --from 2026-03-01 --to 2026-03-02 --json",
      description: "One day's calls with a number, one JSON object a line"
    }
  ])
)
