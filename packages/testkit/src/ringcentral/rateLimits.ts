/** Usage limits: requests of a user and app in any window, group by group, and a penalty that each request restarts. */
import type { Answer } from "../simulator/Answer.ts"
import type { SimulatorClock } from "../simulator/SimulatorClock.ts"
import { tooManyRequests } from "./errors.ts"
import type { RateGroup, RateLimit } from "./RingCentralOptions.ts"
import type { Settings } from "./settings.ts"

export interface RateLimits {
  /** Counts a request of an owner: undefined where it may go on, else the refusal. */
  readonly take: (owner: string, group: RateGroup) => Answer | undefined
  /** The answer with the headers that tell what is left. */
  readonly tell: (answer: Answer, owner: string, group: RateGroup, requestNumber: number) => Answer
  /** A refusal that no count led to. */
  readonly refuse: (group: RateGroup, retryAfterSeconds: number) => Answer
  /** `Retry-After` for so many seconds that really pass. */
  readonly retryAfter: (seconds: number) => Readonly<Record<string, string>>
  readonly counts: Readonly<Record<RateGroup, number>>
  readonly penaltiesRestarted: number
}

interface Bucket {
  /** When the requests of the window came, oldest first, in scaled milliseconds. */
  readonly times: Array<number>
  penaltyEnds: number
}

type LimitSettings = Pick<Settings, "limits" | "groupNames" | "rateHeaders" | "retryAfter" | "timeScale">

/** Limits without a request so far. Windows and penalties pass `timeScale` times faster than the clock. */
export const makeRateLimits = (settings: LimitSettings, clock: SimulatorClock): RateLimits => {
  const { groupNames, limits, rateHeaders, timeScale } = settings
  const buckets = new Map<string, Bucket>()
  const counts = { heavy: 0, medium: 0, light: 0, auth: 0 }
  let penaltiesRestarted = 0

  const scaledNow = (): number => clock.now().getTime() * timeScale
  const realSeconds = (seconds: number): number => Math.max(1, Math.ceil(seconds / timeScale))

  const bucketOf = (owner: string, group: RateGroup): Bucket => {
    const key = `${group} ${owner}`
    const bucket = buckets.get(key) ?? { times: [], penaltyEnds: -Infinity }
    buckets.set(key, bucket)
    return bucket
  }

  const forgetOld = ({ times }: Bucket, { windowSeconds }: RateLimit, now: number): void => {
    const kept = times.findIndex((time) => time > now - windowSeconds * 1000)
    times.splice(0, kept === -1 ? times.length : kept)
  }

  const headersOf = (group: RateGroup, remaining: number): Readonly<Record<string, string>> => ({
    "x-rate-limit-group": groupNames[group],
    "x-rate-limit-limit": String(limits[group].limit),
    "x-rate-limit-remaining": String(remaining),
    "x-rate-limit-window": String(realSeconds(limits[group].windowSeconds))
  })

  const retryAfter = (seconds: number): Readonly<Record<string, string>> => {
    if (settings.retryAfter === "absent") return {}
    if (settings.retryAfter === "seconds") return { "retry-after": String(seconds) }
    const date = new Date(Math.ceil(clock.now().getTime() / 1000 + seconds) * 1000)
    return { "retry-after": date.toUTCString() }
  }

  const refuse = (group: RateGroup, seconds: number): Answer =>
    tooManyRequests("CMN-301", { ...(rateHeaders === "never" ? {} : headersOf(group, 0)), ...retryAfter(seconds) })

  return {
    counts,
    retryAfter,
    refuse,
    get penaltiesRestarted() {
      return penaltiesRestarted
    },
    take: (owner, group) => {
      counts[group] += 1
      const { limit, penaltySeconds } = limits[group]
      const bucket = bucketOf(owner, group)
      const now = scaledNow()
      const punished = now < bucket.penaltyEnds
      forgetOld(bucket, limits[group], now)
      if (!punished && bucket.times.length < limit) {
        bucket.times.push(now)
        return undefined
      }
      if (punished) penaltiesRestarted += 1
      bucket.penaltyEnds = now + penaltySeconds * 1000
      return refuse(group, realSeconds(penaltySeconds))
    },
    tell: (answer, owner, group, requestNumber) => {
      const shown = rateHeaders === "always" || (rateHeaders === "sometimes" && requestNumber % 3 !== 0)
      if (!shown) return answer
      const bucket = bucketOf(owner, group)
      const now = scaledNow()
      forgetOld(bucket, limits[group], now)
      const remaining = now < bucket.penaltyEnds ? 0 : Math.max(0, limits[group].limit - bucket.times.length)
      return { ...answer, headers: { ...headersOf(group, remaining), ...answer.headers } }
    }
  }
}
