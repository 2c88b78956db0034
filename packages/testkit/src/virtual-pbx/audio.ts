/** The audio of a recording: bare mono frames as the platform made them at first, stereo with a tag as it does now. */
import { type ComposedAudio, composeAudio } from "../audio/compose.ts"
import type { AudioKind } from "../audio/kinds.ts"
import type { SimulatedRecording } from "../calls/SimulatedCall.ts"

/** The kind of file for a number of channels. */
export const audioKindOf = (channels: 1 | 2): AudioKind => (channels === 1 ? "mp3-mono-8k" : "mp3-stereo-id3")

/** The audio, made as it is read; different for every recording. */
export const audioOfRecording = ({ channels, durationSeconds, id, state }: SimulatedRecording): ComposedAudio =>
  composeAudio({
    kind: audioKindOf(state === "empty" ? 1 : channels),
    seed: id,
    durationSeconds: state === "empty" ? 0 : durationSeconds
  })
