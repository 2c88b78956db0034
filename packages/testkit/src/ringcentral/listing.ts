/** `GET …/call-log` and `GET …/active-calls`, of the company and of one extension. */
import { type Answer, jsonAnswer } from "../simulator/Answer.ts"
import type { SimulatorRequest } from "../simulator/SimulatorServer.ts"
import { accountPath } from "./addresses.ts"
import type { CallLog } from "./CallLog.ts"
import { type ListQuery, parseListQuery } from "./listQuery.ts"
import type { LoggedRecord } from "./LoggedCall.ts"
import type { Position } from "./LogIndex.ts"
import type { Pager } from "./paging.ts"
import type { LogOwner, RecordWriter } from "./recordJson.ts"
import type { Settings } from "./settings.ts"

export interface Listing {
  readonly callLog: (request: SimulatorRequest, owner: LogOwner) => Answer
  readonly activeCalls: (request: SimulatorRequest, owner: LogOwner) => Answer
}

// What a number looks like in a filter: E.164 without its plus.
const numberMatches = (record: LoggedRecord, number: string): boolean =>
  [record.from, record.to].some(({ phoneNumber }) => phoneNumber?.replace(/^\+/, "") === number)

/** The lists over the log. */
export const makeListing = (settings: Settings, log: CallLog, writer: RecordWriter, pager: Pager): Listing => {
  const { index } = log
  const extensionIdByNumber = new Map(settings.world.extensions.map(({ id, number }) => [number, id]))

  const isOf = (position: Position, owner: LogOwner): boolean =>
    owner.extensionId === undefined || index.extensionId[position] === Number(owner.extensionId)

  const isRecorded = (position: Position, type: ListQuery["recordingType"], at: number): boolean => {
    const automatic = at >= (index.automaticFrom[position] ?? Infinity)
    const onDemand = at >= (index.onDemandFrom[position] ?? Infinity)
    if (type === undefined) return true
    return (type !== "OnDemand" && automatic) || (type !== "Automatic" && onDemand)
  }

  const passes = (position: Position, query: ListQuery, owner: LogOwner, at: number): boolean => {
    const { directions, extensionNumber, phoneNumber, transports, types } = query
    if (!isOf(position, owner) || (!query.showDeleted && index.isDeleted[position] === 1)) return false
    if (extensionNumber !== undefined) {
      const id = extensionIdByNumber.get(extensionNumber)
      if (id === undefined || index.extensionId[position] !== Number(id)) return false
    }
    if (directions.length > 0 && !directions.includes(index.isInbound[position] === 1 ? "Inbound" : "Outbound")) {
      return false
    }
    if (types.length > 0 && !types.includes(index.isFax[position] === 1 ? "Fax" : "Voice")) return false
    // All rows say PSTN; only legs are VoIP.
    if (transports.length > 0 && !transports.includes("PSTN")) return false
    if (!isRecorded(position, query.recordingType, at)) return false
    return phoneNumber === undefined || numberMatches(index.record(position), phoneNumber)
  }

  const ofSession = ({ from, sessionId, telephonySessionId, to }: ListQuery): ReadonlyArray<Position> | undefined => {
    if (sessionId === undefined && telephonySessionId === undefined) return undefined
    const found = [
      ...(sessionId === undefined ? [] : [index.bySessionId(sessionId)]),
      ...(telephonySessionId === undefined ? [] : [index.byTelephonySessionId(telephonySessionId)])
    ]
    const [first = [], second = first] = found
    return first
      .filter((position) => second.includes(position))
      .filter((position) => {
        const start = index.start[position] ?? 0
        return start >= from && start <= to
      })
      .toReversed()
  }

  function* listed(query: ListQuery, owner: LogOwner, at: number): Generator<Position, void> {
    for (const position of ofSession(query) ?? log.newestFirst(query.from, query.to)) {
      if (log.isListed(position, at) && passes(position, query, owner, at)) yield position
    }
  }

  function* running(query: ListQuery, owner: LogOwner, at: number): Generator<Position, void> {
    for (const position of log.running(at)) if (passes(position, query, owner, at)) yield position
  }

  const answer = (
    request: SimulatorRequest,
    owner: LogOwner,
    name: "call-log" | "active-calls",
    find: (query: ListQuery, owner: LogOwner, at: number) => Iterable<Position>
  ): Answer => {
    // One time for the whole answer, as of one query to a database.
    const at = log.now()
    const query = parseListQuery(request.query, at, settings)
    if ("body" in query) return query
    const ownerPath = owner.extensionId === undefined ? "" : `/extension/${owner.extensionId}`
    const page = pager.take(request, find(query, owner, at), {
      resource: `${accountPath(settings.account)}${ownerPath}/${name}`,
      page: query.page,
      perPage: query.perPage,
      defaults: {
        view: query.detailed ? "Detailed" : "Simple",
        ...(name === "active-calls" || query.sessionId !== undefined
          ? {}
          : { dateFrom: new Date(query.from).toISOString() })
      }
    })
    const view = { at, detailed: query.detailed, owner }
    return jsonAnswer(200, {
      uri: page.uri,
      records: page.items.map((position) => writer.record(index.record(position), view)),
      paging: page.paging,
      navigation: page.navigation
    })
  }

  return {
    callLog: (request, owner) => answer(request, owner, "call-log", listed),
    activeCalls: (request, owner) => answer(request, owner, "active-calls", running)
  }
}
