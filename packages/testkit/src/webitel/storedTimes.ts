/** When the mover takes legs into the history: once a second, or so many rows at a time. Microseconds since the epoch. */
import { makeRandom } from "../simulator/Random.ts"

const microsecondsInSecond = 1_000_000

// The mover's turn within a second, to the microsecond; another one each second.
const turnOf = (second: number): number =>
  second * microsecondsInSecond + makeRandom(String(second)).integer(0, 999_999)

/** The first turn of the mover at or after a time in milliseconds. */
export const nextTurn = (milliseconds: number): number => {
  const time = milliseconds * 1000
  const second = Math.floor(time / microsecondsInSecond)
  const turn = turnOf(second)
  return turn >= time ? turn : turnOf(second + 1)
}

/**
 * The times of rows in any order. From `batchSize` 2 on, rows are kept until there are so many of them (or no more), and
 * all of them have the time of the last.
 */
export const inBatches = (storedAt: ReadonlyArray<number>, batchSize: number): ReadonlyArray<number> => {
  if (batchSize < 2) return storedAt
  const timeOf = (place: number | undefined): number => (place === undefined ? 0 : (storedAt[place] ?? 0))
  const order = Array.from(storedAt.keys()).toSorted((left, right) => timeOf(left) - timeOf(right) || left - right)
  const batched = [...storedAt]
  for (let start = 0; start < order.length; start += batchSize) {
    const batch = order.slice(start, start + batchSize)
    const time = timeOf(batch.at(-1))
    for (const place of batch) batched[place] = time
  }
  return batched
}
