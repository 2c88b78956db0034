import { type Party, type Recording, startOf } from "@callreel/recording"
import type { Column } from "./table.ts"

/** The columns of a list of recordings. The id stays whole at every width: it is what the next command needs. */
export const recordingColumns = (severalSources: boolean): ReadonlyArray<Column<Recording>> => [
  { header: "STARTED (UTC)", value: (recording) => shortTime(startOf(recording)) },
  ...(severalSources ? [{ header: "SOURCE", value: (recording: Recording) => recording.source, minimum: 6 }] : []),
  { header: "DIRECTION", value: (recording) => recording.call?.direction ?? "", dropFirst: 2 },
  { header: "FROM", value: (recording) => partyText(recording.call?.from), minimum: 12, dropFirst: 5 },
  { header: "TO", value: (recording) => partyText(recording.call?.to), minimum: 12, dropFirst: 4 },
  { header: "LENGTH", value: (recording) => lengthText(secondsOf(recording)), align: "right", dropFirst: 3 },
  { header: "AUDIO", value: availabilityText, dropFirst: 1 },
  { header: "ID", value: (recording) => recording.id }
]

/** `2026-03-01 09:05:00`, in UTC. */
export const shortTime = (instant: Date | undefined): string =>
  instant === undefined ? "" : instant.toISOString().slice(0, 19).replace("T", " ")

/** `1:05` or `2:00:07`. */
export const lengthText = (seconds: number | undefined): string => {
  if (seconds === undefined) return ""
  const whole = Math.round(seconds)
  const two = (part: number): string => String(part).padStart(2, "0")
  const minutes = Math.floor(whole / 60)
  return minutes < 60
    ? `${minutes}:${two(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`
}

/** Name and number of one end of a call, as far as they are known. */
export const partyText = (party: Party | undefined): string => {
  const number = party?.e164 ?? party?.number ?? party?.extension?.number ?? ""
  const name = party?.name ?? party?.extension?.name
  if (name === undefined || name === "" || name === number) return number
  return number === "" ? name : `${name} ${number}`
}

/** `available`, `pending`, or why there is none. */
export const availabilityText = ({ availability }: Recording): string =>
  availability.state === "unavailable" ? availability.reason : availability.state

const secondsOf = (recording: Recording): number | undefined =>
  recording.durationSeconds ?? recording.call?.durationSeconds
