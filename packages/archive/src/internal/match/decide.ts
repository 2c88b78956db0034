/** The best pairs among the recordings of a span of time. Pure. */
import { assign, type Choice } from "./assign.ts"
import { type Candidate, compare, costOf, type Differences, type MatchTolerance, tailsOf } from "./candidate.ts"

/** Two recordings of one call. */
export interface CandidatePair {
  readonly left: Candidate
  readonly right: Candidate
  readonly differences: Differences
}

/** What a span holds: pairs, and what is in none. */
export interface Decision {
  readonly pairs: ReadonlyArray<CandidatePair>
  readonly onlyLeft: ReadonlyArray<Candidate>
  readonly onlyRight: ReadonlyArray<Candidate>
}

// Pairs differ by 2 at most: to pair one more recording matters more than any difference, and one that can be in no later
// pair more than any that can.
const worthOfLast = 10_000
const worthOfOther = 3

/**
 * Pairs recordings one to one: first those whose numbers agree, then those that nothing contradicts; among each as many as
 * can be, of those that begin before `lastChance` above all, and then with the least difference in all.
 *
 * The order in which they are given does not matter, nor which side is which.
 */
export const decide = (
  left: ReadonlyArray<Candidate>,
  right: ReadonlyArray<Candidate>,
  tolerance: MatchTolerance,
  lastChance: number
): Decision => {
  const lefts = left.toSorted(inOrder)
  const rights = right.toSorted(inOrder)
  if (signatureOf(rights) < signatureOf(lefts)) {
    const { onlyLeft, onlyRight, pairs } = decideSorted(rights, lefts, tolerance, lastChance)
    return { pairs: pairs.map(exchanged), onlyLeft: onlyRight, onlyRight: onlyLeft }
  }
  return decideSorted(lefts, rights, tolerance, lastChance)
}

const decideSorted = (
  lefts: ReadonlyArray<Candidate>,
  rights: ReadonlyArray<Candidate>,
  tolerance: MatchTolerance,
  lastChance: number
): Decision => {
  const worth = (candidate: Candidate): number => (candidate.start < lastChance ? worthOfLast : worthOfOther)
  const pairUp = (
    lefts: ReadonlyArray<Candidate>,
    rights: ReadonlyArray<Candidate>,
    near: (left: Candidate) => Iterable<number>,
    isWanted: (differences: Differences) => boolean
  ): ReadonlyArray<CandidatePair> => {
    const rows = lefts.map((left): ReadonlyArray<Choice> =>
      Array.from(near(left)).flatMap((column) => {
        const right = rights[column]
        const differences = right && compare(left, right, tolerance)
        if (right === undefined || differences === undefined || !isWanted(differences)) return []
        return [{ column, weight: worth(left) + worth(right) - costOf(differences, tolerance) }]
      })
    )
    return assign(rows, rights.length).flatMap((column, row) => {
      const [left, right] = [lefts[row], column === undefined ? undefined : rights[column]]
      const differences = left && right && compare(left, right, tolerance)
      return left === undefined || right === undefined || differences === undefined
        ? []
        : [{ left, right, differences }]
    })
  }

  const sure = pairUp(lefts, rights, byNumber(rights), ({ parties }) => parties === "same")
  const paired = new Set(sure.flatMap((pair) => [pair.left, pair.right]))
  const isAlone = (candidate: Candidate): boolean => !paired.has(candidate)
  const leftsLeft = lefts.filter(isAlone)
  const rightsLeft = rights.filter(isAlone)
  const others = pairUp(leftsLeft, rightsLeft, byTime(rightsLeft, tolerance), ({ parties }) => parties === "unknown")
  for (const pair of others) paired.add(pair.left).add(pair.right)
  return { pairs: [...sure, ...others], onlyLeft: lefts.filter(isAlone), onlyRight: rights.filter(isAlone) }
}

/** Places of the recordings that may have a number of the given one. */
const byNumber = (rights: ReadonlyArray<Candidate>): ((left: Candidate) => Iterable<number>) => {
  const places = new Map<string, Array<number>>()
  for (const [place, right] of rights.entries()) {
    for (const tail of tailsOf(right)) {
      const known = places.get(tail)
      if (known === undefined) places.set(tail, [place])
      else known.push(place)
    }
  }
  return (left) => new Set(tailsOf(left).flatMap((tail) => places.get(tail) ?? []))
}

/** Places of the recordings that begin near the given one. */
const byTime = (
  rights: ReadonlyArray<Candidate>,
  { startSeconds }: MatchTolerance
): ((left: Candidate) => Iterable<number>) => {
  let first = 0
  return function* (left) {
    // Both are in order of time.
    while ((rights[first]?.start ?? Infinity) < left.start - startSeconds * 1000) first += 1
    for (let place = first; (rights[place]?.start ?? Infinity) <= left.start + startSeconds * 1000; place++) yield place
  }
}

const inOrder = (one: Candidate, other: Candidate): number =>
  one.start - other.start || (one.key < other.key ? -1 : one.key === other.key ? 0 : 1)

const signatureOf = (candidates: ReadonlyArray<Candidate>): string =>
  candidates.map(({ key, start }) => `${start} ${key}`).join("\n")

const exchanged = ({ differences, left, right }: CandidatePair): CandidatePair => ({
  left: right,
  right: left,
  differences: {
    ...differences,
    startSeconds: -differences.startSeconds || 0,
    ...(differences.durationSeconds !== undefined && { durationSeconds: -differences.durationSeconds || 0 })
  }
})
