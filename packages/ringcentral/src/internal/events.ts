/** Telephony session notifications, as a webhook, a queue or a file hands them over. Pure. */
import { parseInstant } from "@callreel/recording"
import * as Either from "fp-ts/lib/Either.js"
import { type EventParty, SessionEvent } from "./wire.ts"

/** What notifications say of their call. */
export interface CallEvent {
  readonly telephonySessionId: string
  readonly sessionId?: string
  /** When the latest of them happened. */
  readonly at?: Date
  /** The recordings of all parties, each once, in the order in which they were announced. */
  readonly recordings: ReadonlyArray<{ readonly id: string; readonly account?: string }>
  /** Whether every party is known to have left. Transfers disconnect single parties, so that one says nothing. */
  readonly isOver: boolean
}

/**
 * Reads one notification, or a list of those of one call: the decoded JSON or its text, whole or only its body. Undefined
 * where it is none. Later ones (by `sequence`) repeat what earlier ones said, and paused recordings count too.
 */
export const parseEvent = (payload: unknown): CallEvent | undefined => {
  const json = typeof payload === "string" ? parseJson(payload) : payload
  const bodies = (Array.isArray(json) ? json : [json]).map(bodyOf)
  const events = bodies.filter((body) => body !== undefined)
  const [first] = events
  if (first === undefined || events.length !== bodies.length) return undefined
  if (events.some((event) => event.telephonySessionId !== first.telephonySessionId)) return undefined
  return merged(
    first.telephonySessionId,
    events.toSorted((left, right) => sequenceOf(left) - sequenceOf(right))
  )
}

/** The notification again with nothing but what {@link parseEvent} reads: no numbers, no names. */
export const eventFields = (event: CallEvent): unknown => ({
  telephonySessionId: event.telephonySessionId,
  ...(event.sessionId !== undefined && { sessionId: event.sessionId }),
  ...(event.at && { eventTime: event.at.toISOString() }),
  parties: event.recordings.map(({ account, id }) => ({
    ...(account !== undefined && { accountId: account }),
    recordings: [{ id }]
  }))
})

const merged = (telephonySessionId: string, events: ReadonlyArray<SessionEvent>): CallEvent => {
  const recordings = new Map<string, { readonly id: string; readonly account?: string }>()
  const parties = new Map<string, EventParty>()
  for (const party of events.flatMap((event) => event.parties ?? [])) {
    // One without an id cannot be followed from event to event: it counts for itself.
    parties.set(party.id ?? `unnamed ${parties.size}`, party)
    for (const { id } of party.recordings ?? []) {
      if (id == null || id === "") continue
      const account = party.accountId == null ? undefined : String(party.accountId)
      if (recordings.get(String(id))?.account === undefined) {
        recordings.set(String(id), { id: String(id), ...(account !== undefined && { account }) })
      }
    }
  }
  const sessionId = events.find((event) => event.sessionId != null)?.sessionId
  const at = latest(events)
  return {
    telephonySessionId,
    ...(sessionId != null && { sessionId: String(sessionId) }),
    ...(at && { at }),
    recordings: [...recordings.values()],
    isOver: parties.size > 0 && [...parties.values()].every(hasLeft)
  }
}

const hasLeft = ({ status }: EventParty): boolean =>
  (status?.code === "Disconnected" || status?.code === "Gone") && !/transfer/i.test(status.reason ?? "")

const sequenceOf = ({ sequence }: SessionEvent): number => sequence ?? 0

const latest = (events: ReadonlyArray<SessionEvent>): Date | undefined =>
  events
    .flatMap(({ eventTime }) => (eventTime == null ? [] : (parseInstant(eventTime) ?? [])))
    .toSorted((left, right) => left.getTime() - right.getTime())
    .at(-1)

const bodyOf = (event: unknown): SessionEvent | undefined => {
  const body = typeof event === "object" && event !== null && "body" in event ? event.body : event
  const decoded = SessionEvent.decode(body)
  return Either.isRight(decoded) && decoded.right.telephonySessionId !== "" ? decoded.right : undefined
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
