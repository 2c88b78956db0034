import { asRegion, defaultPendingFor, type Recording } from "@callreel/recording"
import * as Either from "fp-ts/lib/Either.js"
import { describe, expect, it } from "vitest"
import { defaultRetryLadder } from "../RingCentralOptions.ts"
import { type MapContext, recordingsOfRecord } from "./map.ts"
import { endOf, isRunning } from "./callTimes.ts"
import { linkedSessionsOf, sessionsOf } from "./sessions.ts"
import { LogRecord } from "./wire.ts"

const start = "2026-03-08T10:00:00.250Z"
const startedAt = new Date(start)
const minutesLater = (minutes: number): Date => new Date(startedAt.getTime() + minutes * 60_000)

const context: MapContext = {
  source: "us",
  account: "11111111",
  patience: { pendingFor: defaultPendingFor, ladder: defaultRetryLadder },
  now: minutesLater(60),
  voicemail: false
}

const base = {
  id: "AbC1",
  uri: "https://platform.ringcentral.com/restapi/v1.0/account/11111111/call-log/AbC1?view=Detailed",
  sessionId: "1234567890",
  startTime: start,
  duration: 35,
  direction: "Inbound",
  result: "Accepted",
  recording: { id: "44444444", type: "Automatic" }
}

const recordOf = (json: unknown): LogRecord => {
  const decoded = LogRecord.decode(json)
  if (Either.isLeft(decoded)) throw new Error("the record does not fit its codec")
  return decoded.right
}

const recordingOf = (more: Readonly<Record<string, unknown>>, changes: Partial<MapContext> = {}): Recording => {
  const [recording] = recordingsOfRecord(recordOf({ ...base, ...more }), { ...context, ...changes })
  if (recording === undefined) throw new Error("there must be a recording")
  return recording
}

const callOf = (more: Readonly<Record<string, unknown>>, changes: Partial<MapContext> = {}) =>
  recordingOf(more, changes).call

describe("the id of a call", () => {
  it.each([
    ["its telephony session", { telephonySessionId: "s-1" }, { id: "s-1", sessionId: "1234567890" }],
    ["a leg's telephony session", { legs: [{ telephonySessionId: "s-1" }] }, { id: "s-1", sessionId: "1234567890" }],
    ["its older session", {}, { id: "1234567890", sessionId: "1234567890" }],
    ["its older session, as a number", { sessionId: 1_234_567_890 }, { id: "1234567890", sessionId: "1234567890" }],
    ["its older session, where the other is empty", { telephonySessionId: "" }, { id: "1234567890" }],
    [
      "the session of whom a warm transfer handed over",
      { telephonySessionId: "s-2", transferee: { telephonySessionId: "s-1" } },
      { id: "s-1" }
    ],
    [
      "the same, where a leg tells",
      { telephonySessionId: "s-2", legs: [{ transferee: { telephonySessionId: "s-1" } }] },
      { id: "s-1" }
    ],
    [
      "its own session, where the call went on to the target of a warm transfer",
      { telephonySessionId: "s-1", transferTarget: { telephonySessionId: "s-2" } },
      { id: "s-1" }
    ]
  ])("is %s", (_, more, expected) => {
    expect(callOf(more)).toMatchObject(expected)
  })

  it("is the same for both sessions of a warm transfer", () => {
    const before = callOf({ telephonySessionId: "s-1", transferTarget: { telephonySessionId: "s-2" } })
    const after = callOf({ telephonySessionId: "s-2", transferee: { telephonySessionId: "s-1" } })
    expect(after?.id).toBe(before?.id)
  })
})

describe("outcome and direction", () => {
  it.each([
    ["Accepted", "answered"],
    ["Call connected", "answered"],
    ["Missed", "missed"],
    ["No Answer", "missed"],
    ["Abandoned", "missed"],
    ["Answered Elsewhere", "missed"],
    ["Busy", "busy"],
    ["Rejected", "busy"],
    ["Voicemail", "voicemail"],
    ["Sent to Voicemail", "voicemail"],
    ["Call Failed", "failed"],
    ["Call Failure", "failed"],
    ["Wrong Number", "failed"],
    ["Unknown", "unknown"],
    ["Received", "unknown"],
    ["new words", "unknown"],
    ["constructor", "unknown"],
    ["", "unknown"],
    [null, "unknown"]
  ])("takes the result %j for %s", (result, outcome) => {
    expect(callOf({ result })?.outcome).toBe(outcome)
  })

  it("takes a call in progress for one whose outcome is not known", () => {
    expect(callOf({ result: "In Progress" })?.outcome).toBe("unknown")
  })

  const outside = { phoneNumber: "+14155550100", name: "John Smith" }
  const inside = { extensionNumber: "101", extensionId: "63001", name: "Jane Doe" }

  it.each([
    ["Inbound", outside, inside, "inbound"],
    ["Outbound", inside, outside, "outbound"],
    ["Inbound", inside, { extensionNumber: "102" }, "internal"],
    ["Outbound", inside, { extensionId: 63_002 }, "internal"],
    // A number of the account's own is dialled from outside as well.
    ["Inbound", { ...inside, phoneNumber: "+16505550101" }, { ...inside, phoneNumber: "+16505550100" }, "inbound"],
    ["Inbound", null, inside, "inbound"],
    ["Outbound", inside, undefined, "outbound"],
    ["Sideways", outside, inside, "unknown"],
    ["toString", outside, inside, "unknown"],
    [null, outside, inside, "unknown"]
  ])("%#: takes %j from %o to %o for %s", (direction, from, to, expected) => {
    expect(callOf({ direction, from, to })?.direction).toBe(expected)
  })
})

describe("times of a call", () => {
  it.each([
    ["seconds", { duration: 35 }, 35, "2026-03-08T10:00:35.250Z"],
    ["milliseconds, which say more", { duration: 35, durationMs: 35_420 }, 35.42, "2026-03-08T10:00:35.670Z"],
    ["milliseconds alone", { duration: null, durationMs: 1 }, 0.001, "2026-03-08T10:00:00.251Z"],
    ["nothing at all", { duration: 0 }, 0, "2026-03-08T10:00:00.250Z"]
  ])("are its start and length: %s", (_, more, durationSeconds, endedAt) => {
    expect(callOf(more)).toMatchObject({ startedAt, durationSeconds, endedAt: new Date(endedAt) })
  })

  it("are UTC, whatever zone the vendor writes", () => {
    expect(callOf({ startTime: "2026-03-08T02:00:00.250-08:00" })?.startedAt).toEqual(startedAt)
  })

  it("leave out the end where no length is told", () => {
    const call = callOf({ duration: null })
    expect(call).not.toHaveProperty("endedAt")
    expect(call).not.toHaveProperty("durationSeconds")
  })
})

describe("availability", () => {
  it.each([
    ["is not finished", { finished: false, result: "Accepted" }],
    ["is in progress", { result: "In Progress" }],
    ["is both", { finished: false, result: "In Progress" }]
  ])("is pending while the call %s, and the end is not known", (_, more) => {
    const now = minutesLater(5)
    const { availability, call } = recordingOf({ ...more, duration: 300 }, { now })
    expect(availability).toMatchObject({ state: "pending" })
    const retryAt = availability.state === "pending" ? availability.retryAt : now
    expect(retryAt.getTime()).toBeGreaterThan(now.getTime())
    expect(call).not.toHaveProperty("endedAt")
    expect(call).not.toHaveProperty("durationSeconds")
  })

  it.each([
    ["finished", { finished: true }],
    ["not said to be either", {}],
    ["said to be neither", { finished: null }],
    ["never closed, days ago", { finished: false, startTime: "2026-03-01T10:00:00Z" }]
  ])("is given for a call that is %s", (_, more) => {
    expect(recordingOf(more).availability).toEqual({ state: "available" })
  })

  it("is taken away with the record", () => {
    expect(recordingOf({ deleted: true }).availability).toEqual({ state: "unavailable", reason: "deleted" })
    expect(recordingOf({ deleted: false }).availability).toEqual({ state: "available" })
  })
})

describe("parties", () => {
  const region = asRegion("US")

  it.each([
    ["a number with its country", "+14155550100", { number: "+14155550100", e164: "+14155550100" }],
    ["a plain number with the country's code", "16502530000", { number: "16502530000", e164: "+16502530000" }],
    ["a formatted number", "(650) 253-0000", { number: "(650) 253-0000", e164: "+16502530000" }],
    ["a masked number", "+3351234XXXX", { number: "+3351234XXXX" }],
    ["no number", "anonymous", { number: "anonymous" }]
  ])("read %s", (_, phoneNumber, from) => {
    expect(callOf({ from: { phoneNumber } }, { ...(region && { region }) })?.from).toEqual(from)
  })

  it("claim E.164 only where it is certain", () => {
    expect(callOf({ from: { phoneNumber: "16502530000" } })?.from).toEqual({ number: "16502530000" })
    // Digits that would be a number outside are an extension inside.
    const { from } = callOf({ from: { extensionNumber: "6502530000" } }, { ...(region && { region }) }) ?? {}
    expect(from).toEqual({ number: "6502530000", extension: { number: "6502530000" } })
  })

  it("read extensions by number and id, whatever the id's type", () => {
    const from = { extensionNumber: "101", extensionId: 63_001, name: "Jane Doe" }
    const to = { extensionNumber: "102", extensionId: "63002" }
    expect(callOf({ from, to })).toMatchObject({
      from: { number: "101", name: "Jane Doe", extension: { id: "63001", number: "101" } },
      to: { number: "102", extension: { id: "63002", number: "102" } }
    })
  })

  it.each([
    ["Inbound", "to", "from"],
    ["Outbound", "from", "to"]
  ] as const)("put the record's own extension on the account's side of an %s call", (direction, own, other) => {
    const parties = { from: { phoneNumber: "+14155550100" }, to: { phoneNumber: "+16505550100" } }
    const call = callOf({ direction, ...parties, extension: { id: 22_222_222 } })
    expect(call?.[own]).toMatchObject({ extension: { id: "22222222" } })
    expect(call?.[other]).not.toHaveProperty("extension")
  })

  it("do not guess at the side of the record's own extension", () => {
    const parties = { from: { phoneNumber: "+14155550100" }, to: { phoneNumber: "+16505550100" } }
    const call = callOf({ direction: null, ...parties, extension: { id: 22_222_222 } })
    expect(call?.from).not.toHaveProperty("extension")
    expect(call?.to).not.toHaveProperty("extension")
  })

  it("prefer what the party itself says of its extension", () => {
    const call = callOf({ to: { phoneNumber: "+16505550100", extensionId: "5" }, extension: { id: 7 } })
    expect(call?.to?.extension).toEqual({ id: "5" })
  })

  it("leave out what is empty", () => {
    const call = callOf({ from: { phoneNumber: "", extensionNumber: "", name: "", extensionId: "" }, to: {} })
    expect(call).not.toHaveProperty("from")
    expect(call).not.toHaveProperty("to")
  })
})

describe("what the vendor leaves out", () => {
  it("is left out, and null is never written", () => {
    const { id, startTime } = base
    const keys =
      "uri sessionId telephonySessionId partyId transferTarget transferee from to extension direction result duration " +
      "durationMs recording shortRecording message finished deleted legs"
    const nulls = Object.fromEntries(keys.split(" ").map((key) => [key, null]))
    const party = { phoneNumber: null, extensionNumber: null, extensionId: null, name: null }
    const json = {
      ...nulls,
      id,
      startTime,
      from: party,
      to: party,
      extension: { id: null },
      transferee: { telephonySessionId: null },
      legs: [{ ...nulls, startTime: null, recording: { id: "4", uri: null, type: null, contentUri: null } }]
    }
    const [recording, ...others] = recordingsOfRecord(recordOf(json), { ...context, voicemail: true })
    expect(others).toEqual([])
    expect({ ...recording, raw: {} }).toEqual({
      source: "us",
      provider: "ringcentral",
      account: "11111111",
      id: "4",
      call: { id: "AbC1", legIds: ["AbC1"], direction: "unknown", outcome: "unknown", startedAt },
      kind: "unknown",
      availability: { state: "available" },
      raw: {}
    })
  })
})

describe("LogRecord", () => {
  it.each([
    ["a bare record", { id: "1", startTime: start }, true],
    ["ids of either type", { ...base, id: 1, sessionId: 2, extension: { id: "3" }, to: { extensionId: 4 } }, true],
    ["keys that nobody documented", { ...base, callQuality: { score: 4.3 } }, true],
    ["a record without its id", { ...base, id: undefined }, false],
    ["a record without its start", { ...base, startTime: undefined }, false],
    ["a start without its zone", { ...base, startTime: "2026-03-08T10:00:00" }, false],
    ["a recording without its id", { ...base, recording: { type: "Automatic" } }, false],
    ["a length that is text", { ...base, duration: "35" }, false]
  ])("decodes %s: %#", (_, json, fits) => {
    expect(Either.isRight(LogRecord.decode(json))).toBe(fits)
  })
})

describe("isRunning and endOf", () => {
  it.each([
    ["a finished call", { finished: true, duration: 60 }, false, minutesLater(1)],
    ["a finished call whose result lags behind", { finished: true, result: "In Progress" }, false, startedAt],
    ["a call of which neither is said", { duration: 60 }, false, minutesLater(1)],
    ["a call without its length", { duration: null }, false, startedAt],
    ["a running call", { finished: false, duration: 60 }, true, minutesLater(60)],
    ["a call in progress", { result: "In Progress", duration: null }, true, minutesLater(60)],
    [
      "a call that was never closed",
      { finished: false, startTime: "2026-03-01T10:00:00Z", duration: 60 },
      false,
      new Date("2026-03-01T10:01:00Z")
    ]
  ])("tell of %s", (_, more, running, end) => {
    const record = recordOf({ id: "1", startTime: start, result: "Accepted", ...more })
    expect(isRunning(record, minutesLater(60))).toBe(running)
    expect(endOf(record, minutesLater(60))).toEqual(end)
  })
})

describe("sessions of a record", () => {
  const record = recordOf({
    ...base,
    telephonySessionId: "s-1",
    transferTarget: { telephonySessionId: "s-2" },
    legs: [
      { telephonySessionId: "s-1" },
      { telephonySessionId: "s-3", transferee: { telephonySessionId: "s-4" } },
      { transferTarget: { telephonySessionId: "s-2" }, transferee: null }
    ]
  })

  it("are its own and its legs', each once", () => {
    expect(sessionsOf(record)).toEqual({ telephony: ["s-1", "s-3"], legacy: "1234567890" })
    expect(sessionsOf(recordOf({ id: "1", startTime: start }))).toEqual({ telephony: [], legacy: undefined })
  })

  it("lead to those that warm transfers split off", () => {
    expect([...linkedSessionsOf(record)].toSorted()).toEqual(["s-2", "s-4"])
    expect(linkedSessionsOf(recordOf(base))).toEqual([])
  })
})
