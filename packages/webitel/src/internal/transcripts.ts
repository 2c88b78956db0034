/** What was said in recordings, where the server has it in writing (docs/vendors/webitel.md#transcripts). */
import { InvalidResponse, type Reason, type Recording } from "@callreel/recording"
import { Effect } from "effect"
import type { Phrase, Transcript } from "../Transcript.ts"
import type { Api } from "./api.ts"
import { lookupId, type OwnedFile } from "./map.ts"
import type { TranscriptLookup, WirePhrase } from "./wire.ts"

/** A recording, and the row that it was made of. */
export interface Told {
  readonly owned: OwnedFile
  readonly recording: Recording
}

/** Recordings at a time whose transcripts are read. */
const concurrency = 4

/** The recordings, each with its transcripts in `raw`: a request for every transcript. One that is gone is left out. */
export const withTranscripts = (
  api: Pick<Api, "phrases">,
  told: ReadonlyArray<Told>
): Effect.Effect<ReadonlyArray<Recording>, Reason> =>
  Effect.forEach(
    told,
    ({ owned, recording }) =>
      Effect.map(
        Effect.forEach(transcriptsOf(owned), (transcript) => read(api, transcript)),
        (transcripts): Recording => ({ ...recording, raw: { ...owned.owner, transcripts: transcripts.flat() } })
      ),
    { concurrency }
  )

/** The transcripts of this file; a row names those of all the files of its leg. */
export const transcriptsOf = ({ file, owner }: OwnedFile): ReadonlyArray<Omit<Transcript, "phrases">> =>
  (owner.transcripts ?? []).flatMap((transcript) => {
    const id = lookupId(transcript)
    return id === undefined || fileOf(transcript) !== String(file.id)
      ? []
      : [{ id, ...(transcript.locale && { locale: transcript.locale }) }]
  })

/** The older key is told by all versions, and called deprecated. */
const fileOf = ({ file, file_id }: TranscriptLookup): string | undefined =>
  lookupId(file) ?? lookupId({ id: file_id ?? null })

const read = (
  api: Pick<Api, "phrases">,
  transcript: Omit<Transcript, "phrases">
): Effect.Effect<ReadonlyArray<Transcript>, Reason> =>
  Effect.map(allPhrases(api, transcript.id), (phrases) => [{ ...transcript, phrases }]).pipe(
    Effect.catchTag("NotFound", () => Effect.as(Effect.logDebug("a transcript was removed since it was listed"), []))
  )

const allPhrases = (api: Pick<Api, "phrases">, id: string): Effect.Effect<ReadonlyArray<Phrase>, Reason> =>
  Effect.gen(function* () {
    const phrases: Array<Phrase> = []
    for (let page = 1; ; page += 1) {
      const { items, next } = yield* api.phrases(id, page)
      phrases.push(...(items ?? []).map(phraseOf))
      if (next !== true) return phrases
      if ((items ?? []).length === 0) {
        return yield* new InvalidResponse({ path: "items", detail: "are none, although there are more" })
      }
    }
  })

/** Here what is not set is zero: the first phrase begins at second 0, and the left channel is 0. */
export const phraseOf = ({ channel, end_sec, phrase, start_sec }: WirePhrase): Phrase => ({
  start_sec: Number(start_sec ?? 0),
  end_sec: Number(end_sec ?? 0),
  channel: Number(channel ?? 0),
  phrase: phrase ?? ""
})
