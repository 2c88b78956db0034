/**
 * What went wrong, without where: the closed set of reasons a {@link RecordingError} carries.
 *
 * Adapters and the transport fail with a reason; `defineSource` adds the source and the operation. A reason holds only
 * what is safe to show: no token, password, link secret or phone number is ever put into one.
 */
import { Data, Duration } from "effect"

/** The vendor knows no such recording or call, and none can be expected any more. Not retryable. */
export class NotFound extends Data.TaggedError("NotFound")<{ readonly what: string }> {
  readonly isRetryable = false
  override get message(): string {
    return `${this.what} was not found; check the id and that it belongs to this account`
  }
}

/** The recording may exist but is not ready: the call still runs, or ended a short while ago. Ask again at `retryAt`. */
export class Pending extends Data.TaggedError("Pending")<{ readonly retryAt: Date; readonly detail: string }> {
  readonly isRetryable = true
  override get message(): string {
    return `${this.detail}; ask again after ${this.retryAt.toISOString()}`
  }
}

/** Why a recording that once could have existed cannot be had any more. */
export type GoneWhy = "too-short" | "expired" | "deleted" | "absent"

/** There is no audio and there will be none. Not retryable. */
export class Gone extends Data.TaggedError("Gone")<{ readonly why: GoneWhy; readonly detail: string }> {
  readonly isRetryable = false
  override get message(): string {
    return `${this.detail} (${this.why})`
  }
}

/** The credentials were refused, also after one renewal. Not retryable. */
export class Unauthorized extends Data.TaggedError("Unauthorized")<{ readonly detail: string }> {
  readonly isRetryable = false
  override get message(): string {
    return `${this.detail}; check the credentials of this source`
  }
}

/** The credentials are good but may not do this. `permission` is the vendor's name of what is missing. */
export class Forbidden extends Data.TaggedError("Forbidden")<{
  readonly permission?: string
  readonly detail: string
}> {
  readonly isRetryable = false
  override get message(): string {
    const permission = this.permission === undefined ? "" : ` (${this.permission})`
    return `${this.detail}${permission}; ask the account's administrator`
  }
}

/** A limit of the vendor, or the caller's `MaxWait`, does not allow the request now. `group` is the vendor's limit group. */
export class RateLimited extends Data.TaggedError("RateLimited")<{
  readonly retryAfter: Duration.Duration
  readonly group?: string
  readonly detail?: string
}> {
  readonly isRetryable = true
  override get message(): string {
    const group = this.group === undefined ? "" : ` of group ${this.group}`
    const seconds = Math.ceil(Duration.toSeconds(this.retryAfter))
    return `${this.detail ?? `the request limit${group} is used up`}; try again in ${seconds} s`
  }
}

/** The vendor could not be reached or could not answer: network, time-out, 5xx. */
export class Unavailable extends Data.TaggedError("Unavailable")<{
  readonly detail: string
  readonly status?: number
  readonly retryAfter?: Duration.Duration
}> {
  readonly isRetryable = true
  override get message(): string {
    return `${this.detail}; try again later`
  }
}

/** Fewer (or more) bytes came than were promised. Both in bytes. What was received must not be used. */
export class Truncated extends Data.TaggedError("Truncated")<{
  readonly expected: number
  readonly received: number
}> {
  readonly isRetryable = true
  override get message(): string {
    return `the audio has ${this.received} bytes where ${this.expected} were promised; it was not kept, fetch it again`
  }
}

/** The answer is not what the vendor documents. `path` names the place (`[3].record_uuid`), never the value. */
export class InvalidResponse extends Data.TaggedError("InvalidResponse")<{
  readonly path: string
  readonly detail: string
}> {
  readonly isRetryable = false
  override get message(): string {
    return `unexpected answer at ${this.path === "" ? "its root" : this.path}: ${this.detail}`
  }
}

/** The question is wrong: `field` of the query or reference, and how to mend it. */
export class InvalidQuery extends Data.TaggedError("InvalidQuery")<{
  readonly field: string
  readonly detail: string
}> {
  readonly isRetryable = false
  override get message(): string {
    return `${this.field}: ${this.detail}`
  }
}

/** The source cannot do this; `capability` is the key of its `Capability` that says so. */
export class Unsupported extends Data.TaggedError("Unsupported")<{ readonly capability: string }> {
  readonly isRetryable = false
  override get message(): string {
    return `this source does not offer it (capability ${this.capability})`
  }
}

/** The source's options are wrong: `option` and how to mend it. */
export class InvalidOptions extends Data.TaggedError("InvalidOptions")<{
  readonly option: string
  readonly detail: string
}> {
  readonly isRetryable = false
  override get message(): string {
    return `${this.option}: ${this.detail}`
  }
}

/** Every way a source can fail. */
export type Reason =
  | NotFound
  | Pending
  | Gone
  | Unauthorized
  | Forbidden
  | RateLimited
  | Unavailable
  | Truncated
  | InvalidResponse
  | InvalidQuery
  | Unsupported
  | InvalidOptions
