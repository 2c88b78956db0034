/** One recording, and the recordings of one call (docs/vendors/webitel.md#lookup). */
import {
  type CallRecordings,
  type CallReference,
  InvalidQuery,
  isRecording,
  NotFound,
  type Reason,
  type Recording,
  type RecordingReference
} from "@callreel/recording"
import { Clock, Effect, Option, Stream } from "effect"
import type { Api } from "./api.ts"
import { openAudio } from "./audio.ts"
import type { RecordingsOf } from "./changes.ts"
import { isCallId, parseEvent } from "./events.ts"
import { rowsBelow, rowsOfIds, withRelated } from "./history.ts"
import { listFiles } from "./listing.ts"
import { instantOf, knownEndOf, type MapContext, type OwnedFile, provider } from "./map.ts"
import { ownedFiles, topOf } from "./ownership.ts"
import { HistoryCall } from "./wire.ts"
import * as Either from "fp-ts/lib/Either.js"

const minute = 60_000

/** A recording's call began this near to a time that the caller names. */
const near = { before: 60 * minute, after: 5 * minute }

/** A whole call: its legs, and the latest instant known of it. */
interface WholeCall {
  readonly files: ReadonlyArray<OwnedFile>
  readonly knownEnd: Date | undefined
}

/** The call of a leg, with all its legs; undefined where the history does not have the leg (yet). */
const wholeCall = (api: Pick<Api, "history">, legId: string): Effect.Effect<WholeCall | undefined, Reason> =>
  Effect.gen(function* () {
    const [leg] = isCallId(legId) ? yield* rowsOfIds(api, [legId]) : []
    if (leg === undefined) return undefined
    const above = yield* withRelated(api, [leg])
    const root = topOf(leg, above)
    const below = yield* rowsBelow(api, root.id)
    const legs = yield* withRelated(api, [...above.values(), ...below])
    const now = yield* Clock.currentTimeMillis
    const ends = [...legs.values()].map(
      (row) => instantOf(row.hangup_at)?.getTime() ?? knownEndOf(row)?.getTime() ?? now
    )
    return { files: ownedFiles(legs.values(), legs), knownEnd: new Date(Math.max(...ends)) }
  })

/** The recordings of all legs of a call, by the id of any of them or by an event. */
export const findRecordings = (
  api: Pick<Api, "history">,
  call: CallReference,
  recordingsOf: RecordingsOf
): Effect.Effect<CallRecordings, Reason> =>
  Effect.gen(function* () {
    const event = "event" in call ? parseEvent(call.event) : { callId: call.id, at: call.endedAt ?? call.startedAt }
    if (event === undefined) {
      return yield* new InvalidQuery({ field: "event", detail: "holds no id of a Webitel call" })
    }
    const found = yield* wholeCall(api, event.callId)
    const knownEnd = found?.knownEnd ?? event.at
    return { recordings: yield* recordingsOf(found?.files ?? []), ...(knownEnd && { knownEnd }) }
  })

/**
 * One recording: among those of its call, or of the calls around its time. The history cannot be asked for a file's id: for
 * a bare one, all that the storage tells of the file is what is known.
 */
export const getRecording = (
  api: Pick<Api, "history" | "audio">,
  reference: RecordingReference,
  recordingsOf: RecordingsOf,
  context: MapContext
): Effect.Effect<Recording, Reason> =>
  Effect.gen(function* () {
    const found = yield* findFile(api, reference)
    const [recording] = yield* recordingsOf(found === undefined ? [] : [found])
    return recording ?? (yield* recordingOfStream(api, reference.id, context))
  })

/** The file among those of the legs that are known of it, else among those of its time. */
const findFile = (
  api: Pick<Api, "history">,
  reference: RecordingReference
): Effect.Effect<OwnedFile | undefined, Reason> =>
  Effect.gen(function* () {
    const isIt = ({ file }: OwnedFile): boolean => String(file.id) === reference.id
    for (const legId of legsOf(reference)) {
      const found = (yield* wholeCall(api, legId))?.files.find(isIt)
      if (found !== undefined) return found
    }
    const around = reference.call?.startedAt ?? reference.startedAt
    return around === undefined ? undefined : yield* searchAround(api, around, isIt)
  })

/** The legs that are known of a recording: of its call, and the one that it was listed with. */
const legsOf = (reference: RecordingReference): ReadonlyArray<string> => {
  const raw = isRecording(reference) ? HistoryCall.decode(reference.raw) : undefined
  const owner = raw !== undefined && Either.isRight(raw) ? raw.right.id : undefined
  const ids = [reference.call?.id, reference.call?.sessionId, owner].filter((id) => id !== undefined)
  return [...new Set(ids)]
}

const searchAround = (
  api: Pick<Api, "history">,
  around: Date,
  isIt: (file: OwnedFile) => boolean
): Effect.Effect<OwnedFile | undefined, Reason> =>
  listFiles(api, {
    from: new Date(around.getTime() - near.before),
    to: new Date(around.getTime() + near.after)
  }).pipe(Stream.flattenIterable, Stream.filter(isIt), Stream.runHead, Effect.map(Option.getOrUndefined))

/** What the first byte of the file tells: its type and size. */
const recordingOfStream = (
  api: Pick<Api, "audio">,
  id: string,
  context: MapContext
): Effect.Effect<Recording, Reason> =>
  Effect.scoped(
    Effect.map(openAudio(api, { id }, { range: { start: 0, end: 0 } }), ({ mediaType, range }): Recording => ({
      source: context.source,
      provider,
      account: context.account,
      id,
      kind: "unknown",
      audio: { mediaType, ...(range?.total !== undefined && { bytes: range.total }) },
      availability: { state: "available" },
      raw: { id }
    }))
  ).pipe(
    // A file of no bytes has no first one.
    Effect.catchTag("InvalidQuery", () => Effect.fail(new NotFound({ what: "the recording" })))
  )
