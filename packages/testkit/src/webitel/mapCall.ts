/** A call of the world as the server has it: which legs, which of them are parents, and on which the files lie. */
import type { SimulatedCall, SimulatedLeg, SimulatedOutcome, SimulatedParty } from "../calls/SimulatedCall.ts"
import { makeRandom, type Random } from "../simulator/Random.ts"
import type { Directory, Queue, QueueMember, User } from "./directory.ts"
import { uuidOf } from "./ids.ts"
import type { CallTree, Endpoint } from "./Leg.ts"
import { type FileDraft, type LegDraft, otherFiles, recordingFile } from "./legFiles.ts"
import { makeVariables } from "./variables.ts"

/** What mapping needs to know of the tenant. */
export interface Tenant {
  readonly directory: Directory
  readonly retentionDays: number | undefined
}

const second = 1000

// Code and cause of a leg that ended so.
const causes: Readonly<Record<SimulatedOutcome, readonly [cause: string, sipCode: number]>> = {
  answered: ["NORMAL_CLEARING", 200],
  voicemail: ["NORMAL_CLEARING", 200],
  "answered-elsewhere": ["LOSE_RACE", 487],
  missed: ["NO_ANSWER", 480],
  busy: ["USER_BUSY", 486],
  rejected: ["CALL_REJECTED", 603],
  failed: ["UNALLOCATED_NUMBER", 404]
}

/** Somebody outside, as an end of a leg. */
export const outsideEndpoint = (number: string, name: string | undefined): Endpoint => ({
  type: "dest",
  number,
  id: "",
  name: name ?? ""
})

/** A user, as an end of a leg. */
export const userEndpoint = ({ extension, id, name }: User): Endpoint => ({ type: "user", number: extension, id, name })

/** Numbers the files of a tree's legs in order. */
export const numberFiles = (scenario: string, outcome: string, legs: ReadonlyArray<LegDraft>): CallTree => {
  let ordinal = -1
  const numbered = (file: FileDraft) => {
    ordinal += 1
    return { ...file, ordinal }
  }
  return { scenario, outcome, legs: legs.map((leg) => ({ ...leg, files: leg.files.map(numbered) })) }
}

/** What is the same for all the legs of one call. */
interface Scene {
  readonly tenant: Tenant
  readonly call: SimulatedCall
  readonly random: Random
  readonly variables: LegDraft["variables"]
  readonly tags: ReadonlyArray<string>
  readonly queue: Queue | undefined
}

const endpointOf = ({ tenant }: Scene, { extension, name, number }: SimulatedParty): Endpoint =>
  extension?.type === "phone" ? userEndpoint(tenant.directory.userOf(extension)) : outsideEndpoint(number, name)

// What every leg has, taken from a leg of the world.
const plainLeg = (scene: Scene, leg: SimulatedLeg, id: string): LegDraft => {
  const { call, random, tags, variables } = scene
  const [cause, sipCode] = causes[leg.outcome]
  const answeredAt = leg.answeredAt?.getTime()
  const hangupAt = leg.endedAt.getTime()
  return {
    id,
    parentId: undefined,
    transferFrom: undefined,
    transferTo: undefined,
    bridgedId: undefined,
    direction: call.direction,
    destination: leg.to.number,
    from: endpointOf(scene, leg.from),
    to: endpointOf(scene, leg.to),
    user: undefined,
    gateway: undefined,
    queue: undefined,
    member: undefined,
    createdAt: leg.startedAt.getTime(),
    answeredAt,
    bridgedAt: answeredAt,
    hangupAt,
    eligibleAt: hangupAt + second,
    storedAt: undefined,
    hangupBy: random.fork(`end ${id}`).pick(["A", "B", undefined]),
    cause,
    sipCode,
    talkSeconds: answeredAt === undefined ? 0 : Math.floor((hangupAt - answeredAt) / second),
    hold: undefined,
    blindTransfer: undefined,
    variables,
    tags,
    hideMissed: leg.outcome === "answered-elsewhere",
    files: []
  }
}

const fileOf = ({ call, tenant }: Scene, leg: SimulatedLeg, of: LegDraft): ReadonlyArray<FileDraft> =>
  leg.recording === undefined
    ? []
    : recordingFile(leg.recording, of, call.outcome === "voicemail", tenant.retentionDays)

// The work after a call: none for most, minutes for some, hours where an agent forgot it.
const wrapUp = (random: Random): number => {
  if (random.chance(0.4)) return 0
  return random.chance(0.06) ? random.integer(3600, 3 * 3600) * second : random.integer(5, 240) * second
}

const memberOf = (scene: Scene, queue: Queue, user: User | undefined, times: LegDraft): QueueMember => {
  const { directory } = scene.tenant
  const random = scene.random.fork("attempt")
  const work = user === undefined ? 0 : wrapUp(random)
  return {
    agent: user === undefined ? undefined : directory.agentOf(user),
    team: directory.teams.find(({ id }) => id === queue.teamId),
    attemptId: String(random.integer(100_000, 9_999_999)),
    joinedAt: scene.call.startedAt.getTime() + 150,
    bridgedAt: times.bridgedAt,
    leavingAt: times.hangupAt,
    reportingAt: work === 0 ? undefined : times.hangupAt + work
  }
}

// The leg to a user's phone, a few milliseconds after what caused it.
const userLeg = (scene: Scene, leg: SimulatedLeg, parent: LegDraft, withFile: boolean): LegDraft => {
  const { call, queue, random, tenant } = scene
  const user = tenant.directory.userOf(leg.extension)
  const own = random.fork(leg.id)
  const plain = plainLeg(scene, leg, uuidOf(leg.id))
  const createdAt = Math.min(plain.createdAt + own.integer(3, 60), plain.answeredAt ?? plain.hangupAt)
  const member = queue === undefined ? undefined : memberOf(scene, queue, user, plain)
  const times = { ...plain, createdAt }
  return {
    ...times,
    parentId: parent.id,
    bridgedId: plain.bridgedAt === undefined ? undefined : parent.id,
    destination: user.extension,
    to: userEndpoint(user),
    user,
    queue,
    member,
    eligibleAt: Math.max(plain.eligibleAt, parent.eligibleAt, (member?.reportingAt ?? 0) + second),
    hold:
      plain.talkSeconds > 20 && own.chance(0.2) && plain.answeredAt !== undefined
        ? { start: plain.answeredAt + 4000, stop: plain.answeredAt + 4000 + own.integer(1000, 9000) }
        : undefined,
    files: [...(withFile ? fileOf(scene, leg, times) : []), ...otherFiles(own.fork("other"), { ...times })],
    direction: call.direction
  }
}

// The caller's leg, over the legs of the world it lasted for.
const callerLeg = (
  scene: Scene,
  id: string,
  first: SimulatedLeg,
  last: SimulatedLeg,
  answered: SimulatedLeg | undefined
): LegDraft => {
  const { call, queue } = scene
  const plain = plainLeg(scene, first, id)
  const hangupAt = last.endedAt.getTime()
  const [cause, sipCode] = answered === undefined ? [plain.cause, plain.sipCode] : causes.answered
  const to = answered === undefined || call.outcome === "voicemail" ? undefined : endpointOf(scene, answered.to)
  const answeredAt = first.answeredAt?.getTime() ?? answered?.answeredAt?.getTime()
  const times = {
    ...plain,
    answeredAt,
    hangupAt,
    bridgedAt: to === undefined ? undefined : answered?.answeredAt?.getTime()
  }
  return {
    ...times,
    destination: call.outsideNumber ?? call.to.number,
    to,
    queue,
    member: queue === undefined ? undefined : memberOf(scene, queue, undefined, times),
    eligibleAt: hangupAt + second,
    cause,
    sipCode,
    talkSeconds: answeredAt === undefined ? 0 : Math.floor((hangupAt - answeredAt) / second),
    hideMissed: false,
    files: fileOf(scene, first, times)
  }
}

const isAnswered = ({ answeredAt }: SimulatedLeg): boolean => answeredAt !== undefined

// A caller's leg with the legs to the users it rang; the caller's recording is the first of the world's.
const inbound = (scene: Scene): ReadonlyArray<LegDraft> => {
  const { call } = scene
  const phones = call.legs.filter(({ extension }) => extension.type === "phone")
  const recorded = call.legs.find(({ recording }) => recording !== undefined)
  const answered = phones.find(isAnswered)
  const first = recorded ?? answered ?? call.legs[0]
  if (first === undefined) return []
  const last = call.legs.reduce((late, leg) => (leg.endedAt > late.endedAt ? leg : late), first)
  const started = { ...first, startedAt: call.startedAt, from: call.from }
  const root = callerLeg(scene, uuidOf(call.id), started, last, answered)
  if (call.outcome === "voicemail") return [root]
  const children = phones.map((leg) => userLeg(scene, leg, root, leg !== first))
  return [{ ...root, bridgedId: children.find(({ bridgedAt }) => bridgedAt !== undefined)?.id }, ...children]
}

const withTransfer = (leg: LegDraft, to: LegDraft): LegDraft => ({
  ...leg,
  transferTo: to.id,
  blindTransfer: { number: to.destination, time: leg.hangupAt }
})

// Two agents under one caller's leg; a third under a leg of its own, joined to the rest by the transfer only.
const transferred = (scene: Scene): ReadonlyArray<LegDraft> => {
  const { call, random } = scene
  const [first, second, third] = call.legs
  if (first === undefined || second === undefined) return inbound(scene)
  const root = callerLeg(scene, uuidOf(call.id), first, second, first)
  const one = userLeg(scene, first, root, false)
  const two = { ...userLeg(scene, second, root, true), transferFrom: one.id }
  const legs = [{ ...root, bridgedId: one.id }, withTransfer(one, two), two]
  if (third === undefined) return legs
  const next = { ...callerLeg(scene, uuidOf(random.fork("third").hex(32)), third, third, third), transferFrom: root.id }
  const three = userLeg(scene, third, next, false)
  return [{ ...root, bridgedId: one.id, transferTo: next.id }, withTransfer(one, two), two, next, three]
}

// The user's leg is the root, the one through the gateway its child.
const outbound = (scene: Scene): ReadonlyArray<LegDraft> => {
  const { call, random, tenant } = scene
  const [leg] = call.legs
  if (leg === undefined) return []
  const plain = plainLeg(scene, leg, uuidOf(call.id))
  const user = tenant.directory.userOf(leg.extension)
  const root = {
    ...plain,
    user,
    files: [...fileOf(scene, leg, plain), ...otherFiles(random.fork("other"), plain)]
  }
  if (leg.outcome === "failed") return [{ ...root, bridgedAt: undefined }]
  const child = {
    ...plain,
    id: uuidOf(leg.id),
    parentId: root.id,
    bridgedId: plain.bridgedAt === undefined ? undefined : root.id,
    gateway: random.fork("gateway").pick(tenant.directory.gateways),
    createdAt: Math.min(plain.createdAt + 25, plain.answeredAt ?? plain.hangupAt)
  }
  return [{ ...root, bridgedId: plain.bridgedAt === undefined ? undefined : child.id }, child]
}

// Both ends are users and both are recorded: each on its own leg.
const internal = (scene: Scene): ReadonlyArray<LegDraft> => {
  const [own, other] = scene.call.legs
  if (own === undefined || other === undefined) return outbound(scene)
  const plain = plainLeg(scene, own, uuidOf(scene.call.id))
  const root = { ...plain, user: scene.tenant.directory.userOf(own.extension), files: fileOf(scene, own, plain) }
  const child = userLeg(scene, other, root, true)
  return [{ ...root, bridgedId: child.id }, child]
}

const legsOf = (scene: Scene): ReadonlyArray<LegDraft> => {
  const { direction, scenario } = scene.call
  if (direction === "outbound") return outbound(scene)
  if (direction === "internal") return internal(scene)
  return scenario === "transfer" ? transferred(scene) : inbound(scene)
}

/** The tree of a call of the world; the same each time. */
export const mapCall = (tenant: Tenant, call: SimulatedCall): CallTree => {
  const random = makeRandom(call.id)
  const queue = call.legs.find(({ extension }) => extension.type === "queue")?.extension
  const scene: Scene = {
    tenant,
    call,
    random,
    variables: makeVariables(random.fork("variables")),
    tags: call.outcome === "voicemail" ? ["vm"] : random.fork("tags").pick([[], [], ["sales", "vip"]]),
    queue: queue === undefined ? undefined : tenant.directory.queueOf(queue)
  }
  return numberFiles(call.scenario, call.outcome, legsOf(scene))
}
