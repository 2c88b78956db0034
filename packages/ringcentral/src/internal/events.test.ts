import { describe, expect, it } from "vitest"
import { eventFields, parseEvent } from "./events.ts"

const session = "1234567890ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/** A notification that the vendor's developers documented. */
const sample = {
  uuid: "12345678901234567890",
  event: "/restapi/v1.0/account/11111111/extension/22222222/telephony/sessions",
  timestamp: "2019-03-08T22:30:40.059Z",
  subscriptionId: "11112222-3333-4444-5555-666677778888",
  ownerId: "33333333",
  body: {
    sequence: 7,
    sessionId: "1234567890",
    telephonySessionId: session,
    serverId: "10.11.12.13.TAM",
    eventTime: "2019-03-08T22:30:39.938Z",
    parties: [
      {
        accountId: "11111111",
        extensionId: "22222222",
        id: "cs12345678901234567890-2",
        direction: "Inbound",
        to: { phoneNumber: "+16505550100", name: "Jane Doe", extensionId: "22222222" },
        from: { phoneNumber: "+14155550100", name: "John Smith" },
        recordings: [{ id: "44444444", active: false }],
        status: { code: "Answered", rcc: false },
        missedCall: false,
        standAlone: false,
        muted: false
      }
    ],
    origin: { type: "Call" }
  }
}

const read = {
  telephonySessionId: session,
  sessionId: "1234567890",
  at: new Date("2019-03-08T22:30:39.938Z"),
  recordings: [{ id: "44444444", account: "11111111" }],
  isOver: false
}

type Json = Readonly<Record<string, unknown>>

const event = (more: Json = {}): Json => ({ telephonySessionId: "s-1", sequence: 1, ...more })

const party = (id: string, code: string, more: Json = {}): Json => ({ id, status: { code, rcc: false }, ...more })

describe("parseEvent", () => {
  it.each([
    ["a whole notification", sample],
    ["its body alone", sample.body],
    ["its text", JSON.stringify(sample)],
    ["the text of its body", JSON.stringify(sample.body, undefined, 2)],
    ["a list of one", [sample]],
    ["the text of a list", JSON.stringify([sample, sample.body])],
    ["ids that are numbers", { ...sample.body, sessionId: 1_234_567_890 }]
  ])("reads %s", (_, payload) => {
    expect(parseEvent(payload)).toEqual(read)
  })

  it("leaves out what a notification does not tell", () => {
    expect(parseEvent({ telephonySessionId: "s-1" })).toEqual({
      telephonySessionId: "s-1",
      recordings: [],
      isOver: false
    })
    const nulls = { sequence: null, sessionId: null, eventTime: null, parties: null }
    expect(parseEvent({ telephonySessionId: "s-1", ...nulls })).toEqual(parseEvent({ telephonySessionId: "s-1" }))
  })

  it.each([
    ["an empty text", ""],
    ["broken JSON", "{"],
    ["a number", 5],
    ["null", null],
    ["nothing", undefined],
    ["an empty list", []],
    ["another kind of notification", { event: "/restapi/v1.0/account/~/presence", body: { extensionId: "7" } }],
    ["a session without its id", { body: { sessionId: "1234567890" } }],
    ["an empty id", { body: { telephonySessionId: "" } }],
    ["a list with something else in it", [sample, { hello: "world" }]],
    ["notifications of two calls", [event(), event({ telephonySessionId: "s-2" })]]
  ])("refuses %s", (_, payload) => {
    expect(parseEvent(payload)).toBeUndefined()
  })

  it("names every recording once, whichever party and notification it stands at, paused or not", () => {
    const events = [
      event({
        sequence: 2,
        parties: [
          party("p-1", "Answered", {
            recordings: [
              { id: "4", active: false },
              { id: 5, active: true }
            ]
          }),
          party("p-2", "Answered", { recordings: [{ id: "5", active: false }] })
        ]
      }),
      event({ sequence: 1, parties: [party("p-1", "Answered", { recordings: [{ id: "4", active: true }] })] }),
      event({ sequence: 3, parties: [party("p-1", "Answered", { recordings: [] })] })
    ]
    expect(parseEvent(events)?.recordings).toEqual([{ id: "4" }, { id: "5" }])
  })

  it("keeps the account of the party that a recording is of", () => {
    const parties = [
      party("p-1", "Answered", { accountId: 11_111_111, recordings: [{ id: "4" }] }),
      party("p-2", "Answered", { recordings: [{ id: "5" }, { id: "4" }] })
    ]
    expect(parseEvent(event({ parties }))?.recordings).toEqual([{ id: "4", account: "11111111" }, { id: "5" }])
  })

  it("is of the time of the latest notification", () => {
    const times = ["2026-03-08T10:00:02Z", "2026-03-08T10:00:09+00:00", "2026-03-08T10:00:05Z", "soon"]
    const events = times.map((eventTime, sequence) => event({ eventTime, sequence }))
    expect(parseEvent(events)?.at).toEqual(new Date("2026-03-08T10:00:09Z"))
  })

  it.each([
    ["talks", [party("p-1", "Answered")], false],
    ["waits", [party("p-1", "Hold")], false],
    ["has left", [party("p-1", "Disconnected")], true],
    ["is gone", [party("p-1", "Gone")], true],
    ["has left, while another talks", [party("p-1", "Disconnected"), party("p-2", "Answered")], false],
    ["has left, like the other", [party("p-1", "Disconnected"), party("p-2", "Disconnected")], true],
    ["has no status", [{ id: "p-1" }], false],
    // Nothing requires an id of a party: without one it is none of the others.
    [
      "talks, without an id, while another has left",
      [{ status: { code: "Answered" } }, { status: { code: "Disconnected" } }],
      false
    ],
    ["is nobody", [], false]
  ])("takes a call for over when everyone has left: a party %s", (_, parties, isOver) => {
    expect(parseEvent(event({ parties }))?.isOver).toBe(isOver)
  })

  it.each(["BlindTransfer", "AttendedTransfer", "RccTransfer", "DtmfTransfer"])(
    "does not take a call for over when a party left by %s",
    (reason) => {
      const parties = [party("p-1", "Disconnected", { status: { code: "Disconnected", reason } })]
      expect(parseEvent(event({ parties }))?.isOver).toBe(false)
    }
  )

  it("goes by the order of the vendor, not by that of arrival", () => {
    const left = event({ sequence: 9, parties: [party("p-1", "Disconnected")] })
    const talking = event({ sequence: 8, parties: [party("p-1", "Answered")] })
    expect(parseEvent([left, talking])?.isOver).toBe(true)
    expect(parseEvent([{ ...talking, sequence: 10 }, left])?.isOver).toBe(false)
  })

  it("remembers parties that the last notification does not name", () => {
    const events = [
      event({ sequence: 1, parties: [party("p-1", "Answered"), party("p-2", "Answered")] }),
      event({ sequence: 2, parties: [party("p-2", "Disconnected")] })
    ]
    expect(parseEvent(events)?.isOver).toBe(false)
  })
})

describe("eventFields", () => {
  it("can be read again", () => {
    expect(parseEvent(eventFields(read))).toEqual(read)
    expect(parseEvent(JSON.stringify(eventFields(read)))).toEqual(read)
    const bare = { telephonySessionId: "s-1", recordings: [{ id: "4" }, { id: "5", account: "1" }], isOver: false }
    expect(parseEvent(eventFields(bare))).toEqual(bare)
  })

  it("has no number, name or place of anybody", () => {
    expect(JSON.stringify(eventFields(read))).not.toMatch(/5550100|Jane|Doe|John|Smith|extension|10\.11\.12/i)
  })
})
