import type { Stream } from "effect"
import type { RecordingError } from "./RecordingError.ts"

/** A part of the audio, in bytes, both ends included as in HTTP; without `end` to the last byte. */
export interface ByteRange {
  readonly start: number
  readonly end?: number
}

/** The part that is really delivered: both ends included, `total` where the vendor tells the whole size. */
export interface DeliveredRange {
  readonly start: number
  readonly end: number
  readonly total?: number
}

/** How to fetch audio. */
export interface AudioOptions {
  /** Only this part, for seeking in a player. */
  readonly range?: ByteRange
}

/**
 * Audio on its way. `mediaType` is what the response says, normalised; `bytes` is the length of what the stream will
 * deliver, where the vendor says it.
 *
 * The stream fails with `Truncated` when fewer bytes came than were promised, resumes by itself where the vendor supports
 * it, and closes its socket when it is closed.
 */
export interface Audio<E = RecordingError> {
  readonly mediaType: string
  readonly bytes?: number
  readonly filename?: string
  readonly range?: DeliveredRange
  readonly stream: Stream.Stream<Uint8Array, E>
}
