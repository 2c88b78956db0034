import { InvalidOptions, type Reason } from "@callreel/recording"
import { Duration, Effect, Redacted, type Scope } from "effect"
import {
  hasCredentials,
  isHttp,
  isInsecure,
  isPrivate,
  parseOrigin,
  showOrigin,
  type OriginRules
} from "../OriginPolicy.ts"
import type { LimitObservation, RateGate } from "../RateGate.ts"
import type { TokenHolder } from "../TokenHolder.ts"
import { makeFetch, type Fetches } from "../undiciFetch.ts"
import type { ErrorResponse, HttpOptions } from "./httpContract.ts"
import type { UntrustedPolicy } from "./mediaContract.ts"

/** Options of a client, checked and completed. */
export interface HttpSettings {
  readonly base: URL
  readonly trustedOrigins: ReadonlySet<string>
  readonly originsOption: string
  /** Vendor's names of the limit groups, by the route of a request, learned from answers. */
  readonly groupNames: Map<string, string>
  readonly privateAllowed: boolean
  readonly insecureAllowed: boolean
  readonly gate: RateGate
  readonly tokens: TokenHolder | undefined
  readonly authorize: (token: Redacted.Redacted<string>) => Readonly<Record<string, string>>
  readonly classify: (response: ErrorResponse) => Reason
  readonly refusesToken: (response: ErrorResponse) => boolean
  readonly readLimits: (headers: Headers) => LimitObservation | undefined
  readonly headersTimeout: Duration.Duration
  readonly idleTimeout: Duration.Duration
  readonly userAgent: string
  readonly fetches: Fetches
}

const bearer = (token: Redacted.Redacted<string>): Readonly<Record<string, string>> => ({
  authorization: `Bearer ${Redacted.value(token)}`
})

const refuse = (option: string, detail: string) => Effect.fail(new InvalidOptions({ option, detail }))

const needsInsecure = (url: URL): string =>
  `${showOrigin(url)} is plain http; use https, or set allowInsecure to send credentials in plain text`

const checkBase = (options: HttpOptions): Effect.Effect<URL, InvalidOptions> => {
  const url = URL.parse(options.baseUrl)
  if (url === null || !isHttp(url)) return refuse("baseUrl", "must be a full address such as https://api.example.com")
  if (hasCredentials(url)) return refuse("baseUrl", "must not carry a user or password")
  if (url.search !== "" || url.hash !== "") return refuse("baseUrl", "must end with the path, without ? or #")
  if (isInsecure(url) && options.allowInsecure !== true) return refuse("baseUrl", needsInsecure(url))
  return Effect.succeed(url)
}

/** Each as a normalised origin; `option` is named in the error. */
export const checkOrigins = (
  origins: ReadonlyArray<string>,
  option: string,
  allowInsecure: boolean
): Effect.Effect<ReadonlyArray<string>, InvalidOptions> =>
  Effect.forEach(origins, (text) => {
    const origin = parseOrigin(text)
    if (origin === undefined) return refuse(option, "must list origins such as https://media.example.com")
    const url = new URL(origin)
    return isInsecure(url) && !allowInsecure ? refuse(option, needsInsecure(url)) : Effect.succeed(origin)
  })

/** The rules for one request. */
export const rulesOf = (
  settings: HttpSettings,
  untrusted: UntrustedPolicy,
  optionName: string,
  further: ReadonlyArray<string> = []
): OriginRules => ({
  trustedOrigins: further.length === 0 ? settings.trustedOrigins : new Set([...settings.trustedOrigins, ...further]),
  privateAllowed: settings.privateAllowed,
  insecureAllowed: settings.insecureAllowed,
  untrusted,
  optionName
})

// Shorter than the 20 s within which interactive requests are retried: a request that hangs once gets another try.
const orDefault = (duration: Duration.Duration | undefined): Duration.Duration => duration ?? Duration.seconds(15)

/** Checks the options, and opens the connection pools unless a `fetch` was given. */
export const resolveSettings = (options: HttpOptions): Effect.Effect<HttpSettings, InvalidOptions, Scope.Scope> =>
  Effect.gen(function* () {
    const base = yield* checkBase(options)
    const insecureAllowed = options.allowInsecure === true
    const originsOption = options.originsOption ?? "trustedOrigins"
    const further = yield* checkOrigins(options.trustedOrigins ?? [], originsOption, insecureAllowed)
    const given = options.fetch
    return {
      base,
      trustedOrigins: new Set([base.origin, ...further]),
      originsOption,
      groupNames: new Map(),
      privateAllowed: options.allowPrivate === true || isPrivate(base.hostname),
      insecureAllowed,
      gate: options.gate,
      tokens: options.tokens,
      authorize: options.authorize ?? bearer,
      classify: options.classify,
      refusesToken: options.refusesToken ?? ((response) => response.status === 401),
      readLimits: options.readLimits ?? (() => undefined),
      headersTimeout: orDefault(options.headersTimeout),
      idleTimeout: orDefault(options.idleTimeout),
      userAgent: options.userAgent ?? "callreel",
      fetches: given === undefined ? yield* makeFetch() : { trusted: given, guarded: given }
    }
  })
