/** What tells of a call that has ended: a flow's HTTP request, or a message of the queue `call`. Pure. */

/** What an event says of its call. */
export interface CallEvent {
  /** Id of a leg: `hangup` comes once for each of them. */
  readonly callId: string
  /** `hangup`, `bridge`, …; a flow's request names none. */
  readonly type?: string
  /** When it happened. */
  readonly at?: Date
}

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

/** Whether a text is the id of a leg. */
export const isCallId = (text: string): boolean => uuid.test(text)

/** What flows have been seen to call the id in their requests, which are theirs to write. */
const idKeys = ["id", "uuid", "call_id", "callid", "call_uuid", "calluuid"]

/** Reads an event: an object, JSON, or the text of a form or query. Undefined where no id of a leg is in it. */
export const parseEvent = (payload: unknown): CallEvent | undefined => {
  const fields = typeof payload === "string" ? fieldsOfText(payload) : fieldsOfObject(payload)
  const callId = idKeys.map((key) => fields.get(key)).find((id) => id !== undefined && isCallId(id))
  if (callId === undefined) return undefined
  const type = fields.get("event")
  const at = instantOfText(fields.get("timestamp"))
  return { callId, ...(type && { type }), ...(at && { at }) }
}

/** The event again with nothing but what {@link parseEvent} reads. */
export const eventFields = ({ at, callId, type }: CallEvent): Readonly<Record<string, string>> => ({
  id: callId,
  ...(type !== undefined && { event: type }),
  ...(at && { timestamp: String(at.getTime()) })
})

type Fields = ReadonlyMap<string, string>

const fieldsOfObject = (payload: unknown): Fields => {
  if (typeof payload !== "object" || payload === null) return new Map()
  const entries = payload instanceof URLSearchParams ? [...payload] : Object.entries(payload)
  return new Map(
    entries.flatMap(([key, value]) =>
      typeof value === "string" || typeof value === "number" ? [[key.toLowerCase(), String(value)]] : []
    )
  )
}

const fieldsOfText = (text: string): Fields => {
  const trimmed = text.trim()
  return trimmed.startsWith("{") ? fieldsOfObject(parseJson(trimmed)) : fieldsOfObject(new URLSearchParams(trimmed))
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const instantOfText = (text: string | undefined): Date | undefined =>
  text !== undefined && /^\d{12,14}$/.test(text) ? new Date(Number(text)) : undefined
