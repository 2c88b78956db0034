/** The exact recordings a test asks for, as calls beside those of the world. */
import { durationForBytes } from "../audio/compose.ts"
import type { SimulatedExtension } from "../calls/SimulatedCall.ts"
import type { Random } from "../simulator/Random.ts"
import { callRecordId, digitsId, telephonySessionId } from "./ids.ts"
import type { LoggedCall, LoggedLeg, LoggedParty, LoggedRecord, LoggedRecording } from "./LoggedCall.ts"
import { audioKindOf, contentTypeOf, messageNumber } from "./mapCall.ts"
import type { ExtraRecording } from "./RingCentralOptions.ts"

const defaultSeconds = 10

const noExtension: SimulatedExtension = { id: "1", number: "0001", name: "1", type: "phone", groupId: undefined }

/** An extra recording with its ids, its times and its record as if it were alone. */
interface Single {
  readonly extra: ExtraRecording
  readonly recording: LoggedRecording
  readonly record: LoggedRecord
}

const makeSingle = (random: Random, extra: ExtraRecording, extension: SimulatedExtension): Single => {
  const { channels = 1, direction = "inbound", format = "mp3", kind = "automatic", place = "both" } = extra
  const { bytes, name, number = "+12125550123", state = "available" } = extra
  const hex = random.fork("recording").hex(32)
  const session = random.fork("session").hex(32)
  const audioKind = audioKindOf(format, channels)
  const durationSeconds =
    bytes === undefined ? (extra.durationSeconds ?? defaultSeconds) : durationForBytes(audioKind, bytes)
  const startedAt = extra.startedAt.getTime()
  const endedAt = extra.callEndsAt?.getTime() ?? startedAt + Math.round(durationSeconds * 1000)
  const visibleFrom = extra.visibleFrom?.getTime() ?? endedAt
  const messageId = kind === "voicemail" ? messageNumber(hex) : undefined
  const recording: LoggedRecording = {
    id: extra.recordingId ?? (messageId === undefined ? digitsId(hex) : String(messageId)),
    kind,
    messageId,
    audio: { kind: audioKind, seed: hex, durationSeconds },
    contentType: contentTypeOf(format, hex),
    fate: state === "deleted" ? "available" : state,
    readyAt: extra.readyAt?.getTime() ?? endedAt,
    attachedAt: Math.max(visibleFrom, extra.attachedAt?.getTime() ?? visibleFrom)
  }
  const outside: LoggedParty = { phoneNumber: number, extension: undefined, name }
  const inside: LoggedParty = { phoneNumber: undefined, extension, name: extension.name }
  const shown: LoggedParty = { ...inside, phoneNumber: "+74995550101" }
  const inbound = direction === "inbound"
  const listed = kind !== "voicemail" && recording.fate !== "too-short"
  const outcome = kind === "voicemail" ? "voicemail" : "answered"
  const leg: LoggedLeg = {
    partyId: `p-${session}-1`,
    extension,
    direction: inbound ? "Inbound" : "Outbound",
    outcome,
    legType: inbound ? "Accept" : "SipToPstnMetered",
    startedAt,
    endedAt,
    from: inbound ? outside : inside,
    to: inbound ? inside : outside,
    recording: listed && place !== "record" ? recording : undefined
  }
  const record: LoggedRecord = {
    id: extra.callRecordId ?? callRecordId(random.fork("record").hex(32)),
    sessionId: extra.sessionId ?? digitsId(session),
    telephonySessionId: extra.telephonySessionId ?? telephonySessionId(session),
    type: "Voice",
    extension,
    direction: leg.direction,
    outcome,
    startedAt,
    endedAt,
    visibleFrom,
    changesAt: extra.changesAt?.getTime(),
    inLogWhileRunning: extra.inLogWhileRunning ?? false,
    from: inbound ? outside : shown,
    to: inbound ? shown : outside,
    recording: listed && place !== "leg" ? recording : undefined,
    legs: [leg],
    voicemail: kind === "voicemail" ? recording : undefined,
    tooShort: recording.fate === "too-short" && kind !== "voicemail" ? recording : undefined,
    faxMessageId: undefined,
    transferTarget: extra.transferredTo,
    transferee: extra.transferredFrom,
    deleted: false
  }
  return { extra, recording, record }
}

const groupBy = <A>(items: ReadonlyArray<A>, keyOf: (item: A) => string): ReadonlyArray<readonly [A, ...Array<A>]> => {
  const groups = new Map<string, [A, ...Array<A>]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return [...groups.values()]
}

// Recordings of one record are on its legs, in order of their start.
const mergeRecords = (singles: readonly [Single, ...ReadonlyArray<Single>]): LoggedRecord => {
  const records = singles.map(({ record }) => record)
  const [first] = singles
  return {
    ...first.record,
    startedAt: Math.min(...records.map(({ startedAt }) => startedAt)),
    endedAt: Math.max(...records.map(({ endedAt }) => endedAt)),
    visibleFrom: Math.min(...records.map(({ visibleFrom }) => visibleFrom)),
    recording: records.find(({ recording }) => recording !== undefined)?.recording,
    legs: records.flatMap(({ legs }) => legs),
    voicemail: records.find(({ voicemail }) => voicemail !== undefined)?.voicemail,
    tooShort: records.find(({ tooShort }) => tooShort !== undefined)?.tooShort
  }
}

/** The calls of the extra recordings, and which of their recordings are deleted from the beginning. */
export interface ExtraCalls {
  readonly calls: ReadonlyArray<LoggedCall>
  readonly deletedIds: ReadonlySet<string>
}

/** One call for each session, in the order given. */
export const makeExtraCalls = (
  extras: ReadonlyArray<ExtraRecording>,
  extensions: ReadonlyArray<SimulatedExtension>,
  random: Random
): ExtraCalls => {
  const singles = extras.map((extra, index) =>
    makeSingle(random.fork(index), extra, extensions[extra.extension ?? 0] ?? noExtension)
  )
  const sessionOf = ({ extra, record }: Single): string =>
    extra.telephonySessionId === undefined || extra.sessionId !== undefined
      ? record.sessionId
      : extra.telephonySessionId
  const calls = groupBy(singles, sessionOf).map((ofSession): LoggedCall => {
    const [{ record: lead }] = ofSession
    // Where only the telephony session is given, the other id is that of the first.
    const records = groupBy(ofSession, ({ record }) => record.id).map((group) => ({
      ...mergeRecords(group),
      sessionId: lead.sessionId
    }))
    return {
      scenario: "extra",
      direction: lead.direction === "Inbound" ? "inbound" : "outbound",
      startedAt: Math.min(...records.map(({ startedAt }) => startedAt)),
      endedAt: Math.max(...records.map(({ endedAt }) => endedAt)),
      records
    }
  })
  return {
    calls,
    deletedIds: new Set(singles.filter(({ extra }) => extra.state === "deleted").map(({ recording }) => recording.id))
  }
}
