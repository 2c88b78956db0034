/** Recordings for tests: one as vendors give it, and arbitrary ones. */
import { Direction, Kind, Outcome, type Recording, UnavailableReason } from "@callreel/recording"
import * as fc from "fast-check"
import { createHash } from "node:crypto"

export const sha512 = (bytes: Uint8Array | string): string => createHash("sha512").update(bytes).digest("hex")

/** An inbound call that was answered, with everything that a vendor may tell. */
export const sample: Recording = {
  source: "us",
  provider: "ringcentral",
  account: "11111111",
  id: "44444444",
  call: {
    id: "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
    sessionId: "1234567890",
    direction: "inbound",
    outcome: "answered",
    startedAt: new Date("2026-03-08T22:30:29.505Z"),
    durationSeconds: 35,
    from: { number: "(415) 555-0100", e164: "+14155550100", name: "John Smith" },
    to: { number: "+16505550100", e164: "+16505550100", extension: { id: "7", number: "101", name: "Jane Doe" } }
  },
  kind: "automatic",
  startedAt: new Date("2026-03-08T22:30:31.000Z"),
  durationSeconds: 17.2,
  audio: { mediaType: "audio/mpeg", bytes: 34_416 },
  availability: { state: "available" },
  raw: { b: 1, a: [null, "x"] }
}

const keysOf = <K extends string>(of: Record<K, unknown>): Array<K> =>
  Object.keys(of).filter((key): key is K => key in of)

const instant = fc.date({
  min: new Date("1990-01-01T00:00:00Z"),
  max: new Date("2090-01-01T00:00:00Z"),
  noInvalidDate: true
})
const text = fc.string({ unit: "binary", maxLength: 12 })
const seconds = fc.double({ min: 0, max: 1e6, noNaN: true })
const optional = { requiredKeys: [] }
const extension = fc.record({ id: text, number: text, name: text }, optional)
const telephone = fc.oneof(text, fc.constantFrom("+14155550100", "0541", "anonymous", "7499XXX0999", "*72"))
const party = fc.record({ number: telephone, e164: telephone, name: text, extension }, optional)

const call = fc.record(
  {
    id: fc.oneof(text, fc.uuid()),
    direction: fc.constantFrom(...keysOf(Direction.keys)),
    outcome: fc.constantFrom(...keysOf(Outcome.keys)),
    startedAt: instant,
    sessionId: fc.oneof(text, fc.uuid()),
    legIds: fc.array(text, { maxLength: 3 }),
    answeredAt: instant,
    endedAt: instant,
    durationSeconds: seconds,
    from: party,
    to: party,
    queue: fc.record({ id: text, name: text }, optional),
    tags: fc.array(text, { maxLength: 3 }),
    variables: fc.dictionary(text, text, { maxKeys: 3 })
  },
  { requiredKeys: ["id", "direction", "outcome", "startedAt"] }
)

/** Any Recording that the codec accepts. */
export const arbitraryRecording: fc.Arbitrary<Recording> = fc.record(
  {
    source: text,
    provider: text,
    account: text,
    id: text,
    kind: fc.constantFrom(...keysOf(Kind.keys)),
    availability: fc.oneof(
      fc.constant({ state: "available" as const }),
      fc.record({ state: fc.constant("pending" as const), retryAt: instant }),
      fc.record({
        state: fc.constant("unavailable" as const),
        reason: fc.constantFrom(...keysOf(UnavailableReason.keys))
      })
    ),
    raw: fc.jsonValue(),
    call,
    startedAt: instant,
    endedAt: instant,
    durationSeconds: seconds,
    audio: fc.record({ mediaType: text, bytes: fc.nat(), filename: text, channels: fc.nat() }, optional)
  },
  { requiredKeys: ["source", "provider", "account", "id", "kind", "availability", "raw"] }
)

const facts = {
  mediaType: fc.constantFrom("audio/mpeg", "audio/wav"),
  durationSeconds: seconds,
  channels: fc.oneof(
    fc.integer({ min: 1, max: 8 }),
    fc.array(fc.subarray(["from", "to"] as const), { minLength: 1, maxLength: 4 })
  )
}
const hash = fc.uint8Array({ maxLength: 8 }).map(sha512)
const fileName = text

/** Media of every kind, or none. */
export const arbitraryMedia = fc.option(
  fc.oneof(
    fc.record({ ...facts, filename: fileName, sha512: hash }, { requiredKeys: ["mediaType", "filename", "sha512"] }),
    fc.record(
      { ...facts, url: fc.webUrl({ validSchemes: ["https"] }), sha512: hash, filename: fileName },
      { requiredKeys: ["mediaType", "url", "sha512"] }
    ),
    fc.record({ ...facts, body: fc.uint8Array(), filename: fileName }, { requiredKeys: ["mediaType", "body"] })
  ),
  { nil: undefined }
)
