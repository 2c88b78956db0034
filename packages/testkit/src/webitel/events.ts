/** What tells others that a leg has ended: a message to a queue, and a flow's request. Both come before the history. */
import type { LegEntry } from "./LegIndex.ts"
import type { Settings } from "./settings.ts"
import type { AmqpHangup, FlowEvent } from "./WebitelOptions.ts"

const appId = "fs-node-1"

/** The message of the exchange `call`. Whether it was recorded is all it says of the recording: no file is there yet. */
export const makeHangupEvent = ({ domain }: Settings, { leg }: LegEntry): AmqpHangup => {
  const recording = leg.files.find(({ kind }) => kind === "audio")
  const data = {
    cause: leg.cause,
    sip: leg.sipCode,
    hangup_by: leg.hangupBy ?? "",
    talk_sec: leg.talkSeconds,
    tags: leg.tags,
    schema_ids: [],
    payload: leg.variables,
    ...(recording === undefined
      ? {}
      : {
          record_start: recording.recordedAt?.start ?? leg.answeredAt ?? leg.createdAt,
          record_stop: recording.recordedAt?.stop ?? leg.hangupAt
        })
  }
  const user = leg.user?.id ?? "0"
  const fields = {
    id: leg.id,
    app_id: appId,
    domain_id: domain,
    timestamp: String(leg.hangupAt),
    event: "hangup",
    user_id: user,
    data: JSON.stringify(data)
  }
  return {
    exchange: "call",
    routingKey: `events.hangup.${appId}.${domain}.${user}`,
    contentType: "application/json",
    body: JSON.stringify(fields),
    fields
  }
}

/** A flow's request after the call, as an administrator might write it. */
export const makeFlowEvent = ({ domain }: Settings, { leg }: LegEntry): FlowEvent => {
  const fields = { event: "disconnected", call_id: leg.id, domain_id: domain, cause: leg.cause }
  return { method: "POST", contentType: "application/json", body: JSON.stringify(fields), fields }
}
