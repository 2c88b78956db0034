/** What the rate gate learns from the vendor's answers about one limit group: pure functions, see `gateState.ts`. */
import { Duration } from "effect"
import { type Admission, type GroupState, longestWait, type Quota, settle } from "./gateState.ts"

/**
 * What an answer says of a limit group's use; keys that it does not tell are left out.
 *
 * `limit` with `window` is a sliding limit, `remaining` with `resetsAfter` a quota of a fixed window. `remaining` counts
 * the requests of all applications.
 */
export interface LimitObservation {
  /** The vendor's name of the group that the answer counts in; the request's own where it is not told. */
  readonly group?: string
  /** Requests allowed in a window. */
  readonly limit?: number
  /** Requests left at the instant of the answer. */
  readonly remaining?: number
  /** Length of the sliding window. */
  readonly window?: Duration.Duration
  /** How long until a fixed window starts anew. */
  readonly resetsAfter?: Duration.Duration
}

/** The request whose answer was observed. */
export type Observer = Pick<Admission, "id" | "startedAt">

/** How long an answer may have been under way where it is not known which request it belongs to. */
const longestAnswer = 60_000

/** Vendors count seconds in whole numbers, rounded one way or the other. */
const rounding = 1000

/** Larger limits are taken for a mistake of the answer: every place is an entry in memory. */
const largestLimit = 100_000

const millis = (duration: Duration.Duration | undefined, least: number): number | undefined => {
  if (duration === undefined) return undefined
  const value = Duration.toMillis(duration)
  return value >= least && value <= longestWait ? value : undefined
}

const count = (value: number | undefined, least: number): number | undefined =>
  value !== undefined && Number.isSafeInteger(value) && value >= least ? value : undefined

/** The state after an answer that came at `now`. Figures that make no sense are left out. */
export const learn = (
  state: GroupState,
  now: number,
  observation: LimitObservation,
  observer: Observer | undefined
): GroupState => {
  const limit = count(observation.limit, 1)
  const window = millis(observation.window, 1)
  const remaining = count(observation.remaining, 0)
  const resetsAfter = millis(observation.resetsAfter, 0)
  const settled = settle(state, now)
  const limited =
    limit === undefined || window === undefined || limit > largestLimit
      ? settled
      : settle({ ...settled, limit: { requests: limit, windowMillis: window, learnedAt: now } }, now)
  if (remaining === undefined) return limited
  if (observation.resetsAfter === undefined) return withOthers(limited, now, remaining)
  if (resetsAfter === undefined) return limited
  return withQuota(limited, now, { remaining, resetsAfter, ...(limit === undefined ? {} : { limit }) }, observer)
}

/**
 * Other applications share a sliding limit: what the vendor counts beyond our own requests takes places too, until a
 * window from now. Our requests in flight are taken as counted, so that no use by others is ever made up.
 */
const withOthers = (state: GroupState, now: number, remaining: number): GroupState => {
  if (state.limit === undefined) return state
  const ours = state.admissions.length
  const missing = Math.max(0, state.limit.requests - remaining - ours)
  const others = Array.from({ length: missing }, (_, index): Admission => {
    return { id: `other:${now}:${ours + index}`, lane: "bulk", startedAt: now, endedAt: now }
  })
  return { ...state, admissions: [...state.admissions, ...others] }
}

/**
 * The vendor's figures of a fixed window, for what is sure in spite of answers that overtake each other: those of a
 * window that is over are ignored; within a window the smaller figure wins, except that an answer to a request that was
 * alone from start to end is newer than all others, and exact.
 */
const withQuota = (
  state: GroupState,
  now: number,
  told: { readonly remaining: number; readonly resetsAfter: number; readonly limit?: number },
  observer: Observer | undefined
): GroupState => {
  const startedAt = observer?.startedAt ?? now - longestAnswer
  const others = state.admissions.filter(({ id }) => id !== observer?.id)
  // Whether the vendor has counted these already is unknown.
  const inFlight = others.filter(({ endedAt }) => endedAt === undefined).length
  const alone = inFlight === 0 && observer !== undefined && others.every(({ endedAt = now }) => endedAt <= startedAt)
  const fresh: Quota = {
    earliestReset: startedAt + told.resetsAfter - rounding,
    latestReset: now + told.resetsAfter + rounding,
    learnedAt: now,
    remaining: told.remaining - inFlight,
    interactiveUsed: 0,
    ...(told.limit === undefined ? {} : { limit: told.limit })
  }
  const { quota } = state
  if (quota === undefined || fresh.earliestReset > quota.latestReset) return { ...state, quota: fresh }
  if (fresh.latestReset < quota.earliestReset) return state
  return {
    ...state,
    quota: {
      ...quota,
      learnedAt: now,
      earliestReset: Math.max(quota.earliestReset, fresh.earliestReset),
      latestReset: Math.min(quota.latestReset, fresh.latestReset),
      remaining: alone ? fresh.remaining : Math.min(quota.remaining, fresh.remaining),
      ...(told.limit === undefined ? {} : { limit: told.limit })
    }
  }
}

/** Least jitter past a penalty, in milliseconds: the vendor's clock is not ours. */
const leastJitter = 10

/**
 * The vendor refused: nothing starts for `retryAfter` milliseconds and 0 to 10 % of it more, by `random` in [0, 1). The
 * vendor may restart a penalty with every request that is sent too early, so the longest of several counts.
 */
export const penalty = (state: GroupState, now: number, retryAfter: number, random: number): GroupState => {
  const asked = Math.min(longestWait, Math.max(0, retryAfter))
  const end = now + asked + Math.max(leastJitter, asked * 0.1 * random)
  return { ...state, blockedUntil: Math.max(state.blockedUntil, Math.ceil(end)) }
}
