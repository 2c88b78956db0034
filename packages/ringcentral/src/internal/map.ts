/** Records of the call log → Recording. Pure. */
import {
  type Availability,
  type Call,
  type CountryCode,
  type Direction,
  type Kind,
  normaliseMediaType,
  type Outcome,
  parseInstant,
  type Party,
  pendingUntil,
  type Recording,
  toE164
} from "@callreel/recording"
import type { Patience } from "../RingCentralOptions.ts"
import { endOf, isRunning, retryWhileRunning, secondsOf, startOfRecord } from "./callTimes.ts"
import { callIdOf, sessionsOf, uniqueTexts } from "./sessions.ts"
import {
  type LogParty,
  type LogRecord,
  type Message,
  type MessageInfo,
  type RecordingInfo,
  type RecordingMetadata,
  type Part,
  partsOf
} from "./wire.ts"

export const provider = "ringcentral"

/** What is true for every record of a source. */
export interface MapContext {
  readonly source: string
  /** The configured account, for answers that name none. */
  readonly account: string
  readonly region?: CountryCode
  readonly patience: Patience
  readonly now: Date
  /** Whether voicemail counts as recordings. */
  readonly voicemail: boolean
}

const kinds: ReadonlyMap<string, Kind> = new Map([
  ["Automatic", "automatic"],
  ["OnDemand", "on-demand"]
])

const directions: ReadonlyMap<string, Direction> = new Map([
  ["Inbound", "inbound"],
  ["Outbound", "outbound"]
])

/** `result` of a record. Those that say nothing of a talk (faxes, `In Progress`) are unknown. */
const results: Readonly<Record<Exclude<Outcome, "unknown">, ReadonlyArray<string>>> = {
  answered: ["Accepted", "Call connected"],
  voicemail: ["Voicemail", "Sent to Voicemail"],
  missed: [
    "Missed",
    "No Answer",
    "Hang Up",
    "Abandoned",
    "Answered Elsewhere",
    "Answered Not Accepted",
    "Callback requested"
  ],
  busy: ["Busy", "Declined", "Rejected", "Blocked"],
  failed: [
    "Call Failed",
    "Call Failure",
    "Wrong Number",
    "Internal Error",
    "IP Phone Offline",
    "No Calling Credit",
    "Not Allowed",
    "Restricted Number",
    "International Disabled",
    "International Restricted",
    "Carrier is not active",
    "EDGE trunk misconfigured",
    "Suspended account",
    "Stopped"
  ]
}

const outcomeOf = (result: string | null | undefined): Outcome =>
  (["answered", "voicemail", "missed", "busy", "failed"] as const).find(
    (outcome) => result != null && results[outcome].includes(result)
  ) ?? "unknown"

/** A recording, or a voicemail message, with the parts of its record that name it, and all that they say of it. */
interface Carried<Info> {
  readonly id: string
  readonly infos: readonly [Info, ...ReadonlyArray<Info>]
  readonly parts: ReadonlyArray<Part>
}

const carriedBy = <Info extends { readonly id: string | number }>(
  record: LogRecord,
  infoOf: (part: Part) => Info | undefined
): ReadonlyArray<Carried<Info>> => {
  const found = new Map<string, Carried<Info>>()
  for (const part of partsOf(record)) {
    const info = infoOf(part)
    if (info === undefined || String(info.id) === "") continue
    const id = String(info.id)
    const known = found.get(id)
    found.set(
      id,
      known === undefined
        ? { id, infos: [info], parts: [part] }
        : { id, infos: [...known.infos, info], parts: [...known.parts, part] }
    )
  }
  return [...found.values()]
}

/** The recordings of a record and its legs, each id once: the same one often stands in several places. */
export const recordingInfosOf = (record: LogRecord): ReadonlyArray<RecordingInfo> =>
  carriedBy(record, recordingOf).map(({ infos }) => infos[0])

const recordingOf = (part: Part) => part.recording ?? undefined

const voicemailOf = (part: Part) =>
  part.message?.type?.toLowerCase() === "voicemail" ? (part.message ?? undefined) : undefined

/** Every recording of a record: one for each recording id, and for its voicemail where that is wanted. */
export const recordingsOfRecord = (record: LogRecord, context: MapContext): ReadonlyArray<Recording> => {
  const made = (id: string, kind: Kind, parts: ReadonlyArray<Part>, account: string | undefined): Recording => ({
    source: context.source,
    provider,
    account: account ?? context.account,
    id,
    call: { ...callOf(record, context), legIds: legIdsOf(record, parts) },
    kind,
    availability: availabilityOf(record, context),
    raw: record
  })
  const others = [record.extension?.uri, record.recording?.contentUri]
  const recordings = carriedBy(record, recordingOf).map(({ id, infos, parts }) =>
    made(id, kindOf(infos), parts, accountOf(record.uri, ...infos.flatMap(addressesOf), ...others))
  )
  if (!context.voicemail) return recordings
  const voicemails = carriedBy(record, voicemailOf).map(({ id, infos, parts }) =>
    made(id, "voicemail", parts, accountOf(record.uri, ...infos.map(({ uri }) => uri), ...others))
  )
  return [...recordings, ...voicemails]
}

const kindOf = (infos: ReadonlyArray<RecordingInfo>): Kind =>
  infos.map(({ type }) => kinds.get(type ?? "")).find((kind) => kind !== undefined) ?? "unknown"

const addressesOf = ({ contentUri, uri }: RecordingInfo) => [uri, contentUri]

/** Recordings of several records, one for each id: a recording may stand in more than one record of its session. */
export const recordingsOfRecords = (
  records: ReadonlyArray<LogRecord>,
  context: MapContext
): ReadonlyArray<Recording> => {
  const found = new Map<string, Recording>()
  for (const recording of records.flatMap((record) => recordingsOfRecord(record, context))) {
    const known = found.get(recording.id)
    const [first, other] =
      known === undefined || startsBefore(known, recording) ? [known, recording] : [recording, known]
    // Where its call began; in a list by time, that is also its place.
    if (first !== known) found.delete(recording.id)
    found.set(recording.id, first === undefined ? recording : withLegs(first, other.call?.legIds ?? []))
  }
  return [...found.values()]
}

const startsBefore = (left: Recording, right: Recording): boolean =>
  (left.call?.startedAt ?? 0) <= (right.call?.startedAt ?? 0)

const withLegs = (recording: Recording, legIds: ReadonlyArray<string>): Recording =>
  recording.call === undefined
    ? recording
    : { ...recording, call: { ...recording.call, legIds: uniqueTexts([...(recording.call.legIds ?? []), ...legIds]) } }

/** A recording of which only its metadata is known: no call, as they say nothing of one. */
export const recordingOfMetadata = (metadata: RecordingMetadata, context: MapContext): Recording => ({
  source: context.source,
  provider,
  account: accountOf(metadata.uri, metadata.contentUri) ?? context.account,
  id: String(metadata.id),
  kind: "unknown",
  ...(metadata.duration != null && { durationSeconds: metadata.duration }),
  ...(metadata.contentType && { audio: { mediaType: normaliseMediaType(metadata.contentType) } }),
  availability: { state: "available" },
  raw: metadata
})

/** A voicemail of which only its message is known. */
export const recordingOfMessage = (message: Message, context: MapContext): Recording => {
  const attachment = voicemailAttachment(message)
  const startedAt = timeOf(message.creationTime)
  const mediaType = attachment?.contentType ? normaliseMediaType(attachment.contentType) : undefined
  const audio = {
    ...(mediaType !== undefined && { mediaType }),
    ...(attachment?.size != null && { bytes: attachment.size }),
    ...(attachment?.fileName && { filename: attachment.fileName })
  }
  return {
    source: context.source,
    provider,
    account: accountOf(message.uri) ?? context.account,
    id: String(message.id),
    kind: "voicemail",
    ...(startedAt && { startedAt }),
    ...(attachment?.vmDuration != null && { durationSeconds: attachment.vmDuration }),
    ...(Object.keys(audio).length > 0 && { audio }),
    availability:
      // One that is merely deleted keeps its attachments, and can be restored.
      message.availability === "Purged" ? { state: "unavailable", reason: "deleted" } : { state: "available" },
    raw: message
  }
}

/**
 * Whether the call was too short for any recording of it to be kept: every record without one says so, for all of it or
 * in each of its legs. One short leg says nothing of the others.
 */
export const hasOnlyShort = (records: ReadonlyArray<LogRecord>): boolean => {
  const unrecorded = records.filter((record) => recordingInfosOf(record).length === 0)
  const isShort = ({ legs, shortRecording }: LogRecord): boolean =>
    shortRecording === true || (legs != null && legs.length > 0 && legs.every((leg) => leg.shortRecording === true))
  return unrecorded.length > 0 && unrecorded.every(isShort)
}

/** A recording that a notification announced and the log does not show: attached later, or never. */
export interface Announced {
  readonly id: string
  /** The records of its call, of which there is one at least. */
  readonly records: readonly [LogRecord, ...ReadonlyArray<LogRecord>]
  readonly event: unknown
  readonly account: string | undefined
}

export const recordingAnnounced = ({ account, event, id, records }: Announced, context: MapContext): Recording => {
  const { now, patience } = context
  const [record] = records
  const tooShort = hasOnlyShort(records)
  const knownEnd = new Date(Math.max(...records.map((each) => endOf(each, now).getTime())))
  const retryAt = tooShort ? undefined : pendingUntil({ knownEnd, now, ...patience })
  return {
    source: context.source,
    provider,
    account: accountOf(record.uri) ?? account ?? context.account,
    id,
    call: { ...callOf(record, context), legIds: [String(record.id)] },
    kind: "unknown",
    availability:
      retryAt === undefined
        ? { state: "unavailable", reason: tooShort ? "too-short" : "absent" }
        : { state: "pending", retryAt },
    raw: event
  }
}

/** The address of a recording's audio in the records of its call. */
export const contentUriIn = (records: ReadonlyArray<LogRecord>, recordingId: string): string | undefined =>
  records
    .flatMap(partsOf)
    .map(({ recording }) => recording)
    .find((recording) => recording != null && String(recording.id) === recordingId && Boolean(recording.contentUri))
    ?.contentUri ?? undefined

/** The voicemail of this id in the records of a call. */
export const voicemailIn = (records: ReadonlyArray<LogRecord>, messageId: string): MessageInfo | undefined =>
  records
    .flatMap(partsOf)
    .map(voicemailOf)
    .find((message) => message !== undefined && String(message.id) === messageId)

/** The audio among the attachments of a voicemail, which may have a transcript beside it. */
export const voicemailAttachment = (message: Message) =>
  message.attachments?.find(({ type }) => type === "AudioRecording")

/** The real id of the account in one of these addresses; `~` is an alias and no id. */
export const accountOf = (...uris: ReadonlyArray<string | null | undefined>): string | undefined => {
  for (const uri of uris) {
    const account = /\/account\/(\d+)(?:\/|\?|$)/.exec(uri ?? "")?.[1]
    if (account !== undefined) return account
  }
  return undefined
}

/** The extension whose message an address names. */
export const messageExtensionOf = (uri: string | null | undefined): string | undefined =>
  /\/extension\/(\d+|~)\/message-store\//.exec(uri ?? "")?.[1]

const callOf = (record: LogRecord, context: MapContext): Call => {
  const startedAt = startOfRecord(record)
  const { legacy } = sessionsOf(record)
  const seconds = isRunning(record, context.now) ? undefined : secondsOf(record)
  const direction = directionOf(record)
  return {
    id: callIdOf(record),
    ...(legacy !== undefined && { sessionId: legacy }),
    direction,
    outcome: outcomeOf(record.result),
    startedAt,
    ...(seconds !== undefined && {
      endedAt: new Date(startedAt.getTime() + Math.round(seconds * 1000)),
      durationSeconds: seconds
    }),
    ...partiesOf(record, direction, context.region)
  }
}

/** The record's own id, and the parties of the parts that name the recording: legs have no ids of their own. */
const legIdsOf = (record: LogRecord, parts: ReadonlyArray<Part>): ReadonlyArray<string> =>
  uniqueTexts([String(record.id), ...parts.flatMap(({ partyId }) => partyId || [])])

const directionOf = (record: LogRecord): Direction => {
  const isInside = (party: LogParty | null | undefined): boolean =>
    party != null && !party.phoneNumber && Boolean(party.extensionNumber || party.extensionId)
  if (isInside(record.from) && isInside(record.to)) return "internal"
  return directions.get(record.direction ?? "") ?? "unknown"
}

/** The record's extension is at the side of the account: the callee of an inbound call, the caller of an outbound one. */
const partiesOf = (record: LogRecord, direction: Direction, region?: CountryCode): Pick<Call, "from" | "to"> => {
  const own = record.extension?.id == null ? undefined : String(record.extension.id)
  const from = partyOf(record.from, direction === "outbound" ? own : undefined, region)
  const to = partyOf(record.to, direction === "inbound" ? own : undefined, region)
  return { ...(from && { from }), ...(to && { to }) }
}

const partyOf = (
  party: LogParty | null | undefined,
  own: string | undefined,
  region?: CountryCode
): Party | undefined => {
  const number = party?.phoneNumber || party?.extensionNumber
  const e164 = party?.phoneNumber ? toE164(party.phoneNumber, region) : undefined
  const id = party?.extensionId == null ? own : String(party.extensionId)
  const extension = {
    ...(id && { id }),
    ...(party?.extensionNumber && { number: party.extensionNumber })
  }
  const result: Party = {
    ...(number && { number }),
    ...(e164 && { e164 }),
    ...(party?.name && { name: party.name }),
    ...(Object.keys(extension).length > 0 && { extension })
  }
  return Object.keys(result).length === 0 ? undefined : result
}

const availabilityOf = (record: LogRecord, { now, patience }: MapContext): Availability => {
  if (record.deleted === true) return { state: "unavailable", reason: "deleted" }
  return isRunning(record, now)
    ? { state: "pending", retryAt: retryWhileRunning(record, now, patience) }
    : { state: "available" }
}

const timeOf = (text: string | null | undefined): Date | undefined => (text == null ? undefined : parseInstant(text))
