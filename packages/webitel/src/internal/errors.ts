/** Webitel's error answers → Reason, by their id before their status. Pure; the table in errors.test.ts is the specification. */
import {
  Forbidden,
  Gone,
  InvalidQuery,
  InvalidResponse,
  NotFound,
  RateLimited,
  type Reason,
  Unauthorized,
  Unavailable
} from "@callreel/recording"
import { type ErrorResponse, parseRetryAfter } from "@callreel/transport"
import { Duration } from "effect"

/** The permission without which a call's files are left out of the history, without a word. */
export const playbackPermission = "playback_record_file"

/**
 * The history gave up: its queries may take ten seconds, and its answers hold sixteen megabytes. Not `Unavailable`, as
 * repeating the same question is of no use: less has to be asked for.
 */
export class TooMuch extends InvalidResponse {
  constructor() {
    super({ path: "", detail: "the call history could not answer for so long a period at once" })
  }
}

/** Storage answers 500 where it does not know who asks. */
const refusedTokens = new Set([
  "session.valid",
  "api.context.session_expired.app_error",
  "app.session.unauthorized.app_error"
])

const historyFailed = "store.sql_call.get_history.app_error"

/** What each refusal of a file means (docs/vendors/webitel.md#errors). */
const refusals: ReadonlyMap<string, Reason> = new Map<string, Reason>([
  [
    "call.recordings.access.forbidden",
    new Forbidden({ permission: playbackPermission, detail: "the token's user may not hear this recording" })
  ],
  ["file.malware", new Forbidden({ detail: "Webitel holds the file back, as it was found to be malware" })],
  ["policy.file.allow", new Forbidden({ detail: "no file policy of the domain allows this kind of file" })],
  [
    "api.file.reader.reading_local.app_error",
    new Gone({ why: "absent", detail: "Webitel lists the file, and cannot read its bytes from the disk" })
  ]
])

/** Whether the answer says that the token is not accepted. */
export const refusesToken = ({ json, status }: ErrorResponse): boolean => {
  const id = idOf(json)
  return status === 401 || (id !== undefined && refusedTokens.has(id))
}

/** Reads an error answer of the gateway or of the storage. */
export const classify = (response: ErrorResponse): Reason => {
  const { headers, json, now, status } = response
  const id = idOf(json)
  if (refusesToken(response)) return new Unauthorized({ detail: "Webitel refused the access token" })
  const refusal = id === undefined ? undefined : refusals.get(id)
  if (refusal !== undefined) return refusal
  if (isTooMuch(id, json, status)) return new TooMuch()
  switch (status) {
    case 400:
      return badRequest(id)
    case 403:
      return new Forbidden({ detail: "the token's user lacks a permission for this" })
    case 404:
      return new NotFound({ what: "the recording or call" })
    case 410:
      return new Gone({ why: "deleted", detail: "Webitel says that it was removed" })
    case 429:
      return new RateLimited({ retryAfter: parseRetryAfter(headers.get("retry-after"), now) ?? Duration.seconds(10) })
    default:
      return otherStatus(response)
  }
}

/** `ResourceExhausted` is what gRPC says of an answer that is longer than its limit. */
const isTooMuch = (id: string | undefined, json: unknown, status: number): boolean =>
  id === historyFailed ||
  (status >= 400 &&
    /larger than max|resource ?exhausted|message length too large/i.test(
      `${textAt(json, "detail")} ${textAt(json, "message")} ${textAt(json, "status")}`
    ))

const badRequest = (id: string | undefined): Reason => {
  if (id?.includes("parse_range") === true) {
    return new InvalidQuery({ field: "range", detail: "begins after the end of the audio" })
  }
  // An id that is no number is one that no file has.
  if (id === "api.context.invalid_url_param.app_error") return new NotFound({ what: "the recording" })
  return new InvalidQuery({ field: "request", detail: "was refused by Webitel" })
}

const otherStatus = ({ headers, now, status }: ErrorResponse): Reason => {
  if (status === 408 || status >= 500) {
    const retryAfter = parseRetryAfter(headers.get("retry-after"), now)
    return new Unavailable({
      detail: `Webitel answered with status ${status}`,
      status,
      ...(retryAfter && { retryAfter })
    })
  }
  return new InvalidResponse({ path: "", detail: `status ${status}` })
}

const idOf = (json: unknown): string | undefined => textAt(json, "id") || undefined

const textAt = (json: unknown, key: string): string => {
  if (typeof json !== "object" || json === null) return ""
  const value: unknown = Reflect.get(json, key)
  return typeof value === "string" ? value : ""
}
