import { type Array, Cause, Effect, Pull, type Scope, Stream } from "effect"
import { type Recording, startOf } from "./Recording.ts"
import type { RecordingError } from "./RecordingError.ts"
import type { Order, RecordingQuery } from "./RecordingQuery.ts"
import type { RecordingSource } from "./RecordingSource.ts"

type Page = Array.NonEmptyReadonlyArray<Recording>

/** One source's listing: the page at hand, how much of it was given out, and how to get the next. */
interface Listing {
  page: ReadonlyArray<Recording>
  position: number
  readonly pull: Pull.Pull<Page, RecordingError>
}

/**
 * The recordings of several sources in one time order; of each source one page is in memory.
 *
 * When one source fails, the whole fails with its error: a merged list with a silent hole would look complete.
 */
export const mergeSources = (
  sources: ReadonlyArray<Pick<RecordingSource, "list">>,
  query: RecordingQuery
): Stream.Stream<Recording, RecordingError> => {
  const order = query.order ?? "newest-first"
  const merged = Stream.scoped(
    Stream.fromPull(
      Effect.map(
        Effect.forEach(sources, (source) => open(source.list(query))),
        (listings) => nextRun(listings, order)
      )
    )
  )
  return query.limit === undefined ? merged : Stream.take(merged, query.limit)
}

const open = (recordings: Stream.Stream<Recording, RecordingError>): Effect.Effect<Listing, never, Scope.Scope> =>
  Effect.map(Stream.toPull(recordings), (pull) => ({ page: [], position: 0, pull }))

/** Refills the listings that are given out, all at once, and takes the longest run that is in order. */
const nextRun = (listings: ReadonlyArray<Listing>, order: Order): Pull.Pull<Page, RecordingError> => {
  let open = listings
  return Effect.gen(function* () {
    const empty = open.filter((listing) => listing.position === listing.page.length)
    const ended = yield* Effect.filter(empty, isAtEnd, { concurrency: "unbounded" })
    open = open.filter((listing) => !ended.includes(listing))
    return takeRun(open, order) ?? (yield* Cause.done())
  })
}

/** Gets a listing's next page; true where there is none. */
const isAtEnd = (listing: Listing): Effect.Effect<boolean, RecordingError> =>
  listing.pull.pipe(
    Effect.map((page) => {
      listing.page = page
      listing.position = 0
      return false
    }),
    Pull.catchDone(() => Effect.succeed(true))
  )

/** Takes recordings off the listing that is first in order, until another one's turn comes or its page ends. */
const takeRun = (listings: ReadonlyArray<Listing>, order: Order): Page | undefined => {
  const sign = order === "oldest-first" ? 1 : -1
  const timeAt = (listing: Listing, position: number): number => {
    const recording = listing.page[position]
    return sign * ((recording && startOf(recording)?.getTime()) ?? 0)
  }
  const [first, second] = listings.toSorted(
    (left, right) => timeAt(left, left.position) - timeAt(right, right.position)
  )
  if (first === undefined) return undefined
  const begin = first.position
  const turn = second === undefined ? Infinity : timeAt(second, second.position)
  do first.position += 1
  while (first.position < first.page.length && timeAt(first, first.position) <= turn)
  const [head, ...rest] = first.page.slice(begin, first.position)
  return head === undefined ? undefined : [head, ...rest]
}
