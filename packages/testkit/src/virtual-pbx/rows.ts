/** A record's row as the platform writes it, and the names of its file. */
import type { SimulatedCall, SimulatedLeg, SimulatedOutcome, SimulatedParty } from "../calls/SimulatedCall.ts"
import { makeRandom } from "../simulator/Random.ts"
import { audioOfRecording } from "./audio.ts"
import { formatHundredths, formatSeconds } from "./datetime.ts"
import { type RecordEntry, toHundredths, toSeconds } from "./RecordIndex.ts"
import type { Settings } from "./settings.ts"
import type { RecordRow } from "./VirtualPbxOptions.ts"

type Account = Pick<Settings, "clientId" | "prefix" | "domain">

const results: Readonly<Record<SimulatedOutcome, string>> = {
  answered: "answered",
  "answered-elsewhere": "answered elsewhere",
  missed: "not answered",
  busy: "busy",
  rejected: "rejected",
  failed: "failed",
  voicemail: "voicemail"
}

/** The word for an outcome. */
export const resultOf = (outcome: SimulatedOutcome): string => results[outcome]

/** An extension as the platform calls it: `01874*0541`. */
export const fullNumber = ({ prefix }: Account, { extension, number }: SimulatedParty): string =>
  extension === undefined ? number : `${prefix}*${number}`

/** `in` or `out`; some legs after a transfer say `transfer`. */
export const flowOf = (leg: SimulatedLeg): "in" | "out" | "transfer" =>
  leg.transferred && /^[0-5]/.test(leg.id) ? "transfer" : leg.flow

/**
 * The id of a record: the extension's id and 32 digits in upper case. One in nine has the id of another extension,
 * which does happen: the whole is opaque.
 */
export const recordUuid = ({ leg, recording }: Pick<RecordEntry, "leg" | "recording">): string => {
  const other = recording.id.startsWith("7") || recording.id.startsWith("f1")
  return `${Number(leg.extension.id) + (other ? 9 : 0)}-${recording.id.toUpperCase()}`
}

/** The file's name. Its time is that of the answer or up to a second before, so that nothing can be joined on it. */
export const fileName = ({ leg, recording, start }: RecordEntry): string => {
  const random = makeRandom(recording.id)
  const time = formatSeconds(start - random.integer(0, 1) * 1000).replace(/[ :]/g, "-")
  const letters = Array.from({ length: 4 }, () => random.integer(0, 35).toString(36)).join("")
  return `${time}-UTC_${leg.flow}_${leg.extension.number}_${letters}.mp3`
}

/** Where the file is in the account's FTP folder. */
export const ftpPath = (entry: RecordEntry): string => `/${entry.leg.extension.number}/${fileName(entry)}`

/** Where the file is in the storage: what a link hides. */
export const storagePath = ({ clientId }: Account, entry: RecordEntry): string =>
  `/${clientId}/${entry.leg.extension.id}/${fileName(entry)}`

// Until a row is changed the platform does not know the caller's name nor who hung up.
const nameOf = (account: Account, leg: SimulatedLeg, changed: boolean): string =>
  (changed ? leg.from.name : undefined) ?? fullNumber(account, leg.from)

const dispositions = ["callee_bye", "caller_bye", "internal_cancel"] as const

/** The fields that records and rows of call histories share. */
export const legFields = (account: Account, call: SimulatedCall, leg: SimulatedLeg, changed: boolean): RecordRow => {
  const { domain, prefix } = account
  const incoming = leg.flow === "in"
  const start = toSeconds(leg.answeredAt ?? leg.startedAt)
  const hangup = toSeconds(leg.endedAt)
  const to = fullNumber(account, leg.to)
  const outside = call.outsideNumber ?? null
  return {
    flow: flowOf(leg),
    init_time_gmt: formatHundredths(toHundredths(leg.startedAt)),
    start_time_gmt: formatSeconds(start),
    hangup_time_gmt: formatSeconds(hangup),
    duration: leg.answeredAt === undefined ? 0 : (hangup - start) / 1000,
    extension_id: Number(leg.extension.id),
    extension_name: `${prefix}*${leg.extension.number}@${domain}`,
    extension_type: leg.extension.type,
    extension_group_owner_id: leg.extension.groupId === undefined ? null : Number(leg.extension.groupId),
    client_owner_id: account.clientId,
    result: resultOf(leg.outcome),
    from_username: fullNumber(account, leg.from),
    from_domain: domain,
    source_number: incoming && call.direction === "inbound" ? leg.from.number : null,
    source_domain: incoming && call.direction === "inbound" ? domain : null,
    to_username: incoming && outside !== null ? outside : to,
    to_domain: domain,
    dest_number: to,
    dest_domain: domain,
    did_number: incoming ? outside : null,
    did_domain: incoming && outside !== null ? domain : null,
    from_screen_name: nameOf(account, leg, changed),
    hangup_cause: "NORMAL_CLEARING",
    ext_number_reg: null,
    application: call.scenario === "queue" ? "callcenter" : null,
    hangup_disposition: changed ? (dispositions[leg.id.charCodeAt(0) % 3] ?? null) : null,
    ani_number: incoming ? null : outside
  }
}

// Keys of releases to come: a client must not mind them.
const unknownFields = (id: string): RecordRow =>
  /^[0-2]/.test(id) ? { quality_rate: 4.3, transcription_state: null } : {}

/** A row of `/record/`: 32 keys, then what the options add. */
export const recordRow = (
  settings: Settings,
  entry: RecordEntry,
  options: { readonly changed: boolean; readonly storageUrl: string | undefined }
): RecordRow => {
  const { call, leg, recording } = entry
  return {
    ...legFields(settings, call, leg, options.changed),
    call_uuid: call.id.toUpperCase(),
    record_uuid: recordUuid(entry),
    record_file_size: audioOfRecording(recording).bytes,
    file_name: fileName(entry),
    record_transfer: leg.transferred,
    ...(options.storageUrl === undefined ? {} : { storage_url: options.storageUrl }),
    ...(settings.listing.unknownKeys ? unknownFields(recording.id) : {})
  }
}
