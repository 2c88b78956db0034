/** Which call a record is of: its sessions, and those that warm transfers tied to it. Pure. */
import { type LogRecord, partsOf } from "./wire.ts"

/** Both keys of a record's session, where it has them. */
export const sessionsOf = (
  record: LogRecord
): { readonly telephony: ReadonlyArray<string>; readonly legacy: string | undefined } => ({
  telephony: uniqueTexts(partsOf(record).flatMap(({ telephonySessionId }) => telephonySessionId || [])),
  legacy: record.sessionId == null ? undefined : String(record.sessionId)
})

/** Sessions that a warm transfer split off from the record's own, or that it was split off from. */
export const linkedSessionsOf = (record: LogRecord): ReadonlyArray<string> =>
  uniqueTexts(
    partsOf(record).flatMap((part) => [
      ...(part.transferee?.telephonySessionId ? [part.transferee.telephonySessionId] : []),
      ...(part.transferTarget?.telephonySessionId ? [part.transferTarget.telephonySessionId] : [])
    ])
  )

/**
 * The id of the whole call: of the session, or, where a warm transfer made this one, of the session that it was made for.
 * By the record alone, so that it is the same however the record was found.
 */
export const callIdOf = (record: LogRecord): string => {
  const transferee = partsOf(record).find((part) => part.transferee?.telephonySessionId)?.transferee
  const { legacy, telephony } = sessionsOf(record)
  return transferee?.telephonySessionId || telephony[0] || legacy || String(record.id)
}

/** Each text once. */
export const uniqueTexts = (texts: ReadonlyArray<string>): ReadonlyArray<string> => [...new Set(texts)]
