/** The notification of a telephony session. */
import type { Random } from "../simulator/Random.ts"
import type { CallLog } from "./CallLog.ts"
import {
  type LoggedCall,
  type LoggedLeg,
  type LoggedParty,
  type LoggedRecord,
  type LoggedRecording
} from "./LoggedCall.ts"
import type {
  TelephonySessionEnd,
  TelephonySessionEvent,
  TelephonySessionEventOptions,
  TelephonySessionParty
} from "./RingCentralOptions.ts"
import type { Settings } from "./settings.ts"

const endOf = ({ extension, name, phoneNumber }: LoggedParty): TelephonySessionEnd => ({
  ...(phoneNumber === undefined ? {} : { phoneNumber }),
  ...(name === undefined ? {} : { name }),
  ...(extension === undefined ? {} : { extensionId: extension.id })
})

// A recording that only the record shows is of the leg of the record's own extension.
const recordingsOf = (record: LoggedRecord, leg: LoggedLeg): ReadonlyArray<LoggedRecording> => {
  const owner = record.legs.find(({ extension }) => extension.id === record.extension.id) ?? record.legs[0]
  const onLeg = record.legs.some(({ recording }) => recording?.id === record.recording?.id)
  const own = leg === owner ? [onLeg ? undefined : record.recording, record.tooShort] : []
  return [leg.recording, ...own].filter((each) => each !== undefined)
}

/** The parties of a session: a leg that two records show is one party, with the ids that either tells of it. */
export const partiesOf = (
  records: ReadonlyArray<LoggedRecord>
): ReadonlyArray<{ readonly leg: LoggedLeg; readonly recordings: ReadonlySet<string> }> => {
  const parties = new Map<string, { readonly leg: LoggedLeg; readonly recordings: Set<string> }>()
  for (const record of records) {
    for (const leg of record.legs) {
      const party = parties.get(leg.partyId) ?? { leg, recordings: new Set<string>() }
      for (const { id } of recordingsOf(record, leg)) party.recordings.add(id)
      parties.set(leg.partyId, party)
    }
  }
  return [...parties.values()]
}

// How a party's call ended before the session did.
const reasonOf = (leg: LoggedLeg, call: LoggedCall, status: string): string | undefined => {
  if (status !== "Disconnected") return undefined
  if (leg.endedAt < call.endedAt && leg.outcome === "answered") return "BlindTransfer"
  return leg.outcome === "missed" ? "NoAnswer" : undefined
}

const uuid = (random: Random): string => random.hex(32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")

/** The event of a session, with all its parties. Throws RangeError for a session that the log does not know. */
export const makeTelephonyEvent = (
  settings: Settings,
  log: CallLog,
  telephonySessionId: string,
  options: TelephonySessionEventOptions = {}
): TelephonySessionEvent => {
  const { active = false, recordings = true, sequence = 7, status = "Disconnected" } = options
  const call = log.index.callByTelephonySessionId(telephonySessionId)
  const records = (call?.records ?? []).filter((record) => record.telephonySessionId === telephonySessionId)
  const [first] = records
  if (call === undefined || first === undefined) throw new RangeError("the simulator has no such session")
  const endedAt = Math.max(...records.map((record) => record.endedAt))
  const time = options.time ?? new Date(endedAt)
  const random = settings.random.fork(`event of ${telephonySessionId}`).fork(sequence)

  const partyOf = (leg: LoggedLeg, ids: ReadonlySet<string>, index: number): TelephonySessionParty => {
    const held = recordings ? [...ids] : []
    const reason = reasonOf(leg, call, status)
    return {
      accountId: settings.account,
      extensionId: leg.extension.id,
      id: `${leg.partyId.slice(0, leg.partyId.lastIndexOf("-"))}-${index + 1}`,
      direction: leg.direction,
      to: endOf(leg.to),
      from: endOf(leg.from),
      ...(held.length === 0 ? {} : { recordings: held.map((id) => ({ id, active })) }),
      status: { code: status, rcc: false, ...(reason === undefined ? {} : { reason }) },
      missedCall: leg.outcome === "missed",
      standAlone: false,
      muted: false
    }
  }

  return {
    uuid: uuid(random),
    event: `/restapi/v1.0/account/${settings.account}/telephony/sessions`,
    timestamp: new Date(time.getTime() + 121).toISOString(),
    subscriptionId: uuid(settings.random.fork("subscription")),
    ownerId: settings.apps.app.extension.id,
    body: {
      sequence,
      sessionId: first.sessionId,
      telephonySessionId,
      serverId: "10.11.12.13.TAM",
      eventTime: time.toISOString(),
      parties: partiesOf(records).map(({ leg, recordings: ids }, index) => partyOf(leg, ids, index)),
      origin: { type: "Call" }
    }
  }
}
