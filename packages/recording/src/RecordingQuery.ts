import type { Direction } from "./Recording.ts"

/** Order of a listing by the call's start. */
export type Order = "newest-first" | "oldest-first"

/** A half-open window [from, to) of call starts, of any length. */
export interface TimeWindow {
  readonly from: Date
  readonly to: Date
}

/**
 * Which recordings to list. Filters are exact; what the vendor cannot filter is filtered here.
 *
 * - `number`: either party, as the vendor wrote it or equal by E.164.
 * - `extension`: the vendor's id, or the number or name that people see.
 * - `queue`: the vendor's id or name of the queue.
 */
export interface RecordingQuery extends TimeWindow {
  /** Default `newest-first`. */
  readonly order?: Order
  readonly direction?: Direction
  readonly number?: string
  readonly extension?: string
  readonly queue?: string
  /** At most so many recordings: a positive whole number. */
  readonly limit?: number
}
