/**
 * Why there is no audio: what the vendor's answer, its call log and the time say together. Pure; the table in
 * classification.test.ts has a row for every case of docs/vendors/ringcentral.md#no-audio.
 */
import { Gone, NotFound, Pending, pendingReason, type Reason } from "@callreel/recording"
import { Duration } from "effect"
import type { Patience } from "../RingCentralOptions.ts"
import { hasOnlyShort, recordingInfosOf } from "./map.ts"
import { endOf, isRunning, retryWhileRunning } from "./callTimes.ts"
import { type LogLeg, type LogRecord, partsOf } from "./wire.ts"

/** What is known when no way gave the audio. */
export interface Evidence {
  /** The answer to the last request for the audio. */
  readonly reason: Reason
  readonly recordingId: string
  /** The call's records; empty where the log has none (yet), undefined where it could not be asked. */
  readonly records: ReadonlyArray<LogRecord> | undefined
  /** The latest instant that the caller knows of the call. */
  readonly knownEnd: Date | undefined
  readonly now: Date
  readonly patience: Patience
  /** How long the account keeps recordings. */
  readonly retention: Duration.Duration
}

/**
 * The reason that a caller can act on. Only "not found" is ambiguous at this vendor: not ready, removed by retention or
 * by hand, or not accessible. Everything else says what it means.
 */
export const classifyMissing = (evidence: Evidence): Reason => {
  const { knownEnd, now, patience, reason, recordingId, records = [], retention } = evidence
  if (reason._tag !== "NotFound") return reason
  const listed = records.find((record) => recordingInfosOf(record).some(({ id }) => String(id) === recordingId))
  if (listed?.deleted === true) return deleted()
  const running = records.find((record) => isRunning(record, now))
  if (running !== undefined) {
    return new Pending({ retryAt: retryWhileRunning(running, now, patience), detail: "the call is still running" })
  }
  const isTooShort =
    listed === undefined
      ? hasOnlyShort(records)
      : partsOf(listed).some((part) => part.shortRecording === true && names(part, recordingId))
  if (isTooShort) return tooShort()
  // A call may go on in another record of its session, and its recording comes after all of it.
  const end = latest([...records.map((record) => endOf(record, now)), ...(knownEnd ? [knownEnd] : [])])
  const pending = end && pendingReason({ knownEnd: end, now, ...patience })
  if (pending !== undefined) return pending
  if (listed === undefined) return new NotFound({ what: "the recording" })
  // The call log outlives the audio by months.
  const isExpired = end !== undefined && now.getTime() - end.getTime() > Duration.toMillis(retention)
  return isExpired ? expired() : absent()
}

/** Of a listed recording, only what the parts say that name it: another leg may have been too short. */
const names = ({ recording }: LogLeg, recordingId: string): boolean =>
  recording != null && String(recording.id) === recordingId

const deleted = () => new Gone({ why: "deleted", detail: "the call was deleted from the call log" })

const tooShort = () =>
  new Gone({ why: "too-short", detail: "the call was too short for RingCentral to keep its recording" })

const expired = () => new Gone({ why: "expired", detail: "the recording is older than the account keeps them" })

const absent = () =>
  new Gone({
    why: "absent",
    detail: "the call log names the recording, its audio is not there: deleted, or not accessible to the JWT's user"
  })

const latest = (instants: ReadonlyArray<Date>): Date | undefined =>
  instants.reduce<Date | undefined>((last, at) => (last === undefined || at > last ? at : last), undefined)
