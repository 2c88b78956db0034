/** What a run did not obtain, for people and programs. */
import { type Effect, Stream } from "effect"
import type { ArchiveError } from "../../ArchiveError.ts"
import type { Entry } from "../../Entry.ts"
import type { EntryQuery, Ledger } from "../../Ledger.ts"

/** One recording that is not archived. */
export interface NotObtained {
  readonly source: string
  readonly id: string
  readonly state: "pending" | "unavailable" | "failed"
  readonly reason?: string
  readonly attempts: number
  readonly retryAt?: Date
}

/** Most that one result holds; the counts tell how many there are. */
const most = 10_000

/** The recordings that are not archived, failed ones first, each state in the order of calls. */
export const notObtained = (
  ledger: Ledger,
  queries: ReadonlyArray<EntryQuery>
): Effect.Effect<ReadonlyArray<NotObtained>, ArchiveError> =>
  Stream.fromIterable(["failed", "pending", "unavailable"] as const).pipe(
    Stream.flatMap((state) =>
      Stream.fromIterable(queries).pipe(
        Stream.flatMap((query) => ledger.entries({ ...query, states: [state] })),
        Stream.flattenIterable,
        Stream.map((entry) => itemOf(entry, state))
      )
    ),
    Stream.take(most),
    Stream.runCollect
  )

const itemOf = ({ attempts, id, reason, retryAt, source }: Entry, state: NotObtained["state"]): NotObtained => ({
  source,
  id,
  state,
  attempts,
  ...(reason !== undefined && { reason }),
  ...(retryAt !== undefined && { retryAt })
})
