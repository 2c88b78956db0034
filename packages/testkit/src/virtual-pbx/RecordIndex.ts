/**
 * Every recording of the account in order of `init_time_gmt`, in some thirty bytes each: calls are made again from the
 * world when one of their rows is looked at, so that hundreds of thousands of rows need no memory to speak of.
 */
import type { CallWorld, SimulatedCall, SimulatedLeg, SimulatedRecording } from "../calls/SimulatedCall.ts"

/** A recording with what it belongs to. */
export interface RecordEntry {
  /** Its place in the order of `init_time_gmt`, from 0. */
  readonly position: number
  readonly call: SimulatedCall
  readonly leg: SimulatedLeg
  readonly recording: SimulatedRecording
  /** `init_time_gmt` in milliseconds since the epoch, a multiple of 10. */
  readonly init: number
  /** `start_time_gmt` in milliseconds since the epoch, a multiple of 1000. */
  readonly start: number
}

export interface RecordIndex {
  readonly size: number
  /** The columns, by position. Times in milliseconds since the epoch. */
  readonly init: Float64Array
  readonly start: Float64Array
  readonly visibleFrom: Float64Array
  readonly extensionId: Float64Array
  readonly entry: (position: number) => RecordEntry
  /** The first position whose `init` is at least this. */
  readonly firstAtOrAfter: (init: number) => number
  /** Longest time from `init` to `start` of any row. */
  readonly longestRinging: number
  /** By the 32 hexadecimal digits of a record's id, in any case. */
  readonly findRecord: (digits: string) => RecordEntry | undefined
  /** By the 32 hexadecimal digits of a call's id, in any case. */
  readonly findCall: (digits: string) => SimulatedCall | undefined
}

/** A time rounded down to what the platform shows of `init_time_gmt`. */
export const toHundredths = (time: Date): number => Math.floor(time.getTime() / 10) * 10

/** A time rounded down to whole seconds. */
export const toSeconds = (time: Date): number => Math.floor(time.getTime() / 1000) * 1000

/** Whether a leg has a row among the records: what is too short to keep has none. */
export const hasRecord = (leg: SimulatedLeg): leg is SimulatedLeg & { readonly recording: SimulatedRecording } =>
  leg.recording !== undefined && leg.recording.state !== "too-short"

// Twelve digits fit a number exactly; what is found by them is compared in full.
const keyOf = (digits: string): number => Number.parseInt(digits.slice(0, 12), 16)

interface Columns {
  readonly init: Array<number>
  readonly start: Array<number>
  readonly visibleFrom: Array<number>
  readonly extensionId: Array<number>
  readonly callIndex: Array<number>
  readonly legIndex: Array<number>
  readonly recordKey: Array<number>
}

const readWorld = (size: number, callAt: (index: number) => SimulatedCall, callByKey: Map<number, number>): Columns => {
  const columns: Columns = {
    init: [],
    start: [],
    visibleFrom: [],
    extensionId: [],
    callIndex: [],
    legIndex: [],
    recordKey: []
  }
  for (let callIndex = 0; callIndex < size; callIndex += 1) {
    const call = callAt(callIndex)
    callByKey.set(keyOf(call.id), callIndex)
    call.legs.forEach((leg, legIndex) => {
      if (!hasRecord(leg)) return
      columns.init.push(toHundredths(leg.startedAt))
      columns.start.push(toSeconds(leg.answeredAt ?? leg.startedAt))
      columns.visibleFrom.push(leg.recording.visibleFrom.getTime())
      columns.extensionId.push(Number(leg.extension.id))
      columns.callIndex.push(callIndex)
      columns.legIndex.push(legIndex)
      columns.recordKey.push(keyOf(leg.recording.id))
    })
  }
  return columns
}

/** Reads the world through once. */
export const makeRecordIndex = (world: CallWorld, extras: ReadonlyArray<SimulatedCall>): RecordIndex => {
  const callAt = (index: number): SimulatedCall => extras[index - world.size] ?? world.call(index)
  const callByKey = new Map<number, number>()
  const columns = readWorld(world.size + extras.length, callAt, callByKey)
  const initOf = (place: number): number => columns.init[place] ?? 0
  const order = Uint32Array.from(columns.init.keys()).toSorted(
    (left, right) => initOf(left) - initOf(right) || left - right
  )
  const sorted = (column: ReadonlyArray<number>): Float64Array =>
    Float64Array.from(order, (place) => column[place] ?? 0)
  const init = sorted(columns.init)
  const start = sorted(columns.start)
  const callIndex = sorted(columns.callIndex)
  const legIndex = sorted(columns.legIndex)
  const positionByKey = new Map<number, number>()
  sorted(columns.recordKey).forEach((key, position) => positionByKey.set(key, position))
  let longestRinging = 0
  init.forEach((time, position) => {
    longestRinging = Math.max(longestRinging, (start[position] ?? 0) - time)
  })

  const entryAt = (position: number): RecordEntry | undefined => {
    const index = callIndex[position]
    if (index === undefined) return undefined
    const call = callAt(index)
    const leg = call.legs[legIndex[position] ?? 0]
    if (leg?.recording === undefined) return undefined
    return {
      position,
      call,
      leg,
      recording: leg.recording,
      init: init[position] ?? 0,
      start: start[position] ?? 0
    }
  }

  return {
    size: order.length,
    init,
    start,
    visibleFrom: sorted(columns.visibleFrom),
    extensionId: sorted(columns.extensionId),
    longestRinging,
    entry: (position) => {
      const entry = entryAt(position)
      if (entry === undefined) throw new RangeError(`there is no record at ${position}`)
      return entry
    },
    firstAtOrAfter: (time) => {
      let low = 0
      let high = init.length
      while (low < high) {
        const middle = (low + high) >>> 1
        if ((init[middle] ?? 0) < time) low = middle + 1
        else high = middle
      }
      return low
    },
    findRecord: (digits) => {
      const position = positionByKey.get(keyOf(digits))
      const entry = position === undefined ? undefined : entryAt(position)
      return entry?.recording.id === digits.toLowerCase() ? entry : undefined
    },
    findCall: (digits) => {
      const index = callByKey.get(keyOf(digits))
      const call = index === undefined ? undefined : callAt(index)
      return call?.id === digits.toLowerCase() ? call : undefined
    }
  }
}
