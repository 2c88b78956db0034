/** Rows of the call history → Recording. Pure. */
import {
  type Availability,
  type Call,
  type CountryCode,
  type Direction,
  type Extension,
  normaliseMediaType,
  type Outcome,
  type Party,
  pendingUntil,
  type Recording,
  sameNumber,
  toE164
} from "@callreel/recording"
import type { Duration } from "effect"
import type { CallFile, Endpoint, HistoryCall, Lookup } from "./wire.ts"

export const provider = "webitel"

/** What is true for every row of a source. */
export interface MapContext {
  readonly source: string
  /** Id of the domain. */
  readonly account: string
  readonly region?: CountryCode
  readonly now: Date
  readonly pendingFor: Duration.Duration
}

const directions: ReadonlyMap<string, Direction> = new Map([
  ["inbound", "inbound"],
  ["outbound", "outbound"],
  ["internal", "internal"]
])

/** SIP's and FreeSWITCH's causes of calls that nobody talked in. */
const causes: ReadonlyMap<string, Outcome> = new Map([
  ["USER_BUSY", "busy"],
  ["CALL_REJECTED", "busy"],
  ["NO_ANSWER", "missed"],
  ["NO_USER_RESPONSE", "missed"],
  ["ORIGINATOR_CANCEL", "missed"],
  ["LOSE_RACE", "missed"],
  ["PICKED_OFF", "missed"],
  ["ALLOTTED_TIMEOUT", "missed"],
  ["NORMAL_CLEARING", "missed"]
])

/** An audio file with its own leg, the legs that repeat it, and the call that they are part of. */
export interface OwnedFile {
  readonly file: CallFile
  readonly owner: HistoryCall
  /** The leg that the call began with. */
  readonly root: HistoryCall
  /** The leg of the person in the account who talked, where it is known: often a child of the one that was recorded. */
  readonly agent?: HistoryCall
  readonly legIds: ReadonlyArray<string>
}

/** Instants come as milliseconds since 1970, in text or as numbers; "0" and "" are none. */
export const instantOf = (value: number | string | null | undefined): Date | undefined => {
  const milliseconds = numberOf(value)
  return milliseconds === undefined || milliseconds === 0 ? undefined : new Date(milliseconds)
}

const numberOf = (value: number | string | null | undefined): number | undefined => {
  if (value == null || value === "") return undefined
  const number = Number(value)
  return Number.isFinite(number) && number >= 0 ? number : undefined
}

/** Whether a file is audio of the call: screens, pictures and documents of it are kept as files too. */
export const isAudio = ({ channel, mime_type, type }: CallFile): boolean => {
  if (channel && channel !== "call") return false
  if (type && type !== "file_type_empty") return type === "file_type_audio"
  return mime_type?.toLowerCase().startsWith("audio/") === true
}

/** Whether a row tells who of the account it belongs to. */
export const hasUser = ({ extension, user }: HistoryCall): boolean => lookupId(user) !== undefined || Boolean(extension)

/** The id of a row's parent leg. */
export const parentOf = ({ parent_id }: HistoryCall): string | undefined =>
  parent_id && !/^0{8}-/.test(parent_id) ? parent_id : undefined

/** The audio files of a row, its own and those that it repeats of its parent. */
export const audioFilesOf = ({ files }: HistoryCall): ReadonlyArray<CallFile> => files?.filter(isAudio) ?? []

/** Whether somebody talked in a leg. */
const talked = ({ bridged_at, talk_sec }: HistoryCall): boolean =>
  (numberOf(talk_sec) ?? 0) > 0 || instantOf(bridged_at) !== undefined

/** Whether a leg was answered, by a person or a machine, so that a recording of it may be expected. */
export const mayBeRecorded = (row: HistoryCall): boolean => talked(row) || instantOf(row.answered_at) !== undefined

/** The recording of an audio file. */
export const recordingOfFile = (owned: OwnedFile, context: MapContext): Recording => {
  const { file, owner } = owned
  const startedAt = instantOf(file.start_at)
  const endedAt = instantOf(file.stop_at)
  const call = callOf(owned, context.region)
  const bytes = numberOf(file.size)
  const audio = {
    ...(file.mime_type && { mediaType: normaliseMediaType(file.mime_type) }),
    ...(bytes !== undefined && { bytes }),
    ...(file.name && { filename: file.name })
  }
  return {
    source: context.source,
    provider,
    account: context.account,
    id: String(file.id),
    ...(call && { call }),
    kind: "unknown",
    ...(startedAt && { startedAt }),
    ...(endedAt && { endedAt }),
    ...(startedAt &&
      endedAt &&
      endedAt >= startedAt && { durationSeconds: (endedAt.getTime() - startedAt.getTime()) / 1000 }),
    ...(Object.keys(audio).length > 0 && { audio }),
    availability: availabilityOf(owned, context),
    raw: owner
  }
}

const availabilityOf = ({ file, owner }: OwnedFile, { now, pendingFor }: MapContext): Availability => {
  if (file.uploading === true) {
    const retryAt = pendingUntil({ knownEnd: knownEndOf(owner) ?? now, now, pendingFor })
    return retryAt === undefined ? { state: "unavailable", reason: "absent" } : { state: "pending", retryAt }
  }
  return numberOf(file.size) === 0 ? { state: "unavailable", reason: "absent" } : { state: "available" }
}

/** When the leg ended, else the latest instant known of it. */
export const knownEndOf = (row: HistoryCall): Date | undefined =>
  instantOf(row.hangup_at) ?? instantOf(row.stored_at) ?? instantOf(row.created_at)

const callOf = (owned: OwnedFile, region: CountryCode | undefined): Call | undefined => {
  const { legIds, owner, root } = owned
  const startedAt = instantOf(root.created_at) ?? instantOf(owner.created_at)
  if (startedAt === undefined) return undefined
  const answeredAt = instantOf(root.answered_at)
  const endedAt = instantOf(root.hangup_at)
  const direction = directions.get(root.direction ?? "") ?? "unknown"
  return {
    id: root.id,
    legIds,
    direction,
    outcome: outcomeOf(root, owner),
    startedAt,
    ...(answeredAt && { answeredAt }),
    ...(endedAt && { endedAt, durationSeconds: Math.max(0, endedAt.getTime() - startedAt.getTime()) / 1000 }),
    ...partiesOf(owned, direction, region),
    ...queueOf(root, owner),
    ...(root.tags && root.tags.length > 0 && { tags: root.tags }),
    ...variablesOf(root, owner)
  }
}

const outcomeOf = (root: HistoryCall, owner: HistoryCall): Outcome => {
  if ([root, owner].some(({ tags }) => tags?.includes("vm"))) return "voicemail"
  if (talked(root) || talked(owner)) return "answered"
  return causes.get(root.cause ?? "") ?? (root.cause ? "failed" : "unknown")
}

/** The agent's side: the callee of an inbound call, the caller of any other; known from the leg of the agent. */
const partiesOf = (
  { agent, owner, root }: OwnedFile,
  direction: Direction,
  region: CountryCode | undefined
): Pick<Call, "from" | "to"> => {
  const extension = extensionOf(owner) ?? (agent && extensionOf(agent)) ?? extensionOf(root)
  const from = partyOf(root.from, undefined, direction === "inbound" ? undefined : extension, region)
  const to = partyOf(root.to, root.destination, direction === "inbound" ? extension : undefined, region)
  return { ...(from && { from }), ...(to && { to }) }
}

const partyOf = (
  endpoint: Endpoint | null | undefined,
  dialled: string | null | undefined,
  extension: Extension | undefined,
  region: CountryCode | undefined
): Party | undefined => {
  const number = endpoint?.number || dialled
  const e164 = number ? toE164(number, region) : undefined
  const party: Party = {
    ...(number && { number }),
    ...(e164 && { e164 }),
    ...(endpoint?.name && !(number && sameNumber(endpoint.name, number, region)) && { name: endpoint.name }),
    ...(extension && { extension })
  }
  return Object.keys(party).length === 0 ? undefined : party
}

const extensionOf = (row: HistoryCall): Extension | undefined => {
  const id = lookupId(row.user)
  const extension = {
    ...(id !== undefined && { id }),
    ...(row.extension && { number: row.extension }),
    ...(row.user?.name && { name: row.user.name })
  }
  return Object.keys(extension).length === 0 ? undefined : extension
}

const queueOf = (...rows: ReadonlyArray<HistoryCall>): Pick<Call, "queue"> => {
  const queue = rows.map((row) => row.queue).find((each) => lookupId(each) !== undefined)
  const id = lookupId(queue)
  return id === undefined ? {} : { queue: { id, ...(queue?.name && { name: queue.name }) } }
}

/** Ids are 64-bit numbers: text all the way. */
export const lookupId = (lookup: Pick<Lookup, "id"> | null | undefined): string | undefined => {
  const id = lookup?.id
  return id == null || id === "" || String(id) === "0" ? undefined : String(id)
}

/** Values come as text; older gateways leave numbers and booleans as they are. The call's own win over its leg's. */
const variablesOf = (root: HistoryCall, owner: HistoryCall): Pick<Call, "variables"> => {
  const entries = [owner, root].flatMap(({ variables }) =>
    Object.entries(variables ?? {}).flatMap(([key, value]) =>
      typeof value === "string" || typeof value === "number" || typeof value === "boolean"
        ? [[key, String(value)] as const]
        : []
    )
  )
  return entries.length === 0 ? {} : { variables: Object.fromEntries(entries) }
}
