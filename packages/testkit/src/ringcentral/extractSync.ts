/** `GET …/call-log-extract-sync`: the company's records by the time of their last change, oldest first. */
import { type Answer, jsonAnswer } from "../simulator/Answer.ts"
import type { SimulatorRequest } from "../simulator/SimulatorServer.ts"
import type { Addresses } from "./addresses.ts"
import type { CallLog } from "./CallLog.ts"
import { invalidParameter, syncTokenRefused } from "./errors.ts"
import { firstAtOrAfter } from "../simulator/KeyIndex.ts"
import type { Position } from "./LogIndex.ts"
import { countIn, instantIn, wordIn } from "./parameters.ts"
import type { RecordWriter } from "./recordJson.ts"
import type { SyncTokenStore } from "./syncTokens.ts"

export interface ExtractSync {
  readonly read: (request: SimulatorRequest) => Answer
}

/** What a token stands for: all changes up to an instant were told. */
interface Progress {
  readonly after: number
  readonly recordCount: number
  readonly detailed: boolean
}

interface Batch {
  readonly positions: ReadonlyArray<Position>
  /** The last change that was told; where there was none, where the batch began. */
  readonly until: number
  readonly more: boolean
}

const hour = 3_600_000
const mostRecords = 1000
const defaultRecords = 250

/** The resource with its tokens. */
export const makeExtractSync = (
  log: CallLog,
  writer: RecordWriter,
  addresses: Addresses,
  store: SyncTokenStore
): ExtractSync => {
  const tokens = store.of<Progress>("extract-sync")
  const { index } = log

  // Rows whose last change, as of now, is after an instant; a row that will be told for a later change is left out here.
  function* changedAfter(after: number, at: number): Generator<readonly [Position, number], void> {
    for (let place = firstAtOrAfter(index.changeTimes, after + 1); place < index.changeTimes.length; place += 1) {
      const time = index.changeTimes[place] ?? Infinity
      if (time > at) return
      const position = index.changePositions[place] ?? 0
      const shown = index.isDeleted[position] === 0 && log.isListed(position, at)
      if (shown && log.modifiedAt(position, at) === time) yield [position, time]
    }
  }

  // As many as wanted, and those of the same millisecond as the last.
  const batchAfter = ({ after, recordCount }: Progress, at: number): Batch => {
    const positions: Array<Position> = []
    let until = after
    for (const [position, time] of changedAfter(after, at)) {
      if (positions.length >= recordCount && time > until) return { positions, until, more: true }
      positions.push(position)
      until = time
    }
    return { positions, until, more: false }
  }

  const begin = (query: URLSearchParams, at: number, detailed: boolean): Progress | Answer => {
    const dateFrom = instantIn(query, "dateFrom")
    if (!dateFrom.ok) return dateFrom.refusal
    const recordCount = countIn(query, "recordCount", Infinity)
    if (!recordCount.ok) return recordCount.refusal
    if ((recordCount.value ?? 0) > mostRecords) return invalidParameter("recordCount", query.get("recordCount") ?? "")
    if (query.has("syncToken")) return invalidParameter("syncToken")
    return { after: dateFrom.value ?? at - hour, recordCount: recordCount.value ?? defaultRecords, detailed }
  }

  const resume = (query: URLSearchParams, at: number, detailed: boolean | undefined): Progress | Answer => {
    const token = query.get("syncToken")
    if (token === null) return syncTokenRefused("unknown")
    // Allowed for a full sync only.
    if (query.has("recordCount")) return invalidParameter("recordCount", query.get("recordCount") ?? "")
    const known = tokens.use(token, at)
    if ("body" in known) return known
    return detailed !== undefined && detailed !== known.value.detailed
      ? syncTokenRefused("other-parameters")
      : known.value
  }

  return {
    read: ({ query }) => {
      const at = log.now()
      const syncType = wordIn(query, "syncType", ["FSync", "ISync"])
      if (!syncType.ok) return syncType.refusal
      const view = wordIn(query, "view", ["Simple", "Detailed"])
      if (!view.ok) return view.refusal
      const detailed = view.value === undefined ? undefined : view.value === "Detailed"
      const progress =
        syncType.value === "ISync" ? resume(query, at, detailed) : begin(query, at, view.value === "Detailed")
      if ("body" in progress) return progress
      const batch = batchAfter(progress, at)
      return jsonAnswer(200, {
        uri: addresses.platform(`/call-log-extract-sync?${query.toString()}`),
        records: batch.positions.map((position) =>
          writer.record(index.record(position), {
            at,
            detailed: progress.detailed,
            owner: { extensionId: undefined }
          })
        ),
        syncInfo: {
          syncType: syncType.value ?? "FSync",
          syncToken: tokens.make({ ...progress, after: batch.until }, at),
          syncTime: new Date(at).toISOString(),
          newerRecordsExist: batch.more
        }
      })
    }
  }
}
