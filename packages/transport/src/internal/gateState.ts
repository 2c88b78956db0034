/**
 * The decisions of the rate gate for one limit group, as pure functions of its state and the time.
 *
 * Times are epoch milliseconds, lengths milliseconds. A request counts against a sliding limit from its start until one
 * window after its end: the vendor counts it at some instant in between that we cannot see.
 */
import type { LaneName } from "@callreel/recording"

/** A request that was let through, or (lane bulk) one of another application that the vendor's figures give away. */
export interface Admission {
  readonly id: string
  readonly lane: LaneName
  readonly startedAt: number
  /** Missing while in flight. */
  readonly endedAt?: number
}

/** At most `requests` in any span of `windowMillis`. */
export interface WindowLimit {
  readonly requests: number
  readonly windowMillis: number
  /** When the vendor said so; missing for a documented limit. */
  readonly learnedAt?: number
}

/** What is left of a fixed window, by the vendor's word. */
export interface Quota {
  /** The reset lies in [earliestReset, latestReset]: the vendor tells it in whole seconds, at an instant we cannot see. */
  readonly earliestReset: number
  readonly latestReset: number
  /** When the vendor last said so. */
  readonly learnedAt: number
  /** May be negative where requests in flight are taken off more than once. */
  readonly remaining: number
  /** Places already taken from the reserve. */
  readonly interactiveUsed: number
  readonly limit?: number
}

/** All that is known of one limit group. */
export interface GroupState {
  readonly limit?: WindowLimit
  readonly quota?: Quota
  readonly admissions: ReadonlyArray<Admission>
  /** Nothing starts before this instant. */
  readonly blockedUntil: number
}

/** Who wants a place. */
export interface Claim {
  readonly lane: LaneName
  /** Share of a window that bulk leaves to interactive. */
  readonly reserve: number
}

const hour = 3_600_000

/** How long an admission is remembered where no window is known, in case the vendor tells of one later. */
const unknownWindow = hour
/** Where there are twice as many, the older ones go. */
const mostRemembered = 1000

/** Size of a quota of which the vendor tells only what is left: enough to keep one place of it in reserve. */
const unknownQuota = 2

/** No wait that a vendor asks for is longer than this (24 hours); what claims to be is an error, or the clock was set back. */
export const longestWait = 24 * hour

/** A group of which nothing but its documented limit is known. */
export const emptyGroup = (limit?: WindowLimit): GroupState => ({
  ...(limit === undefined ? {} : { limit }),
  admissions: [],
  blockedUntil: 0
})

/** The state without what no longer matters at `now`, and without an end in the future (the clock was set back). */
export const settle = (state: GroupState, now: number): GroupState => {
  const window = state.limit?.windowMillis ?? unknownWindow
  if (isSettled(state, window, now)) return state
  const counting = state.admissions
    .filter(({ endedAt }) => endedAt === undefined || endedAt + window > now)
    .map((admission) =>
      admission.endedAt === undefined || admission.endedAt <= now ? admission : { ...admission, endedAt: now }
    )
  const { quota, ...rest } = state
  return {
    ...rest,
    ...(quota === undefined || quota.latestReset <= now ? {} : { quota }),
    admissions: state.limit === undefined ? counting.slice(-mostRemembered) : counting
  }
}

/**
 * Whether nothing of the state has to go: the usual case, and asked several times for every request. Where there is no
 * limit that admissions could count against, it is enough to look at the oldest one, and at their number.
 */
const isSettled = ({ admissions, limit, quota }: GroupState, window: number, now: number): boolean => {
  const stays = ({ endedAt }: Admission) => endedAt === undefined || (endedAt <= now && endedAt + window > now)
  const [oldest] = admissions
  if (quota !== undefined && quota.latestReset <= now) return false
  if (limit !== undefined) return admissions.every(stays)
  return admissions.length <= 2 * mostRemembered && (oldest === undefined || stays(oldest))
}

/** Places that bulk leaves free: at least one where a reserve is wanted, but never all. */
export const reservedPlaces = (limit: number, share: number): number =>
  share <= 0 ? 0 : Math.min(limit - 1, Math.max(1, Math.floor(limit * share)))

const spend = (quota: Quota, lane: LaneName, places: number): Quota => ({
  ...quota,
  remaining: quota.remaining - places,
  interactiveUsed: quota.interactiveUsed + (lane === "interactive" ? places : 0)
})

const isSpent = (quota: Quota, { lane, reserve }: Claim): boolean => {
  const places = reservedPlaces(quota.limit ?? unknownQuota, reserve) - quota.interactiveUsed
  return quota.remaining - (lane === "interactive" ? 0 : Math.max(0, places)) < 1
}

/**
 * When the next in line can start: the earliest instant that is known, `now` or later and never too late. Unless `stays`
 * is false for that instant, those that come after are served after this one.
 */
export type Forecast = (claim: Claim, stays?: (start: number) => boolean) => number

/**
 * Foretells when those who wait can start, as far as is known at `now`. Ask for one after the other in the order of
 * service, all interactive ones first. Requests still in flight, and other applications, may make it later.
 */
export const forecast = (state: GroupState, now: number): Forecast => {
  const { limit, admissions, blockedUntil, quota: known } = settle(state, now)
  const window = limit?.windowMillis ?? 0
  // When the places come free, ascending. One still in flight comes free a window from now at the earliest.
  const freeing = (taken: ReadonlyArray<Admission>) =>
    taken.map(({ endedAt = now }) => endedAt + window).toSorted((one, other) => one - other)
  const limited = limit === undefined ? [] : admissions
  const all = freeing(limited)
  const bulk = freeing(limited.filter(({ lane }) => lane === "bulk"))
  let open = Math.max(now, blockedUntil)
  let quota = known

  /** Of a limit of `places`, each request needs the place of the one that many before it. */
  const place = (claim: Claim): number => {
    if (limit === undefined) return now
    const overall = all[all.length - limit.requests] ?? now
    if (claim.lane === "interactive") return overall
    const share = limit.requests - reservedPlaces(limit.requests, claim.reserve)
    return Math.max(overall, bulk[bulk.length - share] ?? now)
  }

  return (claim, stays = () => true) => {
    const left = quota === undefined || isSpent(quota, claim) ? undefined : quota
    const opens = quota === undefined || left !== undefined ? open : Math.max(open, quota.latestReset)
    const start = Math.max(opens, place(claim))
    if (!stays(start)) return start
    open = opens
    quota = left && spend(left, claim.lane, 1)
    all.push(start + window)
    if (claim.lane === "bulk") bulk.push(start + window)
    return start
  }
}

/** Lets the claim through under `id`, or says how many milliseconds it has to wait at least. */
export const admit = (
  state: GroupState,
  now: number,
  id: string,
  claim: Claim
): { readonly admitted: Admission; readonly state: GroupState } | { readonly wait: number } => {
  const settled = settle(state, now)
  const { blockedUntil, limit, quota } = settled
  const isOpen = limit === undefined && quota === undefined && blockedUntil <= now
  const start = isOpen ? now : forecast(settled, now)(claim)
  if (start > now) return { wait: start - now }
  const admitted: Admission = { id, lane: claim.lane, startedAt: now }
  return {
    admitted,
    state: {
      ...settled,
      ...(quota === undefined ? {} : { quota: spend(quota, claim.lane, 1) }),
      admissions: [...settled.admissions, admitted]
    }
  }
}

/** The request is over, however it went: it counts for one more window. */
export const finish = (state: GroupState, now: number, id: string): GroupState => {
  const place = state.admissions.findLastIndex((admission) => admission.id === id)
  const admission = state.admissions[place]
  return admission === undefined
    ? state
    : { ...state, admissions: state.admissions.with(place, { ...admission, endedAt: now }) }
}

/** The request was never sent: its place is given back. */
export const abandon = (state: GroupState, admission: Admission): GroupState => ({
  ...state,
  ...(state.quota === undefined ? {} : { quota: spend(state.quota, admission.lane, -1) }),
  admissions: state.admissions.filter(({ id }) => id !== admission.id)
})
