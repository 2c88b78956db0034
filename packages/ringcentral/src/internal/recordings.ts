/** One recording, and the recordings of one call (docs/vendors/ringcentral.md#lookup). */
import {
  type CallRecordings,
  type CallReference,
  InvalidQuery,
  InvalidResponse,
  isRecording,
  knownEnd,
  type Reason,
  type Recording,
  type RecordingLink,
  type RecordingReference
} from "@callreel/recording"
import { Effect } from "effect"
import { includesVoicemail, retentionOf, type RingCentralOptions } from "../RingCentralOptions.ts"
import type { Api } from "./api.ts"
import { classifyMissing } from "./classification.ts"
import { type CallEvent, parseEvent } from "./events.ts"
import { contentUriOf, voicemailOwner } from "./hybrid.ts"
import { isYoung, recordsOfCall, recordsOfReference, recordsOfSessions } from "./lookup.ts"
import {
  hasOnlyShort,
  type MapContext,
  recordingAnnounced,
  recordingOfMessage,
  recordingOfMetadata,
  recordingsOfRecords
} from "./map.ts"
import { endOf } from "./callTimes.ts"
import { readMessage, voicemailAudio } from "./voicemail.ts"
import type { LogRecord } from "./wire.ts"

/** From the call log, which knows the call; where no key leads there, from the recording's metadata, which does not. */
export const getRecording = (
  api: Api,
  options: RingCentralOptions,
  reference: RecordingReference,
  context: MapContext
): Effect.Effect<Recording, Reason> =>
  Effect.gen(function* () {
    const { now, patience } = context
    const end = knownEnd(reference)
    const records = yield* recordsOfReference(api, reference, {
      young: isYoung(end, now, patience.pendingFor),
      voicemail: includesVoicemail(options)
    })
    const found = recordingsOfRecords(records ?? [], context).find(({ id }) => id === reference.id)
    if (found !== undefined) return found
    return yield* api.metadata(reference.id).pipe(
      Effect.map((metadata) => recordingOfMetadata(metadata, context)),
      Effect.catchTag("NotFound", (reason) =>
        includesVoicemail(options) ? voicemailById(api, options, reference.id, context, reason) : Effect.fail(reason)
      ),
      Effect.mapError((reason) =>
        classifyMissing({
          reason,
          recordingId: reference.id,
          records,
          knownEnd: end,
          now,
          patience,
          retention: retentionOf(options)
        })
      )
    )
  })

const voicemailById = (
  api: Api,
  { extension = "~" }: RingCentralOptions,
  id: string,
  context: MapContext,
  notFound: Reason
): Effect.Effect<Recording, Reason> =>
  readMessage(api, extension, id).pipe(
    Effect.map((message) => recordingOfMessage(message, context)),
    Effect.catchTag(["NotFound", "InvalidOptions", "InvalidQuery"], () => Effect.fail(notFound))
  )

/** The recordings of a call by any of its ids, or by its notifications; of all parties, and over warm transfers. */
export const findRecordings = (
  api: Api,
  call: CallReference,
  context: MapContext
): Effect.Effect<CallRecordings, Reason> =>
  Effect.gen(function* () {
    if (!("event" in call)) {
      const around = call.startedAt ?? call.endedAt
      return recordingsOf(yield* recordsOfCall(api, call.id, around), call.endedAt ?? call.startedAt, context)
    }
    const event = parseEvent(call.event)
    if (event === undefined) {
      return yield* new InvalidQuery({
        field: "event",
        detail: "is no telephony session notification of one call: it has no telephonySessionId"
      })
    }
    const records = yield* recordsOfEvent(api, event)
    const found = recordingsOf(records, event.at, context)
    return { ...found, recordings: [...found.recordings, ...announcedOnly(event, records, found, context)] }
  })

/** By the telephony session; accounts without those in their log know the call by its older id. */
const recordsOfEvent = (
  api: Api,
  { at, sessionId, telephonySessionId }: CallEvent
): Effect.Effect<ReadonlyArray<LogRecord>, Reason> =>
  Effect.gen(function* () {
    const records = yield* recordsOfSessions(
      api,
      [telephonySessionId, ...(sessionId === undefined ? [] : [sessionId])],
      at
    )
    return records.length > 0 || sessionId === undefined ? records : yield* recordsOfSessions(api, [sessionId], at)
  })

const recordingsOf = (
  records: ReadonlyArray<LogRecord>,
  known: Date | undefined,
  context: MapContext
): CallRecordings => {
  const recordings = recordingsOfRecords(records, context)
  const ends = [...records.map((record) => endOf(record, context.now)), ...(known ? [known] : [])]
  // Nothing more is to be expected of a call that was too short; else by its latest end.
  return ends.length === 0 || hasOnlyShort(records)
    ? { recordings }
    : { recordings, knownEnd: new Date(Math.max(...ends.map((end) => end.getTime()))) }
}

/** What a notification announced and the log does not show with the call, as it is attached later. */
const announcedOnly = (
  event: CallEvent,
  [record, ...others]: ReadonlyArray<LogRecord>,
  { recordings }: CallRecordings,
  context: MapContext
): ReadonlyArray<Recording> =>
  record === undefined
    ? []
    : event.recordings
        .filter(({ id }) => !recordings.some((recording) => recording.id === id))
        .map(({ account, id }) =>
          recordingAnnounced({ id, account, event: eventOf(event, id), records: [record, ...others] }, context)
        )

/** What is told of one recording: the event's other content is of people. */
const eventOf = ({ sessionId, telephonySessionId }: CallEvent, id: string): unknown => ({
  telephonySessionId,
  ...(sessionId !== undefined && { sessionId }),
  recordings: [{ id }]
})

/** The vendor's address of the audio. It needs a Bearer token, so it must not lead to a host that is not configured. */
export const linkOf = (api: Api, reference: RecordingReference): Effect.Effect<RecordingLink, Reason> =>
  Effect.gen(function* () {
    const url = URL.parse(yield* addressOf(api, reference))
    if (url === null || !api.trusts(url.href) || url.username !== "" || url.password !== "") {
      return yield* new InvalidResponse({
        path: "contentUri",
        detail: "leads to an origin that is not configured; if it should be, add it to mediaOrigins"
      })
    }
    // A token would make the link a secret; whoever uses it brings their own.
    url.searchParams.delete("access_token")
    return { url: url.href, authentication: "bearer", permanent: true }
  })

const addressOf = (api: Api, reference: RecordingReference): Effect.Effect<string, Reason> => {
  const listed = isRecording(reference) ? reference : undefined
  const known = listed && contentUriOf(listed)
  if (known !== undefined) return Effect.succeed(known)
  return listed?.kind === "voicemail"
    ? Effect.map(voicemailAudio(api, voicemailOwner(listed), listed.id), api.voicemailUrl)
    : Effect.map(api.metadata(reference.id), ({ contentUri }) => contentUri)
}
