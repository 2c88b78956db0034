/** Finding calls in the call log: by their session, by a record's id, or around their time (docs/vendors/ringcentral.md#lookup). */
import { isRecording, type Reason, type RecordingReference, type TimeWindow } from "@callreel/recording"
import { Clock, Duration, Effect, Option, Stream } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import type { Api } from "./api.ts"
import { listPages } from "./listing.ts"
import { recordingInfosOf, voicemailIn } from "./map.ts"
import { linkedSessionsOf, sessionsOf } from "./sessions.ts"
import { LogRecord } from "./wire.ts"

const hour = 3_600_000
const day = 24 * hour

/** A session's records lie this near to any time that is known of it. */
const sessionSpan = { before: day, after: day }

/** A recording's call began this near to its own time: long calls begin hours before they end. */
const startSpan = { before: 6 * hour, after: hour / 4 }

/** How far back a session is looked for of which no time is known; the log itself reaches back a year. */
const longestHistory = 10 * 366 * day

/** How many sessions of one call are followed through warm transfers. */
const mostSessions = 8

/** What is known of a call. */
export interface CallKeys {
  readonly telephonySessionId?: string
  readonly sessionId?: string
  /** Its start, or a time near it. */
  readonly around?: Date
}

/**
 * The keys in a reference: those of the record that a listed recording came with, else those of its call. Both ids of a
 * session may stand in either place: the older kind is digits alone.
 */
export const keysOf = (reference: RecordingReference): CallKeys => {
  const { call, startedAt } = reference
  const record = isRecording(reference) ? recordIn(reference.raw) : undefined
  const own = record === undefined ? [] : [sessionsOf(record).telephony[0], sessionsOf(record).legacy]
  const ids = [...own, call?.id, call?.sessionId].filter((id) => id !== undefined)
  const telephonySessionId = ids.find((id) => !isLegacy(id))
  const sessionId = ids.find(isLegacy)
  const around = call?.startedAt ?? startedAt
  return {
    ...(telephonySessionId !== undefined && { telephonySessionId }),
    ...(sessionId !== undefined && { sessionId }),
    ...(around && { around })
  }
}

/** The record of the call log that a recording was read from. */
export const recordIn = (raw: unknown): LogRecord | undefined => {
  const record = LogRecord.decode(raw)
  return Either.isRight(record) ? record.right : undefined
}

/** Whether an id is a `sessionId`, as against a `telephonySessionId`. */
export const isLegacy = (id: string): boolean => /^\d+$/.test(id)

/** Whether the record, or a leg of it, names the recording or voicemail. */
const names = (record: LogRecord, id: string): boolean =>
  recordingInfosOf(record).some((info) => String(info.id) === id) || voicemailIn([record], id) !== undefined

type Search = Effect.Effect<ReadonlyArray<LogRecord>, Reason>

/**
 * The records of a recording's call by the best key there is; undefined where there is none. A session that the log has is
 * the call's; its time is searched only where no session leads to the recording, and not while the call is young.
 */
export const recordsOfReference = (
  api: Api,
  reference: RecordingReference,
  { voicemail, young }: { readonly young: boolean; readonly voicemail: boolean }
): Effect.Effect<ReadonlyArray<LogRecord> | undefined, Reason> =>
  Effect.gen(function* () {
    const { around, sessionId, telephonySessionId } = keysOf(reference)
    const sessions = [telephonySessionId, sessionId].filter((id) => id !== undefined)
    if (sessions.length === 0 && around === undefined) return undefined
    const isFound = (records: ReadonlyArray<LogRecord>): boolean =>
      records.some((record) => names(record, reference.id))
    let found: ReadonlyArray<LogRecord> = []
    for (const id of sessions) {
      found = yield* recordsOfSession(api, [id, ...sessions], around)
      if (found.length > 0) break
    }
    if (found.length > 0 && !isFound(found)) found = yield* withLinked(api, found, sessions, around)
    if (around === undefined || isFound(found) || (young && sessions.length > 0)) return found
    return [...found, ...(yield* recordsAround(api, reference.id, around, !voicemail))]
  })

/** The records of one session, asked for by the first of its ids; the others are of the same one. */
const recordsOfSession = (
  api: Api,
  ids: readonly [string, ...ReadonlyArray<string>],
  around: Date | undefined
): Search =>
  Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const [id] = ids
    const session = isLegacy(id) ? { sessionId: id } : { telephonySessionId: id }
    const window: TimeWindow =
      around === undefined
        ? { from: new Date(now - longestHistory), to: new Date(now + hour) }
        : { from: new Date(around.getTime() - sessionSpan.before), to: new Date(around.getTime() + sessionSpan.after) }
    // Whether a session may be asked for together with dates is not documented; without dates the log looks back a day.
    const answer = yield* api.log({ ...session, window }).pipe(
      Effect.catchTag("InvalidQuery", () => api.log({ ...session, window: undefined })),
      // What is refused as a session is none that could be found; there are other keys.
      Effect.catchTag("InvalidQuery", () => Effect.undefined)
    )
    return ofSession(answer?.value.records ?? [], ids)
  })

/** Only what is of the session: a vendor that does not know the parameter would answer with everybody's calls. */
export const ofSession = (records: ReadonlyArray<LogRecord>, ids: ReadonlyArray<string>): ReadonlyArray<LogRecord> =>
  records.filter((record) => {
    const { legacy, telephony } = sessionsOf(record)
    return (legacy !== undefined && ids.includes(legacy)) || telephony.some((id) => ids.includes(id))
  })

/** The record that names the recording among the calls around a time. */
const recordsAround = (api: Api, id: string, around: Date, recorded: boolean): Search => {
  const window = {
    from: new Date(around.getTime() - startSpan.before),
    to: new Date(around.getTime() + startSpan.after)
  }
  return listPages(api, window, recorded).pipe(
    Stream.flattenIterable,
    Stream.filter((record) => names(record, id)),
    Stream.runHead,
    Effect.map(Option.toArray)
  )
}

/** The records of a session, and of those that warm transfers split off from its call. */
export const recordsOfSessions = (
  api: Api,
  ids: readonly [string, ...ReadonlyArray<string>],
  around: Date | undefined
): Search =>
  Effect.flatMap(recordsOfSession(api, ids, around), (own) =>
    own.length > 0 ? withLinked(api, own, ids, around) : Effect.succeed(own)
  )

/** The records of a whole call by any of its ids: of a session, or of one of its records. */
export const recordsOfCall = (api: Api, id: string, around: Date | undefined): Search =>
  Effect.gen(function* () {
    const own = yield* recordsOfSessions(api, [id], around)
    if (own.length > 0) return own
    const record = yield* recordById(api, id)
    if (record === undefined) return []
    const { legacy, telephony } = sessionsOf(record)
    const session = telephony[0] ?? legacy
    if (session === undefined) return [record]
    const others = yield* recordsOfSession(api, [session], new Date(record.startTime))
    const records = [record, ...others.filter((other) => other.id !== record.id)]
    return yield* withLinked(api, records, [session], new Date(record.startTime))
  })

/** The record of a call-log id. A session's id is none, and a comma would ask for several. */
const recordById = (api: Api, id: string): Effect.Effect<LogRecord | undefined, Reason> =>
  id.startsWith("s-") || id.includes(",")
    ? Effect.undefined
    : api.record(id).pipe(Effect.catchTag(["NotFound", "InvalidQuery"], () => Effect.undefined))

const withLinked = (
  api: Api,
  records: ReadonlyArray<LogRecord>,
  sessions: ReadonlyArray<string>,
  around: Date | undefined
): Search =>
  Effect.gen(function* () {
    const known = new Set([...sessions, ...records.flatMap((record) => sessionsOf(record).telephony)])
    const found = [...records]
    const waiting = found.flatMap(linkedSessionsOf)
    for (let next = waiting.shift(); next !== undefined && known.size < mostSessions; next = waiting.shift()) {
      if (known.has(next)) continue
      known.add(next)
      const linked = yield* recordsOfSession(api, [next], around ?? firstStart(records))
      found.push(...linked.filter((record) => !found.some(({ id }) => id === record.id)))
      waiting.push(...linked.flatMap(linkedSessionsOf))
    }
    return found
  })

const firstStart = ([record]: ReadonlyArray<LogRecord>): Date | undefined => record && new Date(record.startTime)

/** Whether a recording may still come, by the latest instant that is known of its call. */
export const isYoung = (knownEnd: Date | undefined, now: Date, pendingFor: Duration.Duration): boolean =>
  knownEnd !== undefined && now.getTime() - knownEnd.getTime() < Duration.toMillis(pendingFor)
