/** What is true of every recording, for tests to compare a client's results with. */
import { audioOfRecording, type CallLog } from "./CallLog.ts"
import type { Addresses } from "./addresses.ts"
import { type HeldRecording, heldRecordings, type LoggedCall, type LoggedParty } from "./LoggedCall.ts"
import { maskNumber, type RecordWriter } from "./recordJson.ts"
import type { RecordingTruth } from "./RingCentralOptions.ts"
import type { Settings } from "./settings.ts"

export interface TruthContext {
  readonly settings: Settings
  readonly log: CallLog
  readonly writer: RecordWriter
  readonly addresses: Addresses
}

const numberOf = ({ maskedNumbers }: Settings, party: LoggedParty): string | undefined => {
  const { extension, phoneNumber } = party
  if (phoneNumber === undefined) return extension?.number
  return maskedNumbers && extension === undefined ? maskNumber(phoneNumber) : phoneNumber
}

/** What goes by the clock, read anew each time. */
const changing = (
  { log, writer }: TruthContext,
  held: HeldRecording
): Pick<RecordingTruth, "sha512" | "state" | "record"> => {
  const [record] = held.records
  let hash: string | undefined
  return {
    sha512: () => {
      hash ??= audioOfRecording(held.recording).sha512()
      return hash
    },
    get state() {
      return log.stateOf(held)
    },
    get record() {
      const at = log.now()
      const position = log.index.byRecordId(record.id)
      if (position === undefined || !log.isListed(position, at)) return undefined
      return writer.record(record, { at, detailed: true, owner: { extensionId: undefined } })
    }
  }
}

const contentUriOf = (addresses: Addresses, { records: [record], recording }: HeldRecording): string =>
  recording.messageId === undefined
    ? addresses.contentUri(recording.id)
    : addresses.messageContentUri(record.extension.id, recording.messageId, Number(recording.id))

const fixed = (
  { addresses, settings }: TruthContext,
  call: LoggedCall,
  held: HeldRecording
): Omit<RecordingTruth, "sha512" | "state" | "record"> => {
  const { leg, place, recording, records } = held
  const [record] = records
  const audio = audioOfRecording(recording)
  const { id, name, number } = leg?.extension ?? record.extension
  return {
    recordingId: recording.id,
    kind: recording.kind,
    messageId: recording.messageId === undefined ? undefined : String(recording.messageId),
    sessionId: record.sessionId,
    telephonySessionId: record.telephonySessionId ?? "",
    callStartedAt: new Date(call.startedAt),
    callEndedAt: new Date(call.endedAt),
    callRecordIds: records.map((each) => each.id),
    recordStartedAt: new Date(record.startedAt),
    recordSeconds: Math.floor((record.endedAt - record.startedAt) / 1000),
    place,
    direction: call.direction,
    outcome: record.outcome,
    fromNumber: numberOf(settings, record.from),
    fromName: record.from.name,
    toNumber: numberOf(settings, record.to),
    toName: record.to.name,
    extension: { id, number, name },
    mediaType: audio.mediaType,
    contentType: recording.contentType,
    bytes: audio.bytes,
    durationSeconds: audio.durationSeconds,
    readyAt: new Date(recording.readyAt),
    visibleFrom: new Date(record.visibleFrom),
    attachedAt: new Date(recording.attachedAt),
    scenario: call.scenario,
    contentUri: contentUriOf(addresses, held),
    transferredFrom: record.transferee,
    transferredTo: record.transferTarget
  }
}

/** The truth of every recording, call by call; `state` and `record` go by the clock when they are read. */
export const truthOfAll = (context: TruthContext): ReadonlyArray<RecordingTruth> => {
  const { index } = context.log
  return Array.from({ length: index.callCount }, (_, ordinal) => index.callAt(ordinal)).flatMap((call) =>
    heldRecordings(call).map((held): RecordingTruth =>
      // Not by spreading, which would read the getters once and for all.
      Object.assign(changing(context, held), fixed(context, call, held))
    )
  )
}
