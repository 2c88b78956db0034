/** `GET /client/{id}/call_history/{CallID}`: one call with the rows of its legs. */
import { setTimeout as delay } from "node:timers/promises"
import type { SimulatedCall, SimulatedLeg } from "../calls/SimulatedCall.ts"
import { type Answer, jsonAnswer } from "../simulator/Answer.ts"
import type { SimulatorClock } from "../simulator/SimulatorClock.ts"
import { audioOfRecording } from "./audio.ts"
import { formatSeconds } from "./datetime.ts"
import { concurrentRefused, notFound } from "./errors.ts"
import { hasRecord, toSeconds } from "./RecordIndex.ts"
import type { Records } from "./records.ts"
import { fullNumber, legFields, recordUuid, resultOf } from "./rows.ts"
import type { Settings } from "./settings.ts"

type Row = Readonly<Record<string, unknown>>

export interface CallHistory {
  readonly get: (callId: string) => Promise<Answer>
}

/** Call histories; only one request of the client may be under way. */
export const makeCallHistory = (settings: Settings, records: Records, clock: SimulatorClock): CallHistory => {
  const { domain } = settings
  let busy = false

  // Null until the audio is there, and again when it is deleted. The call's id stands only with the whole call.
  const legRow = (call: SimulatedCall, leg: SimulatedLeg, now: number): Row => {
    const entry = hasRecord(leg) ? records.index.findRecord(leg.recording.id) : undefined
    const known = entry !== undefined && records.isKnown(entry) ? entry : undefined
    const shown = known === undefined ? undefined : records.row(known)
    const ended = now >= leg.endedAt.getTime()
    const storageUrl = shown?.["storage_url"]
    return {
      ...legFields(settings, call, leg, ended),
      ...(ended ? {} : { hangup_time_gmt: null, duration: 0, hangup_cause: null, result: "answered" }),
      record_uuid: known === undefined ? null : recordUuid(known),
      record_file_size: known === undefined ? null : audioOfRecording(known.recording).bytes,
      ...(storageUrl === undefined ? {} : { storage_url: storageUrl })
    }
  }

  // Whole seconds here, where the legs have hundredths.
  const callObject = (call: SimulatedCall, first: SimulatedLeg, now: number): Row => {
    const fields = legFields(settings, call, first, now >= call.endedAt.getTime())
    const bridged = call.legs.find((leg) => leg.answeredAt !== undefined)
    const ended = now >= call.endedAt.getTime()
    const started = toSeconds(call.startedAt)
    const answered = bridged?.answeredAt === undefined ? undefined : toSeconds(bridged.answeredAt)
    const seconds = (from: number): number => (ended ? (toSeconds(call.endedAt) - from) / 1000 : 0)
    return {
      flow: first.flow,
      init_time_gmt: formatSeconds(started),
      start_time_gmt: formatSeconds(started),
      hangup_time_gmt: ended ? formatSeconds(toSeconds(call.endedAt)) : null,
      duration: seconds(started),
      extension_id: fields["extension_id"],
      extension_name: fields["extension_name"],
      extension_type: fields["extension_type"],
      extension_group_owner_id: fields["extension_group_owner_id"],
      client_owner_id: settings.clientId,
      result: bridged === undefined ? resultOf(call.outcome) : "bridged",
      from_username: fields["from_username"],
      from_domain: domain,
      from_screen_name: fields["from_screen_name"],
      to_username: fields["to_username"],
      to_domain: domain,
      did_number: fields["did_number"],
      did_domain: fields["did_domain"],
      ext_number_reg: null,
      hangup_cause: "NORMAL_CLEARING",
      hangup_disposition: fields["hangup_disposition"],
      bridged_username: bridged === undefined ? null : fullNumber(settings, bridged.to),
      bridged_domain: bridged === undefined ? null : domain,
      bridged_time_gmt: answered === undefined ? null : formatSeconds(answered),
      bridged_duration: answered === undefined ? 0 : seconds(answered),
      call_uuid: call.id.toUpperCase(),
      cdr: call.legs.filter((leg) => leg.startedAt.getTime() <= now).map((leg) => legRow(call, leg, now))
    }
  }

  return {
    get: async (callId) => {
      if (busy) return concurrentRefused()
      busy = true
      await delay(settings.historyMilliseconds)
      busy = false
      const now = clock.now().getTime()
      const call = /^[\da-f]{32}$/i.test(callId) ? records.index.findCall(callId) : undefined
      const [first] = call?.legs ?? []
      if (call === undefined || first === undefined || call.startedAt.getTime() > now) return notFound()
      return jsonAnswer(200, callObject(call, first, now))
    }
  }
}
