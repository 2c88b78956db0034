/** What happens in a call: who is rung, who answers, what is recorded. One function for each example. */
import type { Random } from "../simulator/Random.ts"
import { insideParty } from "./people.ts"
import type {
  SimulatedCall,
  SimulatedExtension,
  SimulatedOutcome,
  SimulatedParty,
  SimulatedRecordingState
} from "./SimulatedCall.ts"

/** A leg before it has ids: times in milliseconds since the epoch. */
export interface LegPlan {
  readonly extension: SimulatedExtension
  readonly flow: "in" | "out"
  readonly outcome: SimulatedOutcome
  readonly startedAt: number
  readonly answeredAt?: number
  readonly endedAt: number
  readonly from: SimulatedParty
  readonly to: SimulatedParty
  readonly transferred?: boolean
  readonly recorded?: SimulatedRecordingState
}

/** A call before it has ids. */
export interface CallPlan {
  readonly direction: SimulatedCall["direction"]
  readonly outcome: SimulatedOutcome
  readonly from: SimulatedParty
  readonly to: SimulatedParty
  readonly legs: ReadonlyArray<LegPlan>
}

/** What a scenario has to work with. All lengths in milliseconds. */
export interface Scene {
  readonly random: Random
  readonly at: number
  readonly ringing: number
  readonly talking: number
  readonly phones: readonly [SimulatedExtension, SimulatedExtension, SimulatedExtension]
  readonly queue: SimulatedExtension
  readonly outside: SimulatedParty
}

type Scenario = (scene: Scene) => CallPlan

/** A leg that was answered after `ringing` and talked for `talking`. */
const answeredLeg = (
  { at, ringing, talking }: { readonly at: number; readonly ringing: number; readonly talking: number },
  extension: SimulatedExtension,
  flow: "in" | "out",
  from: SimulatedParty,
  to: SimulatedParty,
  recorded: SimulatedRecordingState | undefined = "available"
): LegPlan => ({
  extension,
  flow,
  outcome: "answered",
  startedAt: at,
  answeredAt: at + ringing,
  endedAt: at + ringing + talking,
  from,
  to,
  ...(recorded === undefined ? {} : { recorded })
})

const answered =
  (flow: "in" | "out", recorded: SimulatedRecordingState): Scenario =>
  (scene) => {
    const [phone] = scene.phones
    const inside = insideParty(phone)
    const [from, to] = flow === "in" ? [scene.outside, inside] : [inside, scene.outside]
    return {
      direction: flow === "in" ? "inbound" : "outbound",
      outcome: "answered",
      from,
      to,
      legs: [answeredLeg(scene, phone, flow, from, to, recorded)]
    }
  }

const unanswered =
  (flow: "in" | "out", outcome: SimulatedOutcome, ofCall: SimulatedOutcome = outcome): Scenario =>
  ({ at, ringing, phones: [phone], outside }) => {
    const inside = insideParty(phone)
    const [from, to] = flow === "in" ? [outside, inside] : [inside, outside]
    // The switch gives up at once where the call fails.
    const endedAt = at + (outcome === "failed" ? 0 : ringing)
    const leg: LegPlan = { extension: phone, flow, outcome, startedAt: at, endedAt, from, to }
    return { direction: flow === "in" ? "inbound" : "outbound", outcome: ofCall, from, to, legs: [leg] }
  }

// The queue answers at once and plays music; the agent is rung after the wait. Both are recorded.
const queue: Scenario = (scene) => {
  const { random, at, outside: from, phones, queue: waiting } = scene
  const [agent] = phones
  const to = insideParty(waiting)
  const wait = random.integer(1000, 60_000)
  const agentLeg = answeredLeg({ ...scene, at: at + wait }, agent, "in", from, insideParty(agent))
  const queueAnswer = random.integer(0, 900)
  const queueLeg = answeredLeg(
    { at, ringing: queueAnswer, talking: agentLeg.endedAt - at - queueAnswer },
    waiting,
    "in",
    from,
    to
  )
  return { direction: "inbound", outcome: "answered", from, to, legs: [queueLeg, agentLeg] }
}

// One call id for all the legs; every agent's part is recorded.
const transfer: Scenario = (scene) => {
  const { random, outside: from, phones } = scene
  const hops = random.integer(2, 3)
  const legs: Array<LegPlan> = []
  let { at } = scene
  for (const phone of phones.slice(0, hops)) {
    const ringing = legs.length === 0 ? scene.ringing : random.integer(200, 9000)
    const talking = Math.floor(scene.talking / hops) + 1500
    const leg = answeredLeg({ at, ringing, talking }, phone, "in", from, insideParty(phone))
    legs.push({ ...leg, transferred: legs.length > 0 })
    at = leg.endedAt
  }
  return { direction: "inbound", outcome: "answered", from, to: insideParty(phones[0]), legs }
}

// Both ends are phones of the account, and both are recorded.
const internal: Scenario = (scene) => {
  const [caller, called] = scene.phones
  const [from, to] = [insideParty(caller), insideParty(called)]
  const delay = scene.random.integer(0, 120)
  const own = answeredLeg(scene, caller, "out", from, to)
  const other: LegPlan = { ...own, extension: called, flow: "in", startedAt: scene.at + delay }
  return { direction: "internal", outcome: "answered", from, to, legs: [own, other] }
}

// Three phones ring at once, one answers.
const ringGroup: Scenario = (scene) => {
  const { at, ringing, phones, outside: from } = scene
  const legs = phones.map((phone, index): LegPlan =>
    index === 1
      ? answeredLeg(scene, phone, "in", from, insideParty(phone))
      : {
          extension: phone,
          flow: "in",
          outcome: "answered-elsewhere",
          startedAt: at,
          endedAt: at + ringing,
          from,
          to: insideParty(phone)
        }
  )
  return { direction: "inbound", outcome: "answered", from, to: insideParty(phones[1]), legs }
}

const voicemail: Scenario = (scene) => {
  const plan = answered("in", "available")(scene)
  return { ...plan, outcome: "voicemail", legs: plan.legs.map((leg) => ({ ...leg, outcome: "voicemail" })) }
}

const brief =
  (scenario: Scenario, longest: number): Scenario =>
  (scene) =>
    scenario({ ...scene, talking: scene.random.integer(300, longest) })

export interface NamedScenario {
  readonly name: string
  /** How many of forty calls are like this. */
  readonly often: number
  readonly play: Scenario
}

/** A call from outside that is answered and recorded. */
export const plainScenario: NamedScenario = { name: "inbound", often: 9, play: answered("in", "available") }

/** Every example by name. */
export const scenarios: ReadonlyArray<NamedScenario> = [
  plainScenario,
  { name: "outbound", often: 9, play: answered("out", "available") },
  { name: "queue", often: 4, play: queue },
  { name: "transfer", often: 3, play: transfer },
  { name: "internal", often: 2, play: internal },
  { name: "ring-group", often: 2, play: ringGroup },
  { name: "missed", often: 3, play: unanswered("in", "missed") },
  { name: "busy", often: 1, play: unanswered("out", "busy") },
  { name: "rejected", often: 1, play: unanswered("in", "rejected") },
  { name: "failed", often: 1, play: unanswered("out", "failed") },
  // A dialler's attempt that nobody took, although the vendor says that the call as a whole was answered.
  { name: "phantom", often: 1, play: unanswered("out", "failed", "answered") },
  { name: "voicemail", often: 1, play: voicemail },
  { name: "too-short", often: 1, play: brief(answered("in", "too-short"), 900) },
  { name: "empty", often: 1, play: brief(answered("out", "empty"), 5000) },
  { name: "expired", often: 1, play: answered("in", "expired") }
]
