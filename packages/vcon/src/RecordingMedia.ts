/** An end of the call. `from` began it. */
export type Side = "from" | "to"

/** What is known of an audio file, wherever it is. */
export interface MediaFacts {
  /** Normalised, such as `audio/mpeg`. */
  readonly mediaType: string
  /** In seconds, as measured; default what the recording says. */
  readonly durationSeconds?: number
  /**
   * How many channels it has, or who is on each: `[["from"], ["to"]]` for a stereo file with the caller on the left, `[]` for
   * a channel without anybody. Default what the recording says, else one.
   */
  readonly channels?: number | ReadonlyArray<ReadonlyArray<Side>>
}

/** A file beside the vCon, found by its name or relative path. `sha512` is 128 hexadecimal digits. */
export interface FileMedia extends MediaFacts {
  readonly filename: string
  readonly sha512: string
}

/** A file that an HTTPS URL gives. `sha512` is 128 hexadecimal digits. */
export interface LinkedMedia extends MediaFacts {
  readonly url: string
  readonly sha512: string
  readonly filename?: string
}

/** A file inside the vCon. */
export interface InlineMedia extends MediaFacts {
  readonly body: Uint8Array
  readonly filename?: string
}

/** The audio of a recording as a vCon shows it. */
export type RecordingMedia = FileMedia | LinkedMedia | InlineMedia
