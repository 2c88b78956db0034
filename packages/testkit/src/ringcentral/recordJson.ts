/** A row of the call log as JSON, at an instant: what is not attached or not known yet is absent. */
import type { SimulatedExtension, SimulatedOutcome } from "../calls/SimulatedCall.ts"
import type { Addresses } from "./addresses.ts"
import { nibble } from "./ids.ts"
import {
  lastModified,
  messageIdOf,
  type LoggedLeg,
  type LoggedParty,
  type LoggedRecord,
  type LoggedRecording
} from "./LoggedCall.ts"
import type { JsonObject } from "./RingCentralOptions.ts"
import type { Settings } from "./settings.ts"

/** Whose log a row is shown in: the company's, or that of the extension with this id. */
export type LogOwner = { readonly extensionId: string | undefined }

export interface RecordView {
  readonly detailed: boolean
  readonly owner: LogOwner
  /** Milliseconds since the epoch. */
  readonly at: number
}

const inboundResults: Readonly<Record<SimulatedOutcome, string>> = {
  answered: "Accepted",
  "answered-elsewhere": "Answered Elsewhere",
  missed: "Missed",
  busy: "Busy",
  rejected: "Rejected",
  failed: "Call Failed",
  voicemail: "Voicemail"
}

/** The word for an outcome, seen from the extension. */
export const resultOf = (direction: "Inbound" | "Outbound", outcome: SimulatedOutcome): string => {
  if (direction === "Outbound" && outcome === "answered") return "Call connected"
  return direction === "Outbound" && outcome === "missed" ? "No Answer" : inboundResults[outcome]
}

const reasons: Readonly<Partial<Record<SimulatedOutcome, readonly [string, string]>>> = {
  answered: ["Accepted", "The call connected to and was accepted by this number."],
  missed: ["No Answer", "The call was not answered."],
  busy: ["Line Busy", "The line was busy."],
  failed: ["Bad Number", "The number cannot be reached."]
}

const reasonFields = (outcome: SimulatedOutcome): JsonObject => {
  const reason = reasons[outcome]
  return reason === undefined ? {} : { reason: reason[0], reasonDescription: reason[1] }
}

/** A number whose last digits are hidden. */
export const maskNumber = (number: string): string => number.replace(/[0-9]{4}$/, "XXXX")

export interface RecordWriter {
  readonly record: (record: LoggedRecord, view: RecordView) => JsonObject
  readonly recording: (recording: LoggedRecording) => JsonObject
  readonly extension: (extension: SimulatedExtension) => JsonObject
  /** One end of a call, with all that is known. */
  readonly party: (party: LoggedParty) => JsonObject
}

// What is on the way until a detail of the row changes: the name that only the other phone knew.
const partyName = (party: LoggedParty, changed: boolean): string | undefined =>
  party.extension !== undefined || changed ? party.name : undefined

/** Writes rows with the addresses of the running servers. */
export const makeRecordWriter = (settings: Settings, addresses: Addresses): RecordWriter => {
  const extensionJson = ({ id }: SimulatedExtension): JsonObject => ({
    uri: addresses.platform(`/extension/${id}`),
    id: Number(id)
  })

  const recordingJson = (recording: LoggedRecording): JsonObject => ({
    uri: addresses.platform(`/recording/${recording.id}`),
    id: recording.id,
    type: recording.kind === "on-demand" ? "OnDemand" : "Automatic",
    contentUri: addresses.contentUri(recording.id)
  })

  const partyJson = (party: LoggedParty, changed: boolean): JsonObject => {
    const { extension, phoneNumber } = party
    const name = partyName(party, changed)
    const isOutside = extension === undefined
    return {
      ...(phoneNumber === undefined
        ? {}
        : { phoneNumber: settings.maskedNumbers && isOutside ? maskNumber(phoneNumber) : phoneNumber }),
      ...(isOutside || phoneNumber !== undefined ? {} : { extensionNumber: extension.number }),
      ...(isOutside ? {} : { extensionId: extension.id }),
      ...(name === undefined ? {} : { name }),
      ...(isOutside && phoneNumber?.startsWith("+1415") === true ? { location: "San Francisco, CA" } : {})
    }
  }

  const attached = (recording: LoggedRecording | undefined, at: number): JsonObject =>
    recording === undefined || at < recording.attachedAt ? {} : { recording: recordingJson(recording) }

  // Some rows tell the length in milliseconds too.
  const durationFields = (id: string, startedAt: number, endedAt: number, at: number): JsonObject => {
    const milliseconds = Math.max(0, Math.min(endedAt, at) - startedAt)
    return {
      duration: Math.floor(milliseconds / 1000),
      ...(id.charCodeAt(0) % 3 === 0 ? { durationMs: milliseconds } : {})
    }
  }

  const legJson = (record: LoggedRecord, leg: LoggedLeg, master: boolean, at: number): JsonObject => ({
    startTime: new Date(leg.startedAt).toISOString(),
    ...durationFields(record.id, leg.startedAt, leg.endedAt, at),
    type: "Voice",
    direction: leg.direction,
    action: leg.legType === "TransferCall" ? "Transfer" : actionOf(record),
    result: at < leg.endedAt ? "In Progress" : resultOf(leg.direction, leg.outcome),
    from: partyJson(leg.from, true),
    to: partyJson(leg.to, true),
    ...attached(leg.recording, at),
    ...(master && at >= record.endedAt ? messageFields(record) : {}),
    ...(record.telephonySessionId === undefined ? {} : { telephonySessionId: record.telephonySessionId }),
    partyId: leg.partyId,
    transport: leg.legType === "ExtensionToExtension" ? "VoIP" : "PSTN",
    legType: leg.legType,
    ...(master ? { master: true } : {}),
    extension: extensionJson(leg.extension)
  })

  const messageFields = (record: LoggedRecord): JsonObject => {
    const { extension, voicemail } = record
    const id = messageIdOf(record)
    if (id === undefined) return {}
    return {
      message: {
        id: String(id),
        type: voicemail === undefined ? "Fax" : "VoiceMail",
        uri: addresses.platform(`/extension/${extension.id}/message-store/${id}`)
      }
    }
  }

  const linkFields = ({ transferee, transferTarget }: LoggedRecord): JsonObject => ({
    ...(transferTarget === undefined ? {} : { transferTarget: { telephonySessionId: transferTarget } }),
    ...(transferee === undefined ? {} : { transferee: { telephonySessionId: transferee } })
  })

  // The word is new: some rows do not have it.
  const finishedFields = ({ endedAt, id }: LoggedRecord, at: number): JsonObject => {
    if (at < endedAt) return { finished: false }
    return id.charCodeAt(1) % 4 === 0 ? {} : { finished: true }
  }

  const detailFields = (record: LoggedRecord, at: number): JsonObject => ({
    legs: record.legs
      .filter(({ startedAt }) => startedAt <= at)
      .map((leg, index) => legJson(record, leg, index === 0, at)),
    lastModifiedTime: new Date(lastModified(record, at)).toISOString(),
    billing: { costIncluded: 0, costPurchased: 0 }
  })

  // Keys of releases to come: a client must not mind them.
  const unknownFields = ({ id }: LoggedRecord): JsonObject =>
    settings.unknownKeys && id.charCodeAt(2) % 5 === 0 ? { callQuality: { score: 4.3, source: null }, aiNotes: [] } : {}

  return {
    extension: extensionJson,
    recording: recordingJson,
    party: (party) => partyJson(party, true),
    record: (record, { at, detailed, owner }) => {
      const running = at < record.endedAt
      const changed = record.changesAt === undefined || at >= record.changesAt
      const ownerPath = owner.extensionId === undefined ? "" : `/extension/${owner.extensionId}`
      return {
        uri: addresses.platform(`${ownerPath}/call-log/${record.id}?view=${detailed ? "Detailed" : "Simple"}`),
        id: record.id,
        sessionId: record.sessionId,
        ...(record.telephonySessionId === undefined ? {} : { telephonySessionId: record.telephonySessionId }),
        ...(record.legs[0] === undefined ? {} : { partyId: record.legs[0].partyId }),
        startTime: new Date(record.startedAt).toISOString(),
        ...durationFields(record.id, record.startedAt, record.endedAt, at),
        type: record.type,
        ...(record.type === "Fax" ? {} : { internalType: nibble(record.sessionId, 0) < 2 ? "LongDistance" : "Local" }),
        direction: record.direction,
        action: actionOf(record),
        result: running
          ? "In Progress"
          : record.type === "Fax"
            ? "Received"
            : resultOf(record.direction, record.outcome),
        ...(running || record.type === "Fax" ? {} : reasonFields(record.outcome)),
        from: partyJson(record.from, changed),
        to: partyJson(record.to, changed),
        ...attached(record.recording, at),
        ...(record.tooShort === undefined || running ? {} : { shortRecording: true }),
        ...(running ? {} : messageFields(record)),
        extension: extensionJson(record.extension),
        transport: "PSTN",
        ...linkFields(record),
        ...finishedFields(record, at),
        ...(record.deleted ? { deleted: true } : {}),
        ...unknownFields(record),
        ...(detailed ? detailFields(record, at) : {})
      }
    }
  }
}

const actionOf = ({ transferee, type }: LoggedRecord): string => {
  if (type === "Fax") return "Incoming Fax"
  return transferee === undefined ? "Phone Call" : "Transfer"
}
