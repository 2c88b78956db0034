/** How far a run may go, and how fast. */
import { Clock, Duration, Effect, Semaphore } from "effect"

/** Bounds of a run; what is left out has none. */
export interface Bounds {
  /** Bytes to fetch. What is under way is finished. */
  readonly maxTransfer?: number
  readonly maxDuration?: Duration.Duration
  /** Bytes a second. */
  readonly bandwidth?: number
  /** Fetches at once, of each source. */
  readonly transfers?: number
}

/** Why a run ends before its work does. */
export type Stopped = "max-transfer" | "max-duration" | "stopped"

/** What a run has used of its bounds. */
export interface Budget {
  /** Counts bytes that came, and waits until the next ones may. */
  readonly received: (bytes: number) => Effect.Effect<void>
  /** Bytes that came so far. */
  readonly bytes: () => number
  /** Whether more work may begin. Asked where there is some: a refusal is remembered. */
  readonly mayBegin: Effect.Effect<boolean>
  /** Why work was left undone; undefined where none was. */
  readonly stopped: () => Stopped | undefined
}

/** The budget of one run, which begins now. `isStopped` tells of a request to stop from outside. */
export const makeBudget = (
  { bandwidth, maxDuration, maxTransfer }: Bounds,
  isStopped: () => boolean
): Effect.Effect<Budget> =>
  Effect.gen(function* () {
    const begun = yield* Clock.currentTimeMillis
    const turn = yield* Semaphore.make(1)
    let bytes = 0
    let refused: Stopped | undefined
    // The instant at which all that came so far has had its time.
    let paidUntil = begun
    const hold = (length: number, rate: number) =>
      Effect.gen(function* () {
        const now = yield* Clock.currentTimeMillis
        // An idle second or so may be made up for, not more.
        paidUntil = Math.max(paidUntil, now - 1000) + (length / rate) * 1000
        if (paidUntil > now) yield* Effect.sleep(Duration.millis(paidUntil - now))
      }).pipe((waiting) => turn.withPermit(waiting))
    const reached = (now: number): Stopped | undefined => {
      if (isStopped()) return "stopped"
      if (maxTransfer !== undefined && bytes >= maxTransfer) return "max-transfer"
      return maxDuration !== undefined && now - begun >= Duration.toMillis(maxDuration) ? "max-duration" : undefined
    }
    return {
      received: (length) =>
        Effect.suspend(() => {
          bytes += length
          return bandwidth === undefined ? Effect.void : hold(length, bandwidth)
        }),
      bytes: () => bytes,
      mayBegin: Effect.map(Clock.currentTimeMillis, (now) => {
        refused ??= reached(now)
        return refused === undefined
      }),
      stopped: () => refused
    }
  })
