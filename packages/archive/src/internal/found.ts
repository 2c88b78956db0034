/** What a source listed, as the ledger takes it. Pure. */
import { Recording, type RecordingSource, startOf } from "@callreel/recording"
import { Effect } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import { ArchiveError } from "../ArchiveError.ts"
import type { Entry } from "../Entry.ts"
import type { Found } from "./state.ts"

/** A recording as it is kept: its JSON form, with the link secrets in the vendor's object masked. */
export const foundOf = (
  recording: Recording,
  { capability, maskRaw, name }: Pick<RecordingSource, "capability" | "maskRaw" | "name">
): Found => {
  const startedAt = startOf(recording)
  const expiresAt = expiryOf(recording, capability.retentionDays)
  return {
    source: name,
    id: recording.id,
    availability: recording.availability,
    recording: JSON.stringify(Recording.encode({ ...recording, raw: maskRaw(recording.raw) })),
    ...(startedAt !== undefined && { startedAt }),
    ...(expiresAt !== undefined && { expiresAt })
  }
}

/** When the vendor deletes the audio, where it says how long it keeps it. */
const expiryOf = (recording: Recording, retentionDays: number | undefined): Date | undefined => {
  const end = recording.call?.endedAt ?? startOf(recording)
  return retentionDays === undefined || end === undefined
    ? undefined
    : new Date(end.getTime() + retentionDays * 86_400_000)
}

/** The recording of an entry, as it was listed; a tombstone has none. */
export const recordingOf = (entry: Entry): Effect.Effect<Recording, ArchiveError> =>
  Effect.gen(function* () {
    if (entry.recording === undefined) {
      return yield* new ArchiveError({ reason: "NotFound", detail: `${entry.source}:${entry.id} was erased` })
    }
    const text = entry.recording
    const decoded = yield* Effect.try({ try: () => Recording.decode(JSON.parse(text)), catch: () => damaged(entry) })
    return Either.isRight(decoded) ? decoded.right : yield* damaged(entry)
  })

const damaged = ({ id, source }: Entry) =>
  new ArchiveError({ reason: "Ledger", detail: `the ledger's record of ${source}:${id} is damaged` })
