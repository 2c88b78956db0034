/** Checks of what callers ask, before anything reaches an adapter. */
import { Effect } from "effect"
import type { ByteRange } from "../Audio.ts"
import type { CallReference } from "../CallReference.ts"
import type { Capability } from "../Capability.ts"
import { Checkpoint } from "../Checkpoint.ts"
import { InvalidQuery, Unsupported } from "../Reason.ts"
import { Direction } from "../Recording.ts"
import type { RecordingQuery, TimeWindow } from "../RecordingQuery.ts"
import type { RecordingReference } from "../RecordingReference.ts"
import type { ArchiveRequest } from "../RecordingSource.ts"
import { filterCapabilities } from "./filters.ts"

// Callers without TypeScript give what they have; a wrong type is a wrong question, and no crash.
const isText = (value: unknown): boolean => typeof value === "string" && value.trim() !== ""

const invalid = (field: string, detail: string) => Effect.fail(new InvalidQuery({ field, detail }))

/** Years of four digits: what every vendor can be asked for. */
const isInstant = (date: Date): boolean =>
  date instanceof Date && date.getTime() >= Date.UTC(1000, 0) && date.getTime() < Date.UTC(10_000, 0)

/** A half-open window with a start before its end. */
export const checkWindow = <W extends TimeWindow>(window: W): Effect.Effect<W, InvalidQuery> => {
  if (!isInstant(window.from)) return invalid("from", "not an instant; give a valid Date of the years 1000 to 9999")
  if (!isInstant(window.to)) return invalid("to", "not an instant; give a valid Date of the years 1000 to 9999")
  if (window.from.getTime() >= window.to.getTime()) {
    return invalid("to", "the window is empty; `to` is exclusive and must be later than `from`")
  }
  return Effect.succeed(window)
}

const filters = ["direction", "number", "extension", "queue"] as const

/** A listing query: window, limit, order, and filters that somebody can apply. */
export const checkQuery = (
  query: RecordingQuery,
  capability: Capability
): Effect.Effect<RecordingQuery, InvalidQuery | Unsupported> => {
  if (query.limit !== undefined && !(Number.isSafeInteger(query.limit) && query.limit > 0)) {
    return invalid("limit", "must be a positive whole number")
  }
  if (query.order !== undefined && query.order !== "newest-first" && query.order !== "oldest-first") {
    return invalid("order", "must be newest-first or oldest-first")
  }
  if (query.direction !== undefined && !Direction.is(query.direction)) {
    return invalid("direction", `must be one of ${Object.keys(Direction.keys).join(", ")}`)
  }
  for (const filter of filters) {
    if (query[filter] === undefined) continue
    if (!isText(query[filter])) return invalid(filter, "is empty; leave it out to list all")
    const key = filterCapabilities[filter]
    if (capability[key] === "unsupported") return Effect.fail(new Unsupported({ capability: key }))
  }
  return checkWindow(query)
}

/** A reference with an id, and, where it is a listed recording, of this source. */
export const checkReference = (
  reference: RecordingReference,
  source: string
): Effect.Effect<RecordingReference, InvalidQuery> => {
  if (!isText(reference.id)) return invalid("id", "is empty; give the vendor's id of the recording")
  if ("source" in reference && reference.source !== source) {
    return invalid("source", `the recording is of the source ${String(reference.source)}; ask that one`)
  }
  return Effect.succeed(reference)
}

/** A call by id or by event, where the source can find so. */
export const checkCall = (
  call: CallReference,
  capability: Capability
): Effect.Effect<CallReference, InvalidQuery | Unsupported> => {
  if ("event" in call) {
    return capability.findByEvent ? Effect.succeed(call) : Effect.fail(new Unsupported({ capability: "findByEvent" }))
  }
  if (!capability.findByCallId) return Effect.fail(new Unsupported({ capability: "findByCallId" }))
  return isText(call.id) ? Effect.succeed(call) : invalid("call", "is empty; give the vendor's id of the call")
}

/** A checkpoint of this provider, or none. */
export const checkCheckpoint = (
  checkpoint: Checkpoint | undefined,
  provider: string
): Effect.Effect<Checkpoint | undefined, InvalidQuery> => {
  if (checkpoint === undefined) return Effect.undefined
  if (!Checkpoint.is(checkpoint)) return invalid("checkpoint", "is none; store the `checkpoint` of a page as it is")
  return checkpoint.provider === provider
    ? Effect.succeed(checkpoint)
    : invalid("checkpoint", `was made by the provider ${checkpoint.provider}; this source is of ${provider}`)
}

/** A byte range with whole, ordered ends, or none. */
export const checkRange = (range: ByteRange | undefined): Effect.Effect<void, InvalidQuery> => {
  if (range === undefined) return Effect.void
  if (!Number.isSafeInteger(range.start) || range.start < 0) {
    return invalid("range.start", "must be a whole number of bytes from 0")
  }
  if (range.end !== undefined && !(Number.isSafeInteger(range.end) && range.end >= range.start)) {
    return invalid("range.end", "is the last byte wanted: a whole number, not before the start")
  }
  return Effect.void
}

/** A window and at least one address. */
export const checkArchiveRequest = (request: ArchiveRequest): Effect.Effect<ArchiveRequest, InvalidQuery> =>
  request.emails.length === 0 || request.emails.some((email) => !/^[^\s@,]+@[^\s@,]+$/.test(email))
    ? invalid("emails", "give at least one e-mail address, each of the form name@host")
    : checkWindow(request)
