/** Finding one recording, and the recordings of one call (docs/vendors/virtual-pbx.md#lookup). */
import {
  type CallRecordings,
  type CallReference,
  InvalidQuery,
  type Reason,
  type Recording,
  type RecordingReference
} from "@callreel/recording"
import { Effect, Option, Stream } from "effect"
import type { Api } from "./api.ts"
import { parseEvent } from "./events.ts"
import { knownEndOfCall, type MapContext, recordingOfPath, recordingsOfCall } from "./map.ts"
import { parseTime } from "./time.ts"
import type { LegRow } from "./wire.ts"

const minute = 60_000

/** Around the time of a recording that a caller names: it is the start of the call, or near. */
const near = [2 * minute]

/** Around the time of its file, widening: a leg may have waited long in a queue before it was answered. */
const wide = [2 * minute, 60 * minute, 24 * 60 * minute]

/** What rows are mapped with; asks for the account where they do not name it. */
export type ContextFor = (rows: ReadonlyArray<LegRow>) => Effect.Effect<MapContext, Reason>

/** How a lookup lists: all recordings of the level whose call began in the window. */
export type List = (from: Date, to: Date) => Stream.Stream<Recording, Reason>

/**
 * One recording. There is no resource for one row: it is looked for in the list around its time, which the caller knows,
 * or `/path/` tells. Where the list does not have it, what `/path/` tells is all that is known.
 */
export const getRecording = (
  api: Api,
  list: List,
  reference: RecordingReference,
  context: Effect.Effect<MapContext, Reason>
): Effect.Effect<Recording, Reason> =>
  Effect.gen(function* () {
    const hint = reference.call?.startedAt ?? reference.startedAt
    const found = hint === undefined ? undefined : yield* searchAround(list, reference.id, hint, near)
    if (found !== undefined) return found
    // Only a recording that the platform knows is worth reading more of the list.
    const path = yield* api.path(reference.id)
    const time = parseTime(path.record_datetime_gmt)
    const listed = time === undefined ? undefined : yield* searchAround(list, reference.id, time, wide)
    return listed ?? recordingOfPath(reference.id, path, yield* context)
  })

/** The recordings of all legs of a call, by its id or by a notification. */
export const findRecordings = (
  history: Api["history"],
  api: Api,
  list: List,
  call: CallReference,
  contextFor: ContextFor,
  context: Effect.Effect<MapContext, Reason>
): Effect.Effect<CallRecordings, Reason> =>
  Effect.gen(function* () {
    const event = "event" in call ? parseEvent(call.event) : { callId: call.id, at: call.endedAt ?? call.startedAt }
    if (event === undefined) {
      return yield* new InvalidQuery({
        field: "event",
        detail: "is no notification of a virtual PBX: it has no CallID"
      })
    }
    const legs = yield* recordingsOfLegs(history, event.callId, event.at, contextFor)
    const named = "recordUuid" in event ? event.recordUuid : undefined
    if (named === undefined || legs.recordings.some((recording) => sameId(recording.id, named))) return legs
    // The notification knows a recording that the history does not have yet.
    const missing = yield* getRecording(api, list, { id: named }, context).pipe(
      Effect.asSome,
      Effect.catchTag("NotFound", () => Effect.succeedNone)
    )
    return { ...legs, recordings: [...legs.recordings, ...Option.toArray(missing)] }
  })

/** A call that the history does not know (yet) has no recordings; how old it is, is known from the notification alone. */
const recordingsOfLegs = (
  history: Api["history"],
  callId: string,
  at: Date | undefined,
  contextFor: ContextFor
): Effect.Effect<CallRecordings, Reason> =>
  Effect.gen(function* () {
    const call = yield* history(callId)
    const context = yield* contextFor(call.cdr)
    return { recordings: recordingsOfCall(call, context), knownEnd: knownEndOfCall(call, context.now) }
  }).pipe(Effect.catchTag("NotFound", () => Effect.succeed({ recordings: [], ...(at && { knownEnd: at }) })))

const searchAround = (
  list: List,
  id: string,
  time: Date,
  spans: ReadonlyArray<number>
): Effect.Effect<Recording | undefined, Reason> =>
  Effect.gen(function* () {
    for (const span of spans) {
      const found = yield* list(new Date(time.getTime() - span), new Date(time.getTime() + span)).pipe(
        Stream.filter((recording) => sameId(recording.id, id)),
        Stream.runHead
      )
      if (Option.isSome(found)) return found.value
    }
    return undefined
  })

/** Notifications write ids in lower case, answers in upper case. */
const sameId = (left: string, right: string): boolean => left.toLowerCase() === right.toLowerCase()
