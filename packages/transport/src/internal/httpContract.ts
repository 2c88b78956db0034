import type { Audio, Reason } from "@callreel/recording"
import type { Duration, Effect, Redacted, Scope } from "effect"
import type * as t from "io-ts"
import type { LimitObservation, RateGate } from "../RateGate.ts"
import type { TokenHolder } from "../TokenHolder.ts"
import type { HttpCredentials, HttpTarget, MediaRequest } from "./mediaContract.ts"

/** An answer with an error status, for the adapter to classify. Never put any of it into a reason unread. */
export interface ErrorResponse {
  readonly status: number
  readonly headers: Headers
  /** At most 64 KiB of the body. */
  readonly body: string
  /** The body parsed as JSON, or undefined where it is none. */
  readonly json: unknown
  /** When the answer came, to read a `Retry-After` that is a date. */
  readonly now: Date
}

/** What a client of one vendor account needs to know. */
export interface HttpOptions {
  /** Where the vendor's API begins, with or without a path. */
  readonly baseUrl: string
  /** Further origins that may get the credentials; by default only that of `baseUrl` does. */
  readonly trustedOrigins?: ReadonlyArray<string>
  /** Name of the adapter's option that allows further origins, to be named in a refusal; default `trustedOrigins`. */
  readonly originsOption?: string
  /** Allow plain http elsewhere than on loopback. */
  readonly allowInsecure?: boolean
  /** Allow redirects and untrusted links to private and loopback addresses also where `baseUrl` is on none. */
  readonly allowPrivate?: boolean
  readonly gate: RateGate
  readonly tokens?: TokenHolder
  /** The headers that carry the token; default `Authorization: Bearer`. */
  readonly authorize?: (token: Redacted.Redacted<string>) => Readonly<Record<string, string>>
  /** The adapter's reading of an error answer. */
  readonly classify: (response: ErrorResponse) => Reason
  /** Whether an error answer means that the token is not accepted (any more); default: status 401. */
  readonly refusesToken?: (response: ErrorResponse) => boolean
  /** What the headers of any answer say of the limits. */
  readonly readLimits?: (headers: Headers) => LimitObservation | undefined
  /** Longest wait for the headers of an answer; default 15 seconds. */
  readonly headersTimeout?: Duration.Duration
  /** Longest silence inside a body; default 15 seconds. */
  readonly idleTimeout?: Duration.Duration
  readonly userAgent?: string
  /**
   * Default: the connection pools of `makeFetch`, which also refuse untrusted names that resolve to private addresses;
   * one given here must see to that itself.
   */
  readonly fetch?: typeof globalThis.fetch
}

/** One request to the vendor's API. An address from a response body (a next page) is refused unless it is trusted. */
export type HttpRequest = HttpTarget & HttpRequestParts

/** A request without where it goes. */
export interface HttpRequestParts {
  /** Default GET. */
  readonly method?: "GET" | "POST" | "DELETE" | "HEAD"
  /** Body as JSON. */
  readonly json?: unknown
  /** Body as `application/x-www-form-urlencoded`. */
  readonly form?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  /** Limit group at the rate gate. */
  readonly group: string
  /** What kind of request it is, where the vendor may count kinds of one group in several. Default: the group's only one. */
  readonly route?: string
  /** Default: the token where the client has a token holder, else none. */
  readonly credentials?: HttpCredentials
  /** Whether sending it twice does no harm, so that it may be retried. Default: GET and HEAD yes, others no. */
  readonly repeatable?: boolean
}

/** A decoded answer with its headers. */
export interface HttpAnswer<A> {
  readonly value: A
  readonly status: number
  readonly headers: Headers
  /** When the answer came, by our clock. */
  readonly receivedAt: Date
}

/** A client of one vendor account. Every effect fails with a `Reason`, and may be interrupted: its socket closes. */
export interface Http {
  /** Sends, retries within `RetryLimits`, and decodes. Equal GETs under way at the same time are sent once. */
  readonly json: <A>(codec: t.Decoder<unknown, A>, request: HttpRequest) => Effect.Effect<A, Reason>
  /** `json` with the answer's status and headers. */
  readonly jsonWithHeaders: <A>(
    codec: t.Decoder<unknown, A>,
    request: HttpRequest
  ) => Effect.Effect<HttpAnswer<A>, Reason>
  /** Sends; the answer's body is ignored. Its headers are returned, for what they tell. */
  readonly send: (request: HttpRequest) => Effect.Effect<Headers, Reason>
  /** Opens audio; the socket lives as long as the scope. */
  readonly media: (request: MediaRequest) => Effect.Effect<Audio<Reason>, Reason, Scope.Scope>
}
