import { Stream } from "effect"
import type { Recording } from "../Recording.ts"

/**
 * Ids remembered at most. Repeats come from page borders, slice borders and drifting pages: near each other in a listing
 * that is ordered by time, so an old id can be forgotten and memory stays flat over millions.
 */
const remembered = 200_000

/** A set of strings that forgets the older half when it is full. */
class RecentIds {
  #recent = new Set<string>()
  #older = new Set<string>()
  readonly #half: number

  constructor(capacity: number) {
    this.#half = Math.max(1, Math.floor(capacity / 2))
  }

  /** Whether the id is new; it is remembered from now on. */
  add(id: string): boolean {
    if (this.#recent.has(id)) return false
    const isNew = !this.#older.has(id)
    this.#recent.add(id)
    if (this.#recent.size >= this.#half) {
      this.#older = this.#recent
      this.#recent = new Set()
    }
    return isNew
  }
}

/** Each recording id once, the first that came. */
export const uniqueById = (recordings: ReadonlyArray<Recording>): ReadonlyArray<Recording> => {
  const seen = new Set<string>()
  return recordings.filter((recording) => !seen.has(recording.id) && seen.add(recording.id))
}

/** Lets each recording id through once, in memory that does not grow with the listing. */
export const dedupe = <E, R>(
  recordings: Stream.Stream<Recording, E, R>,
  capacity = remembered
): Stream.Stream<Recording, E, R> =>
  Stream.suspend(() => {
    const seen = new RecentIds(capacity)
    return Stream.filter(recordings, (recording) => seen.add(recording.id))
  })
