/** When the call of a record began and ended, and whether it still runs. Pure. */
import { pendingUntil } from "@callreel/recording"
import { Duration } from "effect"
import type { Patience } from "../RingCentralOptions.ts"
import type { LogRecord, Part } from "./wire.ts"

/** When the call began; the codec has seen that it is an instant. */
export const startOfRecord = (record: LogRecord): Date => new Date(record.startTime)

/** Whether the record is of a call that still runs. No call runs for days: one that was never closed is over. */
export const isRunning = (record: LogRecord, now: Date): boolean => {
  if (record.finished === true || (record.finished == null && record.result !== "In Progress")) return false
  return now.getTime() - startOfRecord(record).getTime() < longestCall
}

const longestCall = 86_400_000

/**
 * When to ask for the recording of a running call again: by how long it has run, as the recording of a long call takes
 * long too.
 */
export const retryWhileRunning = (record: LogRecord, now: Date, { ladder }: Patience): Date =>
  pendingUntil({ knownEnd: startOfRecord(record), now, ladder, pendingFor: Duration.millis(2 * longestCall) }) ?? now

/** When the call ended, else the latest instant known of it: now, while it runs. */
export const endOf = (record: LogRecord, now: Date): Date => {
  if (isRunning(record, now)) return now
  return new Date(startOfRecord(record).getTime() + 1000 * (secondsOf(record) ?? 0))
}

/** How long it lasted, in seconds, where the record tells. */
export const secondsOf = ({ duration, durationMs }: Part): number | undefined =>
  durationMs == null ? (duration ?? undefined) : durationMs / 1000
