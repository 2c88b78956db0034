import type { Party, Recording } from "@callreel/recording"
import { describe, expect, it } from "vitest"
import { placeParties } from "./parties.ts"
import { derivedUuid } from "./uuid.ts"

const between = (from?: Party, to?: Party): Recording => ({
  source: "us",
  provider: "ringcentral",
  account: "1",
  id: "2",
  call: {
    id: "c",
    direction: "outbound",
    outcome: "answered",
    startedAt: new Date(0),
    ...(from && { from }),
    ...(to && { to })
  },
  kind: "unknown",
  availability: { state: "available" },
  raw: {}
})

const alice: Party = { number: "+14155550100", name: "Alice" }
const bob: Party = { number: "+16505550100", name: "Bob" }
const callreel = { name: "callreel", type: "bot" }

describe("placeParties", () => {
  it.each<[string, Party, object]>([
    ["E.164 where it is certain", { number: "(415) 555-0100", e164: "+14155550100" }, { tel: "+14155550100" }],
    ["a number as it was dialled", { number: "8(499)961-0999" }, { tel: "8(499)961-0999" }],
    ["a service code", { number: "*72" }, { tel: "*72" }],
    ["the extension's number where there is no other", { extension: { number: "0541" } }, { tel: "0541" }],
    ["no number with spaces", { number: "415 555 0100" }, {}],
    ["no masked number", { number: "7499XXX0999" }, {}],
    ["no word", { number: "anonymous" }, {}],
    ["nothing of nothing", {}, {}],
    ["the party's name before the extension's", { name: "A", extension: { name: "B" } }, { name: "A" }],
    ["the extension's name", { extension: { name: "B" } }, { name: "B" }],
    [
      "one uuid for one extension",
      { extension: { id: "7" } },
      { uuid: derivedUuid("extension", "ringcentral", "1", "7") }
    ]
  ])("writes %s", (_, party, expected) => {
    expect(placeParties([between(party, bob)]).parties[0]).toEqual(expected)
  })

  it("has the one that began the call first, and callreel last", () => {
    const recording = between(alice, bob)
    const placed = placeParties([recording])
    expect(placed.parties.map(({ name }) => name)).toEqual(["Alice", "Bob", "callreel"])
    expect(placed.placesOf(recording)).toEqual({ from: 0, to: 1 })
    expect(placed.writer).toBe(2)
  })

  it.each([
    ["both ends are unknown", between()],
    ["the one that began is unknown", between(undefined, {})],
    ["a phone calls itself", between(alice, alice)]
  ])("has two ends where %s", (_, recording) => {
    const { parties, placesOf } = placeParties([recording])
    expect(parties).toHaveLength(3)
    expect(placesOf(recording)).toEqual({ from: 0, to: 1 })
  })

  it("has everybody once who is in several recordings, on whichever end", () => {
    const first = between(alice, bob)
    const second = between(bob, { number: "0542" })
    const { parties, placesOf } = placeParties([first, second])
    expect(parties).toEqual([
      { tel: "+14155550100", name: "Alice" },
      { tel: "+16505550100", name: "Bob" },
      { tel: "0542" },
      callreel
    ])
    expect(placesOf(second)).toEqual({ from: 1, to: 2 })
  })
})
