/** What a source has, into the ledger. */
import type { Recording, RecordingError, RecordingQuery, RecordingSource } from "@callreel/recording"
import { Effect, Stream } from "effect"
import type { ArchiveError } from "../../ArchiveError.ts"
import type { Ledger } from "../../Ledger.ts"
import { foundOf } from "../found.ts"
import type { Budget } from "./Budget.ts"

/** Recordings of one transaction. */
const pageSize = 500

/** What to ask a source: all of a window, or what changed since the last run. */
export type Discovery = { readonly window: RecordingQuery } | "changes"

/**
 * Brings the ledger up to date with a source, page by page: a checkpoint is stored with the page that it stands behind, so
 * that a run that is killed goes on there, as does one that is stopped.
 */
export const discover = (
  ledger: Ledger,
  source: RecordingSource,
  discovery: Discovery,
  { mayBegin }: Pick<Budget, "mayBegin">,
  listed: (recordings: number) => Effect.Effect<void>
): Effect.Effect<void, RecordingError | ArchiveError> => {
  /** Whether to go on. */
  const store = (
    recordings: ReadonlyArray<Recording>,
    checkpoint?: Parameters<Ledger["list"]>[1]
  ): Effect.Effect<boolean, ArchiveError> =>
    Effect.gen(function* () {
      if (!(yield* mayBegin)) return false
      const found = recordings.map((recording) => foundOf(recording, source))
      yield* ledger.list(found, checkpoint)
      yield* listed(recordings.length)
      return true
    })
  if (discovery === "changes") {
    return Effect.gen(function* () {
      const after = yield* ledger.checkpoint(source.name)
      yield* Stream.runForEachWhile(source.changes(after), ({ checkpoint, recordings }) =>
        store(recordings, { source: source.name, checkpoint })
      )
    })
  }
  return source.list(discovery.window).pipe(
    Stream.grouped(pageSize),
    Stream.runForEachWhile((recordings) => store(recordings))
  )
}
