/**
 * RingCentral's JSON, as little of it as is used. Unknown keys are left alone, and beside ids and times nothing is
 * required: older accounts, views and gateways leave keys out (docs/vendors/ringcentral.md#call-log).
 */
import { parseInstant } from "@callreel/recording"
import * as t from "io-ts"

/** Ids come as text in most places and as numbers in some (extensions, messages, attachments). */
export const Id = t.union([t.string, t.number], "Id")

const maybe = <A, O>(codec: t.Type<A, O>) => t.union([codec, t.null])
const text = maybe(t.string)
const whole = maybe(t.number)
const flag = maybe(t.boolean)

/** `recording` of a record or leg. */
export const RecordingInfo = t.intersection(
  [t.type({ id: Id }), t.partial({ uri: text, type: text, contentUri: text })],
  "RecordingInfo"
)
export type RecordingInfo = t.TypeOf<typeof RecordingInfo>

/** `message` of a record or leg: the fax or voicemail that the call left. */
export const MessageInfo = t.intersection([t.type({ id: Id }), t.partial({ type: text, uri: text })], "MessageInfo")
export type MessageInfo = t.TypeOf<typeof MessageInfo>

/** `from` and `to`. */
export const LogParty = t.partial(
  { phoneNumber: text, extensionNumber: text, extensionId: maybe(Id), name: text },
  "LogParty"
)
export type LogParty = t.TypeOf<typeof LogParty>

/** An instant with its zone; kept as the text it came as. */
const Time = t.refinement(t.string, (value) => parseInstant(value) !== undefined, "an ISO 8601 instant")

const LinkedSession = maybe(t.partial({ telephonySessionId: text }))

const shared = {
  telephonySessionId: text,
  partyId: text,
  transferTarget: LinkedSession,
  transferee: LinkedSession,
  from: maybe(LogParty),
  to: maybe(LogParty),
  extension: maybe(t.partial({ id: maybe(Id), uri: text })),
  direction: text,
  result: text,
  duration: whole,
  durationMs: whole,
  recording: maybe(RecordingInfo),
  shortRecording: flag,
  message: maybe(MessageInfo),
  finished: flag
}

/** A leg of a record; only the Detailed view has them. Legs have no id. */
export const LogLeg = t.partial(shared, "LogLeg")
export type LogLeg = t.TypeOf<typeof LogLeg>

/** A record of the call log. */
export const LogRecord = t.intersection(
  [
    t.type({ id: Id, startTime: Time }),
    t.partial({ ...shared, uri: text, sessionId: maybe(Id), deleted: flag, legs: maybe(t.array(LogLeg)) })
  ],
  "LogRecord"
)
export type LogRecord = t.TypeOf<typeof LogRecord>

/** A record, or a leg of it: they carry the same keys. */
export type Part = LogRecord | LogLeg

/** A record and its legs. */
export const partsOf = (record: LogRecord): ReadonlyArray<Part> => [record, ...(record.legs ?? [])]

/** A page of the call log. Totals are often missing, and an empty page has no position: only `nextPage` is relied on. */
export const LogPage = t.intersection(
  [
    t.type({ records: t.array(LogRecord) }),
    t.partial({
      uri: text,
      navigation: maybe(t.partial({ nextPage: maybe(t.partial({ uri: text })) })),
      paging: maybe(t.partial({ page: whole }))
    })
  ],
  "LogPage"
)
export type LogPage = t.TypeOf<typeof LogPage>

/** An answer of `call-log-extract-sync`. */
export const SyncPage = t.intersection(
  [
    t.type({ records: t.array(LogRecord), syncInfo: t.type({ syncToken: t.string }) }),
    t.partial({ syncInfo: t.partial({ newerRecordsExist: flag, syncTime: text }) })
  ],
  "SyncPage"
)
export type SyncPage = t.TypeOf<typeof SyncPage>

/** The answer of `/recording/{id}`. */
export const RecordingMetadata = t.intersection(
  [t.type({ id: Id, contentUri: t.string }), t.partial({ uri: text, contentType: text, duration: whole })],
  "RecordingMetadata"
)
export type RecordingMetadata = t.TypeOf<typeof RecordingMetadata>

/** An attachment of a message. */
export const Attachment = t.intersection(
  [t.type({ id: Id }), t.partial({ type: text, contentType: text, vmDuration: whole, fileName: text, size: whole })],
  "Attachment"
)
export type Attachment = t.TypeOf<typeof Attachment>

/** A message of the message store. */
export const Message = t.intersection(
  [
    t.type({ id: Id }),
    t.partial({
      uri: text,
      availability: text,
      creationTime: text,
      extensionId: maybe(Id),
      attachments: maybe(t.array(Attachment))
    })
  ],
  "Message"
)
export type Message = t.TypeOf<typeof Message>

/** The answer of `/account/{id}`, of which `~` is an alias. */
export const Account = t.type({ id: Id }, "Account")

/** The answer of the token resource; `expires_in` in seconds. */
export const TokenAnswer = t.intersection(
  [t.type({ access_token: t.string }), t.partial({ expires_in: maybe(t.union([t.number, t.string])) })],
  "TokenAnswer"
)

/** The answer of `authz-profile/check`. */
export const PermissionAnswer = t.type({ successful: t.boolean }, "PermissionAnswer")

/** A party in a telephony session notification. */
export const EventParty = t.partial(
  {
    id: text,
    accountId: maybe(Id),
    // `active: false` is a recording that was paused: it exists all the same.
    recordings: maybe(t.array(t.partial({ id: maybe(Id) }))),
    status: maybe(t.partial({ code: text, reason: text }))
  },
  "EventParty"
)
export type EventParty = t.TypeOf<typeof EventParty>

/** The body of a telephony session notification. */
export const SessionEvent = t.intersection(
  [
    t.type({ telephonySessionId: t.string }),
    t.partial({ sequence: whole, sessionId: maybe(Id), eventTime: text, parties: maybe(t.array(EventParty)) })
  ],
  "SessionEvent"
)
export type SessionEvent = t.TypeOf<typeof SessionEvent>
