/** The hourly quota, shared by all users and apps of the client. Hours are those of the clock on the wall. */
import type { Answer } from "../simulator/Answer.ts"
import type { SimulatorClock } from "../simulator/SimulatorClock.ts"
import { quotaRefused } from "./errors.ts"

export interface Quota {
  /** Counts a request: undefined where it may go on, else the refusal. */
  readonly take: () => Answer | undefined
  /** The answer with the headers that tell what is left. */
  readonly tell: (answer: Answer) => Answer
}

const hour = 3_600_000

/** A quota of `limit` requests an hour; hours pass `timeScale` times faster than the clock. */
export const makeQuota = (limit: number, timeScale: number, clock: SimulatorClock): Quota => {
  let current = -1
  let used = 0
  const scaled = (): number => clock.now().getTime() * timeScale
  const turn = (): void => {
    const now = Math.floor(scaled() / hour)
    if (now === current) return
    current = now
    used = 0
  }
  // Seconds that really pass until the next hour, at least one.
  const resetSeconds = (): number => Math.max(1, Math.ceil((hour - (scaled() % hour)) / timeScale / 1000))
  return {
    take: () => {
      turn()
      if (used >= limit) return quotaRefused(limit, resetSeconds())
      used += 1
      return undefined
    },
    tell: (answer) => {
      turn()
      const headers = {
        "x-ratelimit-limit": String(limit),
        "x-ratelimit-remaining": String(Math.max(0, limit - used)),
        "x-ratelimit-reset": String(resetSeconds())
      }
      return { ...answer, headers: { ...headers, ...answer.headers } }
    }
  }
}
