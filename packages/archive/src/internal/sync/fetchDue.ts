/**
 * Everything of a source that is due, into the archive: in the ledger's order, so many fetches at once, and as many beside
 * them whose bytes are in.
 */
import type { RecordingError, RecordingSource } from "@callreel/recording"
import { Clock, Effect, Semaphore, Stream } from "effect"
import type { ArchiveError } from "../../ArchiveError.ts"
import type { Entry } from "../../Entry.ts"
import type { Budget } from "./Budget.ts"
import { type Place, takePlace } from "./Place.ts"
import { endOfTime, type Pass } from "./passes.ts"
import { tryOne, type TryContext } from "./tryOne.ts"

/** Tries every entry that is due, once. What one leads to stops no other; each is in the ledger before it counts as done. */
export const fetchDue = (
  context: TryContext,
  source: RecordingSource,
  passes: ReadonlyArray<Pass>,
  budget: Budget,
  transfers: number,
  done: (entry: Entry) => Effect.Effect<void>
): Effect.Effect<void, RecordingError | ArchiveError> => {
  const { ledger } = context.archive
  const dueIn = ({ isDue, query }: Pass): Stream.Stream<Entry, ArchiveError> =>
    ledger.due({ ...query, now: endOfTime }).pipe(
      Stream.mapEffect((page) =>
        Effect.map(Clock.currentTimeMillis, (now) => page.filter((entry) => isDue(entry, new Date(now))))
      ),
      Stream.flattenIterable
    )
  const fetchOne = (entry: Entry, place: Place): Effect.Effect<void, RecordingError | ArchiveError> =>
    Effect.gen(function* () {
      // The rest of a page is in hand already, and passed over.
      if (!(yield* budget.mayBegin)) return
      const after = yield* tryOne({ ...context, place }, source, entry)
      yield* ledger.put(after)
      yield* done(after)
    })
  return Effect.flatMap(Semaphore.make(transfers), (places) =>
    Stream.fromIterable(passes).pipe(
      Stream.flatMap(dueIn),
      Stream.takeWhileEffect(() => budget.mayBegin),
      Stream.mapEffect(
        (entry) =>
          Effect.acquireUseRelease(
            takePlace(places),
            (place) => fetchOne(entry, place),
            ({ leave }) => leave
          ),
        // Who wants one at a time gets one recording after the other.
        { concurrency: transfers === 1 ? 1 : 2 * transfers, unordered: true }
      ),
      Stream.runDrain
    )
  )
}
