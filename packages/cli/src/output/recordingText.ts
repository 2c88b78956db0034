import { type Recording, startOf } from "@callreel/recording"
import { availabilityText, lengthText, partyText, shortTime } from "./recordingTable.ts"
import { visible } from "./visible.ts"

/** One recording for people: a line for each thing that is known. */
export const recordingText = (recording: Recording): string => {
  const { audio, call } = recording
  const known: ReadonlyArray<readonly [string, string | undefined]> = [
    ["recording", `${recording.source} ${recording.id}`],
    ["audio", [availabilityText(recording), audio?.mediaType, bytesText(audio?.bytes)].filter(Boolean).join(", ")],
    ["length", lengthText(recording.durationSeconds)],
    ["kind", recording.kind],
    ["started", withZone(shortTime(startOf(recording)))],
    ["call", call && `${call.id} ${call.direction}, ${call.outcome}`],
    ["call length", lengthText(call?.durationSeconds)],
    ["from", partyText(call?.from)],
    ["to", partyText(call?.to)],
    ["queue", call?.queue?.name ?? call?.queue?.id],
    ["tags", call?.tags?.join(", ")]
  ]
  return known
    .filter(([_, value]) => value !== undefined && value !== "")
    .map(([name, value]) => `${name.padEnd(11)}  ${visible(value ?? "")}\n`)
    .join("")
}

/** `34,416 bytes`. */
export const bytesText = (bytes: number | undefined): string | undefined =>
  bytes === undefined ? undefined : `${bytes.toLocaleString("en")} bytes`

const withZone = (time: string): string => (time === "" ? "" : `${time} UTC`)
