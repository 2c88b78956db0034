/** What the bytes of an audio file say. What they do not say is left out. */
export interface Measured {
  /** How long it plays, to a millisecond. */
  readonly durationSeconds?: number
  /** Such as `MPEG 2.5 Layer 3`, `PCM`, `Opus`. */
  readonly codec?: string
  readonly channels?: number
  /** Bits a second, on average. */
  readonly bitrate?: number
}

/** Reads an audio file piece by piece. */
export interface Scanner {
  /** Takes the next bytes, which must not be changed afterwards. A promise asks to wait before more is written. */
  readonly write: (bytes: Uint8Array) => void | Promise<void>
  /** To be called once, after the last byte. */
  readonly finish: () => Measured | Promise<Measured>
}

/** The facts that are possible ones, rounded. */
export const measuredOf = (facts: { readonly [Fact in keyof Measured]: Measured[Fact] | undefined }): Measured => {
  const durationSeconds = positive(facts.durationSeconds, 1000)
  const channels = positive(facts.channels)
  const bitrate = positive(facts.bitrate)
  return {
    ...(durationSeconds !== undefined && { durationSeconds }),
    ...(facts.codec !== undefined && facts.codec !== "" && { codec: facts.codec }),
    ...(channels !== undefined && { channels }),
    ...(bitrate !== undefined && { bitrate })
  }
}

const positive = (fact = 0, parts = 1): number | undefined => {
  const rounded = Math.round(fact * parts) / parts
  return Number.isFinite(rounded) && rounded > 0 ? rounded : undefined
}
