/**
 * Every row of the call log in order of its start, in some 150 bytes each: calls are made again from the world
 * when one of their rows is looked at, so that hundreds of thousands of rows need no memory to speak of.
 */
import { callRecordKey, digitsKey, telephonySessionKey } from "./ids.ts"
import { type KeyIndex, makeKeyIndex } from "../simulator/KeyIndex.ts"
import {
  attachedRecordings,
  heldRecordings,
  type HeldRecording,
  type LoggedCall,
  type LoggedRecord,
  messageIdOf,
  modificationsOf
} from "./LoggedCall.ts"

/** A row's place in the order of `startTime`, from 0. */
export type Position = number

export interface LogIndex {
  /** How many rows there are. */
  readonly size: number
  readonly callCount: number
  readonly callAt: (ordinal: number) => LoggedCall
  readonly record: (position: Position) => LoggedRecord
  /** The columns, by position. Times in milliseconds since the epoch; Infinity for never. */
  readonly start: Float64Array
  readonly end: Float64Array
  readonly visibleFrom: Float64Array
  readonly lastChange: Float64Array
  /** When the first recording of a type is attached. */
  readonly automaticFrom: Float64Array
  readonly onDemandFrom: Float64Array
  readonly extensionId: Float64Array
  readonly isFax: Uint8Array
  readonly isInbound: Uint8Array
  readonly isDeleted: Uint8Array
  readonly inLogWhileRunning: Uint8Array
  /** Whether a voicemail or fax belongs to it. */
  readonly hasMessage: Uint8Array
  /** Longest call, in milliseconds. */
  readonly longest: number
  /** Every change of every row in order of time: when, and the row. */
  readonly changeTimes: Float64Array
  readonly changePositions: Uint32Array
  readonly byRecordId: (id: string) => Position | undefined
  readonly bySessionId: (id: string) => ReadonlyArray<Position>
  readonly byTelephonySessionId: (id: string) => ReadonlyArray<Position>
  readonly callByTelephonySessionId: (id: string) => LoggedCall | undefined
  readonly recordingById: (id: string) => (HeldRecording & { readonly call: LoggedCall }) | undefined
  /** The row of a voicemail or fax. */
  readonly byMessageId: (id: number) => LoggedRecord | undefined
  readonly recordingCount: number
}

/** Numbers that rows are found by, and the exact texts of extra recordings, which have no such numbers. */
interface Lookup {
  readonly keys: Array<number>
  readonly values: Array<number>
  readonly texts: Map<string, number>
}

const makeLookup = (): Lookup => ({ keys: [], values: [], texts: new Map() })

const finder = ({ keys, texts, values }: Lookup, keyOf: (id: string) => number | undefined) => {
  const index: KeyIndex = makeKeyIndex(keys, values)
  return (id: string): number | undefined => texts.get(id) ?? index.find(keyOf(id))
}

interface Rows {
  readonly columns: Record<NumberColumn, Array<number>>
  readonly ordinal: Array<number>
  readonly place: Array<number>
  readonly changeTimes: Array<number>
  readonly changeRows: Array<number>
  readonly records: Lookup
  readonly sessions: Lookup
  readonly telephonySessions: Lookup
  readonly recordings: Lookup
  readonly messages: Lookup
  recordingCount: number
}

const numberColumns = [
  "start",
  "end",
  "visibleFrom",
  "lastChange",
  "automaticFrom",
  "onDemandFrom",
  "extensionId",
  "isFax",
  "isInbound",
  "isDeleted",
  "inLogWhileRunning",
  "hasMessage"
] as const

type NumberColumn = (typeof numberColumns)[number]

const add = (lookup: Lookup, exact: boolean, id: string, keyOf: (id: string) => number | undefined, value: number) => {
  const key = keyOf(id)
  if (exact || key === undefined) lookup.texts.set(id, value)
  else {
    lookup.keys.push(key)
    lookup.values.push(value)
  }
}

const firstOfKind = (record: LoggedRecord, kind: "automatic" | "on-demand"): number =>
  attachedRecordings(record).reduce(
    (first, recording) => (recording.kind === kind ? Math.min(first, recording.attachedAt) : first),
    Infinity
  )

const addRecord = (rows: Rows, record: LoggedRecord, ordinal: number, place: number, exact: boolean): void => {
  const row = rows.ordinal.length
  const { columns } = rows
  const changes = modificationsOf(record)
  columns.start.push(record.startedAt)
  columns.end.push(record.endedAt)
  columns.visibleFrom.push(record.visibleFrom)
  columns.lastChange.push(Math.max(...changes))
  columns.automaticFrom.push(firstOfKind(record, "automatic"))
  columns.onDemandFrom.push(firstOfKind(record, "on-demand"))
  columns.extensionId.push(Number(record.extension.id))
  columns.isFax.push(record.type === "Fax" ? 1 : 0)
  columns.isInbound.push(record.direction === "Inbound" ? 1 : 0)
  columns.isDeleted.push(record.deleted ? 1 : 0)
  columns.inLogWhileRunning.push(record.inLogWhileRunning ? 1 : 0)
  const messageId = messageIdOf(record)
  columns.hasMessage.push(messageId === undefined ? 0 : 1)
  rows.ordinal.push(ordinal)
  rows.place.push(place)
  for (const time of new Set(changes)) {
    rows.changeTimes.push(time)
    rows.changeRows.push(row)
  }
  add(rows.records, exact, record.id, callRecordKey, row)
  add(rows.sessions, exact, record.sessionId, digitsKey, ordinal)
  if (record.telephonySessionId !== undefined) {
    add(rows.telephonySessions, exact, record.telephonySessionId, telephonySessionKey, ordinal)
  }
  if (messageId !== undefined) add(rows.messages, exact, String(messageId), digitsKey, row)
}

const readCalls = (count: number, worldSize: number, callAt: (ordinal: number) => LoggedCall): Rows => {
  const rows: Rows = {
    columns: {
      start: [],
      end: [],
      visibleFrom: [],
      lastChange: [],
      automaticFrom: [],
      onDemandFrom: [],
      extensionId: [],
      isFax: [],
      isInbound: [],
      isDeleted: [],
      inLogWhileRunning: [],
      hasMessage: []
    },
    ordinal: [],
    place: [],
    changeTimes: [],
    changeRows: [],
    records: makeLookup(),
    sessions: makeLookup(),
    telephonySessions: makeLookup(),
    recordings: makeLookup(),
    messages: makeLookup(),
    recordingCount: 0
  }
  for (let ordinal = 0; ordinal < count; ordinal += 1) {
    const exact = ordinal >= worldSize
    const call = callAt(ordinal)
    call.records.forEach((record, place) => addRecord(rows, record, ordinal, place, exact))
    for (const { recording } of heldRecordings(call)) {
      add(rows.recordings, exact, recording.id, digitsKey, ordinal)
      rows.recordingCount += 1
    }
  }
  return rows
}

// The call looked at last is often looked at next.
const remembering = (make: (ordinal: number) => LoggedCall): ((ordinal: number) => LoggedCall) => {
  let last: { readonly ordinal: number; readonly call: LoggedCall } | undefined
  return (ordinal) => {
    if (last?.ordinal !== ordinal) last = { ordinal, call: make(ordinal) }
    return last.call
  }
}

// In a function of its own, so that the growing lists can be let go of when it returns.
const pack = (rows: Rows) => {
  const { changeTimes, columns } = rows
  const order = Uint32Array.from(rows.ordinal.keys()).toSorted(
    (left, right) => (columns.start[left] ?? 0) - (columns.start[right] ?? 0) || left - right
  )
  const positions = new Uint32Array(order.length)
  order.forEach((row, position) => {
    positions[row] = position
  })
  const column = (name: NumberColumn): Float64Array => Float64Array.from(order, (row) => columns[name][row] ?? 0)
  const flags = (name: NumberColumn): Uint8Array => Uint8Array.from(order, (row) => columns[name][row] ?? 0)
  const changes = Uint32Array.from(changeTimes.keys()).toSorted(
    (left, right) => (changeTimes[left] ?? 0) - (changeTimes[right] ?? 0) || left - right
  )
  return {
    order,
    positions,
    ordinals: Uint32Array.from(rows.ordinal),
    places: Uint16Array.from(rows.place),
    recordingCount: rows.recordingCount,
    longest: columns.start.reduce((longest, start, row) => Math.max(longest, (columns.end[row] ?? 0) - start), 0),
    columns: {
      start: column("start"),
      end: column("end"),
      visibleFrom: column("visibleFrom"),
      lastChange: column("lastChange"),
      automaticFrom: column("automaticFrom"),
      onDemandFrom: column("onDemandFrom"),
      extensionId: column("extensionId"),
      isFax: flags("isFax"),
      isInbound: flags("isInbound"),
      isDeleted: flags("isDeleted"),
      inLogWhileRunning: flags("inLogWhileRunning"),
      hasMessage: flags("hasMessage"),
      changeTimes: Float64Array.from(changes, (change) => changeTimes[change] ?? 0),
      changePositions: Uint32Array.from(changes, (change) => positions[rows.changeRows[change] ?? 0] ?? 0)
    },
    findRecord: finder(rows.records, callRecordKey),
    findSession: finder(rows.sessions, digitsKey),
    findTelephonySession: finder(rows.telephonySessions, telephonySessionKey),
    findRecording: finder(rows.recordings, digitsKey),
    findMessage: finder(rows.messages, digitsKey)
  }
}

/** Reads all calls through once: first `worldSize` of them by their index, then the extra ones. */
export const makeLogIndex = (
  worldSize: number,
  makeCall: (index: number) => LoggedCall,
  extras: ReadonlyArray<LoggedCall>
): LogIndex => {
  const callAt = remembering((ordinal) => extras[ordinal - worldSize] ?? makeCall(ordinal))
  const callCount = worldSize + extras.length
  const packed = pack(readCalls(callCount, worldSize, callAt))
  const { order, ordinals, places, positions } = packed
  const recordOfRow = (row: number): LoggedRecord | undefined => callAt(ordinals[row] ?? 0).records[places[row] ?? 0]
  const positionsOf = (ordinal: number | undefined, matches: (record: LoggedRecord) => boolean) => {
    if (ordinal === undefined) return []
    const first = firstRowOf(ordinals, ordinal)
    return callAt(ordinal)
      .records.flatMap((record, place) => (matches(record) ? [positions[first + place] ?? 0] : []))
      .toSorted((left, right) => left - right)
  }

  return {
    ...packed.columns,
    size: order.length,
    callCount,
    callAt,
    longest: packed.longest,
    recordingCount: packed.recordingCount,
    record: (position) => {
      const record = recordOfRow(order[position] ?? order.length)
      if (record === undefined) throw new RangeError(`there is no record at ${position}`)
      return record
    },
    byRecordId: (id) => {
      const row = packed.findRecord(id)
      return row !== undefined && recordOfRow(row)?.id === id ? positions[row] : undefined
    },
    bySessionId: (id) => positionsOf(packed.findSession(id), ({ sessionId }) => sessionId === id),
    byTelephonySessionId: (id) =>
      positionsOf(packed.findTelephonySession(id), ({ telephonySessionId }) => telephonySessionId === id),
    callByTelephonySessionId: (id) => {
      const ordinal = packed.findTelephonySession(id)
      const call = ordinal === undefined ? undefined : callAt(ordinal)
      return call?.records.some(({ telephonySessionId }) => telephonySessionId === id) === true ? call : undefined
    },
    recordingById: (id) => {
      const ordinal = packed.findRecording(id)
      const call = ordinal === undefined ? undefined : callAt(ordinal)
      const held = call === undefined ? undefined : heldRecordings(call).find(({ recording }) => recording.id === id)
      return call === undefined || held === undefined ? undefined : { ...held, call }
    },
    byMessageId: (id) => {
      const row = packed.findMessage(String(id))
      const record = row === undefined ? undefined : recordOfRow(row)
      return record !== undefined && messageIdOf(record) === id ? record : undefined
    }
  }
}

// Rows were added call by call, so that the ordinals ascend.
const firstRowOf = (ordinals: Uint32Array, wanted: number): number => {
  let low = 0
  let high = ordinals.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ordinals[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low
}
