/** A row of the call history as the API tells it. */
import type { NamedId } from "./directory.ts"
import type { FileEntry } from "./FileIndex.ts"
import { callFile, viewName } from "./callFile.ts"
import type { Selection } from "./historyFields.ts"
import type { JsonObject, JsonValue } from "./Json.ts"
import { childrenOf, type Endpoint, type Leg } from "./Leg.ts"
import type { LegEntry } from "./LegIndex.ts"
import { billOf, durationOf, holdOf, toMilliseconds, waitOf } from "./legTimes.ts"
import { maskNumber, type NumberMask } from "./numberMask.ts"
import type { Transcript } from "./transcripts.ts"
import { variableTexts } from "./variables.ts"
import type { Abilities } from "./versions.ts"
import { type Field, flag, int64, list, message, number, text, type Write } from "./wire.ts"

/** What a row is made with. */
export interface ItemContext {
  readonly write: Write
  readonly abilities: Abilities
  /** Whether the name of a queue stands beside its id. */
  readonly namesQueues: boolean
  /** Undefined where numbers are told as they are. */
  readonly mask: NumberMask | undefined
  /** The files the row shows, of the leg and of its parent. */
  readonly filesOf: (entry: LegEntry) => ReadonlyArray<FileEntry>
  readonly transcriptsOf: (file: FileEntry) => ReadonlyArray<Transcript>
}

const appId = "fs-node-1"

const lookup = (write: Write, of: NamedId | undefined): JsonObject | undefined =>
  of === undefined ? undefined : write(`lookup ${of.id}`, { id: int64(of.id), name: text(of.name) })

const endpoint = ({ mask, write }: ItemContext, of: Endpoint | undefined): JsonObject | undefined =>
  of === undefined
    ? undefined
    : write(`endpoint ${of.number}`, {
        type: text(of.type),
        number: text(maskNumber(mask, of.number)),
        id: text(of.id),
        name: text(of.name)
      })

const dispositionOf = ({ answeredAt, hangupBy, parentId }: Leg): string => {
  if (parentId !== undefined) return ""
  if (answeredAt === undefined) return hangupBy === "A" ? "cancelled" : "not_answered"
  if (hangupBy === undefined) return "ended"
  return hangupBy === "A" ? "client_dropped" : "agent_dropped"
}

const transcriptOf = (write: Write, { file, id, locale }: Transcript): JsonObject =>
  write(`transcript ${id}`, {
    id: int64(id),
    locale: text(locale),
    file_id: int64(file.id),
    file: message(lookup(write, { id: file.id, name: viewName(file) }))
  })

const variablesOf = (leg: Leg, { variables }: Selection): JsonObject | undefined => {
  const texts = Object.entries(variableTexts(leg.variables)).filter(([key]) => variables?.has(key) ?? true)
  return texts.length === 0 ? undefined : Object.fromEntries(texts)
}

const secondsBetween = (from: number | undefined, to: number | undefined): number =>
  from === undefined || to === undefined ? 0 : Math.floor((to - from) / 1000)

const ofQueue = (
  { namesQueues, write }: ItemContext,
  { member, queue, tags }: Leg
): Readonly<Record<string, Field>> => ({
  queue: message(lookup(write, queue === undefined || namesQueues ? queue : { ...queue, name: "" })),
  team: message(lookup(write, member?.team)),
  agent: message(lookup(write, member?.agent)),
  joined_at: int64(member?.joinedAt),
  leaving_at: int64(member?.leavingAt),
  reporting_at: int64(member?.reportingAt),
  queue_bridged_at: int64(member?.bridgedAt),
  queue_wait_sec: number(secondsBetween(member?.joinedAt, member?.bridgedAt ?? member?.leavingAt)),
  queue_duration_sec: number(secondsBetween(member?.joinedAt, member?.leavingAt)),
  result: text(member === undefined ? "" : member.bridgedAt === undefined ? "abandoned" : "success"),
  reporting_sec: number(secondsBetween(member?.leavingAt, member?.reportingAt)),
  attempt_id: int64(member?.attemptId),
  tags: list(tags)
})

const ofTimes = (leg: Leg, storedAt: number): Readonly<Record<string, Field>> => ({
  created_at: int64(leg.createdAt),
  answered_at: int64(leg.answeredAt),
  bridged_at: int64(leg.bridgedAt),
  hangup_at: int64(leg.hangupAt),
  stored_at: int64(toMilliseconds(storedAt)),
  duration: number(durationOf(leg)),
  wait_sec: number(waitOf(leg)),
  bill_sec: number(billOf(leg)),
  hold_sec: number(holdOf(leg)),
  talk_sec: number(leg.talkSeconds)
})

const ofTransfers = ({ write }: ItemContext, { tree, leg }: LegEntry): Readonly<Record<string, Field>> => {
  const { blindTransfer, bridgedId, hold, parentId } = leg
  const parent = tree.legs.find(({ id }) => id === parentId)
  const transfers: ReadonlyArray<JsonValue> =
    blindTransfer === undefined
      ? []
      : [write(`transfer ${leg.id}`, { number: text(blindTransfer.number), time: int64(blindTransfer.time) })]
  const holds: ReadonlyArray<JsonValue> =
    hold === undefined
      ? []
      : [write(`hold ${leg.id}`, { start: int64(hold.start), stop: int64(hold.stop), sec: number(holdOf(leg)) })]
  return {
    transfer_from: text(leg.transferFrom),
    // Of a child without one of its own, the leg its parent was joined to is told.
    transfer_to: text(leg.transferTo ?? (parent?.bridgedId === leg.id ? undefined : parent?.bridgedId)),
    bridged_id: text(bridgedId),
    blind_transfer: text(blindTransfer?.number),
    blind_transfers: list(transfers),
    hold: list(holds),
    has_children: flag(childrenOf(tree, leg).length > 0)
  }
}

const ofParties = (context: ItemContext, leg: Leg): Readonly<Record<string, Field>> => ({
  user: message(lookup(context.write, leg.user)),
  extension: text(leg.user?.extension),
  gateway: message(lookup(context.write, leg.gateway)),
  direction: text(leg.direction),
  destination: text(maskNumber(context.mask, leg.destination)),
  from: message(endpoint(context, leg.from)),
  to: message(endpoint(context, leg.to)),
  // The newer flat numbers are not masked.
  from_number: text(leg.from.number),
  to_number: text(leg.to?.number),
  destination_name: text(undefined),
  member: message(undefined),
  contact: message(undefined),
  grantee: message(undefined)
})

const ofEnd = (leg: Leg): Readonly<Record<string, Field>> => ({
  hangup_by: text(leg.hangupBy),
  cause: text(leg.cause),
  sip_code: number(leg.sipCode),
  hangup_disposition: text(dispositionOf(leg)),
  hangup_phrase: text(undefined),
  display: text(undefined),
  agent_description: text(undefined),
  amd_result: text(undefined),
  rate_id: int64(undefined),
  allow_evaluation: flag(leg.answeredAt !== undefined),
  annotations: list([]),
  schemas: list([])
})

// Files come in no order: here in another than they were made in.
const ofFiles = (context: ItemContext, entry: LegEntry): Readonly<Record<string, Field>> => {
  const { abilities, filesOf, transcriptsOf, write } = context
  const files = filesOf(entry).toReversed()
  const own = files.filter(({ leg }) => leg.id === entry.leg.id)
  return {
    files: list(files.map((file) => callFile(write, abilities, file, entry.leg))),
    transcripts: list(own.flatMap(transcriptsOf).map((transcript) => transcriptOf(write, transcript))),
    files_job: list([])
  }
}

/** The row with the fields of a selection. */
export const historyItem = (context: ItemContext, entry: LegEntry, selection: Selection): JsonObject => {
  const { leg } = entry
  const variables = selection.has("variables") ? variablesOf(leg, selection) : undefined
  const fields: Readonly<Record<string, Field>> = {
    id: text(leg.id),
    app_id: text(appId),
    parent_id: text(leg.parentId),
    ...ofTimes(leg, entry.storedAt),
    ...ofParties(context, leg),
    variables: message(variables),
    ...ofEnd(leg),
    ...ofQueue(context, leg),
    ...ofTransfers(context, entry),
    ...(selection.has("files") || selection.has("transcripts") ? ofFiles(context, entry) : {})
  }
  return context.write(leg.id, fields, selection.has)
}
