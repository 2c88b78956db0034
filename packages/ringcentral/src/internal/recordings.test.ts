import { Forbidden, InvalidQuery, type RecordingReference } from "@callreel/recording"
import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { check } from "./check.ts"
import { type FakeAccount, fakeApi } from "./testing/fakeApi.ts"
import type { MapContext } from "./map.ts"
import { findRecordings, getRecording, linkOf } from "./recordings.ts"
import type { LogRecord } from "./wire.ts"

const startedAt = new Date("2026-03-08T11:59:00Z")
const context: MapContext = {
  source: "us",
  account: "1",
  now: new Date("2026-03-10T12:00:00Z"),
  patience: { pendingFor: Duration.hours(24), ladder: [Duration.minutes(1)] },
  voicemail: false
}
const secret = Redacted.make("x")
const options = { clientId: "a", clientSecret: secret, jwt: secret }
const url = "https://media.example/recording/7/content"

const recordOf = (session: string, id: string, more: Partial<LogRecord> = {}): LogRecord => ({
  id: `call-${id}`,
  telephonySessionId: session,
  startTime: startedAt.toISOString(),
  duration: 60,
  recording: { id },
  ...more
})

/** Answers by the session that is asked for. */
const sessions =
  (bySession: Readonly<Record<string, ReadonlyArray<LogRecord>>>): NonNullable<FakeAccount["log"]> =>
  (query) =>
    "from" in query ? [] : (bySession["sessionId" in query ? query.sessionId : query.telephonySessionId] ?? [])

const atNow = <A, E>(effect: Effect.Effect<A, E>) => Effect.andThen(TestClock.setTime(context.now.getTime()), effect)

describe("findRecordings", () => {
  const find = (account: FakeAccount, call: Parameters<typeof findRecordings>[1]) =>
    Effect.gen(function* () {
      const { api, asked } = fakeApi(account)
      const { knownEnd, recordings } = yield* atNow(findRecordings(api, call, context))
      return { ids: recordings.map(({ id }) => id), asked, knownEnd, recordings }
    })

  it.effect("follows warm transfers in both directions, each session once", () =>
    Effect.gen(function* () {
      const log = sessions({
        "s-1": [recordOf("s-1", "7", { transferTarget: { telephonySessionId: "s-2" } })],
        "s-2": [
          recordOf("s-2", "8", {
            transferee: { telephonySessionId: "s-1" },
            legs: [{ transferTarget: { telephonySessionId: "s-3" } }]
          })
        ],
        "s-3": [recordOf("s-3", "9", { transferee: { telephonySessionId: "s-2" } })]
      })
      for (const id of ["s-1", "s-2", "s-3"]) {
        const { asked, ids } = yield* find({ log }, { id })
        expect(ids.toSorted()).toEqual(["7", "8", "9"])
        expect(asked.toSorted()).toEqual(["log s-1", "log s-2", "log s-3"])
      }
    })
  )

  it.effect("gives up on a chain of sessions that does not end", () =>
    Effect.gen(function* () {
      const { asked } = yield* find(
        {
          log: (query) => {
            const session = "telephonySessionId" in query ? query.telephonySessionId : "s-0"
            const next = `s-${Number(session.slice(2)) + 1}`
            return [recordOf(session, session, { transferTarget: { telephonySessionId: next } })]
          }
        },
        { id: "s-0" }
      )
      expect(asked).toHaveLength(8)
    })
  )

  it.effect("finds a call by its record's id, and its other records then", () =>
    Effect.gen(function* () {
      const record = recordOf("s-1", "7")
      const { asked, ids } = yield* find(
        { log: sessions({ "s-1": [record, recordOf("s-1", "8")] }), records: { "call-7": record } },
        { id: "call-7" }
      )
      expect(ids).toEqual(["7", "8"])
      expect(asked).toEqual(["log call-7", "record call-7", "log s-1"])
    })
  )

  it.effect("never asks for a record by an id that is several, or a session's", () =>
    Effect.gen(function* () {
      for (const id of ["a,b", "s-1"]) expect((yield* find({}, { id })).asked).toEqual([`log ${id}`])
    })
  )

  it.effect("asks without dates where the vendor refuses them together with a session", () =>
    Effect.gen(function* () {
      const refusal = new InvalidQuery({ field: "sessionId", detail: "x" })
      const record = recordOf("s-1", "7", { sessionId: "123" })
      const { asked, ids } = yield* find(
        { log: (query) => ("window" in query && query.window === undefined ? [record] : refusal) },
        { id: "123" }
      )
      expect(ids).toEqual(["7"])
      expect(asked).toEqual(["log 123", "log 123 undated"])
    })
  )

  const event = (more: object = {}) => ({
    body: {
      telephonySessionId: "s-1",
      sessionId: "123",
      eventTime: "2026-03-08T12:00:00Z",
      parties: [{ id: "p", accountId: "1", recordings: [{ id: "7", active: false }] }],
      ...more
    }
  })

  it.effect("takes an event's older session id where the log knows no other", () =>
    Effect.gen(function* () {
      const record: LogRecord = {
        id: "call",
        sessionId: "123",
        startTime: startedAt.toISOString(),
        recording: { id: "7" }
      }
      const { asked, ids } = yield* find({ log: sessions({ "123": [record] }) }, { event: event() })
      expect(ids).toEqual(["7"])
      expect(asked).toEqual(["log s-1", "log 123"])
    })
  )

  it.effect("knows when the call was by the event alone", () =>
    Effect.gen(function* () {
      const { ids, knownEnd } = yield* find({}, { event: event() })
      expect(ids).toEqual([])
      expect(knownEnd).toEqual(new Date("2026-03-08T12:00:00Z"))
    })
  )

  it.effect("adds what the event announced and the log does not show with the call yet", () =>
    Effect.gen(function* () {
      const bare = { ...recordOf("s-1", "8"), recording: undefined }
      const { recording: _, ...record } = bare
      const young = { ...context, now: new Date("2026-03-08T12:00:30Z") }
      const { api } = fakeApi({ log: sessions({ "s-1": [record] }) })
      const { recordings } = yield* findRecordings(api, { event: event() }, young)
      expect(recordings).toMatchObject([{ id: "7", call: { id: "s-1" }, availability: { state: "pending" } }])
      const old = yield* find({ log: sessions({ "s-1": [record] }) }, { event: event() })
      expect(old.recordings).toMatchObject([{ id: "7", availability: { state: "unavailable", reason: "absent" } }])
    })
  )
})

describe("getRecording", () => {
  const get = (account: FakeAccount, reference: RecordingReference, more: object = {}) =>
    Effect.gen(function* () {
      const { api, asked } = fakeApi(account)
      const found = yield* atNow(getRecording(api, { ...options, ...more }, reference, context)).pipe(
        Effect.map(({ call, id }) => `${id} of ${call?.id}`),
        Effect.catch(({ _tag }) => Effect.succeed<string>(_tag))
      )
      return [found, ...asked]
    })
  const metadata = { "7": { id: "7", contentUri: url } }

  it.effect.each([
    [
      "by its session",
      { log: sessions({ "s-1": [recordOf("s-1", "7")] }) },
      { id: "7", call: { id: "s-1" } },
      ["7 of s-1", "log s-1"]
    ],
    [
      "by its time, where its session does not have it",
      { log: (query) => ("from" in query ? [recordOf("s-9", "7")] : []) },
      { id: "7", call: { id: "s-1", startedAt } },
      ["7 of s-9", "log s-1", "log around"]
    ],
    [
      "by its metadata, where the log does not have it",
      { metadata },
      { id: "7", call: { id: "s-1" } },
      ["7 of undefined", "log s-1", "metadata 7"]
    ],
    ["by its metadata alone", { metadata }, { id: "7" }, ["7 of undefined", "metadata 7"]],
    ["nowhere", {}, { id: "7", call: { id: "s-1" } }, ["NotFound", "log s-1", "metadata 7"]]
  ] as ReadonlyArray<readonly [string, FakeAccount, RecordingReference, ReadonlyArray<string>]>)(
    "%s",
    ([_, account, reference, expected]) =>
      Effect.gen(function* () {
        expect(yield* get(account, reference)).toEqual(expected)
      })
  )

  it.effect("may be a voicemail, where that is included", () =>
    Effect.gen(function* () {
      const messages = { "9": { id: 9 } }
      const included = { include: ["voicemail"], extension: "55" }
      expect(yield* get({ messages }, { id: "9" }, included)).toEqual(["9 of undefined", "metadata 9", "message 55 9"])
      expect(yield* get({ messages }, { id: "9" })).toEqual(["NotFound", "metadata 9"])
    })
  )
})

describe("linkOf", () => {
  it.effect("gives the vendor's address, which needs the token", () =>
    Effect.gen(function* () {
      const { api } = fakeApi({ metadata: { "7": { id: "7", contentUri: url } } })
      expect(yield* linkOf(api, { id: "7" })).toEqual({ url, authentication: "bearer", permanent: true })
    })
  )

  it.effect("gives none to a host that is not configured, and none where there is no recording", () =>
    Effect.gen(function* () {
      const { api } = fakeApi({ metadata: { "7": { id: "7", contentUri: "https://evil.example/7" } } })
      expect(yield* Effect.flip(linkOf(api, { id: "7" }))).toMatchObject({ _tag: "InvalidResponse" })
      expect(yield* Effect.flip(linkOf(api, { id: "8" }))).toMatchObject({ _tag: "NotFound" })
    })
  )
})

describe("check", () => {
  const permissions = (account: FakeAccount, more: object = {}) =>
    Effect.map(check(fakeApi(account).api, { ...options, ...more }), (found) =>
      found.permissions.map(({ granted, name }) => `${name} ${granted}`)
    )
  const scope = new Forbidden({ permission: "ReadCallRecording", detail: "x" })

  it.effect("finds everything in order", () =>
    Effect.gen(function* () {
      const granted = ["ReadCallLog true", "FullCompanyCallLog true", "ReadCallRecording true"]
      expect(yield* permissions({})).toEqual(granted)
      expect(yield* permissions({ permission: new Forbidden({ detail: "may not ask" }) })).toEqual(granted)
      expect(yield* permissions({}, { extension: "~" })).not.toContain("FullCompanyCallLog true")
    })
  )

  it.effect("tells the user's missing permission from the app's missing scope", () =>
    Effect.gen(function* () {
      const ofUser = yield* Effect.flip(permissions({ permission: false }))
      expect(ofUser).toMatchObject({ _tag: "Forbidden", permission: "ReadCallRecording" })
      expect(ofUser.message).toContain("role")
      expect(yield* Effect.flip(permissions({ metadata: { "0": scope } }))).toBe(scope)
      const listed = { log: () => [recordOf("s-1", "7")], metadata: { "7": scope } }
      expect(yield* Effect.flip(permissions(listed))).toBe(scope)
    })
  )

  it.effect("looks at messages too, where voicemail is included", () =>
    Effect.gen(function* () {
      const included = { include: ["voicemail"] }
      expect(yield* permissions({}, included)).toContain("ReadMessages true")
      const refused = new Forbidden({ permission: "ReadMessages", detail: "x" })
      expect(yield* Effect.flip(permissions({ messages: { "0": refused } }, included))).toBe(refused)
    })
  )

  it.effect("fails where the log itself is refused", () =>
    Effect.gen(function* () {
      const refused = new Forbidden({ permission: "ReadCallLog", detail: "x" })
      expect(yield* Effect.flip(permissions({ log: () => refused }))).toMatchObject({ permission: "ReadCallLog" })
    })
  )
})
