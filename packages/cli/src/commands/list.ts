import { mergeSources, type RecordingQuery } from "@callreel/recording"
import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { openSources } from "../configuration/openSources.ts"
import { printRecordings } from "../output/printRecordings.ts"
import { askingVendors } from "../vendorRequests.ts"
import { optional } from "./optional.ts"
import { windowFlags, windowOf } from "./parameters.ts"

/** `callreel list`: the recordings of a window, of one source or of several merged in time order. */
export const list = Command.make(
  "list",
  {
    source: Flag.String("source").pipe(
      Flag.withMetavar("S"),
      Flag.withDescription("Only this source; may be given several times (default: all)"),
      Flag.atLeast(0)
    ),
    ...windowFlags,
    order: Flag.Literals("order", ["newest-first", "oldest-first"]).pipe(
      Flag.withMetavar("ORDER"),
      Flag.withDescription("Order by the calls' start (default: newest-first)"),
      Flag.optional
    ),
    direction: Flag.Literals("direction", ["inbound", "outbound", "internal", "unknown"]).pipe(
      Flag.withMetavar("DIRECTION"),
      Flag.withDescription("Only calls of this direction"),
      Flag.optional
    ),
    number: Flag.String("number").pipe(
      Flag.withMetavar("NUMBER"),
      Flag.withDescription("Only calls from or to this number, as the vendor wrote it or equal by E.164"),
      Flag.optional
    ),
    extension: Flag.String("extension").pipe(
      Flag.withMetavar("EXTENSION"),
      Flag.withDescription("Only calls of this extension: its id, number or name"),
      Flag.optional
    ),
    queue: Flag.String("queue").pipe(
      Flag.withMetavar("QUEUE"),
      Flag.withDescription("Only calls of this queue: its id or name"),
      Flag.optional
    ),
    limit: Flag.Int("limit").pipe(
      Flag.withMetavar("N"),
      Flag.withDescription("At most so many recordings"),
      Flag.filter(
        (limit) => limit > 0,
        () => "a whole number, 1 or more"
      ),
      Flag.optional
    )
  },
  Effect.fnUntraced(function* (input) {
    const query: RecordingQuery = {
      ...(yield* windowOf("list", input)),
      ...optional("order", input.order),
      ...optional("direction", input.direction),
      ...optional("number", input.number),
      ...optional("extension", input.extension),
      ...optional("queue", input.queue),
      ...optional("limit", input.limit)
    }
    const sources = yield* openSources("list", input.source)
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
