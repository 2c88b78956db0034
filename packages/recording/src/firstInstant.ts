import { Effect } from "effect"
import { parseDayOrInstant } from "./Options.ts"
import { InvalidOptions } from "./Reason.ts"

/** Where `changes` begins without a checkpoint: at the source's option `since`, which is needed then. */
export const firstInstant = (since: string | undefined): Effect.Effect<Date, InvalidOptions> => {
  const begin = since === undefined ? undefined : parseDayOrInstant(since)
  return begin === undefined
    ? Effect.fail(
        new InvalidOptions({
          option: "since",
          detail: "is needed where there is no checkpoint yet; set the date to begin at"
        })
      )
    : Effect.succeed(begin)
}
