/** Arguments and options that several commands have. */
import type { Direction, RecordingQuery, RecordingReference, TimeWindow } from "@callreel/recording"
import { Effect, Option } from "effect"
import { Argument, Flag } from "effect/cli"
import { type CommandError, usageError } from "../failure/Failure.ts"
import { parseTime } from "../time.ts"
import { optional } from "./optional.ts"

/** The source that a command is about. */
export const sourceArgument = Argument.String("S").pipe(Argument.withDescription("Configured name of the source"))

/** The vendor's id of a recording. */
export const idArgument = Argument.String("ID").pipe(
  Argument.withDescription('Id of the recording, as `list` prints it; one that begins with "-" goes after "--"')
)

/** An instant as an option, in ISO 8601 or as a date. */
export const time = (name: string, description: string) =>
  Flag.String(name).pipe(
    Flag.withMetavar("TIME"),
    Flag.withDescription(description),
    Flag.filterMap(
      (text) => Option.fromNullishOr(parseTime(text)),
      () => "an ISO 8601 time such as 2026-03-01T09:30:00Z, or a date such as 2026-03-01 (its midnight UTC)"
    ),
    Flag.optional
  )

/** A half-open window of call starts. Both ends are needed: {@link windowOf} says so. */
export const windowFlags = {
  from: time("from", "Calls that started at this time or later (required)"),
  to: time("to", "Calls that started before this time (required)")
}

/** What else may be known of a recording, for sources that need it to find the audio. */
export const referenceFlags = {
  session: Flag.String("session").pipe(
    Flag.withMetavar("ID"),
    Flag.withDescription("Id of the call's session, where the vendor has one"),
    Flag.optional
  ),
  startedAt: time("started-at", "When the call started; helps to find it and to tell not ready from not there")
}

/** Only some sources. */
export const sourceFlag = Flag.String("source").pipe(
  Flag.withMetavar("S"),
  Flag.withDescription("Only this source; may be given several times (default: all)"),
  Flag.atLeast(0)
)

/** Which calls. */
export const filterFlags = {
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
  )
}

/** The filters of a command line. */
export const filtersOf = (input: {
  readonly direction: Option.Option<Direction>
  readonly number: Option.Option<string>
  readonly extension: Option.Option<string>
  readonly queue: Option.Option<string>
}): Pick<RecordingQuery, "direction" | "number" | "extension" | "queue"> => ({
  ...optional("direction", input.direction),
  ...optional("number", input.number),
  ...optional("extension", input.extension),
  ...optional("queue", input.queue)
})

/** The window of a command line, or an error that names what is missing. */
export const windowOf = (
  command: string,
  { from, to }: { readonly from: Option.Option<Date>; readonly to: Option.Option<Date> }
): Effect.Effect<TimeWindow, CommandError> => {
  if (Option.isSome(from) && Option.isSome(to)) return Effect.succeed({ from: from.value, to: to.value })
  const missing = [...(Option.isNone(from) ? ["--from"] : []), ...(Option.isNone(to) ? ["--to"] : [])]
  const detail = missing.length === 1 ? `${missing.join("")} is missing` : `${missing.join(" and ")} are missing`
  return Effect.fail(usageError(command, detail, `for example --from 2026-03-01 --to 2026-04-01; --to is exclusive`))
}

/** The reference to the recording that a command line names. */
export const referenceOf = ({
  id,
  session,
  startedAt
}: {
  readonly id: string
  readonly session: Option.Option<string>
  readonly startedAt: Option.Option<Date>
}): RecordingReference => ({
  id,
  ...(Option.isSome(session) ? { call: { sessionId: session.value } } : {}),
  ...optional("startedAt", startedAt)
})
