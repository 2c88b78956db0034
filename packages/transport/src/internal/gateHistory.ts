/** What the rate gate leaves in the state store for the next run, as JSON; and how two histories become one. */
import * as Either from "fp-ts/lib/Either.js"
import * as t from "io-ts"
import { type Admission, emptyGroup, type GroupState, longestWait, type Quota, settle } from "./gateState.ts"

const WholeNumber = t.refinement(t.number, Number.isSafeInteger, "WholeNumber")

const LearnedLimit = t.type({ requests: WholeNumber, windowMillis: t.number, learnedAt: t.number })

const StoredGroup = t.intersection([
  t.type({
    admissions: t.array(t.tuple([t.string, t.union([t.literal("interactive"), t.literal("bulk")]), t.number]))
  }),
  t.partial({
    limit: LearnedLimit,
    blockedUntil: t.number,
    quota: t.intersection([
      t.type({
        earliestReset: t.number,
        latestReset: t.number,
        learnedAt: t.number,
        remaining: WholeNumber,
        interactiveUsed: WholeNumber
      }),
      t.partial({ limit: WholeNumber })
    ])
  })
])
type StoredGroup = t.TypeOf<typeof StoredGroup>

const StoredGate = t.type({
  kind: t.literal("rate-gate"),
  version: t.literal(1),
  groups: t.record(t.string, t.unknown)
})

/** The states of a gate's groups by name. */
export type Groups = ReadonlyMap<string, GroupState>

/** How long a limit that the vendor told is believed without being told again, in milliseconds (24 hours). */
const learnedFor = longestWait

/** Penalties and resets lie at most this far ahead (longest wait with its jitter): else the clock was set back since. */
const furthest = longestWait * 1.1

const isAhead = (instant: number, now: number): boolean => instant > now && instant <= now + furthest

const restore = (stored: StoredGroup, now: number): GroupState => {
  const { limit, quota, blockedUntil } = stored
  const believed =
    limit !== undefined &&
    limit.requests >= 1 &&
    limit.windowMillis > 0 &&
    limit.learnedAt <= now &&
    limit.learnedAt + learnedFor > now
  return settle(
    {
      ...emptyGroup(believed ? limit : undefined),
      ...(quota !== undefined && isAhead(quota.latestReset, now) ? { quota } : {}),
      blockedUntil: blockedUntil !== undefined && isAhead(blockedUntil, now) ? blockedUntil : 0,
      admissions: stored.admissions.map(([id, lane, endedAt]) => ({ id, lane, startedAt: endedAt, endedAt }))
    },
    now
  )
}

/** What of a stored history still matters at `now`. Whatever cannot be read is left out, group by group. */
export const decodeHistory = (stored: unknown, now: number): Groups => {
  const gate = StoredGate.decode(stored)
  if (Either.isLeft(gate)) return new Map()
  return new Map(
    Object.entries(gate.right.groups).flatMap(([name, group]): ReadonlyArray<readonly [string, GroupState]> => {
      const decoded = StoredGroup.decode(group)
      return Either.isLeft(decoded) ? [] : [[name, restore(decoded.right, now)]]
    })
  )
}

const encodeGroup = (state: GroupState, now: number): StoredGroup => {
  const { limit, quota, blockedUntil, admissions } = settle(state, now)
  return {
    ...(limit?.learnedAt === undefined ? {} : { limit: { ...limit, learnedAt: limit.learnedAt } }),
    ...(quota === undefined ? {} : { quota }),
    ...(blockedUntil > now ? { blockedUntil } : {}),
    // One in flight has been sent by now: should this be the last that is heard of it, it counts from here.
    admissions: admissions.map(({ id, lane, endedAt = now }) => [id, lane, endedAt])
  }
}

/** The JSON form of the groups at `now`, without documented limits. */
export const encodeHistory = (groups: Groups, now: number): t.OutputOf<typeof StoredGate> => ({
  kind: "rate-gate",
  version: 1,
  groups: Object.fromEntries(Array.from(groups, ([name, state]) => [name, encodeGroup(state, now)]))
})

const mergeAdmissions = (
  ours: ReadonlyArray<Admission>,
  theirs: ReadonlyArray<Admission>
): ReadonlyArray<Admission> => {
  const merged = new Map(theirs.map((admission) => [admission.id, admission]))
  for (const admission of ours) {
    const known = merged.get(admission.id)?.endedAt
    const { endedAt } = admission
    // Ours in flight stays in flight, whatever end was written for it meanwhile.
    const later = endedAt !== undefined && known !== undefined && known > endedAt
    merged.set(admission.id, later ? { ...admission, endedAt: known } : admission)
  }
  return [...merged.values()]
}

const mergeQuota = (ours: Quota | undefined, theirs: Quota | undefined): Quota | undefined => {
  if (ours === undefined || theirs === undefined) return ours ?? theirs
  if (theirs.earliestReset > ours.latestReset) return theirs
  if (theirs.latestReset < ours.earliestReset) return ours
  // An older word, perhaps our own as it was last written, says nothing new.
  if (theirs.learnedAt <= ours.learnedAt) return ours
  return { ...ours, learnedAt: theirs.learnedAt, remaining: Math.min(ours.remaining, theirs.remaining) }
}

/** Two histories of one group as one: every request counted once, and of the rest what restricts more. */
export const mergeGroup = (ours: GroupState, theirs: GroupState): GroupState => {
  const quota = mergeQuota(ours.quota, theirs.quota)
  const limit = (theirs.limit?.learnedAt ?? -1) > (ours.limit?.learnedAt ?? -1) ? theirs.limit : ours.limit
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(quota === undefined ? {} : { quota }),
    admissions: mergeAdmissions(ours.admissions, theirs.admissions),
    blockedUntil: Math.max(ours.blockedUntil, theirs.blockedUntil)
  }
}

/** All groups of both. */
export const mergeGroups = (ours: Groups, theirs: Groups): Groups => {
  const merged = new Map(theirs)
  for (const [name, state] of ours) {
    const other = theirs.get(name)
    merged.set(name, other === undefined ? state : mergeGroup(state, other))
  }
  return merged
}
