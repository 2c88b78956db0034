/** The notification the platform sends to a customer's web server when a leg is hung up. */
import type { SimulatedCall, SimulatedLeg, SimulatedOutcome } from "../calls/SimulatedCall.ts"
import { hasRecord } from "./RecordIndex.ts"
import { fullNumber, recordUuid } from "./rows.ts"
import type { Settings } from "./settings.ts"
import type { HangupEvent, HangupEventOptions } from "./VirtualPbxOptions.ts"

const statuses: Readonly<Record<SimulatedOutcome, string>> = {
  answered: "ANSWER",
  voicemail: "ANSWER",
  "answered-elsewhere": "CANCEL",
  missed: "NOANSWER",
  busy: "BUSY",
  rejected: "BUSY",
  failed: "CONGESTION"
}

/** The event of one leg. Times and durations are in microseconds. */
export const makeHangupEvent = (
  settings: Settings,
  call: SimulatedCall,
  leg: SimulatedLeg,
  options: HangupEventOptions = {}
): HangupEvent => {
  const { form = "body", lowerCase = true, recId = "present" } = options
  const cased = (id: string): string => (lowerCase ? id.toLowerCase() : id.toUpperCase())
  const { extension } = leg
  const full = `${settings.prefix}*${extension.number}`
  const outgoing = leg.flow === "out"
  const fields: Record<string, string> = {
    EventType: "hangup",
    EventTime: `${leg.endedAt.getTime()}000`,
    CallID: cased(call.id),
    SubCallID: `${extension.id}-${cased(leg.id)}`,
    CallAPIID: `${call.startedAt.getTime()}.${extension.id}`,
    CallFlow: leg.flow,
    CallStatus: statuses[leg.outcome],
    CallerIDNum: fullNumber(settings, leg.from),
    CallerIDName: leg.from.name ?? leg.from.number,
    [outgoing ? "CallerExtension" : "CalledExtension"]: full,
    [outgoing ? "CallerExtensionID" : "CalledExtensionID"]: extension.id,
    CalledNumber: fullNumber(settings, leg.to),
    Duration: leg.answeredAt === undefined ? "0" : `${leg.endedAt.getTime() - leg.answeredAt.getTime()}000`
  }
  if (!outgoing && call.outsideNumber !== undefined) fields["CalledDID"] = call.outsideNumber
  if (extension.type !== "phone") fields["Bridged"] = call.outcome === "answered" ? "yes" : "no"
  if (leg.transferred) fields["Transfered"] = "yes"
  if (recId === "present" && hasRecord(leg)) fields["RecID"] = cased(recordUuid({ leg, recording: leg.recording }))
  const text = new URLSearchParams(fields).toString()
  return {
    method: "POST",
    contentType: "application/x-www-form-urlencoded",
    query: form === "query" ? text : "",
    body: form === "body" ? text : "",
    fields
  }
}
