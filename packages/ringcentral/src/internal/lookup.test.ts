import type { Recording, RecordingReference } from "@callreel/recording"
import { Duration } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import { describe, expect, it } from "vitest"
import { isLegacy, isYoung, keysOf, ofSession, recordIn } from "./lookup.ts"
import { LogRecord } from "./wire.ts"

const startTime = "2026-03-08T10:00:00Z"
const startedAt = new Date(startTime)
const otherTime = new Date("2026-03-08T11:00:00Z")

const recordOf = (json: Readonly<Record<string, unknown>>): LogRecord => {
  const decoded = LogRecord.decode({ startTime, ...json })
  if (Either.isLeft(decoded)) throw new Error("the record does not fit its codec")
  return decoded.right
}

const listed = (raw: unknown, call: Partial<Recording["call"]> = {}): Recording => ({
  source: "us",
  provider: "ringcentral",
  account: "11111111",
  id: "44444444",
  call: { id: "s-9", direction: "inbound", outcome: "answered", startedAt, ...call },
  kind: "automatic",
  availability: { state: "available" },
  raw
})

describe("keysOf", () => {
  it.each([
    ["an id alone", { id: "4" }, {}],
    ["the newer id of a call", { id: "4", call: { id: "s-1" } }, { telephonySessionId: "s-1" }],
    ["the older id of a call, in the place of the newer", { id: "4", call: { id: "123" } }, { sessionId: "123" }],
    ["the older id of a call", { id: "4", call: { sessionId: "123" } }, { sessionId: "123" }],
    ["the newer id in the place of the older", { id: "4", call: { sessionId: "s-1" } }, { telephonySessionId: "s-1" }],
    ["both", { id: "4", call: { id: "s-1", sessionId: "123" } }, { telephonySessionId: "s-1", sessionId: "123" }],
    ["the call's start", { id: "4", call: { startedAt } }, { around: startedAt }],
    ["the recording's start", { id: "4", startedAt }, { around: startedAt }],
    [
      "the call's start before the recording's",
      { id: "4", call: { startedAt }, startedAt: otherTime },
      { around: startedAt }
    ]
  ] satisfies ReadonlyArray<readonly [string, RecordingReference, object]>)("finds %s", (_, reference, keys) => {
    expect(keysOf(reference)).toEqual(keys)
  })

  it.each([
    [
      "of the record, not of the call that a warm transfer made it part of",
      listed(
        {
          id: "AbC1",
          startTime,
          telephonySessionId: "s-2",
          sessionId: "222",
          transferee: { telephonySessionId: "s-1" }
        },
        { id: "s-1" }
      ),
      { telephonySessionId: "s-2", sessionId: "222", around: startedAt }
    ],
    [
      "of a leg, where only it tells",
      listed({ id: "AbC1", startTime, sessionId: 222, legs: [{ telephonySessionId: "s-2" }] }),
      { telephonySessionId: "s-2", sessionId: "222", around: startedAt }
    ],
    [
      "of the call, where the record tells none",
      listed({ id: "AbC1", startTime }, { id: "s-9", sessionId: "999" }),
      { telephonySessionId: "s-9", sessionId: "999", around: startedAt }
    ],
    [
      "of the call, where what it came with is no record",
      listed({ telephonySessionId: "s-2", recordings: [{ id: "44444444" }] }),
      { telephonySessionId: "s-9", around: startedAt }
    ]
  ])("finds the keys of a listed recording %s", (_, recording, keys) => {
    expect(keysOf(recording)).toEqual(keys)
  })
})

describe("ofSession", () => {
  const one = recordOf({ id: "1", telephonySessionId: "s-1", sessionId: "111" })
  const two = recordOf({ id: "2", telephonySessionId: "s-1", sessionId: "111" })
  const other = recordOf({ id: "3", telephonySessionId: "s-3", sessionId: "333" })
  const byLeg = recordOf({ id: "4", sessionId: "444", legs: [{ telephonySessionId: "s-1" }] })
  const old = recordOf({ id: "5", sessionId: "555" })
  const sameOld = recordOf({ id: "6", sessionId: 555 })
  const bare = recordOf({ id: "7" })

  it.each([
    ["all that the vendor chose", [one, two], "s-1", ["1", "2"]],
    ["only its own, where the vendor chose nothing", [other, one, old, two], "s-1", ["1", "2"]],
    ["those that have it at a leg", [other, byLeg], "s-1", ["4"]],
    ["none, where the vendor chose nothing and has none", [other], "s-1", []],
    ["none of none", [], "s-1", []],
    ["its own by the older id", [one, other, two], "111", ["1", "2"]],
    ["its own by an older id that is a number", [old, sameOld, other], "555", ["5", "6"]],
    ["none of another older id", [old], "111", []],
    ["none of another older id, where a record has none", [bare], "111", []],
    ["none without the key, which may be anybody's", [old, sameOld], "s-1", []]
  ])("takes %s", (_, records, id, ids) => {
    expect(ofSession(records, [id]).map((record) => record.id)).toEqual(ids)
  })

  it("takes those without one key by the other, where both are known to be of one session", () => {
    expect(ofSession([old, other, sameOld], ["s-1", "555"]).map(({ id }) => id)).toEqual(["5", "6"])
  })
})

describe("isLegacy", () => {
  it.each([
    ["1234567890", true],
    ["s-1234567890", false],
    ["1234567890ABCDEFGHIJ", false],
    ["", false],
    ["123,456", false],
    ["123\n", false]
  ])("tells of %j", (id, legacy) => {
    expect(isLegacy(id)).toBe(legacy)
  })
})

describe("recordIn", () => {
  it("finds the record of the log, and nothing in anything else", () => {
    const record = recordOf({ id: "1", sessionId: "111" })
    expect(recordIn(record)).toEqual(record)
    for (const raw of [undefined, null, 5, "1", {}, { id: "1" }, { id: "4", contentUri: "https://m.example/4" }]) {
      expect(recordIn(raw)).toBeUndefined()
    }
  })
})

describe("isYoung", () => {
  const after = (millis: number) => new Date(startedAt.getTime() + millis)

  it.each([
    ["in the future", after(-1), true],
    ["now", after(0), true],
    ["one millisecond less than an hour ago", after(3_599_999), true],
    ["an hour ago", after(3_600_000), false]
  ])("takes a call that ended %s, where recordings come within an hour", (_, now, young) => {
    expect(isYoung(startedAt, now, Duration.hours(1))).toBe(young)
  })

  it("does not guess where no time is known", () => {
    expect(isYoung(undefined, startedAt, Duration.hours(1))).toBe(false)
  })
})
