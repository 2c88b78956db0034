/** The platform's rows → Recording. Pure. */
import {
  type Availability,
  type Call,
  type CountryCode,
  type Direction,
  type Extension,
  type Outcome,
  type Party,
  pendingUntil,
  type Recording,
  sameNumber,
  toE164
} from "@callreel/recording"
import type { Duration } from "effect"
import { parseTime } from "./time.ts"
import type { CallHistory, LegRow, RecordPath, RecordRow } from "./wire.ts"

/** What is true for every row of a source. */
export interface MapContext {
  readonly source: string
  readonly account: string
  readonly region?: CountryCode
  readonly pendingFor: Duration.Duration
  readonly now: Date
}

export const provider = "virtual-pbx"

const directions: Readonly<Record<string, Direction>> = { in: "inbound", out: "outbound" }

// A leg's `result` and a call's (`bridged`) come mixed; `answered elsewhere` is a phone of a ring group that lost the race.
const outcomes: Readonly<Record<string, Outcome>> = {
  answered: "answered",
  bridged: "answered",
  "not answered": "missed",
  "answered elsewhere": "missed",
  busy: "busy",
  rejected: "busy",
  failed: "failed",
  voicemail: "voicemail"
}

/** Reads the short number out of `01874*0541@sipproxy.example`: what people dial. */
export const shortNumber = (extensionName: string): string => {
  const [local = ""] = extensionName.split("@")
  return local.slice(local.lastIndexOf("*") + 1)
}

/** The recording of a row. */
export const recordingOfRow = (row: RecordRow, context: MapContext): Recording => {
  const startedAt = timeOf(row.init_time_gmt)
  const answeredAt = timeOf(row.start_time_gmt)
  const endedAt = timeOf(row.hangup_time_gmt)
  return {
    source: context.source,
    provider,
    account: row.client_owner_id?.toString() ?? context.account,
    id: row.record_uuid,
    ...(startedAt && { call: callOfRow(row, { startedAt, answeredAt, endedAt }, context) }),
    kind: "unknown",
    ...(answeredAt && { startedAt: answeredAt }),
    ...(endedAt && { endedAt }),
    ...(row.duration != null && { durationSeconds: row.duration }),
    ...audioOfRow(row),
    availability: availabilityOf(
      row.record_file_size ?? (endedAt === undefined ? 0 : undefined),
      endedAt ?? startedAt ?? context.now,
      context
    ),
    raw: row
  }
}

/** The recordings of a call's legs. Rows of `/call_history/` lack the call's id: it is the parent's. */
export const recordingsOfCall = (history: CallHistory, context: MapContext): ReadonlyArray<Recording> =>
  history.cdr.flatMap((leg) => {
    if (leg.record_uuid == null || leg.record_uuid === "") return []
    const row = { ...leg, record_uuid: leg.record_uuid, call_uuid: history.call_uuid }
    return [{ ...recordingOfRow(row, context), raw: leg }]
  })

/** A recording of which the platform only tells the file: no call, as its answer says nothing of one. */
export const recordingOfPath = (id: string, path: RecordPath, context: MapContext): Recording => {
  const startedAt = parseTime(path.record_datetime_gmt)
  const filename = lastPart(path.filename)
  return {
    source: context.source,
    provider,
    account: context.account,
    id,
    kind: "unknown",
    ...(startedAt && { startedAt }),
    audio: { ...(path.file_size !== null && { bytes: path.file_size }), ...(filename !== "" && { filename }) },
    availability: availabilityOf(path.file_size, startedAt ?? context.now, context),
    raw: path
  }
}

const longestCall = 86_400_000

/** The instant up to which a call is known: its end, or now while it runs. */
export const knownEndOfCall = (history: CallHistory, now: Date): Date => {
  const startedAt = timeOf(history.init_time_gmt)
  // No call runs for days: one without an end was never closed.
  const isRunning = startedAt === undefined || now.getTime() - startedAt.getTime() < longestCall
  return timeOf(history.hangup_time_gmt) ?? (isRunning ? now : startedAt)
}

const timeOf = (text: string | null | undefined): Date | undefined => (text == null ? undefined : parseTime(text))

interface LegTimes {
  readonly startedAt: Date
  readonly answeredAt: Date | undefined
  readonly endedAt: Date | undefined
}

const callOfRow = (row: RecordRow, { answeredAt, endedAt, startedAt }: LegTimes, context: MapContext): Call => {
  const outcome = outcomes[row.result ?? ""] ?? "unknown"
  const direction = directions[row.flow ?? ""] ?? "unknown"
  return {
    // A leg without a call's id is a call of its own.
    id: row.call_uuid || row.record_uuid,
    direction,
    outcome,
    startedAt,
    ...(answeredAt && (outcome === "answered" || outcome === "voicemail") && { answeredAt }),
    ...(endedAt && { endedAt, durationSeconds: (endedAt.getTime() - startedAt.getTime()) / 1000 }),
    ...partiesOf(row, direction, context.region),
    ...queueOf(row)
  }
}

/**
 * Caller and callee. The leg's extension is at the side of the account: the callee of an inbound leg, the caller of an
 * outbound one; where the flow tells neither (a transfer), the side that names it.
 */
const partiesOf = (row: LegRow, direction: Direction, region: MapContext["region"]): Pick<Call, "from" | "to"> => {
  const extension = extensionOf(row)
  const inbound = direction === "inbound"
  const isCaller = direction === "outbound" || (!inbound && namesExtension(row.from_username, extension))
  const callee = inbound ? row.did_number || row.to_username : row.to_username || row.dest_number
  const from = partyOf(row.from_username, row.from_screen_name, isCaller ? extension : undefined, region)
  const to = partyOf(callee, undefined, isCaller ? undefined : extension, region)
  return { ...(from && { from }), ...(to && { to }) }
}

const namesExtension = (username: string | null | undefined, extension: Extension | undefined): boolean =>
  username != null && extension?.number !== undefined && shortNumber(username) === extension.number

const partyOf = (
  number: string | null | undefined,
  name: string | null | undefined,
  extension: Extension | undefined,
  region: MapContext["region"]
): Party | undefined => {
  const e164 = number ? toE164(number, region) : undefined
  const party: Party = {
    ...(number && { number }),
    ...(e164 && { e164 }),
    // The platform repeats the number where it has no name.
    ...(name && !(number && sameNumber(name, number, region)) && { name }),
    ...(extension && { extension })
  }
  return Object.keys(party).length === 0 ? undefined : party
}

const extensionOf = (row: LegRow): Extension | undefined => {
  const number = row.extension_name ? shortNumber(row.extension_name) : ""
  if (row.extension_id == null && number === "") return undefined
  return {
    ...(row.extension_id != null && { id: row.extension_id.toString() }),
    ...(number !== "" && { number }),
    ...(row.extension_name && { name: row.extension_name.split("@")[0] ?? row.extension_name })
  }
}

/** A leg whose extension is a queue went through that queue. Rows know its number, not a title. */
const queueOf = (row: LegRow): Pick<Call, "queue"> => {
  if (row.extension_type !== "queue" || row.extension_id == null) return {}
  const number = row.extension_name ? shortNumber(row.extension_name) : ""
  return { queue: { id: row.extension_id.toString(), ...(number !== "" && { name: number }) } }
}

const audioOfRow = (row: RecordRow): Pick<Recording, "audio"> => {
  const audio = {
    ...(row.record_file_size != null && { bytes: row.record_file_size }),
    ...(row.file_name && { filename: lastPart(row.file_name) })
  }
  return Object.keys(audio).length === 0 ? {} : { audio }
}

const lastPart = (path: string): string => path.slice(path.lastIndexOf("/") + 1)

/**
 * A file of no bytes, and that of a call that has not ended, is not written yet while the call is young; later there is
 * none.
 */
const availabilityOf = (bytes: number | null | undefined, end: Date, context: MapContext): Availability => {
  if (bytes !== 0) return { state: "available" }
  const retryAt = pendingUntil({ knownEnd: end, now: context.now, pendingFor: context.pendingFor })
  return retryAt === undefined ? { state: "unavailable", reason: "absent" } : { state: "pending", retryAt }
}
