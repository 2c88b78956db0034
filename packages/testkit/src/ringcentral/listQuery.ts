/** What a request for a call log asks for. */
import type { Answer } from "../simulator/Answer.ts"
import { conflictingParameters, invalidParameter } from "./errors.ts"
import { booleanIn, countIn, instantIn, wordIn, wordsIn } from "./parameters.ts"
import type { Settings } from "./settings.ts"

/** Filters, the window in milliseconds since the epoch with both ends included, and the page. */
export interface ListQuery {
  readonly from: number
  readonly to: number
  readonly detailed: boolean
  readonly recordingType: "Automatic" | "OnDemand" | "All" | undefined
  readonly directions: ReadonlyArray<"Inbound" | "Outbound">
  readonly types: ReadonlyArray<"Voice" | "Fax">
  readonly transports: ReadonlyArray<"PSTN" | "VoIP">
  readonly extensionNumber: string | undefined
  readonly phoneNumber: string | undefined
  readonly sessionId: string | undefined
  readonly telephonySessionId: string | undefined
  readonly showDeleted: boolean
  readonly page: number
  readonly perPage: number
}

const day = 86_400_000
const mostPerPage = 1000
const defaultPerPage = 100
const mostPages = 1_000_000

const withDates = ["dateFrom", "dateTo", "phoneNumber", "direction", "type", "recordingType"]

const conflictIn = (query: URLSearchParams, strictSession: boolean): Answer | undefined => {
  if (query.has("extensionNumber") && query.has("phoneNumber")) {
    return conflictingParameters("phoneNumber", "extensionNumber")
  }
  if (!query.has("sessionId")) return undefined
  if (query.has("extensionNumber")) return conflictingParameters("sessionId", "extensionNumber")
  const other = strictSession ? withDates.find((name) => query.has(name)) : undefined
  return other === undefined ? undefined : conflictingParameters("sessionId", other)
}

const perPageIn = (query: URLSearchParams) =>
  query.get("perPage") === "max" ? ({ ok: true, value: mostPerPage } as const) : countIn(query, "perPage", mostPerPage)

const windowOf = (
  query: URLSearchParams,
  now: number,
  { dateToIncluded, sessionWindow, strictSession }: Pick<Settings, "dateToIncluded" | "sessionWindow" | "strictSession">
) => {
  const dateTo = instantIn(query, "dateTo")
  if (!dateTo.ok) return dateTo
  const dateFrom = instantIn(query, "dateFrom")
  if (!dateFrom.ok) return dateFrom
  const bySession = query.has("sessionId") || query.has("telephonySessionId")
  const undated = dateFrom.value === undefined && dateTo.value === undefined
  if (bySession && undated && (!sessionWindow || (strictSession && query.has("sessionId")))) {
    return { ok: true, value: { from: 0, to: now } } as const
  }
  const end = dateTo.value ?? now
  const from = dateFrom.value ?? end - day
  const to = dateToIncluded || dateTo.value === undefined ? end : end - 1
  return from > end
    ? ({ ok: false, refusal: invalidParameter("dateFrom", query.get("dateFrom") ?? "") } as const)
    : ({ ok: true, value: { from, to } } as const)
}

/** Reads a query; `now` in milliseconds since the epoch. */
export const parseListQuery = (
  query: URLSearchParams,
  now: number,
  settings: Pick<Settings, "dateToIncluded" | "sessionWindow" | "strictSession">
): ListQuery | Answer => {
  const window = windowOf(query, now, settings)
  if (!window.ok) return window.refusal
  const view = wordIn(query, "view", ["Simple", "Detailed"])
  if (!view.ok) return view.refusal
  const recordingType = wordIn(query, "recordingType", ["Automatic", "OnDemand", "All"])
  if (!recordingType.ok) return recordingType.refusal
  const withRecording = booleanIn(query, "withRecording", false)
  if (!withRecording.ok) return withRecording.refusal
  const directions = wordsIn(query, "direction", ["Inbound", "Outbound"])
  if (!directions.ok) return directions.refusal
  const types = wordsIn(query, "type", ["Voice", "Fax"])
  if (!types.ok) return types.refusal
  const transports = wordsIn(query, "transport", ["PSTN", "VoIP"])
  if (!transports.ok) return transports.refusal
  const showDeleted = booleanIn(query, "showDeleted", false)
  if (!showDeleted.ok) return showDeleted.refusal
  const showBlocked = booleanIn(query, "showBlocked", true)
  if (!showBlocked.ok) return showBlocked.refusal
  const perPage = perPageIn(query)
  if (!perPage.ok) return perPage.refusal
  const page = countIn(query, "page", mostPages)
  if (!page.ok) return page.refusal
  const conflict = conflictIn(query, settings.strictSession)
  if (conflict !== undefined) return conflict
  return {
    ...window.value,
    detailed: view.value === "Detailed",
    recordingType: recordingType.value ?? (withRecording.value ? "All" : undefined),
    directions: directions.value,
    types: types.value,
    transports: transports.value,
    extensionNumber: query.get("extensionNumber") ?? undefined,
    phoneNumber: query.get("phoneNumber") ?? undefined,
    sessionId: query.get("sessionId") ?? undefined,
    telephonySessionId: query.get("telephonySessionId") ?? undefined,
    showDeleted: showDeleted.value,
    page: page.value ?? 1,
    perPage: perPage.value ?? defaultPerPage
  }
}
