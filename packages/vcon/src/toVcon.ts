import { keyOf, type Recording, startOf } from "@callreel/recording"
import { callDialog, instantText, recordingDialog, recordingStart } from "./internal/dialogs.ts"
import { placeParties } from "./internal/parties.ts"
import { recordingAttachment } from "./internal/recordingAttachment.ts"
import { derivedUuid } from "./internal/uuid.ts"
import type { RecordingMedia } from "./RecordingMedia.ts"
import type { Vcon } from "./Vcon.ts"

/** What the document says of itself. */
export interface VconOptions {
  /** `created_at`. Default: the recording's start, else the call's, else 1970-01-01T00:00:00Z. */
  readonly createdAt?: Date
}

/** A recording, and its audio where there is any. */
export interface RecordedFile {
  readonly recording: Recording
  readonly media?: RecordingMedia
}

/**
 * The vCon of one recording. Pure: the same recording and media give the same document, and `encodeVcon` the same bytes.
 *
 * Without media its dialog is `incomplete` with the disposition that the outcome means (missed → no-answer, busy, failed,
 * a voicemail that nobody left), else an empty `recording-set`: the call was, and no recording of it is there. The recording
 * itself is an attachment, which `recordingOf` reads back. What stands where: `docs/vcon.md`.
 */
export const toVcon = (recording: Recording, media?: RecordingMedia, options: VconOptions = {}): Vcon => {
  const { parties, placesOf, writer } = placeParties([recording])
  const places = placesOf(recording)
  return {
    uuid: derivedUuid("recording", recording.provider, recording.account, keyOf(recording)),
    created_at: instantText(options.createdAt ?? recordingStart(recording)),
    parties,
    dialog: [media === undefined ? callDialog([recording], [places], []) : recordingDialog(recording, media, places)],
    attachments: [recordingAttachment(recording, writer, 0)]
  }
}

/**
 * One vCon of all recordings of one call: a `recording-set` for the call, then one dialog per file, in the order of their
 * starts. Files without media are in the attachments only; the order in which they are given does not matter.
 */
export const toVconOfCall = (
  files: readonly [RecordedFile, ...ReadonlyArray<RecordedFile>],
  options: VconOptions = {}
): Vcon => {
  const sorted = files.toSorted(compareFiles)
  const recordings = sorted.map(({ recording }) => recording)
  const [earliest = files[0].recording] = recordings
  const { parties, placesOf, writer } = placeParties(recordings)
  const set = 0
  const heard = sorted.flatMap(({ recording, media }) => (media === undefined ? [] : [{ recording, media }]))
  const dialogOf = (recording: Recording): number => {
    const index = heard.findIndex((file) => file.recording === recording)
    return index === -1 ? set : set + 1 + index
  }
  return {
    uuid: derivedUuid("call", earliest.provider, earliest.account, earliest.source, ...namesOf(recordings)),
    created_at: instantText(options.createdAt ?? startOf(earliest)),
    parties,
    dialog: [
      callDialog(
        recordings,
        recordings.map(placesOf),
        heard.map(({ recording }) => dialogOf(recording))
      ),
      ...heard.map(({ recording, media }) => ({
        ...recordingDialog(recording, media, placesOf(recording)),
        recording_set: set
      }))
    ],
    attachments: recordings.map((recording) => recordingAttachment(recording, writer, dialogOf(recording)))
  }
}

/** A call without an id is known by its recordings alone. */
const namesOf = (recordings: ReadonlyArray<Recording>): ReadonlyArray<string> => {
  const id = recordings.find(({ call }) => call !== undefined)?.call?.id
  return id === undefined ? ["recordings", ...recordings.map((recording) => recording.id)] : ["id", id]
}

const timeOf = ({ recording }: RecordedFile): number => recordingStart(recording)?.getTime() ?? Number.MAX_VALUE

const compareFiles = (left: RecordedFile, right: RecordedFile): number => {
  const [leftKey, rightKey] = [keyOf(left.recording), keyOf(right.recording)]
  return timeOf(left) - timeOf(right) || (leftKey < rightKey ? -1 : leftKey === rightKey ? 0 : 1)
}
