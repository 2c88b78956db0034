import { type Reason, RetryLimits } from "@callreel/recording"
import { Clock, Duration, Effect, Random, Result } from "effect"
import { LimitWaits, WaitRefused } from "./internal/gateWait.ts"

const firstDelay = 500
const longestDelay = 30_000
const longestRetryAfter = Duration.hours(24)

/** One failed attempt. */
export interface FailedAttempt {
  /** 1 for the first one. */
  readonly attempt: number
  readonly reason: Reason
  /** In [0, 1). */
  readonly random: number
}

/**
 * How long to wait before the next attempt, or undefined where there must be none.
 *
 * Half a second, doubled with every attempt up to 30 s, of which the lower half is sure and the upper half random, so that
 * callers who failed together do not come back together. A `retryAfter` of the vendor wins. Only reasons that mend
 * themselves are retried: `Unavailable`, `Truncated`, and the vendor's `RateLimited`; not the gate's, which says that the
 * caller does not want to wait.
 */
export const retryDelay = ({ attempt, reason, random }: FailedAttempt): Duration.Duration | undefined => {
  switch (reason._tag) {
    case "RateLimited":
      return reason instanceof WaitRefused ? undefined : reason.retryAfter
    case "Unavailable":
      return reason.retryAfter ?? backOff(attempt, random)
    case "Truncated":
      return backOff(attempt, random)
    default:
      return undefined
  }
}

const backOff = (attempt: number, random: number): Duration.Duration =>
  Duration.millis(Math.min(longestDelay, firstDelay * 2 ** (attempt - 1)) * (0.5 + random / 2))

/**
 * When some `retrying` gave up on a reason, in order: one around it, as around the mint of a token, does not begin again
 * with what was given up on while its own attempt ran.
 */
const givenUp = new WeakMap<Reason, number>()
let count = 0

const giveUp = (reason: Reason): void => {
  count += 1
  givenUp.set(reason, count)
}

/**
 * Runs the effect again after failures that mend themselves, within `RetryLimits`: at most `attempts` runs, none begun
 * later than `within` after the first. The last failure stands.
 *
 * Time that the effect waits at a rate gate does not count against `within`: the gate reports every wait to the fiber's
 * context, where `retrying` sums them up (nested ones report outwards too). After the vendor's `RateLimited` the effect
 * runs again at once, for the gate it goes through has been penalised and holds it back, bounded by `MaxWait`. So the
 * gate belongs inside: `retrying(gate.run(group, request))`, with `request` calling `penalize`.
 */
export const retrying = Effect.fnUntraced(function* <A, E extends Reason, R>(
  effect: Effect.Effect<A, E, R>
): Effect.fn.Return<A, E, R> {
  const limits = yield* RetryLimits
  const outer = yield* LimitWaits
  const startedAt = yield* Clock.currentTimeMillis
  let waited = 0
  const attempt = Effect.provideService(effect, LimitWaits, (millis) => {
    waited += millis
    outer(millis)
  })
  for (let attempts = 1; ; attempts++) {
    const before = count
    const outcome = yield* Effect.result(attempt)
    if (Result.isSuccess(outcome)) return outcome.success
    const reason = outcome.failure
    const asked = retryDelay({ attempt: attempts, reason, random: yield* Random.next })
    if (asked === undefined || (givenUp.get(reason) ?? 0) > before) return yield* Effect.fromResult(outcome)
    if (attempts >= limits.attempts) {
      giveUp(reason)
      return yield* Effect.fromResult(outcome)
    }
    const delay = reason._tag === "RateLimited" ? Duration.zero : asked
    const spent = (yield* Clock.currentTimeMillis) - startedAt - waited
    if (spent + Duration.toMillis(delay) > Duration.toMillis(limits.within)) {
      giveUp(reason)
      return yield* Effect.fromResult(outcome)
    }
    yield* Effect.sleep(delay)
  }
})

const secondsForm = /^\d+(?:\.\d+)?$/
const dateForm = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /
const asctimeForm = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/

const parseDate = (text: string): number =>
  asctimeForm.test(text) ? Date.parse(`${text} GMT`) : dateForm.test(text) ? Date.parse(text) : Number.NaN

/**
 * The wait that a `Retry-After` header asks for, at most 24 hours: seconds (fractions too) or an HTTP date, read at
 * `now`. Undefined where there is none, it makes no sense, or the date has passed.
 */
export const parseRetryAfter = (header: string | null, now: Date): Duration.Duration | undefined => {
  const text = header?.trim() ?? ""
  const millis = secondsForm.test(text) ? Number(text) * 1000 : parseDate(text) - now.getTime()
  return millis >= 0 ? Duration.min(Duration.millis(millis), longestRetryAfter) : undefined
}
