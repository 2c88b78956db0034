import { Data, type Duration } from "effect"
import type { Reason } from "./Reason.ts"

/** The operations of a source, as they appear in errors. */
export type Operation =
  | "make"
  | "list"
  | "changes"
  | "get"
  | "find"
  | "audio"
  | "check"
  | "link"
  | "stats"
  | "remove"
  | "removeWindow"
  | "requestArchive"
  | "notification"

/**
 * The one error of callreel: which source, which operation, and the {@link Reason}.
 *
 * Its message says what happened and what to do; handle single reasons with
 * `Effect.catchReason("RecordingError", "Pending", …)`, or read `error.reason._tag` from Promise code.
 */
export class RecordingError extends Data.TaggedError("RecordingError")<{
  readonly source: string
  readonly operation: Operation
  readonly reason: Reason
}> {
  override get message(): string {
    return `${this.source}: ${this.operation}: ${this.reason.message}`
  }

  /** Whether the same request can succeed later without anything being changed. */
  get isRetryable(): boolean {
    return this.reason.isRetryable
  }

  /** How long the vendor, or the caller's own bound, asks to wait; only where it is known. */
  get retryAfter(): Duration.Duration | undefined {
    return this.reason._tag === "RateLimited" || this.reason._tag === "Unavailable" ? this.reason.retryAfter : undefined
  }
}
