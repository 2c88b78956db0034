import * as t from "io-ts"

const isoInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/

/** The instant of a full ISO 8601 date-time with zone, or undefined: no guessing at `5` or `2026-02-30T00:00:00Z`. */
export const parseInstant = (text: string): Date | undefined => {
  if (!isoInstant.test(text)) return undefined
  const instant = new Date(text)
  if (Number.isNaN(instant.getTime())) return undefined
  // Date rolls 30 February over to March; the calendar day must be the one that was written. Every month has 28.
  if (Number(text.slice(8, 10)) <= 28) return instant
  const written = new Date(`${text.slice(0, 10)}T00:00:00Z`)
  return written.toISOString().slice(0, 10) === text.slice(0, 10) ? instant : undefined
}

/** JSON ↔ memory codec of an instant: ISO 8601 text (UTC when written) ↔ `Date`. */
export const Instant: t.Type<Date, string, unknown> = new t.Type(
  "Instant",
  (value): value is Date => value instanceof Date && !Number.isNaN(value.getTime()),
  (value, context) => {
    const instant = typeof value === "string" ? parseInstant(value) : undefined
    return instant === undefined ? t.failure(value, context, "not an ISO 8601 instant") : t.success(instant)
  },
  (instant) => instant.toISOString()
)
