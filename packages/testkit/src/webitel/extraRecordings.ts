/** The exact files and legs a test asks for, as trees beside those of the world. */
import { durationForBytes } from "../audio/compose.ts"
import type { SimulatedExtension } from "../calls/SimulatedCall.ts"
import type { Random } from "../simulator/Random.ts"
import type { User } from "./directory.ts"
import { uuidOf } from "./ids.ts"
import type { CallTree } from "./Leg.ts"
import { audioKindOf, channelOf, type FileDraft, type LegDraft, mimeTypeOf, retentionOf } from "./legFiles.ts"
import { numberFiles, outsideEndpoint, type Tenant, userEndpoint } from "./mapCall.ts"
import type { ExtraRecording } from "./WebitelOptions.ts"

const second = 1000
const defaultSeconds = 10
const defaultNumber = "380501112233"
const ownNumber = "380445550101"

interface Context {
  readonly tenant: Tenant
  readonly extensions: ReadonlyArray<SimulatedExtension>
  readonly random: Random
}

// One leg to be, with every extra that lies on it.
interface Plan {
  readonly id: string
  readonly parentId: string | undefined
  readonly extra: ExtraRecording
  readonly files: ReadonlyArray<FileDraft>
}

const audioKindFor = ({ channels = 1, kind = "audio", mimeType = mimeTypeOf(kind) }: ExtraRecording) =>
  audioKindOf(mimeType, channels)

const secondsOf = (extra: ExtraRecording): number =>
  extra.bytes === undefined
    ? (extra.durationSeconds ?? defaultSeconds)
    : durationForBytes(audioKindFor(extra), extra.bytes)

const endOf = (extra: ExtraRecording): number => extra.startedAt.getTime() + Math.round(secondsOf(extra) * second)

const fileOf = ({ random, tenant }: Context, extra: ExtraRecording, index: number): ReadonlyArray<FileDraft> => {
  if (extra.withoutFile === true) return []
  const { kind = "audio", state = "available" } = extra
  const hangupAt = endOf(extra)
  const queuedAt = hangupAt + 400
  return [
    {
      kind,
      mimeType: extra.mimeType ?? mimeTypeOf(kind),
      channel: channelOf(kind),
      seed: random.fork(`file ${index}`).hex(32),
      audioKind: audioKindFor(extra),
      durationSeconds: secondsOf(extra),
      recordedAt: undefined,
      queuedAt,
      readyAt: extra.readyAt?.getTime() ?? hangupAt + 2 * second,
      removedAt: extra.removedAt?.getTime(),
      retentionUntil: extra.retentionUntil?.getTime() ?? retentionOf(queuedAt, tenant.retentionDays),
      trouble: state === "available" ? undefined : state
    }
  ]
}

const planLegs = (context: Context, extras: ReadonlyArray<ExtraRecording>): ReadonlyArray<Plan> => {
  const plans = new Map<string, Plan>()
  extras.forEach((extra, index) => {
    const id = extra.callId?.toLowerCase() ?? uuidOf(context.random.fork(`call ${index}`).hex(32))
    const files = fileOf(context, extra, index)
    const known = plans.get(id)
    plans.set(
      id,
      known === undefined
        ? { id, parentId: extra.parentId?.toLowerCase(), extra, files }
        : { ...known, files: [...known.files, ...files] }
    )
  })
  for (const { extra, parentId } of Array.from(plans.values())) {
    if (parentId !== undefined && !plans.has(parentId))
      plans.set(parentId, { id: parentId, parentId: undefined, extra, files: [] })
  }
  return Array.from(plans.values())
}

const pick = (extensions: ReadonlyArray<SimulatedExtension>, type: string, index: number) =>
  extensions.filter((extension) => extension.type === type)[index]

const userOf = ({ extensions, tenant }: Context, { extension = 0 }: ExtraRecording): User => {
  const phone = pick(extensions, "phone", extension)
  return phone === undefined ? { id: "10", name: "Agent", extension: "101" } : tenant.directory.userOf(phone)
}

const storedAtOf = ({ storedAt, storedAtMicroseconds = 0 }: ExtraRecording): number | undefined =>
  storedAt === undefined ? undefined : storedAt.getTime() * 1000 + storedAtMicroseconds

const makeLeg = (context: Context, { extra, files, id, parentId }: Plan): LegDraft => {
  const { direction = "inbound", number = `+${defaultNumber}`, queue } = extra
  const { directory } = context.tenant
  const outside = outsideEndpoint(number, extra.name)
  const user = userOf(context, extra)
  const hangupAt = endOf(extra)
  const queueExtension = queue === undefined ? undefined : pick(context.extensions, "queue", queue)
  const answeredAt = extra.answeredAt === null ? undefined : (extra.answeredAt ?? extra.startedAt).getTime()
  const inwards = direction === "inbound"
  return {
    id,
    parentId,
    transferFrom: undefined,
    transferTo: undefined,
    bridgedId: undefined,
    direction,
    destination: inwards && parentId === undefined ? ownNumber : inwards ? user.extension : number,
    from: inwards ? outside : userEndpoint(user),
    to: inwards ? userEndpoint(user) : outside,
    user: inwards && parentId === undefined ? undefined : user,
    gateway: undefined,
    queue: queueExtension === undefined ? undefined : directory.queueOf(queueExtension),
    member: undefined,
    createdAt: extra.startedAt.getTime(),
    answeredAt,
    bridgedAt: answeredAt,
    hangupAt,
    eligibleAt: hangupAt + second,
    storedAt: storedAtOf(extra),
    hangupBy: "A",
    cause: answeredAt === undefined ? "NO_ANSWER" : "NORMAL_CLEARING",
    sipCode: answeredAt === undefined ? 480 : 200,
    talkSeconds: answeredAt === undefined ? 0 : Math.floor((hangupAt - answeredAt) / second),
    hold: undefined,
    blindTransfer: undefined,
    variables: extra.variables ?? {},
    tags: extra.tags ?? [],
    hideMissed: false,
    files
  }
}

// Answered legs to agents under a leg that has a file.
const agentLegs = (context: Context, { extra, id }: Plan, parent: LegDraft): ReadonlyArray<LegDraft> => {
  const user = userOf(context, extra)
  return Array.from({ length: extra.children ?? 0 }, (_, index): LegDraft => ({
    ...parent,
    id: uuidOf(context.random.fork(`child ${index} of ${id}`).hex(32)),
    parentId: id,
    destination: user.extension,
    user,
    bridgedId: id,
    createdAt: parent.createdAt + 20 + index,
    answeredAt: (parent.answeredAt ?? parent.createdAt) + 20 + index,
    files: []
  }))
}

const rootIdOf = (plans: ReadonlyMap<string, Plan>, plan: Plan): string => {
  let root = plan
  for (let parent = plans.get(plan.parentId ?? ""); parent !== undefined; parent = plans.get(root.parentId ?? ""))
    root = parent
  return root.id
}

// Parents before their children, whatever the order they were asked for in.
const depthOf = (plans: ReadonlyMap<string, Plan>, plan: Plan): number => {
  const parent = plans.get(plan.parentId ?? "")
  return parent === undefined ? 0 : 1 + depthOf(plans, parent)
}

/** One tree for each uppermost parent. */
export const makeExtraTrees = (
  tenant: Tenant,
  extras: ReadonlyArray<ExtraRecording>,
  extensions: ReadonlyArray<SimulatedExtension>,
  random: Random
): ReadonlyArray<CallTree> => {
  const context: Context = { tenant, extensions, random }
  const plans = new Map(planLegs(context, extras).map((plan) => [plan.id, plan]))
  const trees = Map.groupBy(plans.values(), (plan) => rootIdOf(plans, plan))
  return Array.from(trees.values(), (ofTree) => {
    const legs = ofTree
      .toSorted((left, right) => depthOf(plans, left) - depthOf(plans, right))
      .flatMap((plan) => {
        const leg = makeLeg(context, plan)
        return [leg, ...agentLegs(context, plan, leg)]
      })
    const outcome = legs.some(({ answeredAt }) => answeredAt !== undefined) ? "answered" : "missed"
    return numberFiles("extra", outcome, legs)
  })
}
