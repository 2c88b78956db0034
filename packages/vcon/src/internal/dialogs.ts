/** Recordings and calls → dialogs of a vCon. Pure. */
import { type Outcome, type Recording, startOf } from "@callreel/recording"
import { contentHashOf } from "../content.ts"
import type { RecordingMedia, Side } from "../RecordingMedia.ts"
import type { VconContent, VconDialog } from "../Vcon.ts"
import type { PartyPlaces } from "./parties.ts"
import { nilSessionUuid, sessionUuid } from "./uuid.ts"

// The draft wants a start everywhere, and has no way to say that it is not known.
const unknownStart = new Date(0)

export const instantText = (instant: Date | undefined): string => (instant ?? unknownStart).toISOString()

/** When the audio begins, as far as it is known. */
export const recordingStart = (recording: Recording): Date | undefined =>
  recording.startedAt ?? recording.call?.startedAt

/** The dialog of an audio file. */
export const recordingDialog = (recording: Recording, media: RecordingMedia, places: PartyPlaces): VconDialog => ({
  type: "recording",
  start: instantText(recordingStart(recording)),
  ...durationOf(media.durationSeconds ?? recording.durationSeconds),
  ...heardParties(channelsOf(recording, media), places),
  mediatype: media.mediaType,
  ...contentOf(media),
  ...sessionOf([recording]),
  application: recording.provider
})

/** The dialog of a whole call, with the places of its recordings; where there are none, why, if the outcome says it. */
export const callDialog = (
  recordings: ReadonlyArray<Recording>,
  places: ReadonlyArray<PartyPlaces>,
  recorded: ReadonlyArray<number>
): VconDialog => {
  const disposition = recorded.length === 0 ? dispositionOf(recordings) : undefined
  const starts = recordings.flatMap((recording) => startOf(recording) ?? [])
  return {
    ...(disposition === undefined
      ? { type: "recording-set", recordings: recorded, ...durationOf(callOf(recordings)?.durationSeconds) }
      : { type: "incomplete", disposition }),
    start: instantText(starts.toSorted((left, right) => left.getTime() - right.getTime())[0]),
    parties: [...new Set(places.flatMap(({ from, to }) => [from, to]))],
    ...sessionOf(recordings),
    ...(recordings[0] !== undefined && { application: recordings[0].provider })
  }
}

const callOf = (recordings: ReadonlyArray<Recording>): Recording["call"] =>
  recordings.find(({ call }) => call !== undefined)?.call

const durationOf = (seconds: number | undefined): Pick<VconDialog, "duration"> =>
  seconds !== undefined && Number.isFinite(seconds) && seconds >= 0 ? { duration: seconds } : {}

const dispositions: Readonly<Partial<Record<Outcome, string>>> = {
  missed: "no-answer",
  busy: "busy",
  failed: "failed"
}

/** Only what all recordings of the call agree on: where one leg was missed, another may have been answered. */
const dispositionOf = (recordings: ReadonlyArray<Recording>): string | undefined => {
  const [first, ...others] = new Set(recordings.map(dispositionOfOne))
  return others.length === 0 ? first : undefined
}

const dispositionOfOne = (recording: Recording): string | undefined => {
  const { audio, availability, call, kind } = recording
  const isVoicemail = kind === "voicemail" || call?.outcome === "voicemail"
  const isEmpty =
    availability.state === "unavailable" &&
    (availability.reason === "too-short" || (availability.reason === "absent" && audio?.bytes === 0))
  return isVoicemail && isEmpty ? "voicemail-no-message" : dispositions[call?.outcome ?? "unknown"]
}

const mostChannels = 255

/** Who may be heard on each channel. */
const channelsOf = (recording: Recording, media: RecordingMedia): ReadonlyArray<ReadonlyArray<Side>> => {
  const channels = media.channels ?? recording.audio?.channels ?? 1
  if (typeof channels !== "number") return channels
  // Only the caller speaks on a voicemail.
  const everybody: ReadonlyArray<Side> = recording.kind === "voicemail" ? ["from"] : ["from", "to"]
  const isCount = Number.isInteger(channels) && channels >= 1 && channels <= mostChannels
  return Array.from({ length: isCount ? channels : 1 }, () => everybody)
}

const heardParties = (
  channels: ReadonlyArray<ReadonlyArray<Side>>,
  places: PartyPlaces
): Pick<VconDialog, "originator" | "parties"> => {
  const placed = channels.map((sides) => sides.map((side) => places[side]))
  const [only = []] = placed
  return {
    parties: placed.length === 1 ? only : placed.map(entryOf),
    // The first one named began the call, unless it is said otherwise.
    ...(channels.flat()[0] === "to" && { originator: places.from })
  }
}

const entryOf = (parties: ReadonlyArray<number>): number | ReadonlyArray<number> | null => {
  const [first, ...others] = parties
  if (first === undefined) return null
  return others.length === 0 ? first : parties
}

const contentOf = (media: RecordingMedia): VconContent => ({
  ...(media.filename !== undefined && { filename: media.filename }),
  ...("url" in media && { url: media.url }),
  ...("body" in media
    ? { encoding: "base64url", body: Buffer.from(media.body).toString("base64url") }
    : { content_hash: contentHashOf(media.sha512) })
})

/** The halves of a session's id are UUIDs: a vendor's ids of the call are written where they are such. */
const sessionOf = (recordings: ReadonlyArray<Recording>): Pick<VconDialog, "session_id"> => {
  const call = callOf(recordings)
  const local = sessionUuid(call?.id)
  const remote = sessionUuid(call?.sessionId)
  return local === undefined && remote === undefined
    ? {}
    : { session_id: { local: local ?? nilSessionUuid, remote: remote ?? nilSessionUuid } }
}
