import {
  Forbidden,
  Gone,
  InvalidOptions,
  InvalidQuery,
  InvalidResponse,
  NotFound,
  RateLimited,
  type Reason,
  Truncated,
  Unauthorized,
  Unavailable,
  Unsupported
} from "@callreel/recording"
import { Duration } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import { describe, expect, it } from "vitest"
import { classifyMissing, type Evidence } from "./classification.ts"
import { LogRecord } from "./wire.ts"

/** A call of a minute: 10:00 to 10:01. */
const base = {
  id: "AbC1",
  sessionId: "1234567890",
  telephonySessionId: "s-1",
  startTime: "2026-01-01T10:00:00Z",
  duration: 60,
  result: "Accepted"
}
const end = new Date("2026-01-01T10:01:00Z")

type Json = Readonly<Record<string, unknown>>

const recordOf = (more: Json = {}): LogRecord => {
  const decoded = LogRecord.decode({ ...base, ...more })
  if (Either.isLeft(decoded)) throw new Error("the record does not fit its codec")
  return decoded.right
}

const recording = { id: "44444444", type: "Automatic", contentUri: "https://media.ringcentral.com/x" }
const listed = (more: Json = {}): LogRecord => recordOf({ recording, ...more })

const hours = (count: number): number => count * 3_600_000
const days = (count: number): number => hours(24 * count)

const pendingFor = Duration.hours(24)
const retention = Duration.days(90)

/** The evidence `after` so many milliseconds since the call's end. */
const evidence = (after: number, changes: Partial<Evidence>): Evidence => ({
  reason: new NotFound({ what: "the recording or call" }),
  recordingId: "44444444",
  records: [],
  knownEnd: undefined,
  now: new Date(end.getTime() + after),
  patience: { pendingFor, ladder: [Duration.minutes(1), Duration.hours(1)] },
  retention,
  ...changes
})

const pending = { _tag: "Pending" } as const
const notFound = { _tag: "NotFound" } as const
const absent = { _tag: "Gone", why: "absent" } as const
const expired = { _tag: "Gone", why: "expired" } as const
const tooShort = { _tag: "Gone", why: "too-short" } as const
const deleted = { _tag: "Gone", why: "deleted" } as const

describe("a recording that the log lists, without its audio", () => {
  it.each([
    ["just after the call", [listed()], 1_000, pending],
    ["on a leg", [recordOf({ legs: [{ recording }] })], 1_000, pending],
    ["by an id that is a number", [recordOf({ recording: { id: 44_444_444 } })], days(2), absent],
    ["on the second record of its session", [recordOf({ id: "other" }), listed()], days(2), absent],
    ["one millisecond before it can no longer come", [listed()], hours(24) - 1, pending],
    ["exactly when it can no longer come", [listed()], hours(24), absent],
    ["later, within the retention", [listed()], days(30), absent],
    ["exactly at the end of the retention", [listed()], days(90), absent],
    ["one millisecond past the retention", [listed()], days(90) + 1, expired],
    ["past the retention", [listed()], days(400), expired],
    ["while the call runs", [listed({ finished: false, duration: 0 })], hours(1), pending],
    ["while the call is in progress", [listed({ result: "In Progress", duration: null })], hours(1), pending],
    ["in a call that was never closed, days ago", [listed({ finished: false })], days(3), absent],
    ["in a call that was never closed, past the retention", [listed({ finished: false })], days(100), expired],
    ["deleted, just after the call", [listed({ deleted: true })], 1_000, deleted],
    ["deleted, later", [listed({ deleted: true })], days(30), deleted],
    ["deleted, past the retention", [listed({ deleted: true })], days(100), deleted],
    // What is marked so will never exist: there is nothing to wait for.
    ["marked too short, just after the call", [listed({ shortRecording: true })], 1_000, tooShort],
    ["marked too short, later", [listed({ shortRecording: true })], days(30), tooShort],
    [
      "marked too short on the leg that names it",
      [recordOf({ legs: [{ recording, shortRecording: true }] })],
      0,
      tooShort
    ],
    // The mark is of the other leg's recording.
    [
      "on a leg, while another leg is marked",
      [recordOf({ legs: [{ shortRecording: true }, { recording }] })],
      0,
      pending
    ],
    [
      "on a leg, while another leg is marked, later",
      [recordOf({ legs: [{ shortRecording: true }, { recording }] })],
      days(30),
      absent
    ],
    [
      "while another record of its call is marked",
      [recordOf({ id: "other", shortRecording: true }), listed()],
      0,
      pending
    ]
  ] as const)("%#: %s", (_, records, after, expected) => {
    expect(classifyMissing(evidence(after, { records }))).toMatchObject(expected)
  })

  it("is asked for again by the ladder, counted from the call's end", () => {
    const reason = classifyMissing(evidence(90_000, { records: [listed()] }))
    expect(reason).toMatchObject({ _tag: "Pending", retryAt: new Date("2026-01-01T11:01:00Z") })
  })

  it("is said to belong to a call that still runs", () => {
    const { message } = classifyMissing(evidence(0, { records: [listed({ finished: false })] }))
    expect(message).toMatch(/still running/)
  })

  describe("where recordings come within an hour", () => {
    const patience = { pendingFor: Duration.hours(1), ladder: [Duration.minutes(5)] }

    // A transfer goes on in another record of the same call: the call's end is that of the whole.
    it.each([
      ["whose call runs on in another record", recordOf({ id: "other", finished: false, duration: 0 }), pending],
      ["whose call ended long ago in every record", recordOf({ id: "other" }), absent],
      [
        "whose call ended just now in another record",
        recordOf({ id: "other", startTime: "2026-01-01T12:00:00Z", duration: 1_800 }),
        pending
      ]
    ] as const)("is judged by its whole call: one %s", (_, other, expected) => {
      expect(classifyMissing(evidence(hours(2), { records: [listed(), other], patience }))).toMatchObject(expected)
    })

    it("is judged by the latest instant that the caller knows, too", () => {
      const knownEnd = new Date("2026-01-01T11:30:00Z")
      expect(classifyMissing(evidence(hours(2), { records: [listed()], knownEnd, patience }))).toMatchObject(pending)
    })
  })
})

describe("a recording that the log does not list", () => {
  it.each([
    ["its call was found, just after it", [recordOf()], undefined, 1_000, pending],
    ["its call was found with another recording", [recordOf({ recording: { id: "5" } })], undefined, 1_000, pending],
    [
      "its call was found, one millisecond before it can no longer come",
      [recordOf()],
      undefined,
      hours(24) - 1,
      pending
    ],
    ["its call was found, exactly when it can no longer come", [recordOf()], undefined, hours(24), notFound],
    ["its call was found, long ago", [recordOf()], undefined, days(30), notFound],
    ["its call still runs", [recordOf({ finished: false })], undefined, hours(2), pending],
    [
      "one record of its call still runs",
      [recordOf(), recordOf({ id: "b", result: "In Progress" })],
      undefined,
      0,
      pending
    ],
    ["its call was never closed, days ago", [recordOf({ finished: false })], undefined, days(3), notFound],
    ["its call was too short, just after it", [recordOf({ shortRecording: true })], undefined, 1_000, tooShort],
    [
      "every leg of its call was too short",
      [recordOf({ legs: [{ shortRecording: true }] })],
      undefined,
      1_000,
      tooShort
    ],
    [
      "one leg of its call was too short, just after it",
      [recordOf({ legs: [{ shortRecording: true }, {}] })],
      undefined,
      1_000,
      pending
    ],
    [
      "one record of its call was too short, another is young",
      [recordOf({ shortRecording: true }), recordOf({ id: "b" })],
      undefined,
      1_000,
      pending
    ],
    ["its call was too short, long ago", [recordOf({ shortRecording: true })], undefined, days(30), tooShort],
    [
      "its call runs, so that a mark is early",
      [recordOf({ shortRecording: true, finished: false })],
      undefined,
      0,
      pending
    ],
    ["nothing was found, of a call known to be young", [], end, 1_000, pending],
    ["nothing was found, one millisecond before it can no longer come", [], end, hours(24) - 1, pending],
    ["nothing was found, exactly when it can no longer come", [], end, hours(24), notFound],
    ["nothing was found, past the retention", [], end, days(400), notFound],
    ["nothing was found, and no time is known", [], undefined, 1_000, notFound],
    ["the log could not be asked, of a young call", undefined, end, 1_000, pending],
    ["the log could not be asked, of an old call", undefined, end, days(30), notFound],
    ["the log could not be asked, and no time is known", undefined, undefined, 1_000, notFound]
  ] as const)("%#: %s", (_, records, knownEnd, after, expected) => {
    expect(classifyMissing(evidence(after, { records, knownEnd }))).toMatchObject(expected)
  })

  it("is judged by the latest of the call's ends", () => {
    const later = recordOf({ id: "b", startTime: "2026-01-02T10:00:00Z" })
    expect(classifyMissing(evidence(hours(30), { records: [recordOf(), later] }))).toMatchObject(pending)
    expect(classifyMissing(evidence(hours(30), { records: [later, recordOf()] }))).toMatchObject(pending)
    const knownEnd = new Date("2026-01-02T10:00:00Z")
    expect(classifyMissing(evidence(hours(30), { records: [recordOf()], knownEnd }))).toMatchObject(pending)
  })

  it("is asked for again at the last chance, when the ladder has come to its end", () => {
    const reason = classifyMissing(evidence(hours(2), { records: [recordOf()] }))
    expect(reason).toMatchObject({ _tag: "Pending", retryAt: new Date("2026-01-02T10:01:00Z") })
  })
})

describe("any answer but not found", () => {
  const reasons: ReadonlyArray<Reason> = [
    new Unauthorized({ detail: "refused" }),
    new Forbidden({ permission: "ReadCallRecording", detail: "refused" }),
    new RateLimited({ retryAfter: Duration.seconds(60), group: "heavy" }),
    new Unavailable({ detail: "status 503", status: 503 }),
    new Truncated({ expected: 2, received: 1 }),
    new InvalidResponse({ path: "", detail: "no audio" }),
    new InvalidQuery({ field: "range", detail: "begins after the end" }),
    new InvalidOptions({ option: "account", detail: "names what is not there" }),
    new Unsupported({ capability: "remove" }),
    new Gone({ why: "deleted", detail: "removed" })
  ]
  const logs = [undefined, [], [listed()], [listed({ deleted: true })], [recordOf({ shortRecording: true })]]

  it.each(reasons.map((reason) => [reason._tag, reason] as const))("stays what it is: %s", (_, reason) => {
    for (const records of logs) {
      for (const after of [1_000, days(30), days(400)]) {
        expect(classifyMissing(evidence(after, { reason, records, knownEnd: end }))).toBe(reason)
      }
    }
  })
})
