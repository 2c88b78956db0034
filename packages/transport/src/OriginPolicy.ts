/** Where requests may go, and where the credentials go with them. Asked before the first request and at every redirect. */
import { isLoopback, isPrivate } from "./internal/httpHosts.ts"
import type { UntrustedPolicy } from "./internal/mediaContract.ts"

export { isLoopback, isPrivate } from "./internal/httpHosts.ts"

/** What an account's configuration allows. */
export interface OriginRules {
  /** The origins that may get the credentials. */
  readonly trustedOrigins: ReadonlySet<string>
  /** Whether untrusted addresses may lie on private and loopback hosts: the base URL itself does, or the option says so. */
  readonly privateAllowed: boolean
  /** Whether plain http is allowed elsewhere than on loopback. */
  readonly insecureAllowed: boolean
  /** What to do with an origin that is not trusted. */
  readonly untrusted: UntrustedPolicy
  /** Name of the option that adds trusted origins. */
  readonly optionName: string
}

/** A request about to be sent; `from` is the address that redirected to it. */
export interface Hop {
  readonly url: URL
  readonly from?: URL
}

/** Send it, with or without the credentials; or why not, in words that are safe to show. */
export type OriginDecision =
  | {
      readonly go: true
      readonly credentials: boolean
      /** Whether the name must be checked to resolve to public addresses only. */
      readonly guarded: boolean
    }
  | { readonly go: false; readonly why: string }

/** The origin of a URL that is nothing but an origin: `https://Example.com:443/` → `https://example.com`; else undefined. */
export const parseOrigin = (text: string): string | undefined => {
  const url = URL.parse(text)
  if (url === null || !isHttp(url) || hasCredentials(url)) return undefined
  return url.pathname === "/" && url.search === "" && url.hash === "" ? url.origin : undefined
}

/** Whether requests to the URL would cross a network in plain text. */
export const isInsecure = (url: URL): boolean => url.protocol === "http:" && !isLoopback(url.hostname)

/** Whether the URL is http or https. */
export const isHttp = (url: URL): boolean => url.protocol === "http:" || url.protocol === "https:"

/** Whether a user or password stands in the URL. */
export const hasCredentials = (url: URL): boolean => url.username !== "" || url.password !== ""

/** The origin as it may be shown: a hostile answer chooses it, so its length is bounded. */
export const showOrigin = (url: URL): string =>
  url.origin.length <= 120 ? url.origin : `${url.origin.slice(0, 117)}...`

/** Decides about one hop. */
export const decide = (hop: Hop, rules: OriginRules): OriginDecision => {
  const { url, from } = hop
  const refuse = (why: string): OriginDecision => ({ go: false, why })
  if (!isHttp(url)) return refuse("an address that is neither http nor https is not followed")
  const origin = showOrigin(url)
  if (hasCredentials(url)) return refuse(`an address on ${origin} that carries a user or password is not followed`)
  if (from?.protocol === "https:" && url.protocol === "http:") {
    return refuse(`a redirect from https to plain http on ${origin} is not followed`)
  }
  const trusted = rules.trustedOrigins.has(url.origin)
  const refused = rules.untrusted === "refuse" || (rules.untrusted === "only-by-redirect" && from === undefined)
  if (!trusted && refused) {
    return refuse(`it leads to ${origin}, which is not trusted; if it should be, add it to ${rules.optionName}`)
  }
  if (!trusted && !rules.privateAllowed && isPrivate(url.hostname)) {
    return refuse(`it leads to the private address ${origin}; if that is meant, add it to ${rules.optionName}`)
  }
  if (!rules.insecureAllowed && isInsecure(url)) {
    return refuse(`it leads to ${origin} over plain http, which needs allowInsecure`)
  }
  return { go: true, credentials: trusted, guarded: !trusted && !rules.privateAllowed }
}
