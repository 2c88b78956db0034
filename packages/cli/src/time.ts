const dateOnly = /^(\d{4}-\d{2}-\d{2})$/
const dateTime = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2})(:\d{2})?([.,]\d+)?([Zz]|[+-]\d{2}(?::?\d{2})?)?$/

/**
 * The instant of an ISO 8601 date (its midnight UTC) or date-time, or undefined. Seconds may be left out; without a zone
 * the time is UTC, as everything callreel prints.
 */
export const parseTime = (text: string): Date | undefined => {
  const date = dateOnly.exec(text)?.[1]
  if (date !== undefined) return onCalendar(date, `${date}T00:00:00Z`)
  const [, day, minutes, seconds = ":00", fraction = "", zone = "Z"] = dateTime.exec(text) ?? []
  if (day === undefined || minutes === undefined) return undefined
  // More than nanoseconds is nothing that Date reads, and milliseconds are all it keeps.
  const milliseconds = fraction === "" ? "" : `.${fraction.slice(1, 4).padEnd(3, "0")}`
  return onCalendar(day, `${day}T${minutes}${seconds}${milliseconds}${normalZone(zone)}`)
}

const normalZone = (zone: string): string => {
  if (zone.toUpperCase() === "Z") return "Z"
  const digits = zone.slice(1).replace(":", "").padEnd(4, "0")
  return `${zone.slice(0, 1)}${digits.slice(0, 2)}:${digits.slice(2)}`
}

/** `Date` rolls 30 February over to March and takes hour 24: neither is what was written. */
const onCalendar = (day: string, instantText: string): Date | undefined => {
  const instant = new Date(instantText)
  const midnight = new Date(`${day}T00:00:00Z`)
  if (Number.isNaN(instant.getTime()) || Number.isNaN(midnight.getTime())) return undefined
  if (/T24/.test(instantText) || midnight.toISOString().slice(0, 10) !== day) return undefined
  return instant
}
