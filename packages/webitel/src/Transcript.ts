/** What was said in a recording, as `include: ["transcripts"]` puts it into `raw` (docs/vendors/webitel.md#transcripts). */
import type { Recording } from "@callreel/recording"
import * as Either from "fp-ts/lib/Either.js"
import * as t from "io-ts"

/** What one person said without a break. */
export interface Phrase {
  /** From the beginning of the recording, in seconds. */
  readonly start_sec: number
  readonly end_sec: number
  /** Of the audio: 0 is the left, 1 the right. */
  readonly channel: number
  readonly phrase: string
}
const Phrase = t.type({ start_sec: t.number, end_sec: t.number, channel: t.number, phrase: t.string })

/** A recording in writing, by the server's speech recognition or by another program. */
export interface Transcript {
  readonly id: string
  /** The language, such as `uk-UA`. */
  readonly locale?: string
  readonly phrases: ReadonlyArray<Phrase>
}
const RawTranscripts = t.type({
  transcripts: t.array(
    t.intersection([t.type({ id: t.string, phrases: t.array(Phrase) }), t.partial({ locale: t.string })])
  )
})

/** The transcripts in a recording's `raw`; none where the source was made without `include: ["transcripts"]`. */
export const transcriptsIn = ({ raw }: Pick<Recording, "raw">): ReadonlyArray<Transcript> => {
  const decoded = RawTranscripts.decode(raw)
  return Either.isRight(decoded) ? decoded.right.transcripts : []
}
