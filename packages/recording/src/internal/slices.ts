import { Effect, Option, Stream } from "effect"
import type { Reason } from "../Reason.ts"
import { type Recording, startOf } from "../Recording.ts"
import type { Order } from "../RecordingQuery.ts"
import type { NativeQuery, SourceDefinition } from "../SourceDefinition.ts"
import { dedupe } from "./dedupe.ts"

const hour = 3_600_000

/** Rows that a slice should hold: enough to spare requests, few enough to sort in memory. */
const wantedRows = 1_000
/** A slice with more is given up and walked again in shorter ones: after quiet months, calls may come all at once. */
const mostRows = 3 * wantedRows
const pageRows = 100
const shortestSlice = hour / 60
const longestSlice = 28 * 24 * hour

interface Slicing {
  /** What is left of the window, in milliseconds. */
  readonly from: number
  readonly to: number
  /** Length of the next slice. */
  readonly length: number
}

/** The length for the next slice, from how full the last one was; at most fourfold, as calls come in bursts. Pure. */
export const nextSliceLength = (length: number, rows: number): number => {
  const factor = Math.min(4, Math.max(1 / 16, wantedRows / Math.max(rows, 1)))
  return Math.round(Math.min(longestSlice, Math.max(shortestSlice, length * factor)))
}

const byStart = (order: Order) => {
  const sign = order === "oldest-first" ? 1 : -1
  return (left: Recording, right: Recording): number =>
    sign * ((startOf(left)?.getTime() ?? 0) - (startOf(right)?.getTime() ?? 0))
}

/**
 * Lists in the order asked for. Where the vendor has that order, straight; else the window is walked in slices from the
 * right end, and each slice is sorted here, so that memory holds one slice and not the window.
 */
export const listInOrder = (
  definition: Pick<SourceDefinition, "list" | "capability">,
  query: Omit<NativeQuery, "order">,
  order: Order
): Stream.Stream<Recording, Reason> => {
  const native = definition.capability.listOrder
  if (native === "both" || native === order) return definition.list({ ...query, order })
  const nativeOrder: Order = native === "none" ? order : native
  const sortSlice = byStart(order)

  const step = (left: Slicing): Effect.Effect<readonly [ReadonlyArray<Recording>, Option.Option<Slicing>], Reason> => {
    const slice =
      order === "oldest-first"
        ? { from: left.from, to: Math.min(left.to, left.from + left.length) }
        : { from: Math.max(left.from, left.to - left.length), to: left.to }
    const mayBeShorter = slice.to - slice.from > shortestSlice
    // An adapter may give what lies outside; that comes with its own slice, and says nothing of how full this one is.
    const isOwn = (recording: Recording): boolean => {
      const start = startOf(recording)?.getTime()
      return start !== undefined && start >= slice.from && start < slice.to
    }
    return definition.list({ ...query, from: new Date(slice.from), to: new Date(slice.to), order: nativeOrder }).pipe(
      Stream.filter(isOwn),
      dedupe,
      Stream.take(mayBeShorter ? mostRows + 1 : Number.MAX_SAFE_INTEGER),
      Stream.runCollect,
      Effect.map((recordings) => {
        if (mayBeShorter && recordings.length > mostRows) {
          const half = Math.floor((slice.to - slice.from) / 2)
          return [
            [],
            Option.some({ ...left, length: Math.min(half, nextSliceLength(covered(recordings), recordings.length)) })
          ]
        }
        const rest = order === "oldest-first" ? { from: slice.to, to: left.to } : { from: left.from, to: slice.from }
        const length = nextSliceLength(left.length, recordings.length)
        return [recordings.toSorted(sortSlice), rest.from < rest.to ? Option.some({ ...rest, length }) : Option.none()]
      })
    )
  }
  // Readers work page by page; a whole slice at once would be encoded, and held, as one piece.
  return Stream.paginate({ from: query.from.getTime(), to: query.to.getTime(), length: 24 * hour }, step).pipe(
    Stream.rechunk(pageRows)
  )
}

/** Time between the first and the last call of these, in milliseconds. */
const covered = (recordings: ReadonlyArray<Recording>): number => {
  let [first, last] = [Infinity, -Infinity]
  for (const recording of recordings) {
    const start = startOf(recording)?.getTime() ?? first
    first = Math.min(first, start)
    last = Math.max(last, start)
  }
  return Math.max(0, last - first)
}
