/** Calls as this vendor's log keeps them, before they are written as JSON. All instants in milliseconds since the epoch. */
import type { AudioKind } from "../audio/kinds.ts"
import type { SimulatedDirection, SimulatedExtension, SimulatedOutcome } from "../calls/SimulatedCall.ts"
import type { RecordingKind, RecordingPlace, RecordingTruth } from "./RingCentralOptions.ts"

/** A recording or the audio of a voicemail. */
export interface LoggedRecording {
  /** Digits; of a voicemail the id of its audio attachment. */
  readonly id: string
  readonly kind: RecordingKind
  /** Of a voicemail only. */
  readonly messageId: number | undefined
  readonly audio: { readonly kind: AudioKind; readonly seed: string; readonly durationSeconds: number }
  readonly contentType: RecordingTruth["contentType"]
  /** What becomes of its audio. Of what is too short there is only a flag in the log. */
  readonly fate: "available" | "expired" | "too-short"
  readonly readyAt: number
  readonly attachedAt: number
}

/** One end of a call or leg. */
export interface LoggedParty {
  readonly phoneNumber: string | undefined
  readonly extension: SimulatedExtension | undefined
  readonly name: string | undefined
}

export interface LoggedLeg {
  readonly partyId: string
  readonly extension: SimulatedExtension
  readonly direction: "Inbound" | "Outbound"
  readonly outcome: SimulatedOutcome
  readonly legType: string
  readonly startedAt: number
  readonly endedAt: number
  readonly from: LoggedParty
  readonly to: LoggedParty
  readonly recording: LoggedRecording | undefined
}

/** One row of the call log. */
export interface LoggedRecord {
  readonly id: string
  readonly sessionId: string
  /** Faxes have none. */
  readonly telephonySessionId: string | undefined
  readonly type: "Voice" | "Fax"
  readonly extension: SimulatedExtension
  readonly direction: "Inbound" | "Outbound"
  readonly outcome: SimulatedOutcome
  readonly startedAt: number
  readonly endedAt: number
  readonly visibleFrom: number
  readonly changesAt: number | undefined
  readonly inLogWhileRunning: boolean
  readonly from: LoggedParty
  readonly to: LoggedParty
  readonly recording: LoggedRecording | undefined
  readonly legs: ReadonlyArray<LoggedLeg>
  readonly voicemail: LoggedRecording | undefined
  readonly tooShort: LoggedRecording | undefined
  readonly faxMessageId: number | undefined
  readonly transferTarget: string | undefined
  readonly transferee: string | undefined
  readonly deleted: boolean
}

/** What a call left in the log: rows of one session, of two after a warm transfer, and a fax that has nothing to do with it. */
export interface LoggedCall {
  readonly scenario: string
  readonly direction: SimulatedDirection
  readonly startedAt: number
  readonly endedAt: number
  readonly records: ReadonlyArray<LoggedRecord>
}

/** A recording with where it is found. */
export interface HeldRecording {
  readonly recording: LoggedRecording
  /** The records that hold it, at least one. */
  readonly records: readonly [LoggedRecord, ...ReadonlyArray<LoggedRecord>]
  readonly place: RecordingPlace
  /** The leg of the first record, where only a leg holds it. */
  readonly leg: LoggedLeg | undefined
}

const present = <A>(value: A | undefined): value is A => value !== undefined

/** What a record or its legs show as `recording`, each once, whether attached yet or not. */
export const attachedRecordings = (record: LoggedRecord): ReadonlyArray<LoggedRecording> => {
  const all = [record.recording, ...record.legs.map((leg) => leg.recording)].filter(present)
  return all.filter((recording, index) => all.findIndex(({ id }) => id === recording.id) === index)
}

const everyRecording = (record: LoggedRecord): ReadonlyArray<LoggedRecording> => [
  ...attachedRecordings(record),
  ...[record.voicemail, record.tooShort].filter(present)
]

const placeIn = (record: LoggedRecord, id: string): RecordingPlace => {
  const onLeg = record.legs.some((leg) => leg.recording?.id === id)
  const onRecord = record.recording?.id === id
  if (onLeg) return onRecord ? "both" : "leg"
  return "record"
}

/** Every recording of a call once, in order of the records. */
export const heldRecordings = (call: LoggedCall): ReadonlyArray<HeldRecording> => {
  const found = new Map<string, HeldRecording>()
  for (const record of call.records) {
    for (const recording of everyRecording(record)) {
      const known = found.get(recording.id)
      if (known === undefined) {
        const place = placeIn(record, recording.id)
        const leg = place === "leg" ? record.legs.find((each) => each.recording?.id === recording.id) : undefined
        found.set(recording.id, { recording, records: [record], place, leg })
      } else {
        found.set(recording.id, { ...known, records: [...known.records, record] })
      }
    }
  }
  return [...found.values()]
}

/** The instants at which a record came into the log and changed there, in no order. */
export const modificationsOf = (record: LoggedRecord): ReadonlyArray<number> =>
  [record.visibleFrom, record.changesAt, ...attachedRecordings(record).map(({ attachedAt }) => attachedAt)]
    .filter(present)
    .filter((time) => time >= record.visibleFrom)

/** When a record was modified last, seen at an instant at which it is in the log. */
export const lastModified = (record: LoggedRecord, at: number): number =>
  modificationsOf(record).reduce((latest, time) => (time <= at && time > latest ? time : latest), record.startedAt)

/** The voicemail or fax that belongs to a record. */
export const messageIdOf = ({ faxMessageId, voicemail }: LoggedRecord): number | undefined =>
  voicemail?.messageId ?? faxMessageId
