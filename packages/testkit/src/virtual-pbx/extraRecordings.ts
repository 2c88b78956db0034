/** The exact recordings a test asks for, as calls beside those of the world. */
import { durationForBytes } from "../audio/compose.ts"
import type { SimulatedCall, SimulatedExtension, SimulatedLeg, SimulatedParty } from "../calls/SimulatedCall.ts"
import type { Random } from "../simulator/Random.ts"
import { audioKindOf } from "./audio.ts"
import type { ExtraRecording } from "./VirtualPbxOptions.ts"

const defaultSeconds = 10

const noExtension: SimulatedExtension = { id: "1", number: "0001", name: "1", type: "phone", groupId: undefined }

const secondsOf = ({ bytes, channels = 1, durationSeconds, state }: ExtraRecording): number => {
  if (state === "empty") return 0
  return bytes === undefined ? (durationSeconds ?? defaultSeconds) : durationForBytes(audioKindOf(channels), bytes)
}

const makeLeg = (random: Random, extra: ExtraRecording, extension: SimulatedExtension): SimulatedLeg => {
  const seconds = secondsOf(extra)
  const endedAt = new Date(extra.startedAt.getTime() + Math.round(seconds * 1000))
  const readyAt = extra.readyAt ?? endedAt
  const inside: SimulatedParty = { number: extension.number, name: extension.name, extension }
  const outside: SimulatedParty = { number: extra.number ?? "+79991234567", name: extra.name, extension: undefined }
  const flow = extra.flow ?? "in"
  return {
    id: random.fork("leg").hex(32),
    extension,
    flow,
    outcome: "answered",
    startedAt: extra.startedAt,
    answeredAt: extra.startedAt,
    endedAt,
    from: flow === "in" ? outside : inside,
    to: flow === "in" ? inside : outside,
    transferred: false,
    recording: {
      id: random.fork("recording").hex(32),
      durationSeconds: seconds,
      channels: extra.state === "empty" ? 1 : (extra.channels ?? 1),
      state: extra.state ?? "available",
      readyAt,
      visibleFrom: extra.visibleFrom ?? readyAt,
      changesAt: extra.changesAt
    }
  }
}

/** One call for each call id, in the order given; recordings with the same id are its legs. */
export const makeExtraCalls = (
  extras: ReadonlyArray<ExtraRecording>,
  extensions: ReadonlyArray<SimulatedExtension>,
  random: Random
): ReadonlyArray<SimulatedCall> => {
  const legs = new Map<string, Array<SimulatedLeg>>()
  extras.forEach((extra, index) => {
    const own = random.fork(index)
    const id = (extra.callId ?? own.fork("call").hex(32)).toLowerCase()
    const leg = makeLeg(own, extra, extensions[extra.extension ?? 0] ?? noExtension)
    legs.set(id, [...(legs.get(id) ?? []), leg])
  })
  return Array.from(legs, ([id, ofCall]): SimulatedCall => {
    const inOrder = ofCall.toSorted((left, right) => left.startedAt.getTime() - right.startedAt.getTime())
    const [first = makeLeg(random, { startedAt: new Date(0) }, noExtension)] = inOrder
    return {
      id,
      direction: first.flow === "in" ? "inbound" : "outbound",
      outcome: "answered",
      startedAt: first.startedAt,
      endedAt: new Date(Math.max(...inOrder.map((leg) => leg.endedAt.getTime()))),
      from: first.from,
      to: first.to,
      outsideNumber: "74995550101",
      scenario: "extra",
      legs: inOrder
    }
  })
}
