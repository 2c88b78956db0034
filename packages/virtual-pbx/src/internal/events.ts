/** The platform's hangup notification, as its sender, or a web framework, hands it over. Pure. */

/** What a notification says of its call. */
export interface CallEvent {
  /** EventType, in lower case: `hangup`, `answer`, `dial-in`, … */
  readonly type: string
  /** The call's id in the notification's own letters; the same call has upper case letters in answers. */
  readonly callId: string
  /** The recording's id; only in `hangup`, and there not always. */
  readonly recordUuid?: string
  /** When the event happened. */
  readonly at?: Date
}

/**
 * Reads a notification: the fields as an object, or the text of a form body, a query string, a whole address, or JSON.
 * Undefined where it has no CallID. The platform has been seen to send the fields in the query of a POST without a body.
 */
export const parseEvent = (payload: unknown): CallEvent | undefined => {
  const fields = typeof payload === "string" ? fieldsOfText(payload) : fieldsOfObject(payload)
  const callId = fields.get("callid")
  if (callId === undefined || callId === "") return undefined
  const recordUuid = fields.get("recid")
  const at = timeOfMicroseconds(fields.get("eventtime"))
  return {
    type: (fields.get("eventtype") ?? "").toLowerCase(),
    callId,
    ...(recordUuid && { recordUuid }),
    ...(at && { at })
  }
}

/** The fields of an event as the platform spells them, for {@link parseEvent} to read again. */
export const eventFields = ({ at, callId, recordUuid, type }: CallEvent): Readonly<Record<string, string>> => ({
  EventType: type,
  CallID: callId,
  ...(recordUuid !== undefined && { RecID: recordUuid }),
  ...(at && { EventTime: `${at.getTime()}000` })
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
  if (trimmed.startsWith("{")) return fieldsOfObject(parseJson(trimmed))
  // What stands before the query of an address; a question mark further on belongs to a value.
  return fieldsOfObject(new URLSearchParams(trimmed.replace(/^(?:[a-z][a-z0-9+.-]*:\/\/[^?]*)?\?/i, "")))
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** EventTime counts microseconds since 1970. */
const timeOfMicroseconds = (text: string | undefined): Date | undefined =>
  text !== undefined && /^\d{13,17}$/.test(text) ? new Date(Math.floor(Number(text) / 1000)) : undefined
