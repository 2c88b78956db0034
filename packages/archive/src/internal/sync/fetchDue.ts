/** Everything of a source that is due, into the archive: some at once, in the ledger's order. */
import type { RecordingError, RecordingSource } from "@callreel/recording"
import { Effect, Stream } from "effect"
import type { ArchiveError } from "../../ArchiveError.ts"
import type { Entry } from "../../Entry.ts"
import type { DueQuery } from "../../Ledger.ts"
import type { Budget } from "./Budget.ts"
import { tryOne, type TryContext } from "./tryOne.ts"

/** Tries every entry that is due, once. What one leads to stops no other; each is in the ledger before it counts as done. */
export const fetchDue = (
  context: TryContext,
  source: RecordingSource,
  queries: ReadonlyArray<DueQuery>,
  budget: Budget,
  transfers: number,
  done: (entry: Entry) => Effect.Effect<void>
): Effect.Effect<void, RecordingError | ArchiveError> => {
  const { ledger } = context.archive
  return Stream.fromIterable(queries).pipe(
    Stream.flatMap((query) => ledger.due(query)),
    Stream.flattenIterable,
    Stream.takeWhileEffect(() => Effect.map(budget.stopped, (why) => why === undefined)),
    Stream.mapEffect(
      (entry) =>
        Effect.gen(function* () {
          const after = yield* tryOne(context, source, entry)
          yield* ledger.put(after)
          yield* done(after)
        }),
      { concurrency: transfers, unordered: true }
    ),
    Stream.runDrain
  )
}
