/** `GET …/call-log-sync`, of the company and of one extension: the newest records, then what changed since. */
import { type Answer, jsonAnswer } from "../simulator/Answer.ts"
import type { SimulatorRequest } from "../simulator/SimulatorServer.ts"
import type { Addresses } from "./addresses.ts"
import type { CallLog } from "./CallLog.ts"
import { invalidParameter, syncTokenRefused } from "./errors.ts"
import { firstAtOrAfter } from "../simulator/KeyIndex.ts"
import type { Position } from "./LogIndex.ts"
import { booleanIn, countIn, instantIn, wordIn, wordsIn } from "./parameters.ts"
import type { LogOwner, RecordWriter } from "./recordJson.ts"
import type { SyncTokenStore } from "./syncTokens.ts"

export interface Sync {
  readonly read: (request: SimulatorRequest, owner: LogOwner) => Answer
}

interface Progress {
  readonly after: number
  readonly owner: LogOwner
}

interface Filters {
  readonly detailed: boolean
  readonly recordingType: "Automatic" | "OnDemand" | "All" | undefined
  readonly onlyMissed: boolean
  readonly showDeleted: boolean
}

const day = 86_400_000
const longestPast = 30 * day
const mostRecords = 250

const filtersIn = (query: URLSearchParams): Filters | Answer => {
  const view = wordIn(query, "view", ["Simple", "Detailed"])
  if (!view.ok) return view.refusal
  const recordingType = wordIn(query, "recordingType", ["Automatic", "OnDemand", "All"])
  if (!recordingType.ok) return recordingType.refusal
  const withRecording = booleanIn(query, "withRecording", false)
  if (!withRecording.ok) return withRecording.refusal
  const showDeleted = booleanIn(query, "showDeleted", false)
  if (!showDeleted.ok) return showDeleted.refusal
  const statusGroup = wordsIn(query, "statusGroup", ["Missed", "All"])
  if (!statusGroup.ok) return statusGroup.refusal
  return {
    detailed: view.value === "Detailed",
    recordingType: recordingType.value ?? (withRecording.value ? "All" : undefined),
    onlyMissed: statusGroup.value.includes("Missed") && !statusGroup.value.includes("All"),
    showDeleted: showDeleted.value
  }
}

/** The resource with its tokens. */
export const makeSync = (log: CallLog, writer: RecordWriter, addresses: Addresses, store: SyncTokenStore): Sync => {
  const tokens = store.of<Progress>("call-log-sync")
  const { index } = log

  const isRecorded = (position: Position, type: Filters["recordingType"], at: number): boolean =>
    type === undefined ||
    (type !== "OnDemand" && at >= (index.automaticFrom[position] ?? Infinity)) ||
    (type !== "Automatic" && at >= (index.onDemandFrom[position] ?? Infinity))

  const passes = (position: Position, filters: Filters, { extensionId }: LogOwner, at: number): boolean =>
    log.isListed(position, at) &&
    (extensionId === undefined || index.extensionId[position] === Number(extensionId)) &&
    isRecorded(position, filters.recordingType, at) &&
    (!filters.onlyMissed || index.record(position).outcome === "missed")

  const full = (query: URLSearchParams, filters: Filters, owner: LogOwner, at: number) => {
    const dateFrom = instantIn(query, "dateFrom")
    if (!dateFrom.ok) return dateFrom.refusal
    const recordCount = countIn(query, "recordCount", Infinity)
    if (!recordCount.ok) return recordCount.refusal
    if (recordCount.value === undefined || recordCount.value > mostRecords) {
      return invalidParameter("recordCount", query.get("recordCount") ?? "")
    }
    const from = Math.max(at - longestPast, dateFrom.value ?? 0)
    const positions: Array<Position> = []
    for (const position of log.newestFirst(from, at)) {
      if (positions.length >= recordCount.value) break
      if (index.isDeleted[position] === 0 && passes(position, filters, owner, at)) positions.push(position)
    }
    return positions
  }

  const changes = (query: URLSearchParams, filters: Filters, owner: LogOwner, at: number) => {
    const token = query.get("syncToken")
    if (token === null) return syncTokenRefused("unknown")
    const known = tokens.use(token, at)
    if ("body" in known) return known
    if (known.value.owner.extensionId !== owner.extensionId) return syncTokenRefused("other-parameters")
    const positions = new Set<Position>()
    for (
      let place = firstAtOrAfter(index.changeTimes, known.value.after + 1);
      place < index.changeTimes.length;
      place += 1
    ) {
      if ((index.changeTimes[place] ?? Infinity) > at) break
      const position = index.changePositions[place] ?? 0
      const shown = filters.showDeleted || index.isDeleted[position] === 0
      if (shown && passes(position, filters, owner, at)) positions.add(position)
      if (positions.size > mostRecords) return syncTokenRefused("too-many")
    }
    return [...positions].toSorted((left, right) => right - left)
  }

  return {
    read: ({ query }, owner) => {
      const at = log.now()
      const syncType = wordIn(query, "syncType", ["FSync", "ISync"])
      if (!syncType.ok) return syncType.refusal
      const filters = filtersIn(query)
      if ("body" in filters) return filters
      const positions = (syncType.value === "ISync" ? changes : full)(query, filters, owner, at)
      if ("body" in positions) return positions
      const ownerPath = owner.extensionId === undefined ? "" : `/extension/${owner.extensionId}`
      return jsonAnswer(200, {
        uri: addresses.platform(`${ownerPath}/call-log-sync?${query.toString()}`),
        records: positions.map((position) =>
          writer.record(index.record(position), { at, detailed: filters.detailed, owner })
        ),
        syncInfo: {
          syncType: syncType.value ?? "FSync",
          syncToken: tokens.make({ after: at, owner }, at),
          syncTime: new Date(at).toISOString()
        }
      })
    }
  }
}
