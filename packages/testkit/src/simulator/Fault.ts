/** What can go wrong with one request, by name. Each says what it does on the wire. */
export type Fault =
  /** The answer comes late, by so many milliseconds, and is otherwise good. */
  | { readonly kind: "latency"; readonly milliseconds: number }
  /** One of the vendor's own refusals for too many requests (429), by the name the simulator gives it. */
  | { readonly kind: "refusal"; readonly refusal: string; readonly retryAfterSeconds: number }
  /** An error of the server or of a gateway before it. Without `retryAfterSeconds` there is no Retry-After header. */
  | {
      readonly kind: "server-error"
      readonly status: 500 | 502 | 503
      readonly body: "json" | "html"
      readonly retryAfterSeconds?: number
    }
  /** The connection is reset before any byte of the answer. */
  | { readonly kind: "reset-before-headers" }
  /** Headers and a part of the body, then the connection is reset. */
  | { readonly kind: "reset-mid-body"; readonly fraction: number }
  /** Headers with the full Content-Length, a part of the body, then the connection is closed politely. */
  | { readonly kind: "truncated-body"; readonly fraction: number }
  /** A part of the audio with a Content-Length that agrees with it: only the listed size tells that it is short. */
  | { readonly kind: "short-body"; readonly fraction: number }
  /** Headers and a part of the body, then nothing, with the connection left open. */
  | { readonly kind: "stalled-body"; readonly fraction: number }
  /** Status 200 and JSON that breaks off, with a Content-Length that agrees with it. */
  | { readonly kind: "malformed-json" }
  /** Status 200 and an HTML page in place of JSON or audio. */
  | { readonly kind: "html-page" }
  /** The server forgets the token of this request and refuses it. */
  | { readonly kind: "expired-token" }
  /** The page holds its first rows twice. */
  | { readonly kind: "repeated-rows"; readonly rows: number }
  /** Rows came in at the top since the page before: this page and those after it begin so many rows earlier. */
  | { readonly kind: "drifting-page"; readonly rows: number }

/** The name of a {@link Fault}. */
export type FaultKind = Fault["kind"]

/** Every kind of fault, in the order the documentation gives them. */
export const faultKinds: ReadonlyArray<FaultKind> = [
  "latency",
  "refusal",
  "server-error",
  "reset-before-headers",
  "reset-mid-body",
  "truncated-body",
  "short-body",
  "stalled-body",
  "malformed-json",
  "html-page",
  "expired-token",
  "repeated-rows",
  "drifting-page"
]

/** What a simulator tells a plan of one request. */
export interface FaultContext {
  /** The simulator's name of the operation (`list`, `file`, …). */
  readonly route: string
  /** What is asked for: equal for a request and its repetition, different for any other. */
  readonly resource: string
  /** Kinds that make sense for this route. */
  readonly kinds: ReadonlyArray<FaultKind>
  /** The vendor's refusals that this route can give. */
  readonly refusals: ReadonlyArray<string>
  /** Whether a kind can be done just now (a token that is brand-new is never forgotten). */
  readonly possible: (kind: FaultKind) => boolean
}
