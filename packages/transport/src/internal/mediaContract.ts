import type { ByteRange } from "@callreel/recording"
import type { Duration, Redacted } from "effect"

/** Query parameters; a list repeats its key, `undefined` is left out. */
export type HttpQuery = Readonly<Record<string, string | number | ReadonlyArray<string> | undefined>>

/**
 * What a request proves itself with. `token` and `basic` go to the trusted origins and nowhere else, redirects included;
 * `none` sends nothing.
 */
export type HttpCredentials = "token" | "none" | { readonly basic: BasicCredentials }

/** A user and password for HTTP Basic authentication. */
export interface BasicCredentials {
  readonly user: string
  readonly password: Redacted.Redacted<string>
}

/** Where a request goes. */
export type HttpTarget =
  | {
      /**
       * Path segments below the base URL. Each is encoded into exactly one segment, whatever it contains; an empty one
       * is allowed only as the last (a trailing slash).
       */
      readonly path: ReadonlyArray<string>
      readonly query?: HttpQuery
    }
  | {
      /** A full address that stood in a response body. */
      readonly url: string
    }

/**
 * What to do with an address whose origin is not trusted: fetch it without credentials (links that are public by nature),
 * or refuse it with a reason that names the origin and the option that would allow it. `only-by-redirect` refuses it too,
 * but follows a trusted server there, without credentials: vendors send on to signed addresses of a storage.
 */
export type UntrustedPolicy = "without-credentials" | "only-by-redirect" | "refuse"

/** One audio file to fetch. */
export interface MediaRequest {
  readonly target: HttpTarget
  readonly credentials: HttpCredentials
  readonly untrusted: UntrustedPolicy
  /** Name of the adapter's option that allows further origins, to be named in a refusal, such as `storageOrigins`. */
  readonly optionName?: string
  /** Limit group at the gate; without it the request is not counted. The gate is held until the headers are there. */
  readonly group?: string
  /** What kind of request it is, where the vendor may count kinds of one group in several. */
  readonly route?: string
  /** Only this part. */
  readonly range?: ByteRange
  /** Size of the whole file in bytes as the listing promised it. */
  readonly expectedBytes?: number
  /** Origins that are trusted for this request, beside those of the client. */
  readonly trustedOrigins?: ReadonlyArray<string>
  /** Longest silence inside the body; default: the client's `idleTimeout`. */
  readonly idleTimeout?: Duration.Duration
}
