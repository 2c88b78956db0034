/**
 * The audio of one recording into the archive: hashed and measured on its way. The sidecar is written before the audio
 * gets its name, so that audio under its name is always whole and known.
 */
import {
  type Audio,
  type Recording,
  RecordingError,
  type RecordingReference,
  type RecordingSource,
  Truncated
} from "@callreel/recording"
import { encodeVcon, toVcon } from "@callreel/vcon"
import { Clock, Effect, Option, Scope, Stream } from "effect"
import { createHash } from "node:crypto"
import { posix } from "node:path"
import type { Archive } from "../../Archive.ts"
import type { ArchiveError } from "../../ArchiveError.ts"
import type { Receiver } from "../../Destination.ts"
import type { ArchivedFile } from "../../Entry.ts"
import { measure, suspectOf } from "../../Measure.ts"
import { type Layout, sidecarOf } from "../layout.ts"
import type { Doubt } from "./Doubt.ts"
import type { Place } from "./Place.ts"
import { Tail } from "./Tail.ts"

/** What is left of an earlier try is gone on with when it has at least so many bytes; less is fetched anew. */
const leastKept = 1024 * 1024

/** So many of the last bytes are fetched once more, to see that it is still the same audio. */
const overlap = 16 * 1024

/** What storing needs beside the source. */
export interface StoreContext {
  readonly archive: Pick<Archive, "destination">
  readonly layout: Layout
  /** Called with the size of every piece that came; may hold it back. */
  readonly received: (bytes: number) => Effect.Effect<void>
  /** Left when the bytes are in. */
  readonly place?: Place
}

/** The archived file, and how it differs from what the vendor had reported. */
export interface Stored {
  readonly file: ArchivedFile
  readonly suspect?: string
}

/** What is to be stored. */
export interface Wanted {
  readonly source: RecordingSource
  readonly recording: Recording
  readonly reference: RecordingReference
  /** Of one recording over its tries in a run. */
  readonly doubt: Doubt
}

/** Fetches the audio of a recording and stores it; goes on with what an earlier try left, where that is possible. */
export const storeAudio = (
  context: StoreContext,
  wanted: Wanted
): Effect.Effect<Stored, RecordingError | ArchiveError> =>
  Effect.gen(function* () {
    yield* context.place?.enter ?? Effect.void
    const resumed = yield* Effect.scoped(resume(context, wanted))
    return Option.isSome(resumed) ? resumed.value : yield* Effect.scoped(fetchWhole(context, wanted))
  })

const fetchWhole = (
  context: StoreContext,
  wanted: Wanted
): Effect.Effect<Stored, RecordingError | ArchiveError, Scope.Scope> =>
  Effect.gen(function* () {
    const { recording, reference, source } = wanted
    const files = yield* Effect.scope
    const fetched = yield* Effect.scoped(
      Effect.gen(function* () {
        const audio = yield* source.audio(reference)
        const path = context.layout.pathOf(recording, audio.mediaType)
        const receiver = yield* Scope.provide(context.archive.destination.receive(path, audio.mediaType), files)
        if (receiver.kept > 0) yield* receiver.restart
        const intake = makeIntake(context, receiver, audio.mediaType)
        yield* Stream.runForEachArray(audio.stream, intake.takeAll)
        if (audio.bytes !== undefined && audio.bytes !== intake.bytes()) {
          return yield* truncated(source, audio.bytes, intake.bytes())
        }
        return { path, mediaType: audio.mediaType, receiver, intake }
      })
    )
    return yield* finish(context, wanted, fetched)
  })

/** None where there is nothing to go on with, or it is not the beginning of what the vendor has now. */
const resume = (
  context: StoreContext,
  wanted: Wanted
): Effect.Effect<Option.Option<Stored>, RecordingError | ArchiveError, Scope.Scope> =>
  Effect.gen(function* () {
    const { recording, reference, source } = wanted
    const mediaType = recording.audio?.mediaType
    if (!source.capability.audioWithRange || mediaType === undefined) return Option.none()
    const path = context.layout.pathOf(recording, mediaType)
    const receiver = yield* context.archive.destination.receive(path, mediaType)
    if (receiver.kept < leastKept) return Option.none()
    const intake = makeIntake(context, receiver, mediaType)
    yield* Stream.runForEachArray(receiver.keptBytes, intake.recall)
    const start = receiver.kept - overlap
    const isWhole = yield* Effect.scoped(
      Effect.gen(function* () {
        const part = yield* rangeFrom(source, reference, start)
        if (Option.isNone(part)) return false
        const audio = part.value
        if (audio.mediaType !== mediaType || audio.range?.start !== start) return false
        if (!(yield* goOn(audio, intake))) return false
        const total = audio.range.total ?? audio.range.end + 1
        return total === intake.bytes() ? true : yield* truncated(source, total, intake.bytes())
      })
    )
    return isWhole ? Option.some(yield* finish(context, wanted, { path, mediaType, receiver, intake })) : Option.none()
  })

/** None where the vendor does not take the range: its audio is shorter now, or has no ranges. */
const rangeFrom = (
  source: RecordingSource,
  reference: RecordingReference,
  start: number
): Effect.Effect<Option.Option<Audio>, RecordingError, Scope.Scope> =>
  source.audio(reference, { range: { start } }).pipe(
    Effect.map(Option.some),
    Effect.catchTag("RecordingError", (error) =>
      error.reason._tag === "InvalidQuery" || error.reason._tag === "Unsupported"
        ? Effect.succeed(Option.none())
        : Effect.fail(error)
    )
  )

/** Takes in what comes behind the overlap; false where the overlap is not what was kept. */
const goOn = (audio: Audio, intake: Intake): Effect.Effect<boolean, RecordingError | ArchiveError> =>
  Effect.gen(function* () {
    const known = intake.lastBytes()
    let compared = 0
    let isSame = true
    yield* Stream.runForEachWhile(audio.stream, (bytes) => {
      const again = bytes.subarray(0, known.length - compared)
      isSame &&= Buffer.compare(again, known.subarray(compared, compared + again.length)) === 0
      compared += again.length
      if (!isSame) return Effect.succeed(false)
      return Effect.as(
        again.length === bytes.length ? Effect.void : intake.takeAll([bytes.subarray(again.length)]),
        true
      )
    })
    return isSame && compared === known.length
  })

/** Audio of which all bytes are in. Nothing of its vendor is open any more. */
interface Fetched {
  readonly path: string
  readonly mediaType: string
  readonly receiver: Receiver
  readonly intake: Intake
}

const finish = (
  { archive, place }: StoreContext,
  { doubt, recording, source }: Wanted,
  { intake, mediaType, path, receiver }: Fetched
): Effect.Effect<Stored, RecordingError | ArchiveError> =>
  Effect.gen(function* () {
    yield* place?.leave ?? Effect.void
    const bytes = intake.bytes()
    const sha512 = intake.sha512()
    if (!doubt.isOver(bytes, sha512)) return yield* truncated(source, recording.audio?.bytes ?? bytes, bytes)
    const facts = yield* Effect.promise(() => intake.facts())
    const file: ArchivedFile = {
      path,
      bytes,
      sha512,
      mediaType,
      ...facts,
      archivedAt: new Date(yield* Clock.currentTimeMillis)
    }
    yield* archive.destination.put(sidecarOf(path), sidecarBytes(source, recording, file), "application/vcon")
    yield* receiver.commit
    return storedOf(recording, file)
  })

/** A file, beside what was reported of it. */
export const storedOf = (recording: Recording, file: ArchivedFile): Stored => {
  const suspect = suspectOf(
    {
      ...(recording.audio?.bytes !== undefined && { bytes: recording.audio.bytes }),
      ...(recording.durationSeconds !== undefined && { durationSeconds: recording.durationSeconds })
    },
    file
  )
  return { file, ...(suspect !== undefined && { suspect }) }
}

/** The vCon beside a file: what was recorded, and the hash of its audio. */
export const sidecarBytes = (
  { maskRaw }: Pick<RecordingSource, "maskRaw">,
  recording: Recording,
  { channels, durationSeconds, mediaType, path, sha512 }: ArchivedFile
): Uint8Array =>
  Buffer.from(
    encodeVcon(
      toVcon(
        { ...recording, raw: maskRaw(recording.raw) },
        {
          filename: posix.basename(path),
          sha512,
          mediaType,
          ...(durationSeconds !== undefined && { durationSeconds }),
          ...(channels !== undefined && { channels })
        }
      )
    )
  )

interface Intake {
  /** Takes in what came from the vendor. */
  readonly takeAll: (pieces: ReadonlyArray<Uint8Array>) => Effect.Effect<void, ArchiveError>
  /** Takes in what stands in the archive already. */
  readonly recall: (pieces: ReadonlyArray<Uint8Array>) => Effect.Effect<void>
  readonly bytes: () => number
  readonly lastBytes: () => Uint8Array
  readonly sha512: () => string
  readonly facts: () => ReturnType<ReturnType<typeof measure>["finish"]>
}

/** Counts, hashes and measures what comes, and hands it to the receiver. */
const makeIntake = ({ received }: StoreContext, receiver: Receiver, mediaType: string): Intake => {
  const hash = createHash("sha512")
  const measuring = measure(mediaType)
  const tail = new Tail(overlap)
  let bytes = 0
  const note = (piece: Uint8Array): Effect.Effect<void> => {
    bytes += piece.length
    hash.update(piece)
    const written = measuring.write(piece)
    return written === undefined ? Effect.void : Effect.promise(() => written)
  }
  return {
    takeAll: (pieces) =>
      Effect.forEach(
        pieces,
        (piece) => note(piece).pipe(Effect.andThen(receiver.write(piece)), Effect.andThen(received(piece.length))),
        { discard: true }
      ),
    recall: (pieces) =>
      Effect.forEach(
        pieces,
        (piece) => {
          tail.add(piece)
          return note(piece)
        },
        { discard: true }
      ),
    bytes: () => bytes,
    lastBytes: () => tail.bytes(),
    sha512: () => hash.digest("hex"),
    facts: () => measuring.finish()
  }
}

const truncated = ({ name }: RecordingSource, expected: number, received: number) =>
  new RecordingError({ source: name, operation: "audio", reason: new Truncated({ expected, received }) })
