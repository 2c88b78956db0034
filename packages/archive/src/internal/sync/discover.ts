/** What a source has, into the ledger. */
import type { Recording, RecordingError, RecordingQuery, RecordingSource } from "@callreel/recording"
import { Effect, Stream } from "effect"
import type { ArchiveError } from "../../ArchiveError.ts"
import type { Ledger } from "../../Ledger.ts"
import { foundOf } from "../found.ts"

/** Recordings of one transaction. */
const pageSize = 500

/** What to ask a source: all of a window, or what changed since the last run. */
export type Discovery = { readonly window: RecordingQuery } | "changes"

/**
 * Brings the ledger up to date with a source, page by page: a checkpoint is stored with the page that it stands behind, so
 * that a run that is killed goes on there.
 */
export const discover = (
  ledger: Ledger,
  source: RecordingSource,
  discovery: Discovery,
  listed: (recordings: number) => Effect.Effect<void>
): Effect.Effect<void, RecordingError | ArchiveError> => {
  const found = (recordings: ReadonlyArray<Recording>) => recordings.map((recording) => foundOf(recording, source))
  if (discovery === "changes") {
    return Effect.gen(function* () {
      const after = yield* ledger.checkpoint(source.name)
      yield* Stream.runForEach(source.changes(after), ({ checkpoint, recordings }) =>
        Effect.andThen(ledger.list(found(recordings), { source: source.name, checkpoint }), listed(recordings.length))
      )
    })
  }
  return source.list(discovery.window).pipe(
    Stream.grouped(pageSize),
    Stream.runForEach((recordings) => Effect.andThen(ledger.list(found(recordings)), listed(recordings.length)))
  )
}
