import { Array as Arrays, Cause, Effect, Pull, type Scope, Stream } from "effect"
import { type Recording, startOf } from "./Recording.ts"
import type { RecordingError } from "./RecordingError.ts"
import type { Order, RecordingQuery } from "./RecordingQuery.ts"
import type { RecordingSource } from "./RecordingSource.ts"

type Page = Arrays.NonEmptyReadonlyArray<Recording>

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
        (listings) => nextPart(listings, order)
      )
    )
  )
  return query.limit === undefined ? merged : Stream.take(merged, query.limit)
}

const open = (recordings: Stream.Stream<Recording, RecordingError>): Effect.Effect<Listing, never, Scope.Scope> =>
  Effect.map(Stream.toPull(recordings), (pull) => ({ page: [], position: 0, pull }))

/** Refills the listings that are given out, all at once, and takes all that is known to be in order. */
const nextPart = (listings: ReadonlyArray<Listing>, order: Order): Pull.Pull<Page, RecordingError> => {
  let open = listings
  return Effect.gen(function* () {
    const empty = open.filter((listing) => listing.position === listing.page.length)
    const ended = yield* Effect.filter(empty, isAtEnd, { concurrency: "unbounded" })
    open = open.filter((listing) => !ended.includes(listing))
    return takeInOrder(open, order) ?? (yield* Cause.done())
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

/** Takes recordings off in order until a page is given out: only then it is not known whose turn is next. */
const takeInOrder = (listings: ReadonlyArray<Listing>, order: Order): Page | undefined => {
  const sign = order === "oldest-first" ? 1 : -1
  const timeAt = ({ page, position }: Listing): number => {
    const recording = page[position]
    return sign * ((recording && startOf(recording)?.getTime()) ?? 0)
  }
  const turns = listings.map((listing): Turn => ({ listing, time: timeAt(listing) }))
  const taken: Array<Recording> = []
  for (let next = soonest(turns); next !== undefined; next = soonest(turns)) {
    const { listing } = next
    const recording = listing.page[listing.position]
    if (recording !== undefined) taken.push(recording)
    listing.position += 1
    if (listing.position >= listing.page.length) break
    next.time = timeAt(listing)
  }
  return Arrays.isReadonlyArrayNonEmpty(taken) ? taken : undefined
}

/** When a listing's next recording has its turn. */
interface Turn {
  readonly listing: Listing
  time: number
}

/** Whose turn is next; of several at the same time the first. */
const soonest = (turns: ReadonlyArray<Turn>): Turn | undefined => {
  let [first] = turns
  for (const turn of turns) if (first !== undefined && turn.time < first.time) first = turn
  return first
}
