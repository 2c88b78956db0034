/** What the ledger's columns hold, beside text. Pure. */

/** A number as it is read: PostgreSQL gives large integers in their own type, and their sums as text. */
export type ReadNumber = number | bigint | string

/** An unknown start or expiry: later than every instant, so that it comes last and can be compared. */
export const unknownInstant = Number.MAX_SAFE_INTEGER

/** The instant of a column, in milliseconds since 1970; undefined where it is empty or {@link unknownInstant}. */
export const dateOf = (value: ReadNumber | null | undefined): Date | undefined =>
  value == null || Number(value) === unknownInstant ? undefined : new Date(Number(value))
