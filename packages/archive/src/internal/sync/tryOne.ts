/** One try to get one recording into the archive. */
import {
  Gone,
  NotFound,
  type Recording,
  RecordingError,
  type RecordingReference,
  type RecordingSource,
  Truncated,
  Unavailable
} from "@callreel/recording"
import { Clock, type Duration, Effect, Option, Schedule } from "effect"
import type { Archive } from "../../Archive.ts"
import type { ArchiveError } from "../../ArchiveError.ts"
import type { Entry } from "../../Entry.ts"
import { foundOf, recordingOf } from "../found.ts"
import { listed, type Outcome, outcomeOf, tried } from "../state.ts"
import { adopt } from "./adopt.ts"
import { Doubt } from "./Doubt.ts"
import { storeAudio, type StoreContext, type Stored, type Wanted } from "./storeAudio.ts"

/** What a try needs beside the source. */
export interface TryContext extends StoreContext {
  readonly archive: Archive
  /** The last run was killed: what it was at may stand in the archive already. */
  readonly wasKilled: boolean
  /** What fails for a reason that may pass is tried again within the run, so often and after such pauses. */
  readonly again: { readonly times: number; readonly pause: Duration.Duration }
}

/**
 * The entry after a try: archived, or where it stands now. Fails where the reason says nothing of the recording but of the
 * whole source (`Unauthorized`), or where the archive itself cannot be used.
 */
export const tryOne = (
  context: TryContext,
  source: RecordingSource,
  entry: Entry
): Effect.Effect<Entry, RecordingError | ArchiveError> =>
  Effect.gen(function* () {
    const known = yield* recordingOf(entry)
    if (context.wasKilled) {
      const there = yield* adopt(context.archive.destination, context.layout, known)
      if (Option.isSome(there)) return tried(entry, { outcome: "archived", ...there.value })
    }
    const [current, recording] = yield* upToDate(source, entry, known)
    if (recording.availability.state !== "available") return current
    const outcome = yield* outcomeOfTry(context, source, recording)
    return tried(current, outcome)
  }).pipe(
    Effect.catchTag("RecordingError", (error) =>
      Effect.gen(function* () {
        const outcome = outcomeOf(error.reason, new Date(yield* Clock.currentTimeMillis))
        return outcome === undefined ? yield* error : tried(entry, outcome)
      })
    )
  )

/** What was not available when it was listed is asked for anew: only then are its facts known. */
const upToDate = (
  source: RecordingSource,
  entry: Entry,
  known: Recording
): Effect.Effect<readonly [Entry, Recording], RecordingError> =>
  Effect.gen(function* () {
    if (known.availability.state === "available") return [entry, known] as const
    const recording = yield* askAgain(source, known)
    const now = new Date(yield* Clock.currentTimeMillis)
    return [listed(entry, foundOf(recording, source), now), recording] as const
  })

const outcomeOfTry = (
  context: TryContext,
  source: RecordingSource,
  recording: Recording
): Effect.Effect<Outcome, RecordingError | ArchiveError> =>
  Effect.suspend(() => {
    const doubt = new Doubt(recording.audio?.bytes)
    // As it was listed: its source takes no audio of another size, and looks for it by every way that it has.
    const asListed = { source, recording, reference: recording, doubt }
    return storeAgain(context, asListed, hasListedSize(recording) ? isUnavailable : mayPass).pipe(
      // It may be the list that is wrong.
      Effect.catchIf(
        (error) => isTruncated(error) && hasListedSize(recording),
        () => storeAgain(context, { ...asListed, reference: withoutSize(recording) }, mayPass)
      ),
      Effect.map((stored): Outcome => ({ outcome: "archived", ...stored })),
      // Absent, unless the vendor knows more of it.
      Effect.catchIf(isNotFound, (error) => Effect.andThen(askAgain(source, recording), Effect.fail(error)))
    )
  })

/** Stores the audio, with more tries where what went wrong may pass. */
const storeAgain = (
  context: TryContext,
  wanted: Wanted,
  mayPass: (error: RecordingError | ArchiveError) => boolean
): Effect.Effect<Stored, RecordingError | ArchiveError> =>
  Effect.retry(storeAudio(context, wanted), ($) =>
    $(Schedule.exponential(context.again.pause, 3)).pipe(
      Schedule.jittered,
      Schedule.upTo({ times: context.again.times }),
      Schedule.while(({ input }) => mayPass(input))
    )
  )

const isTruncated = (error: RecordingError | ArchiveError): boolean =>
  error._tag === "RecordingError" && error.reason instanceof Truncated

const withoutSize = ({ audio = {}, ...recording }: Recording): Recording => {
  const { bytes: _, ...rest } = audio
  return { ...recording, audio: rest }
}

const isUnavailable = (error: RecordingError | ArchiveError): boolean =>
  error._tag === "RecordingError" && error.reason instanceof Unavailable

/** Sources try again by themselves, by every way that they have: what is no audio stays none. */
const mayPass = (error: RecordingError | ArchiveError): boolean => isUnavailable(error) || isTruncated(error)

const hasListedSize = ({ audio }: Recording): boolean => audio?.bytes !== undefined

const isNotFound = (error: RecordingError | ArchiveError): error is RecordingError =>
  error._tag === "RecordingError" && error.reason instanceof NotFound

/** The recording as the vendor has it now. What it listed and has no record of any more is deleted. */
const askAgain = (source: RecordingSource, recording: Recording): Effect.Effect<Recording, RecordingError> =>
  Effect.catchIf(source.get(referenceOf(recording)), isNotFound, ({ operation, source: name }) =>
    Effect.fail(
      new RecordingError({
        source: name,
        operation,
        reason: new Gone({ why: "deleted", detail: "the vendor has no record of the recording any more" })
      })
    )
  )

/** Without the vendor's object: links in it were masked, and are asked for afresh. */
const referenceOf = ({ call, id, startedAt }: Recording): RecordingReference => ({
  id,
  ...(call !== undefined && { call }),
  ...(startedAt !== undefined && { startedAt })
})
