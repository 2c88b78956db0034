/** When calls start: spread evenly, and on purpose where clients go wrong. */
import type { Random } from "../simulator/Random.ts"

/** A start in milliseconds since the epoch; `ringing` fixes how long it rings, where that matters. */
export interface CallInstant {
  readonly at: number
  readonly ringing: number | undefined
}

const hour = 3_600_000

const monthStarts = (from: number, to: number): ReadonlyArray<number> => {
  const starts: Array<number> = []
  const first = new Date(from)
  for (let month = 0; ; month += 1) {
    const start = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + month, 1)
    if (start >= to + hour) return starts
    starts.push(start)
  }
}

/**
 * Starts that test borders, within [from, to): its first and last millisecond; each month's first millisecond and the
 * last before it, in UTC and three hours earlier (midnight in Moscow); calls that ring over a month's end; and several
 * calls in one second, two of them in the same millisecond.
 */
export const borderInstants = (from: number, to: number): ReadonlyArray<CallInstant> => {
  const middle = Math.floor((from + to) / 2 / 1000) * 1000
  const plain = [
    from,
    to - 1,
    ...monthStarts(from, to).flatMap((start) => [start, start - 1, start - 3 * hour, start - 3 * hour - 1]),
    ...[0, 0, 250, 250, 500, 990].map((offset) => middle + offset)
  ].map((at): CallInstant => ({ at, ringing: undefined }))
  const ringingOver = monthStarts(from, to).map((start): CallInstant => ({ at: start - 4000, ringing: 7000 }))
  return [...plain, ...ringingOver].filter(({ at }) => at >= from && at < to)
}

/** The start of the call with this index among `count` evenly spread ones; some share the second of the one before. */
export const spreadInstant = (index: number, count: number, from: number, to: number, random: Random): CallInstant => {
  const shares = index % 25 === 24
  const slot = shares ? index - 1 : index
  const place = (slot + random.fork(`start ${slot}`).next()) / count
  const at = from + Math.floor(place * (to - from))
  const secondEnd = Math.floor(at / 1000) * 1000 + 999
  return { at: shares ? Math.min(secondEnd, to - 1, at + random.fork(index).integer(0, 400)) : at, ringing: undefined }
}
