/** How far a run of the archive may go. */
import type { Bounds } from "@callreel/archive"
import { Duration, Option } from "effect"
import { Flag } from "effect/cli"
import { parseSeconds, parseSize } from "../quantities.ts"

const size = (name: string, description: string) =>
  Flag.String(name).pipe(
    Flag.withMetavar("SIZE"),
    Flag.withDescription(description),
    Flag.filterMap(
      (text) => Option.fromNullishOr(parseSize(text)),
      () => "a size such as 500MB or 1GiB"
    ),
    Flag.optional
  )

/** Options of every command that fetches many. */
export const boundsFlags = {
  transfers: Flag.Int("transfers").pipe(
    Flag.withMetavar("N"),
    Flag.withDescription("Fetches at once, of each source (default: 4)"),
    Flag.filter(
      (transfers) => transfers > 0,
      () => "a whole number, 1 or more"
    ),
    Flag.optional
  ),
  maxTransfer: size("max-transfer", "Begin no fetch once so much came"),
  maxDuration: Flag.String("max-duration").pipe(
    Flag.withMetavar("DURATION"),
    Flag.withDescription("Begin no fetch after so long, such as 2h or 90m"),
    Flag.filterMap(
      (text) => Option.fromNullishOr(parseSeconds(text)),
      () => "a duration such as 90m or 2h"
    ),
    Flag.optional
  ),
  bwlimit: size("bwlimit", "At most so much a second")
}

/** The bounds of a command line. */
export const boundsOf = (input: {
  readonly transfers: Option.Option<number>
  readonly maxTransfer: Option.Option<number>
  readonly maxDuration: Option.Option<number>
  readonly bwlimit: Option.Option<number>
}): Bounds => ({
  ...(Option.isSome(input.transfers) && { transfers: input.transfers.value }),
  ...(Option.isSome(input.maxTransfer) && { maxTransfer: input.maxTransfer.value }),
  ...(Option.isSome(input.maxDuration) && { maxDuration: Duration.seconds(input.maxDuration.value) }),
  ...(Option.isSome(input.bwlimit) && { bandwidth: input.bwlimit.value })
})
