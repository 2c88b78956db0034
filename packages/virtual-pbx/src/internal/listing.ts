/**
 * Listing a window completely from a platform that documents neither a page size nor a total
 * (docs/vendors/virtual-pbx.md#paging).
 *
 * Rows come oldest first by `init_time_gmt`, and each next request begins where the last answer ended, so that nothing
 * depends on pages: they drift when rows come or go, and some servers ignore them. Only when one instant fills an answer
 * are further pages asked for.
 */
import { InvalidResponse, type Reason, type TimeWindow } from "@callreel/recording"
import { Effect, Option, Ref, Stream } from "effect"
import { parseTime } from "./time.ts"
import type { RecordRow } from "./wire.ts"
import { slices } from "./windows.ts"

const second = 1000
const day = 86_400 * second

/** Rows asked for at once: the most that has been seen to be honoured. */
export const pageSize = 100

/** No server is taken to cut its answers below this. */
const leastCap = 10

/**
 * The window is asked for wider than wanted, since it is unknown which of a row's times it is compared with: all others
 * come after `init_time_gmt`, at most a long wait in a queue later. What is too much is dropped by `init_time_gmt`.
 */
const margin = { before: second, after: day }

/** One request for rows, oldest first. */
export interface RowsRequest extends TimeWindow {
  readonly page: number
}

/** Where a listing stands inside its slice. */
export interface Cursor {
  /** Start of the next request, in milliseconds. */
  readonly start: number
  readonly page: number
  /** Ids of the answers since `start` last moved, and of the one before: what tells a repeated page from a new one. */
  readonly seen: ReadonlySet<string>
}

/** What follows from an answer: rows to give out, and the next request, none at the end. */
export type Step =
  | { readonly rows: ReadonlyArray<RecordRow>; readonly next: Cursor | undefined; readonly largest: number }
  | { readonly problem: InvalidResponse }

/**
 * Decides what an answer means; rows may be given out again, as a window compared with a later time than the start
 * repeats them at its head. An answer with fewer rows than the largest one so far cannot have been cut short by the
 * server's cap; any other may have been, and is continued from its last row.
 */
export const step = (slice: TimeWindow, cursor: Cursor, answer: ReadonlyArray<RecordRow>, largest: number): Step => {
  const starts = answer.map((row) => parseTime(row.init_time_gmt)?.getTime())
  const unreadable = starts.indexOf(undefined)
  if (unreadable !== -1) return problem(`[${unreadable}].init_time_gmt`, "not a time of the form YYYY-MM-DD HH:MM:SS")
  const times = starts.filter((time) => time !== undefined)
  if (isNewestFirst(times)) return problem("", "the rows are not in the order asked for (asc by init_time_gmt)")

  const last = Math.max(...times)
  const ids = new Set(answer.map((row) => row.record_uuid))
  const result = {
    rows: answer.filter((row, index) => !cursor.seen.has(row.record_uuid) && isInside(slice, times[index] ?? last)),
    largest: Math.max(largest, ids.size)
  }
  const cut = answer.length >= Math.max(largest, leastCap)
  if (!cut || last >= slice.to.getTime()) return { ...result, next: undefined }

  // One second back: rows of the last row's second may be left, and the bound may be exclusive.
  const start = Math.floor(last / second) * second - second
  if (start > cursor.start) return { ...result, next: { start, page: 1, seen: ids } }
  // A first page may hold only what the answer before ended with; a later one without anything new is no page of its own.
  if (cursor.page === 1 || answer.some((row) => !cursor.seen.has(row.record_uuid))) {
    return { ...result, next: { start: cursor.start, page: cursor.page + 1, seen: new Set([...cursor.seen, ...ids]) } }
  }
  return problem("", "more recordings begin within one second than the PBX lists; the listing cannot be completed")
}

const isInside = ({ from, to }: TimeWindow, time: number): boolean => time >= from.getTime() && time < to.getTime()

/** All rows whose call began in the window, oldest first, answer by answer. */
export const listRows = (
  window: TimeWindow,
  request: (request: RowsRequest) => Effect.Effect<ReadonlyArray<RecordRow>, Reason>,
  largest: Ref.Ref<number>
): Stream.Stream<RecordRow, Reason> =>
  Stream.fromIterable(slices(window, margin)).pipe(
    Stream.flatMap((slice) =>
      Stream.paginate(firstCursor(slice), (cursor) =>
        Effect.gen(function* () {
          const answer = yield* request({
            from: new Date(cursor.start),
            to: new Date(slice.to.getTime() + margin.after),
            page: cursor.page
          })
          const result = step(slice, cursor, answer, yield* Ref.get(largest))
          if ("problem" in result) return yield* result.problem
          yield* Ref.set(largest, result.largest)
          return [result.rows, Option.fromUndefinedOr(result.next)] as const
        })
      )
    )
  )

export const firstCursor = (slice: TimeWindow): Cursor => ({
  start: slice.from.getTime() - margin.before,
  page: 1,
  seen: new Set()
})

const problem = (path: string, detail: string): Step => ({ problem: new InvalidResponse({ path, detail }) })

/** Whether most neighbours run backwards: the server ignored the order, and going on from the last row would lose rows. */
const isNewestFirst = (times: ReadonlyArray<number>): boolean => {
  const pairs = times.slice(1).map((time, index) => time - (times[index] ?? time))
  return pairs.filter((difference) => difference < 0).length > pairs.length / 2
}
