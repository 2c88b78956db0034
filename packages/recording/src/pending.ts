/** When a recording that is not there may still come, and when to ask for it again. Pure. */
import { Duration } from "effect"
import { Pending } from "./Reason.ts"

/** Ages of a call, since its end, at which to look for its recording again. */
export const retryLadder: ReadonlyArray<Duration.Duration> = [
  Duration.seconds(30),
  Duration.minutes(1),
  Duration.minutes(2),
  Duration.minutes(5),
  Duration.minutes(10),
  Duration.minutes(30),
  Duration.hours(1),
  Duration.hours(2),
  Duration.hours(4),
  Duration.hours(8),
  Duration.hours(16),
  Duration.hours(24)
]

/** How long after a call's end its recording may still come, unless the source is configured otherwise. */
export const defaultPendingFor = Duration.hours(24)

/** What decides: the call's end (or the latest instant known of it), and how long a recording may take to come. */
export interface PendingInput {
  readonly knownEnd: Date
  readonly now: Date
  readonly pendingFor: Duration.Duration
  readonly ladder?: ReadonlyArray<Duration.Duration>
}

/** The instant to ask again, or undefined where the recording can no longer come. */
export const pendingUntil = ({ knownEnd, now, pendingFor, ladder = retryLadder }: PendingInput): Date | undefined => {
  const lastChance = knownEnd.getTime() + Duration.toMillis(pendingFor)
  if (now.getTime() >= lastChance) return undefined
  const next = ladder.map((age) => knownEnd.getTime() + Duration.toMillis(age)).find((at) => at > now.getTime())
  return new Date(Math.min(next ?? lastChance, lastChance))
}

/** `Pending` with the instant to ask again, or undefined where the recording can no longer come. */
export const pendingReason = (input: PendingInput): Pending | undefined => {
  const retryAt = pendingUntil(input)
  return retryAt === undefined ? undefined : new Pending({ retryAt, detail: "the recording is not ready yet" })
}
