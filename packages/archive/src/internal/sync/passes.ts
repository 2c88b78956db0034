/**
 * What a run tries, and when it is an entry's turn. The computer's clock may have been set back since the last run: what
 * waits for an instant that only a wrong clock knew does not wait for it. Pure.
 */
import { Recording } from "@callreel/recording"
import { Duration } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import type { Entry } from "../../Entry.ts"
import type { DueQuery, EntryQuery } from "../../Ledger.ts"

/** Entries of one kind, in the order of fetching. */
export interface Pass {
  /** Due ones by the clock, to be counted. */
  readonly query: DueQuery
  /** Whether it is the turn of one of these, due or not. */
  readonly isDue: (entry: Entry, now: Date) => boolean
}

/** When a run began, and when it begins to fetch. */
export interface RunTimes {
  readonly begun: Date
  readonly now: Date
}

/** Nothing is put off for longer: no vendor is awaited for more than a day or so, and no limit lasts as long. */
const longestPause = Duration.toMillis(Duration.days(7))

/**
 * What is waiting, then what failed in an earlier run; or, where that is asked for, only what failed and what was refused,
 * whenever that was.
 */
export const passesOf = (
  { from, source, to }: Omit<EntryQuery, "source"> & Pick<DueQuery, "source">,
  { begun, now }: RunTimes,
  retryFailed: boolean
): ReadonlyArray<Pass> => {
  const window = { source, ...(from && { from }), ...(to && { to }) }
  if (retryFailed) {
    return [
      { query: { ...window, now: endOfTime, state: "failed" }, isDue: always },
      { query: { ...window, now: endOfTime, state: "unavailable", reason: "forbidden" }, isDue: always }
    ]
  }
  return [
    { query: { ...window, now, state: "pending" }, isDue: isTurnOfPending },
    {
      query: { ...window, now: new Date(begun.getTime() - 1), state: "failed" },
      isDue: (entry, now) => isTurnOfFailed(entry, begun, now)
    }
  ]
}

/** The last instant there is. */
export const endOfTime = new Date(8.64e15)

const always = () => true

/** What was only listed, or lost, was put off by nobody: it is due whatever instant it was listed at. */
const isTurnOfPending = (entry: Entry, now: Date): boolean => {
  const { retryAt } = entry
  if (retryAt === undefined || retryAt <= now) return true
  return !wasPutOff(entry) || retryAt.getTime() > now.getTime() + longestPause
}

const wasPutOff = ({ reason, recording = "" }: Entry): boolean =>
  (reason !== undefined && reason !== "lost") || !isAvailable(recording)

const isAvailable = (recording: string): boolean => {
  const decoded = Either.tryCatch(
    () => Recording.decode(JSON.parse(recording)),
    () => undefined
  )
  return (
    Either.isRight(decoded) && Either.isRight(decoded.right) && decoded.right.right.availability.state === "available"
  )
}

/** What failed before the run, not in it. An instant that is still to come is of a clock that was ahead. */
const isTurnOfFailed = ({ retryAt }: Entry, begun: Date, now: Date): boolean =>
  retryAt === undefined || retryAt < begun || retryAt > now
