import type { LimitCheck } from "@callreel/recording"
import { type GroupState, settle } from "./gateState.ts"

const seconds = (now: number, instant: number): number => Math.ceil((instant - now) / 1000)

/**
 * A group's limit for people to read: the vendor's fixed window where there is one, else the sliding window as counted
 * here. `resetsInSeconds` is until all places are free again, and until the end of a penalty. Undefined where nothing is
 * known.
 */
export const limitCheck = (group: string, state: GroupState, now: number): LimitCheck | undefined => {
  const { limit, quota, admissions, blockedUntil } = settle(state, now)
  if (limit === undefined && quota === undefined && blockedUntil <= now) return undefined
  const most = quota?.limit ?? limit?.requests
  const used = (limit?.requests ?? 0) - admissions.length
  const left = quota?.remaining ?? (limit === undefined ? undefined : used)
  const remaining = blockedUntil > now ? 0 : left
  const windowEnds = admissions.map(({ endedAt = now }) => endedAt + (limit?.windowMillis ?? 0))
  const resetsAt = Math.max(now, blockedUntil, ...(quota === undefined ? windowEnds : [quota.latestReset]))
  return {
    group,
    ...(most === undefined ? {} : { limit: most }),
    ...(remaining === undefined ? {} : { remaining: Math.max(0, remaining) }),
    ...(resetsAt > now ? { resetsInSeconds: seconds(now, resetsAt) } : {})
  }
}
