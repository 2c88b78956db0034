/** Pages of rows in an order that leaves some of them equal: those come as they like, on each page differently. */
import type { Compare } from "./sortOrder.ts"

/** Positions in order; `tied[i]` is 1 where the row at i is equal to the one before it in what it was sorted by. */
export interface Ordered {
  readonly positions: Uint32Array
  readonly tied: Uint8Array
}

/** Sorts positions and notes which are equal. */
export const order = (positions: Uint32Array, compare: Compare): Ordered => {
  const sorted = positions.toSorted(compare)
  const tied = new Uint8Array(sorted.length)
  for (let place = 1; place < sorted.length; place += 1) {
    if (compare(sorted[place - 1] ?? 0, sorted[place] ?? 0) === 0) tied[place] = 1
  }
  return { positions: sorted, tied }
}

// The finalizer of MurmurHash3 spreads neighbouring inputs over all of the range.
const mix = (value: number): number => {
  let mixed = value
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

const shuffled = (group: ReadonlyArray<number>, salt: number): ReadonlyArray<number> =>
  group.length < 2
    ? group
    : group.toSorted((left, right) => mix(left ^ mix(salt)) - mix(right ^ mix(salt)) || left - right)

/**
 * The rows from `start` up to, not including, `end`. Where a group of equal rows lies across a border, which of them are
 * on this side depends on `salt`.
 */
export const slicePage = (
  { positions, tied }: Ordered,
  start: number,
  end: number,
  salt: number
): ReadonlyArray<number> => {
  if (start >= positions.length) return []
  let first = start
  while (first > 0 && tied[first] === 1) first -= 1
  let after = Math.min(end, positions.length)
  while (after < positions.length && tied[after] === 1) after += 1
  const rows: Array<number> = []
  for (let place = first; place < after;) {
    let next = place + 1
    while (next < after && tied[next] === 1) next += 1
    rows.push(...shuffled(Array.from(positions.subarray(place, next)), salt))
    place = next
  }
  return rows.slice(start - first, end - first)
}
