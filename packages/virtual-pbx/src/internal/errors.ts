/** The platform's error answers → Reason. Pure; the table in errors.test.ts is the specification. */
import {
  Forbidden,
  InvalidOptions,
  InvalidQuery,
  InvalidResponse,
  NotFound,
  RateLimited,
  type Reason,
  Unauthorized,
  Unavailable
} from "@callreel/recording"
import { type ErrorResponse, type LimitObservation, parseRetryAfter } from "@callreel/transport"
import { Duration } from "effect"

/** The limit group of all requests but the token's: the hourly quota of the client. */
export const quotaGroup = "hourly quota"

const concurrencyPause = Duration.seconds(2)
const archivePause = Duration.hours(1)
const hour = Duration.toMillis(Duration.hours(1))

/** What each refusal means for the person who set the application up (docs/vendors/virtual-pbx.md#errors). */
const refusals: ReadonlyMap<string, string> = new Map([
  ["access_denied", "the token's user may not use this resource; check that the scope fits the user's level"],
  ["user_access_type_deny", "the token's user is of another level (client, extension group, extension) than the scope"],
  ["user_blocked", "the token's user is blocked"],
  ["app_access_type_deny", "the application lacks the access level for this resource"]
])

/** Statuses of a 404 that are about the address's owner, not about a recording. */
const unknownScopes: ReadonlySet<string> = new Set([
  "client_not_found",
  "extension_not_found",
  "extension_group_not_found"
])

/** Reads an error answer of the API or the file resources. */
export const classify = (response: ErrorResponse): Reason => {
  const status = field(response.json, "status")
  const message = field(response.json, "message")
  switch (response.status) {
    case 400:
      return new InvalidQuery({ field: "request", detail: "the PBX refused its parameters" })
    case 401:
      return new Unauthorized({ detail: "the PBX refused the credentials" })
    case 403:
      return new Forbidden({
        ...(status !== undefined && refusals.has(status) && { permission: status }),
        detail: refusals.get(status ?? "") ?? "the PBX refused access"
      })
    case 404:
    case 410:
      if (status !== undefined && unknownScopes.has(status)) {
        return new InvalidOptions({
          option: "scope",
          detail: "names a client, extension group or extension that is not there"
        })
      }
      return new NotFound({ what: "the recording or call" })
    case 429:
      return /concurrent|already exists/i.test(message ?? "")
        ? new RateLimited({
            retryAfter: concurrencyPause,
            group: quotaGroup,
            detail: "another request for call history is under way"
          })
        : new RateLimited({ retryAfter: untilReset(response), group: quotaGroup })
    default:
      return otherStatus(response)
  }
}

/** Reads an error answer of the token resource: whatever it says is about the credentials, or the address. */
export const classifyLogin = (response: ErrorResponse): Reason => {
  switch (response.status) {
    case 400:
    case 401:
    case 403:
      return new Unauthorized({ detail: "the PBX refused the client id and secret" })
    case 404:
    case 405:
      return new InvalidOptions({ option: "baseUrl", detail: "has no /oauth/token; give the operator's API host" })
    default:
      return classify(response)
  }
}

/** Reads an error answer of the storage, which is another server: its limits are not the API's, and there are other ways. */
export const classifyStorage = (response: ErrorResponse): Reason => {
  if (response.status !== 429) return classify(response)
  const retryAfter = parseRetryAfter(response.headers.get("retry-after"), response.now)
  return new Unavailable({ detail: "the storage is busy", status: 429, ...(retryAfter && { retryAfter }) })
}

/**
 * Reads a refused archive request. Which status the platform gives while the last archive was not downloaded is not
 * documented; any refusal of a request whose parameters were checked here is taken for it, unless it is about access.
 */
export const classifyArchive = (response: ErrorResponse): Reason =>
  [400, 403, 409, 423, 429].includes(response.status) &&
  /archive/i.test(`${field(response.json, "status")} ${field(response.json, "message")}`)
    ? new RateLimited({
        retryAfter: parseRetryAfter(response.headers.get("retry-after"), response.now) ?? archivePause,
        group: "archive",
        detail: "an archive was requested within the last hour and is not downloaded yet"
      })
    : classify(response)

/** The hourly quota as every answer of the API tells it; `X-RateLimit-Reset` is in seconds. */
export const readLimits = (headers: Headers): LimitObservation | undefined => {
  const limit = count(headers.get("x-ratelimit-limit"))
  const remaining = count(headers.get("x-ratelimit-remaining"))
  const reset = count(headers.get("x-ratelimit-reset"))
  if (limit === undefined && remaining === undefined) return undefined
  return {
    ...(limit !== undefined && { limit }),
    ...(remaining !== undefined && { remaining }),
    ...(reset !== undefined && { resetsAfter: Duration.seconds(reset) })
  }
}

const otherStatus = ({ status, headers, now }: ErrorResponse): Reason => {
  if (status === 408 || status >= 500) {
    const retryAfter = parseRetryAfter(headers.get("retry-after"), now)
    return new Unavailable({
      detail: `the PBX answered with status ${status}`,
      status,
      ...(retryAfter && { retryAfter })
    })
  }
  return new InvalidResponse({ path: "", detail: `status ${status}` })
}

/** "The next request only in the next hour": by the reset header, by Retry-After, else to the full hour. */
const untilReset = ({ headers, now }: ErrorResponse): Duration.Duration => {
  const reset = count(headers.get("x-ratelimit-reset"))
  if (reset !== undefined) return Duration.seconds(reset)
  return parseRetryAfter(headers.get("retry-after"), now) ?? Duration.millis(hour - (now.getTime() % hour))
}

const count = (header: string | null): number | undefined =>
  header !== null && /^\d+$/.test(header.trim()) ? Number(header) : undefined

const field = (json: unknown, key: "status" | "message"): string | undefined => {
  if (typeof json !== "object" || json === null || !(key in json)) return undefined
  const value: unknown = Reflect.get(json, key)
  return typeof value === "string" ? value : undefined
}
