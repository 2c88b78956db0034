/** `/api/calls/history`: the search of call legs, and the only listing of recordings. */
import { type Answer, bytesBody } from "../simulator/Answer.ts"
import type { SimulatorRequest } from "../simulator/SimulatorServer.ts"
import { type Context, filesOfRow, itemContext } from "./context.ts"
import {
  type ApiError,
  filterRequired,
  historyFailed,
  invalidArgument,
  messageTooLarge,
  permissionDenied,
  rawSortRefused
} from "./errors.ts"
import { makeFilters } from "./filters.ts"
import { selectFields } from "./historyFields.ts"
import { historyItem } from "./historyItem.ts"
import type { JsonObject } from "./Json.ts"
import { type Found, type Query } from "./search.ts"
import { bothBounds, hasMandatoryFilter, parseSearch, type SearchRequest } from "./searchRequest.ts"
import type { Session } from "./sessions.ts"
import { isRawSort, parseSort } from "./sortOrder.ts"
import { flag, list } from "./wire.ts"

const day = 86_400_000

// Who may play for a limited time only is shown calls of that time only, whatever they ask for.
const raised = ({ clock, settings }: Context, session: Session, request: SearchRequest): SearchRequest => {
  const { actions } = session
  const limited = settings.abilities.timeLimited && actions.has("time_limited_record_file")
  if (!limited || actions.has("playback_record_file")) return request
  const earliest = clock.now().getTime() - settings.periodDays * day
  const { from = earliest, to } = request.createdAt ?? { to: undefined }
  return { ...request, createdAt: { from: Math.max(from, earliest), to } }
}

const driftOf = ({ entry, fault }: SimulatorRequest): number => {
  if (fault?.kind !== "drifting-page") return 0
  entry.fault = fault.kind
  return fault.rows
}

const makeQuery = (context: Context, http: SimulatorRequest, request: SearchRequest): Query | undefined => {
  const { clock, settings, transcripts } = context
  const filters = makeFilters(request, {
    abilities: settings.abilities,
    hasFile: (entry) => filesOfRow(context, entry).length > 0,
    hasTranscript: (entry) =>
      filesOfRow(context, entry).some((file) => file.leg.id === entry.leg.id && transcripts.of(file).length > 0)
  })
  if (filters === undefined) return undefined
  return {
    request,
    filters,
    keys: parseSort(request.sort),
    horizon: (clock.now().getTime() - settings.replicationLag) * 1000,
    repeatable: request.hasFile === undefined && request.hasTranscript === undefined,
    drift: driftOf(http)
  }
}

// The width of the narrowest window; for ever where there is none.
const widthOf = ({ createdAt, storedAt }: SearchRequest, now: number): number => {
  const stored = bothBounds(storedAt)
  const created = createdAt?.from === undefined ? Infinity : (createdAt.to ?? now) - createdAt.from
  return Math.min(created, stored === undefined ? Infinity : stored.to - stored.from)
}

const isTooSlow = ({ clock, search, settings }: Context, query: Query): boolean => {
  const { milliseconds = Infinity, rows = Infinity } = settings.queryTimeout
  const { dependencyId, id } = query.request
  const byId = id.length > 0 || dependencyId !== ""
  if (!byId && Number.isFinite(milliseconds) && widthOf(query.request, clock.now().getTime()) > milliseconds)
    return true
  return Number.isFinite(rows) && search.scanned(query) > rows
}

// A session of another tenant goes by its own data, of which there is none.
const find = (context: Context, session: Session, http: SimulatorRequest, request: SearchRequest): Found | ApiError => {
  const query = makeQuery(context, http, request)
  if (query === undefined) return historyFailed("invalid regular expression")
  if (isTooSlow(context, query)) return historyFailed()
  const found = context.search.page(query) ?? historyFailed("column does not exist")
  return session.domain === context.settings.domain || "status" in found ? found : { positions: [], next: false }
}

const repeated = ({ entry, fault }: SimulatorRequest, items: ReadonlyArray<JsonObject>): ReadonlyArray<JsonObject> => {
  if (fault?.kind !== "repeated-rows") return items
  entry.fault = fault.kind
  return [...items.slice(0, fault.rows), ...items]
}

/** Why a request is refused before anything is looked up; undefined where it is not. */
const refusalOf = (context: Context, request: SearchRequest): ApiError | undefined => {
  if (!hasMandatoryFilter(request)) return filterRequired()
  if (!isRawSort(request.sort)) return undefined
  context.rawSorts.count += 1
  return context.settings.rawSort === "refused" ? rawSortRefused() : undefined
}

/** Answers a search of the session; the caller has checked whose it is. */
export const searchHistory = (context: Context, session: Session, http: SimulatorRequest): Answer | ApiError => {
  if (!session.access.calls.includes("r")) return permissionDenied()
  const request = parseSearch(http)
  if (typeof request === "string") return invalidArgument(`invalid value of ${request}`)
  const refused = refusalOf(context, request)
  if (refused !== undefined) return refused
  const found = find(context, session, http, raised(context, session, request))
  if ("status" in found) return found
  const selection = selectFields(request.fields)
  const told = itemContext(context, session)
  const items = found.positions.map((position) => historyItem(told, context.index.entry(position), selection))
  const answer = context.write(`page ${request.page}`, { next: flag(found.next), items: list(repeated(http, items)) })
  const bytes = new TextEncoder().encode(JSON.stringify(answer))
  if (bytes.length > context.settings.messageCap) {
    return messageTooLarge(
      `grpc: received message larger than max (${bytes.length} vs. ${context.settings.messageCap})`
    )
  }
  return { status: 200, headers: { "content-type": "application/json" }, body: bytesBody(bytes) }
}
