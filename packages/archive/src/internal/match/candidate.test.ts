import type { Direction, Party, Recording } from "@callreel/recording"
import { describe, expect, it } from "vitest"
import { type Candidate, candidateOf, compare, compareParties, costOf, type Differences, tailsOf } from "./candidate.ts"
import type { Agreement } from "./numbers.ts"

interface Facts {
  readonly at?: number
  readonly direction?: Direction
  readonly from?: string
  readonly to?: string
  readonly recordingSeconds?: number
  readonly callSeconds?: number
}

const party = (number: string): Party => (number.startsWith("+") ? { number, e164: number } : { number })

const recordingOf = ({ at = 0, callSeconds, direction = "unknown", from, recordingSeconds, to }: Facts): Recording => ({
  source: "a",
  provider: "test",
  account: "1",
  id: "1",
  call: {
    id: "c",
    direction,
    outcome: "answered",
    startedAt: new Date(at * 1000),
    ...(from !== undefined && { from: party(from) }),
    ...(to !== undefined && { to: party(to) }),
    ...(callSeconds !== undefined && { durationSeconds: callSeconds })
  },
  kind: "automatic",
  ...(recordingSeconds !== undefined && { durationSeconds: recordingSeconds }),
  availability: { state: "available" },
  raw: {}
})

const candidate = (facts: Facts): Candidate => {
  const made = candidateOf(recordingOf(facts))
  if (made === undefined) expect.unreachable()
  return made
}

const tolerance = { startSeconds: 120, durationSeconds: 5, durationShare: 0.1 }
const client = "+74951234567"
const other = "+74957654321"
const main = "+78121112233"
const trunk = "+78123334455"

const parties: ReadonlyArray<readonly [left: Facts, right: Facts, Agreement]> = [
  [{ from: client, to: main }, { from: client, to: main }, "same"],
  [{ from: client, to: main }, { from: main, to: client }, "same"],
  [{ from: client, to: main }, { from: other, to: main }, "different"],
  [{ from: client, to: main }, { from: client, to: trunk }, "different"],
  [{ from: client }, { from: client, to: trunk }, "same"],
  [{ from: client }, { to: main }, "unknown"],
  [{ from: "101", to: client }, { from: "205", to: client }, "same"],
  [{ from: "101", to: "102" }, { from: "205", to: "206" }, "unknown"],
  [{}, {}, "unknown"],
  // The way of the call says which number is outside, and the account's own ones do not matter.
  [{ direction: "inbound", from: client, to: main }, { direction: "inbound", from: client, to: trunk }, "same"],
  [{ direction: "inbound", from: client, to: main }, { direction: "inbound", from: other, to: main }, "different"],
  [{ direction: "inbound", from: client, to: main }, { direction: "outbound", from: main, to: client }, "same"],
  [{ direction: "inbound", to: main }, { direction: "inbound", from: client, to: main }, "same"],
  [{ direction: "inbound", to: main }, { direction: "inbound", from: client }, "unknown"],
  [{ direction: "internal", from: client, to: main }, { direction: "inbound", from: other, to: main }, "different"]
]

describe("compareParties", () => {
  it.each(parties)("%j and %j: %s", (left, right, agreement) => {
    expect(compareParties(candidate(left), candidate(right))).toBe(agreement)
    expect(compareParties(candidate(right), candidate(left))).toBe(agreement)
  })
})

const pairs: ReadonlyArray<readonly [left: Facts, right: Facts, Differences | undefined]> = [
  [{ from: client }, { from: client }, { startSeconds: 0, parties: "same" }],
  [{}, { at: 120 }, { startSeconds: 120, parties: "unknown" }],
  [{}, { at: 120.001 }, undefined],
  [{ at: 121 }, {}, undefined],
  [{ from: client }, { from: other }, undefined],
  [{ recordingSeconds: 10 }, { recordingSeconds: 15 }, { startSeconds: 0, durationSeconds: 5, parties: "unknown" }],
  [{ recordingSeconds: 10 }, { recordingSeconds: 15.1 }, undefined],
  [{ recordingSeconds: 100 }, { recordingSeconds: 90 }, { startSeconds: 0, durationSeconds: -10, parties: "unknown" }],
  [{ recordingSeconds: 100 }, { recordingSeconds: 89 }, undefined],
  // A call is longer than its recording: they are not compared.
  [{ recordingSeconds: 10 }, { callSeconds: 40 }, { startSeconds: 0, parties: "unknown" }],
  [
    { recordingSeconds: 10, callSeconds: 40 },
    { callSeconds: 41 },
    { startSeconds: 0, durationSeconds: 1, parties: "unknown" }
  ],
  [{ recordingSeconds: 10, callSeconds: 40 }, { callSeconds: 60 }, undefined]
]

describe("compare", () => {
  it.each(pairs)("%j and %j: %j", (left, right, differences) => {
    expect(compare(candidate(left), candidate(right), tolerance)).toEqual(differences)
  })
})

describe("costOf", () => {
  it("is least where nothing differs, and never more than 2", () => {
    expect(costOf({ startSeconds: 0, parties: "same" }, tolerance)).toBe(0)
    expect(costOf({ startSeconds: 60, durationSeconds: 1, parties: "same" }, tolerance)).toBeCloseTo(0.29)
    expect(costOf({ startSeconds: -120, durationSeconds: 900, parties: "same" }, tolerance)).toBe(2)
    expect(costOf({ startSeconds: 0, parties: "same" }, { ...tolerance, startSeconds: 0 })).toBe(0)
  })
})

describe("candidateOf", () => {
  it("has no candidate without a start", () => {
    const { call: _, ...recording } = recordingOf({})
    expect(candidateOf(recording)).toBeUndefined()
  })

  it("goes by the last digits of both numbers", () => {
    expect(tailsOf(candidate({ from: client, to: "84951234567" }))).toEqual(["1234567"])
    expect(tailsOf(candidate({ from: client, to: "101" }))).toEqual(["1234567", "101"])
  })
})
