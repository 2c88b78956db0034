/** What a failed exchange tells, in words that are safe to show: the raw errors of HTTP libraries print headers. */
import { InvalidResponse, Unavailable } from "@callreel/recording"
import { Duration } from "effect"
import { oddAnswerCode } from "./internal/agentFetch.ts"
import { privateAddressCode } from "./undiciFetch.ts"

const failures: Readonly<Record<string, (host: string) => string>> = {
  ECONNREFUSED: (host) => `${host} refused the connection`,
  ECONNRESET: (host) => `${host} reset the connection`,
  EPIPE: (host) => `${host} reset the connection`,
  UND_ERR_SOCKET: (host) => `${host} closed the connection`,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: (host) => `${host} closed the connection before the answer was complete`,
  ENOTFOUND: (host) => `the name ${host} could not be resolved`,
  EAI_AGAIN: (host) => `the name ${host} could not be resolved`,
  ETIMEDOUT: (host) => `no connection to ${host} in time`,
  UND_ERR_CONNECT_TIMEOUT: (host) => `no connection to ${host} in time`,
  EHOSTUNREACH: (host) => `${host} cannot be reached`,
  ENETUNREACH: (host) => `${host} cannot be reached`,
  UND_ERR_DESTROYED: () => "the client was closed",
  UND_ERR_CLOSED: () => "the client was closed"
}

const isCertificateCode = (code: string): boolean =>
  /^(?:CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_CERT_|HOSTNAME_MISMATCH)/.test(code)

/** The codes along the chain of causes, outermost first, `AggregateError` members included. */
const codesOf = (error: unknown, depth = 0): ReadonlyArray<string> => {
  if (typeof error !== "object" || error === null || depth > 5) return []
  const own = "code" in error && typeof error.code === "string" ? [error.code] : []
  const members: ReadonlyArray<unknown> = error instanceof AggregateError ? error.errors : []
  const inner = "cause" in error ? codesOf(error.cause, depth + 1) : []
  return [...own, ...inner, ...members.flatMap((member) => codesOf(member, depth + 1))]
}

/** A host name as it may be shown: an answer may have chosen it, so its length is bounded. */
const show = (host: string): string => (host.length <= 100 ? host : `${host.slice(0, 97)}...`)

/**
 * The reason for an error that `fetch` or the reading of a body threw. Nothing of the error is kept but its code.
 * `optionName` is the option that would allow a private address.
 */
export const fromThrown = (error: unknown, host: string, optionName: string): Unavailable | InvalidResponse => {
  const codes = codesOf(error)
  const shown = show(host)
  if (codes.includes(privateAddressCode)) {
    const detail = `the name ${shown} resolves to a private address; if that is meant, add its origin to ${optionName}`
    return new InvalidResponse({ path: "", detail })
  }
  if (codes.includes(oddAnswerCode)) {
    return new InvalidResponse({
      path: "",
      detail: `${shown} answered with a status or in an encoding that is not known`
    })
  }
  const certificate = codes.find(isCertificateCode)
  if (certificate !== undefined) {
    // Trying again within seconds mends no certificate.
    return new InvalidResponse({ path: "", detail: `the certificate of ${shown} is not accepted (${certificate})` })
  }
  const known = codes.find((code) => Object.hasOwn(failures, code))
  const describe = known === undefined ? undefined : failures[known]
  return new Unavailable({ detail: describe?.(shown) ?? `the connection to ${shown} failed` })
}

const seconds = (duration: Duration.Duration): string => `${Duration.toSeconds(duration)} s`

/** No headers came in time. */
export const noAnswer = (host: string, within: Duration.Duration): Unavailable =>
  new Unavailable({ detail: `no answer from ${show(host)} within ${seconds(within)}` })

/** The body stopped coming. */
export const stalled = (host: string, within: Duration.Duration): Unavailable =>
  new Unavailable({ detail: `${show(host)} sent nothing more for ${seconds(within)}` })

/** The answer is none that the vendor documents; `detail` must be safe to show. */
export const invalid = (detail: string): InvalidResponse => new InvalidResponse({ path: "", detail })
