/** Worlds whose calls begin in groups, each group in one millisecond. */
import type { CallWorld, SimulatedCall, SimulatedLeg } from "../calls/SimulatedCall.ts"

const later = (time: Date, by: number): Date => new Date(time.getTime() + by)

const shiftLeg = (leg: SimulatedLeg, by: number): SimulatedLeg => ({
  ...leg,
  startedAt: later(leg.startedAt, by),
  answeredAt: leg.answeredAt === undefined ? undefined : later(leg.answeredAt, by),
  endedAt: later(leg.endedAt, by),
  recording:
    leg.recording === undefined
      ? undefined
      : {
          ...leg.recording,
          readyAt: later(leg.recording.readyAt, by),
          visibleFrom: later(leg.recording.visibleFrom, by)
        }
})

const shiftCall = (call: SimulatedCall, by: number): SimulatedCall =>
  by === 0
    ? call
    : {
        ...call,
        startedAt: later(call.startedAt, by),
        endedAt: later(call.endedAt, by),
        legs: call.legs.map((leg) => shiftLeg(leg, by))
      }

/** The same calls, each moved to the start of the first of its group of `groupSize` in order of start. */
export const withEqualStarts = (world: CallWorld, groupSize: number): CallWorld => {
  if (groupSize < 2) return world
  const starts = Float64Array.from({ length: world.size }, (_, index) => world.call(index).startedAt.getTime())
  const order = Uint32Array.from(starts.keys()).toSorted(
    (left, right) => (starts[left] ?? 0) - (starts[right] ?? 0) || left - right
  )
  const shifts = new Float64Array(world.size)
  order.forEach((index, place) => {
    const first = order[place - (place % groupSize)] ?? index
    shifts[index] = (starts[first] ?? 0) - (starts[index] ?? 0)
  })
  const call = (index: number): SimulatedCall => shiftCall(world.call(index), shifts[index] ?? 0)
  return {
    size: world.size,
    extensions: world.extensions,
    call,
    *[Symbol.iterator]() {
      for (let index = 0; index < world.size; index += 1) yield call(index)
    }
  }
}
