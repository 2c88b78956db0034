/** The platform's times: `YYYY-MM-DD HH:MM:SS` with an optional fraction, always UTC, without a zone. Pure. */
import { parseInstant } from "@callreel/recording"

// One resource has been seen with a comma before the fraction. The hour 24 would be one of the next day.
const pattern = /^\d{4}-\d{2}-\d{2} (?:[01]\d|2[0-3]):\d{2}:\d{2}(?:[.,]\d{1,9})?$/

/** Reads a time of the platform; undefined where the text is none. */
export const parseTime = (text: string): Date | undefined =>
  pattern.test(text) ? parseInstant(`${text.slice(0, 10)}T${text.slice(11).replace(",", ".")}Z`) : undefined

/** Writes a bound of a request, in whole seconds: what is later than the second is cut off. */
export const formatTime = (time: Date): string => time.toISOString().slice(0, 19).replace("T", " ")
