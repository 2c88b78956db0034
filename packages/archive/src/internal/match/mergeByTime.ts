import { type Recording, startOf } from "@callreel/recording"
import { type Array, Cause, Effect, Pull, type Scope, Stream } from "effect"

/** A recording, and which of the two listings it is of. */
export interface Arrival {
  readonly side: "left" | "right"
  readonly recording: Recording
}

type Arrivals = Array.NonEmptyReadonlyArray<Arrival>

/** One listing: the page at hand, how much of it was given out, and how to get the next. */
interface Listing<E> {
  readonly side: Arrival["side"]
  page: ReadonlyArray<Recording>
  position: number
  readonly pull: Pull.Pull<ReadonlyArray<Recording>, E>
}

/** Two listings, oldest first, as one in order of time. Of each, one page is in memory. Fails when either fails. */
export const mergeByTime = <EL, RL, ER, RR>(
  left: Stream.Stream<Recording, EL, RL>,
  right: Stream.Stream<Recording, ER, RR>
): Stream.Stream<Arrival, EL | ER, RL | RR> =>
  Stream.scoped(
    Stream.fromPull(
      Effect.map(Effect.all([open<EL | ER, RL>("left", left), open<EL | ER, RR>("right", right)]), (listings) =>
        nextRun<EL | ER>(listings)
      )
    )
  )

const open = <E, R>(
  side: Arrival["side"],
  recordings: Stream.Stream<Recording, E, R>
): Effect.Effect<Listing<E>, never, R | Scope.Scope> =>
  Effect.map(Stream.toPull(recordings), (pull) => ({ side, page: [], position: 0, pull }))

const nextRun = <E>(all: ReadonlyArray<Listing<E>>): Pull.Pull<Arrivals, E> => {
  let listings = all
  return Effect.gen(function* () {
    const empty = listings.filter((listing) => listing.position === listing.page.length)
    const ended = yield* Effect.filter(empty, isAtEnd, { concurrency: "unbounded" })
    listings = listings.filter((listing) => !ended.includes(listing))
    return takeRun(listings) ?? (yield* Cause.done())
  })
}

/** Gets a listing's next page; true where there is none. */
const isAtEnd = <E>(listing: Listing<E>): Effect.Effect<boolean, E> =>
  listing.pull.pipe(
    Effect.map((page) => {
      listing.page = page
      listing.position = 0
      return false
    }),
    Pull.catchDone(() => Effect.succeed(true))
  )

/** Takes recordings off the listing whose turn it is, until it is the other's or its page ends. */
const takeRun = <E>(listings: ReadonlyArray<Listing<E>>): Arrivals | undefined => {
  const [first, second] = listings.toSorted((one, other) => timeOf(one) - timeOf(other))
  if (first === undefined) return undefined
  const turn = second === undefined ? Infinity : timeOf(second)
  const begin = first.position
  do first.position += 1
  while (first.position < first.page.length && timeOf(first) <= turn)
  const [head, ...rest] = first.page
    .slice(begin, first.position)
    .map((recording): Arrival => ({ side: first.side, recording }))
  return head === undefined ? undefined : [head, ...rest]
}

/** Of the recording that comes next. One without a start comes at once. */
const timeOf = <E>({ page, position }: Listing<E>): number => {
  const recording = page[position]
  return (recording && startOf(recording)?.getTime()) ?? -Infinity
}
