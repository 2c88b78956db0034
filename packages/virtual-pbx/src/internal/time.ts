/** The platform's times: `YYYY-MM-DD HH:MM:SS` with an optional fraction, always UTC, without a zone. Pure. */

// One resource has been seen with a comma before the fraction.
const pattern = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})(?:[.,](\d{1,9}))?$/

/** Reads a time of the platform; undefined where the text is none. */
export const parseTime = (text: string): Date | undefined => {
  const match = pattern.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hours, minutes, seconds, fraction = ""] = match
  const iso = `${year}-${month}-${day}T${hours}:${minutes}:${seconds}.${fraction.padEnd(3, "0").slice(0, 3)}Z`
  const time = new Date(iso)
  return Number.isNaN(time.getTime()) || !time.toISOString().startsWith(`${year}-${month}-${day}`) ? undefined : time
}

/** Writes a bound of a request, in whole seconds: what is later than the second is cut off. */
export const formatTime = (time: Date): string => time.toISOString().slice(0, 19).replace("T", " ")
