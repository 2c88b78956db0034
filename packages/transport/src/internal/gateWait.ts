import { RateLimited } from "@callreel/recording"
import { Context } from "effect"

/**
 * Told how many milliseconds a request has waited at a rate gate, when that wait is over. `retrying` sets it to keep
 * waits for limits out of its own time.
 */
export const LimitWaits = Context.Reference<(millis: number) => void>("@callreel/transport/LimitWaits", {
  defaultValue: () => () => undefined
})

/**
 * Set around the minting of a token: its requests need none of the gate's `concurrency` places, for those who hold the
 * places may all be waiting for the token. Limits apply as ever.
 */
export const Unblockable = Context.Reference<boolean>("@callreel/transport/Unblockable", {
  defaultValue: () => false
})

/** The gate's own refusal: nothing was sent, since the wait would have been longer than `MaxWait`. Never retried. */
export class WaitRefused extends RateLimited {}
