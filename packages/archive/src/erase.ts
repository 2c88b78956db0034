import { Clock, Effect, Option } from "effect"
import type { Archive } from "./Archive.ts"
import { ArchiveError } from "./ArchiveError.ts"
import type { Entry } from "./Entry.ts"
import { recordingOf } from "./internal/found.ts"
import { type Layout, sidecarOf } from "./internal/layout.ts"
import { erased } from "./internal/state.ts"

/** A recording by its key. */
export interface EntryKey {
  readonly source: string
  readonly id: string
}

/** The recording `source:id` of a key as people write it. */
export const entryKey = (key: string): EntryKey | undefined => {
  const colon = key.indexOf(":")
  return colon < 1 || colon === key.length - 1 ? undefined : { source: key.slice(0, colon), id: key.slice(colon + 1) }
}

/**
 * Takes a recording's audio and personal data out of the archive and leaves a tombstone, so that no later run brings it
 * back. Refuses what is on hold. A recording that was never archived can be erased, too.
 *
 * Files go before the ledger says so: what is killed in between is erased by doing it again.
 */
export const eraseRecording = (
  archive: Archive,
  key: EntryKey,
  reason: string,
  layout: Layout
): Effect.Effect<void, ArchiveError> =>
  Effect.gen(function* () {
    yield* archive.ledger.lock
    const entry = yield* findEntry(archive, key)
    if (entry.heldFor !== undefined) {
      return yield* new ArchiveError({
        reason: "OnHold",
        detail: `${key.source}:${key.id} is on hold (${entry.heldFor}) and is not erased`,
        remedy: "release it first: callreel hold KEY --release"
      })
    }
    for (const path of yield* pathsOf(entry, layout)) {
      yield* Effect.scoped(
        Effect.flatMap(archive.destination.receive(path, ""), ({ kept, restart }) => (kept > 0 ? restart : Effect.void))
      )
      yield* archive.destination.remove(path)
      yield* archive.destination.remove(sidecarOf(path))
    }
    yield* archive.ledger.put(erased(entry, reason))
    yield* note(archive, key, "erased", reason)
  }).pipe(Effect.scoped)

/**
 * Where something of the recording may be: its file, else what a run that was killed left, under the media type that was
 * listed.
 */
const pathsOf = (entry: Entry, layout: Layout): Effect.Effect<ReadonlyArray<string>, ArchiveError> =>
  Effect.gen(function* () {
    if (entry.file !== undefined) return [entry.file.path]
    if (entry.recording === undefined) return []
    // What cannot be read is erased all the same.
    const found = yield* Effect.option(recordingOf(entry))
    if (Option.isNone(found)) return []
    const recording = found.value
    const mediaType = recording.audio?.mediaType
    return mediaType === undefined ? [] : [layout.pathOf(recording, mediaType)]
  })

/** Puts a recording on hold, so that it can neither be erased nor pruned at its vendor. */
export const holdRecording = (archive: Archive, key: EntryKey, reason: string): Effect.Effect<void, ArchiveError> =>
  Effect.gen(function* () {
    yield* archive.ledger.lock
    const entry = yield* findEntry(archive, key)
    if (entry.state === "erased") return yield* notThere(key)
    yield* archive.ledger.put({ ...entry, heldFor: reason })
    yield* note(archive, key, "held", reason)
  }).pipe(Effect.scoped)

/** Ends a hold. */
export const releaseRecording = (archive: Archive, key: EntryKey, reason: string): Effect.Effect<void, ArchiveError> =>
  Effect.gen(function* () {
    yield* archive.ledger.lock
    const { heldFor: _, ...entry } = yield* findEntry(archive, key)
    yield* archive.ledger.put(entry)
    yield* note(archive, key, "released", reason)
  }).pipe(Effect.scoped)

const findEntry = ({ ledger }: Archive, key: EntryKey): Effect.Effect<Entry, ArchiveError> =>
  Effect.flatMap(ledger.find(key), (entry) => (entry === undefined ? notThere(key) : Effect.succeed(entry)))

const notThere = ({ id, source }: EntryKey) =>
  Effect.fail(new ArchiveError({ reason: "NotFound", detail: `the archive has no recording ${source}:${id}` }))

const note = (
  { ledger }: Archive,
  { id, source }: EntryKey,
  action: "erased" | "held" | "released",
  detail: string
): Effect.Effect<void, ArchiveError> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => ledger.log({ at: new Date(now), action, source, id, detail }))
