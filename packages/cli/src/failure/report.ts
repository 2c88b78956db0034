import { Duration } from "effect"
import type { Failure, FailureReason } from "./Failure.ts"

/** A failure as it is shown: one JSON line, or a sentence and what to do. */
export interface Report {
  readonly reason: FailureReason
  readonly source?: string
  readonly operation: string
  readonly message: string
  readonly retryAfterSeconds?: number
  readonly remedy?: string
}

/** The report of a failure; `now` turns the instant of a `Pending` into seconds. */
export const reportOf = (failure: Failure, now: Date): Report => {
  if (failure._tag === "CommandError") {
    return {
      reason: failure.reason,
      ...(failure.source === undefined ? {} : { source: failure.source }),
      operation: failure.operation,
      message: failure.message,
      ...(failure.remedy === undefined ? {} : { remedy: failure.remedy })
    }
  }
  const retryAfterSeconds = secondsToWait(failure, now)
  const remedy = remedies[failure.reason._tag]
  return {
    reason: failure.reason._tag,
    source: failure.source,
    operation: failure.operation,
    message: failure.message,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(remedy === undefined ? {} : { remedy })
  }
}

const secondsToWait = (failure: Exclude<Failure, { readonly _tag: "CommandError" }>, now: Date): number | undefined => {
  if (failure.reason._tag === "Pending") {
    return Math.max(0, Math.ceil((failure.reason.retryAt.getTime() - now.getTime()) / 1000))
  }
  return failure.retryAfter === undefined ? undefined : Math.ceil(Duration.toSeconds(failure.retryAfter))
}

// Most messages of sources say what to do by themselves; these are the ones where a command helps.
const remedies: Partial<Record<FailureReason, string>> = {
  Unauthorized: "`callreel sources --check` shows which sources log in",
  Forbidden: "`callreel sources --check` shows which permissions are missing",
  RateLimited: "a larger --max-wait waits for the limit instead",
  Unsupported: "`callreel sources` shows what each source can do",
  InvalidResponse: "if the vendor changed its answers, callreel must learn them: please report it"
}

/** The JSON line of a report, with its newline. */
export const toJsonLine = ({ remedy: _, ...error }: Report): string => `${JSON.stringify({ error })}\n`

/** The text of a report for people, with its newlines. */
export const toText = ({ message, remedy }: Report): string =>
  remedy === undefined ? `callreel: ${message}\n` : `callreel: ${message}\n  ${remedy}\n`
