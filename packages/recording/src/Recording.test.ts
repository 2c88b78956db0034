import * as Either from "fp-ts/lib/Either.js"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Direction, keyOf, Kind, Outcome, Recording, startOf, UnavailableReason } from "./Recording.ts"

const instant = fc.date({
  min: new Date("1990-01-01T00:00:00Z"),
  max: new Date("2090-01-01T00:00:00Z"),
  noInvalidDate: true
})
const text = fc.string()
const optional = { requiredKeys: [] }
const extension = fc.record({ id: text, number: text, name: text }, optional)
const party = fc.record({ number: text, e164: text, name: text, extension }, optional)
const seconds = fc.double({ min: 0, max: 1e6, noNaN: true })

const call = fc.record(
  {
    id: text,
    direction: fc.constantFrom(...keys(Direction.keys)),
    outcome: fc.constantFrom(...keys(Outcome.keys)),
    startedAt: instant,
    sessionId: text,
    legIds: fc.array(text),
    answeredAt: instant,
    endedAt: instant,
    durationSeconds: seconds,
    from: party,
    to: party,
    queue: fc.record({ id: text, name: text }, optional),
    tags: fc.array(text),
    variables: fc.dictionary(text, text)
  },
  { requiredKeys: ["id", "direction", "outcome", "startedAt"] }
)

const availability = fc.oneof(
  fc.constant({ state: "available" as const }),
  fc.record({ state: fc.constant("pending" as const), retryAt: instant }),
  fc.record({ state: fc.constant("unavailable" as const), reason: fc.constantFrom(...keys(UnavailableReason.keys)) })
)

const recording: fc.Arbitrary<Recording> = fc.record(
  {
    source: text,
    provider: text,
    account: text,
    id: text,
    kind: fc.constantFrom(...keys(Kind.keys)),
    availability,
    raw: fc.jsonValue(),
    call,
    startedAt: instant,
    endedAt: instant,
    durationSeconds: seconds,
    audio: fc.record({ mediaType: text, bytes: fc.nat(), filename: text, channels: fc.nat() }, optional)
  },
  { requiredKeys: ["source", "provider", "account", "id", "kind", "availability", "raw"] }
)

function keys<K extends string>(of: Record<K, unknown>): Array<K> {
  return Object.keys(of).filter((key): key is K => key in of)
}

describe("Recording codec", () => {
  it("gives back what it encoded, through JSON text", () => {
    fc.assert(
      fc.property(recording, (original) => {
        const decoded = Recording.decode(JSON.parse(JSON.stringify(Recording.encode(original))))
        // JSON has no -0; it is the one value that text changes.
        expect(decoded).toEqual(Either.right(JSON.parse(JSON.stringify(original), revive)))
      })
    )
  })

  it("writes instants in UTC", () => {
    const [sample] = fc.sample(recording, { numRuns: 1, seed: 1 })
    expect(sample).toBeDefined()
    if (sample === undefined) return
    const json = Recording.encode({ ...sample, startedAt: new Date("2019-03-08T14:30:29.505-08:00") })
    expect(json.startedAt).toBe("2019-03-08T22:30:29.505Z")
  })

  const json = {
    source: "us",
    provider: "ringcentral",
    account: "1",
    id: "2",
    kind: "automatic",
    availability: { state: "available" },
    raw: {}
  }

  it.each([
    ["a null where a key should be missing", { ...json, startedAt: null }],
    ["an instant that is a number", { ...json, startedAt: 5 }],
    ["a day that no calendar has", { ...json, startedAt: "2026-02-30T00:00:00Z" }],
    ["an instant without its zone", { ...json, startedAt: "2026-02-03T00:00:00" }],
    ["an unknown kind", { ...json, kind: "robot" }],
    ["a pending without the time to ask again", { ...json, availability: { state: "pending" } }],
    ["no source", { ...json, source: undefined }]
  ])("refuses %s", (_, value) => {
    expect(Either.isLeft(Recording.decode(value))).toBe(true)
  })

  it("accepts the least there can be", () => {
    expect(Either.isRight(Recording.decode(json))).toBe(true)
  })
})

describe("keyOf and startOf", () => {
  it("makes the key of source and id", () => {
    expect(keyOf({ source: "us", id: "44444444" })).toBe("us:44444444")
  })

  it("goes by the call's start, then the recording's", () => {
    const [sample] = fc.sample(recording, { numRuns: 1, seed: 2 })
    if (sample === undefined) throw new Error("no sample")
    const start = new Date("2026-01-01T00:00:00Z")
    const { call: _, startedAt: __, ...bare } = sample
    expect(startOf({ ...bare })).toBeUndefined()
    expect(startOf({ ...bare, startedAt: start })).toBe(start)
    expect(
      startOf({
        ...bare,
        startedAt: new Date(0),
        call: { id: "c", direction: "inbound", outcome: "answered", startedAt: start }
      })
    ).toBe(start)
  })
})

function revive(_: string, value: unknown): unknown {
  return typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) ? new Date(value) : value
}
