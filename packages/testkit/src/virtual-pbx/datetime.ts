/** The platform's notation of time, `YYYY-MM-DD HH:MM:SS` in UTC without zone, and its rule for windows. */

/** An instant as whole seconds. */
export const formatSeconds = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ")

/** An instant to hundredths of a second; the fraction is left out where it is zero, and has no zeros at its end. */
export const formatHundredths = (milliseconds: number): string => {
  const hundredths = Math.floor((((milliseconds % 1000) + 1000) % 1000) / 10)
  const fraction = String(hundredths).padStart(2, "0").replace(/0+$/, "")
  return fraction === "" ? formatSeconds(milliseconds) : `${formatSeconds(milliseconds)}.${fraction}`
}

const strict = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/

/** Milliseconds since the epoch; undefined for anything that is not exactly in the notation or not a day and time. */
export const parseSeconds = (text: string): number | undefined => {
  const match = strict.exec(text)
  if (match === null) return undefined
  const milliseconds = Date.parse(`${match[1]}T${match[2]}Z`)
  // 30 February would be read as a day of March.
  return Number.isNaN(milliseconds) || formatSeconds(milliseconds) !== text ? undefined : milliseconds
}

/** A window of whole seconds, both ends as asked for. In milliseconds since the epoch. */
export interface Window {
  readonly start: number
  readonly end: number
}

/** The first second after the last day of the month following `start`. */
export const windowLimit = (start: number): number => {
  const date = new Date(start)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 2, 1)
}

/** The window of a request, or what is wrong with it. Both bounds are mandatory. */
export const parseWindow = (startText: unknown, endText: unknown): Window | string => {
  if (typeof startText !== "string" || startText === "") return "start_datetime is mandatory"
  if (typeof endText !== "string" || endText === "") return "end_datetime is mandatory"
  const start = parseSeconds(startText)
  const end = parseSeconds(endText)
  if (start === undefined) return "start_datetime must be YYYY-MM-DD HH:MM:SS"
  if (end === undefined) return "end_datetime must be YYYY-MM-DD HH:MM:SS"
  if (end < start) return "end_datetime is before start_datetime"
  if (end >= windowLimit(start)) return "end_datetime exceeds the last day of the month following start_datetime"
  return { start, end }
}
