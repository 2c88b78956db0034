/** Two systems that recorded the same calls: which recordings belong together, and which only one of them has. */
import type { Recording } from "@callreel/recording"
import { Stream } from "effect"
import { type Candidate, candidateOf, type Differences, type MatchTolerance } from "./internal/match/candidate.ts"
import { type CandidatePair, decide, type Decision } from "./internal/match/decide.ts"
import { type Arrival, mergeByTime } from "./internal/match/mergeByTime.ts"

export type { Differences, MatchTolerance } from "./internal/match/candidate.ts"

/** Two recordings of one call, or one that the other side has nothing like. */
export type Match =
  | { readonly match: "pair"; readonly left: Recording; readonly right: Recording; readonly differences: Differences }
  | { readonly match: "only-left"; readonly recording: Recording }
  | { readonly match: "only-right"; readonly recording: Recording }

/** What is used where nothing else is asked for: starts within 2 minutes, durations within 5 seconds or a tenth. */
export const defaultTolerance: MatchTolerance = { startSeconds: 120, durationSeconds: 5, durationShare: 0.1 }

/** Calls are decided on when so many times the tolerance has passed, at the latest. */
const longestOpen = 4

/** So many times the tolerance stay undecided then: calls that are still to come may be better. */
const keptOpen = 2

/**
 * Pairs the recordings of two listings, both oldest first, one to one. Every recording comes out once, in a pair or alone;
 * pairs in order of time, nearly.
 *
 * A pair begins within the tolerance, lasts as long within the tolerance where both say how long, and its numbers do not
 * contradict: by E.164, else by seven or more last digits, caller and called in either order; where both know which way the
 * call went, the number outside alone. Numbers that are unknown neither confirm nor exclude. Recordings whose numbers agree
 * are paired first, then as many of the others as can be, with the least difference in all. A recording without a start is
 * in no pair.
 *
 * Memory holds the calls of four times the tolerance.
 */
export const matchRecordings = <EL, RL, ER, RR>(
  left: Stream.Stream<Recording, EL, RL>,
  right: Stream.Stream<Recording, ER, RR>,
  tolerance: MatchTolerance = defaultTolerance
): Stream.Stream<Match, EL | ER, RL | RR> =>
  Stream.suspend(() => {
    const span = new OpenSpan(tolerance)
    return Stream.concat(
      Stream.flattenIterable(Stream.map(mergeByTime(left, right), (arrival) => span.add(arrival))),
      Stream.suspend(() => Stream.fromIterable(span.end()))
    )
  })

/** The recordings that are not decided on yet. */
class OpenSpan {
  readonly #tolerance: MatchTolerance
  readonly #reach: number
  #lefts: Array<Candidate> = []
  #rights: Array<Candidate> = []
  #oldest = Infinity
  #newest = -Infinity

  constructor(tolerance: MatchTolerance) {
    this.#tolerance = tolerance
    this.#reach = tolerance.startSeconds * 1000
  }

  /** Takes in a recording; what is decided by its having come. */
  add({ recording, side }: Arrival): ReadonlyArray<Match> {
    const candidate = candidateOf(recording)
    if (candidate === undefined) return [{ match: `only-${side}`, recording }]
    const decided = this.#decideBefore(candidate.start)
    if (side === "left") this.#lefts.push(candidate)
    else this.#rights.push(candidate)
    this.#oldest = Math.min(this.#oldest, candidate.start)
    this.#newest = Math.max(this.#newest, candidate.start)
    return decided
  }

  /** What is decided when nothing more comes. */
  end(): ReadonlyArray<Match> {
    const decision = decide(this.#lefts, this.#rights, this.#tolerance, Infinity)
    this.#keep([], [])
    return matchesOf(decision)
  }

  #decideBefore(now: number): ReadonlyArray<Match> {
    if (this.#newest + this.#reach < now) return this.end()
    if (now - this.#oldest <= longestOpen * this.#reach) return []
    const decision = decide(this.#lefts, this.#rights, this.#tolerance, now - this.#reach)
    const end = now - keptOpen * this.#reach
    const isOver = ({ start }: Candidate): boolean => start < end
    const pairs = decision.pairs.filter(({ left, right }) => isOver(left) || isOver(right))
    const onlyLeft = decision.onlyLeft.filter(isOver)
    const onlyRight = decision.onlyRight.filter(isOver)
    const decided = new Set([...pairs.flatMap((pair) => [pair.left, pair.right]), ...onlyLeft, ...onlyRight])
    this.#keep(
      this.#lefts.filter((candidate) => !decided.has(candidate)),
      this.#rights.filter((candidate) => !decided.has(candidate))
    )
    return matchesOf({ pairs, onlyLeft, onlyRight })
  }

  #keep(lefts: Array<Candidate>, rights: Array<Candidate>): void {
    this.#lefts = lefts
    this.#rights = rights
    this.#oldest = Infinity
    this.#newest = -Infinity
    for (const { start } of [...lefts, ...rights]) {
      this.#oldest = Math.min(this.#oldest, start)
      this.#newest = Math.max(this.#newest, start)
    }
  }
}

const matchesOf = ({ onlyLeft, onlyRight, pairs }: Decision): ReadonlyArray<Match> =>
  [
    ...pairs.map((pair) => ({ start: startOfPair(pair), match: matchOfPair(pair) })),
    ...onlyLeft.map(({ recording, start }) => ({ start, match: { match: "only-left", recording } as const })),
    ...onlyRight.map(({ recording, start }) => ({ start, match: { match: "only-right", recording } as const }))
  ]
    .toSorted((one, other) => one.start - other.start)
    .map(({ match }) => match)

const startOfPair = ({ left, right }: CandidatePair): number => Math.min(left.start, right.start)

const matchOfPair = ({ differences, left, right }: CandidatePair): Match => ({
  match: "pair",
  left: left.recording,
  right: right.recording,
  differences
})
