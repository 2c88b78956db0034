/**
 * How urgent and how patient a request is: set by the caller around any effect of a source, read by the transport.
 *
 * ```ts
 * source.audio(recording).pipe(Effect.provideService(Lane, "bulk"), Effect.provideService(MaxWait, Duration.infinity))
 * ```
 */
import { Context, Duration, Effect } from "effect"

/** `interactive`: a person waits to listen, goes before `bulk` work at the rate gate. */
export type LaneName = "interactive" | "bulk"

/** The lane of the requests inside; unset, `defineSource` takes bulk for listings and interactive for the rest. */
export const Lane = Context.Reference<LaneName | undefined>("@callreel/recording/Lane", {
  defaultValue: () => undefined
})

/** Longest wait for a limit of the vendor; past it the request fails with `RateLimited` at once. Default: as long as it takes. */
export const MaxWait = Context.Reference<Duration.Duration>("@callreel/recording/MaxWait", {
  defaultValue: () => Duration.infinity
})

/** Bounds of the retries of one request, beside waiting for limits. */
export interface RetryLimit {
  readonly attempts: number
  readonly within: Duration.Duration
}

/** Default: 4 attempts within 20 seconds, what somebody at a terminal bears. Bulk work sets more. */
export const RetryLimits = Context.Reference<RetryLimit>("@callreel/recording/RetryLimits", {
  defaultValue: () => ({ attempts: 4, within: Duration.seconds(20) })
})

/** A wait for a limit of the vendor that is about to begin. */
export interface WaitNotice {
  readonly group: string
  readonly duration: Duration.Duration
}

/** Told of every wait longer than a second, to show it. */
export const WaitListener = Context.Reference<(wait: WaitNotice) => Effect.Effect<void>>(
  "@callreel/recording/WaitListener",
  { defaultValue: () => () => Effect.void }
)
