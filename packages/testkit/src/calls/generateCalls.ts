/** Makes a world of calls from a seed. */
import { makeRandom, type Random } from "../simulator/Random.ts"
import { borderInstants, spreadInstant } from "./instants.ts"
import { makeStaff, outsideNumbers, outsideParty, type Staff } from "./people.ts"
import { type LegPlan, plainScenario, type Scene, scenarios } from "./scenarios.ts"
import type {
  CallWorld,
  SimulatedCall,
  SimulatedLeg,
  SimulatedRecording,
  SimulatedRecordingState
} from "./SimulatedCall.ts"

export interface GenerateCallsOptions {
  /** The same seed gives the same world. */
  readonly seed: string
  /** Calls start in the half-open window [from, to). */
  readonly from: Date
  readonly to: Date
  /** How many calls; forty in a row hold every example. */
  readonly count: number
  /** Shortest and longest talk of ordinary calls, in seconds. Default 3 to 150. */
  readonly talkSeconds?: readonly [number, number]
  /** Length of the few long talks (one call in 60), in seconds; 0 for none. Default 1500. */
  readonly longTalkSeconds?: number
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute

const deck = scenarios.flatMap((scenario) => Array.from({ length: scenario.often }, () => scenario))
// Coprime to the deck's size: consecutive calls differ, and forty in a row still hold every card.
const stride = 17

const readyAfter = (random: Random, index: number): number =>
  index % 29 === 11 ? random.integer(30 * minute, 2 * hour) : random.integer(2 * second, 40 * second)

const visibleAfter = (random: Random, index: number): number =>
  index % 13 === 5 ? random.integer(10 * minute, 20 * hour) : random.integer(0, 90 * second)

const makeRecording = (
  random: Random,
  index: number,
  leg: LegPlan,
  state: SimulatedRecordingState
): SimulatedRecording => {
  const readyAt = leg.endedAt + readyAfter(random, index)
  const visibleFrom = readyAt + visibleAfter(random, index)
  return {
    id: random.hex(32),
    durationSeconds: state === "empty" ? 0 : (leg.endedAt - (leg.answeredAt ?? leg.startedAt)) / second,
    channels: state !== "empty" && random.chance(0.3) ? 2 : 1,
    state,
    readyAt: new Date(readyAt),
    visibleFrom: new Date(visibleFrom),
    changesAt: index % 17 === 3 ? new Date(visibleFrom + random.integer(hour, 30 * hour)) : undefined
  }
}

const makeLeg = (random: Random, index: number, leg: LegPlan): SimulatedLeg => ({
  id: random.hex(32),
  extension: leg.extension,
  flow: leg.flow,
  outcome: leg.outcome,
  startedAt: new Date(leg.startedAt),
  answeredAt: leg.answeredAt === undefined ? undefined : new Date(leg.answeredAt),
  endedAt: new Date(leg.endedAt),
  from: leg.from,
  to: leg.to,
  transferred: leg.transferred === true,
  recording: leg.recorded === undefined ? undefined : makeRecording(random, index, leg, leg.recorded)
})

// Three different phones.
const pickPhones = (random: Random, { phones }: Staff): Scene["phones"] => {
  const first = random.integer(0, phones.length - 1)
  const at = (offset: number) => phones[(first + offset) % phones.length] ?? phones[0]
  return [at(0), at(random.integer(1, 3)), at(random.integer(4, 7))]
}

/** A world of calls over a window. Takes no time: each call is made when it is looked at. */
export const generateCalls = (options: GenerateCallsOptions): CallWorld => {
  const { seed, count, talkSeconds = [3, 150], longTalkSeconds = 1500 } = options
  const from = options.from.getTime()
  const to = options.to.getTime()
  const root = makeRandom(seed)
  const staff = makeStaff(root.fork("extensions"))
  // Of a small world at most a third are border cases, so that the other examples keep their share.
  const borders = borderInstants(from, to).slice(0, Math.floor(count / 3))
  const spread = count - borders.length
  const starts = root.fork("starts")

  const call = (index: number): SimulatedCall => {
    const random = root.fork(index)
    const border = borders[index]
    const instant = border ?? spreadInstant(index - borders.length, spread, from, to, starts)
    // Border cases must be recorded to test anything, so they are plain calls.
    const scenario = (border === undefined ? deck[(index * stride) % deck.length] : undefined) ?? plainScenario
    const long = longTalkSeconds > 0 && index % 60 === 31
    const talking = long ? longTalkSeconds * second : random.integer(talkSeconds[0] * second, talkSeconds[1] * second)
    const outgoing = ["outbound", "busy", "failed", "phantom", "empty"].includes(scenario.name)
    const scene: Scene = {
      random,
      at: instant.at,
      ringing: instant.ringing ?? random.integer(800, 13_000),
      talking,
      phones: pickPhones(random, staff),
      queue: random.pick(staff.queues),
      outside: outsideParty(random.fork("outside"), !outgoing)
    }
    const plan = scenario.play(scene)
    return {
      id: random.fork("call").hex(32),
      direction: plan.direction,
      outcome: plan.outcome,
      startedAt: new Date(instant.at),
      endedAt: new Date(Math.max(...plan.legs.map((leg) => leg.endedAt))),
      from: plan.from,
      to: plan.to,
      outsideNumber: plan.direction === "internal" ? undefined : random.fork("number").pick(outsideNumbers),
      scenario: scenario.name,
      legs: plan.legs.map((leg, legIndex) => makeLeg(random.fork(`leg ${legIndex}`), index, leg))
    }
  }

  return {
    size: count,
    call,
    extensions: staff.all,
    *[Symbol.iterator]() {
      for (let index = 0; index < count; index += 1) yield call(index)
    }
  }
}
