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

const minute = 60_000

/** Windows around the time of a recording, widening: a leg may have waited long in a queue before it was answered. */
const spans = [2 * minute, 60 * minute, 24 * 60 * minute]

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
    const near = hint === undefined ? undefined : yield* searchAround(list, reference.id, hint)
    if (near !== undefined) return near
    const path = yield* api.path(reference.id)
    const time = parseTime(path.record_datetime_gmt)
    const listed = time === undefined ? undefined : yield* searchAround(list, reference.id, time)
    return listed ?? recordingOfPath(reference.id, path, yield* context)
  })

/** The recordings of all legs of a call, by its id or by a notification. */
export const findRecordings = (
  api: Api,
  list: List,
  call: CallReference,
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
    const legs = yield* recordingsOfLegs(api, event.callId, event.at, context)
    const named = "recordUuid" in event ? event.recordUuid : undefined
    if (named === undefined || legs.recordings.some((recording) => sameId(recording.id, named))) return legs
    // The notification knows a recording that the history does not have yet.
    const missing = yield* getRecording(
      api,
      list,
      { id: named, ...(event.at && { startedAt: event.at }) },
      context
    ).pipe(
      Effect.asSome,
      Effect.catchTag("NotFound", () => Effect.succeedNone)
    )
    return { ...legs, recordings: [...legs.recordings, ...Option.toArray(missing)] }
  })

/** A call that the history does not know (yet) has no recordings; how old it is, is known from the notification alone. */
const recordingsOfLegs = (
  api: Api,
  callId: string,
  at: Date | undefined,
  context: Effect.Effect<MapContext, Reason>
): Effect.Effect<CallRecordings, Reason> =>
  Effect.gen(function* () {
    const history = yield* api.history(callId)
    const known = yield* context
    return { recordings: recordingsOfCall(history, known), knownEnd: knownEndOfCall(history, known.now) }
  }).pipe(Effect.catchTag("NotFound", () => Effect.succeed({ recordings: [], ...(at && { knownEnd: at }) })))

const searchAround = (list: List, id: string, time: Date): Effect.Effect<Recording | undefined, Reason> =>
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
