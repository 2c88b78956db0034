import { Clock, Duration, Effect } from "effect"
import { singleFlight } from "./singleFlight.ts"

/** An answer that is kept for a while. */
export interface Remembered<A, E> {
  /** The answer kept, or asked for now: once for all who want it meanwhile. */
  readonly get: Effect.Effect<A, E>
  /** The next `get` asks anew. */
  readonly forget: Effect.Effect<void>
}

/**
 * Asks once and keeps the answer, for good or for `timeToLive`.
 *
 * Only answers are kept: after a failure, or once all who waited have left, the next one asks again. (`Effect.cached` keeps
 * failures and interruptions, and one bad moment of a vendor would stay for the life of the process.)
 */
export const remembered = <A, E>(effect: Effect.Effect<A, E>, timeToLive = Duration.infinity): Remembered<A, E> => {
  const flight = singleFlight<"answer", A, E>()
  const life = Duration.toMillis(timeToLive)
  let kept: { readonly answer: A; readonly until: number } | undefined
  const ask = Effect.gen(function* () {
    const answer = yield* effect
    kept = { answer, until: (yield* Clock.currentTimeMillis) + life }
    return answer
  })
  return {
    get: Effect.flatMap(Clock.currentTimeMillis, (now) =>
      kept !== undefined && now < kept.until ? Effect.succeed(kept.answer) : flight("answer", ask)
    ),
    forget: Effect.sync(() => {
      kept = undefined
    })
  }
}
