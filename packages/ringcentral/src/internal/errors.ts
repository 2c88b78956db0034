/** RingCentral's error answers → Reason. Pure; the table in errors.test.ts is the specification. */
import {
  Forbidden,
  Gone,
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

/** What can be relied on in an error body: codes and names, never the message, which may be in another language. */
export interface ErrorBody {
  /** Every code there is: at the top, in `errors`, or in OAuth's `error`. */
  readonly codes: ReadonlySet<string>
  readonly permission: string | undefined
  readonly parameter: string | undefined
}

/** The vendor's wait after a refusal that names none. */
const leastPause = Duration.seconds(30)

const isExpiredSyncToken = (code: string): boolean => /^CLG-10[1-5]$/.test(code)

/** Reads any of the four shapes of error bodies (docs/vendors/ringcentral.md#errors). */
export const readErrorBody = (json: unknown): ErrorBody => {
  const parts = [json, ...listOf(property(json, "errors"))]
  const texts = (key: string): ReadonlyArray<string> =>
    parts.flatMap((part) => {
      const value = property(part, key)
      return typeof value === "string" && value !== "" ? [value] : []
    })
  return {
    codes: new Set([...texts("errorCode"), ...texts("error")]),
    permission: texts("permissionName").find(isName),
    parameter: texts("parameterName").find(isName)
  }
}

// An answer chooses these: only what looks like a name is repeated.
const isName = (text: string): boolean => /^[\w.-]{1,64}$/.test(text)

const listOf = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])

const property = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined

/** Reads an error answer of the API or the media host. */
export const classify = (response: ErrorResponse): Reason => {
  const body = readErrorBody(response.json)
  switch (response.status) {
    case 400:
      return badRequest(body)
    case 401:
      return new Unauthorized({ detail: "RingCentral refused the access token" })
    case 403:
      return forbidden(body)
    case 404:
      return notFound(body)
    case 410:
      return new Gone({ why: "deleted", detail: "RingCentral says that it was removed" })
    case 429:
      return tooMany(body, parseRetryAfter(response.headers.get("retry-after"), response.now))
    default:
      return otherStatus(response)
  }
}

/** Reads an error answer of the token resource: whatever it says is about the credentials, or the address. */
export const classifyLogin = (response: ErrorResponse): Reason => {
  const { codes } = readErrorBody(response.json)
  switch (response.status) {
    case 400:
    case 401:
    case 403:
      return new Unauthorized({
        detail:
          codes.has("OAU-147") || codes.has("OAU-148")
            ? "RingCentral has locked the JWT's user; an administrator must unlock it"
            : "RingCentral refused the client id, the client secret or the JWT"
      })
    case 404:
    case 405:
      return new InvalidOptions({
        option: "serverUrl",
        detail: "has no /restapi/oauth/token; give the platform's host"
      })
    default:
      return classify(response)
  }
}

/** What the headers of any answer tell of the sliding window of its group. */
export const readLimits = (headers: Headers): LimitObservation | undefined => {
  const limit = count(headers.get("x-rate-limit-limit"))
  const remaining = count(headers.get("x-rate-limit-remaining"))
  const window = count(headers.get("x-rate-limit-window"))
  const group = headers.get("x-rate-limit-group")?.trim().toLowerCase()
  if (limit === undefined || window === undefined) return undefined
  return {
    limit,
    window: Duration.seconds(window),
    ...(remaining !== undefined && { remaining }),
    // The vendor calls names of groups subject to change: requests count where the answer says.
    ...(group !== undefined && isName(group) && { group })
  }
}

const badRequest = (body: ErrorBody): Reason => {
  const { codes, parameter } = body
  if ([...codes].some(isExpiredSyncToken)) {
    return new InvalidQuery({ field: "syncToken", detail: "is not accepted any more; begin again from a date" })
  }
  if (codes.has("CMN-102")) return notFound(body)
  const detail = "was refused by RingCentral"
  if (codes.has("CLG-110")) return new InvalidQuery({ field: "sessionId", detail: `${detail} in this combination` })
  return new InvalidQuery({ field: parameter ?? "request", detail })
}

/** An equal request that is still under way uses up no limit: nothing else has to wait for it. */
const tooMany = ({ codes }: ErrorBody, retryAfter: Duration.Duration | undefined): Reason =>
  codes.has("CMN-304") && retryAfter === undefined
    ? new Unavailable({ detail: "RingCentral is still answering an equal request", status: 429 })
    : new RateLimited({ retryAfter: retryAfter ?? leastPause })

/** The app's scope and the user's permission are mended by different people, in different places. */
const forbidden = ({ codes, permission }: ErrorBody): Reason => {
  const named = permission === undefined ? {} : { permission }
  const detail = codes.has("CMN-401")
    ? "the app lacks a scope; add it to the app in the developer console and mint a new JWT where needed"
    : codes.has("CMN-408")
      ? "the role of the JWT's user lacks a permission"
      : codes.has("CMN-402")
        ? "the JWT's user is no administrator"
        : codes.has("CMN-404")
          ? "the JWT's user may not read another extension"
          : "RingCentral refused access"
  return new Forbidden({ ...named, detail })
}

const notFound = ({ parameter }: ErrorBody): Reason => {
  const option = parameter === "accountId" ? "account" : parameter === "extensionId" ? "extension" : undefined
  return option === undefined
    ? new NotFound({ what: "the recording or call" })
    : new InvalidOptions({ option, detail: "names what is not there, or not accessible to the JWT's user" })
}

const otherStatus = ({ headers, now, status }: ErrorResponse): Reason => {
  if (status === 408 || status >= 500) {
    const retryAfter = parseRetryAfter(headers.get("retry-after"), now)
    return new Unavailable({
      detail: `RingCentral answered with status ${status}`,
      status,
      ...(retryAfter && { retryAfter })
    })
  }
  return new InvalidResponse({ path: "", detail: `status ${status}` })
}

const count = (header: string | null): number | undefined =>
  header !== null && /^\d+$/.test(header.trim()) ? Number(header) : undefined
