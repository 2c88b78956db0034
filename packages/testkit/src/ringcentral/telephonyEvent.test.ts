import { afterEach, describe, expect, it } from "vitest"
import { makeSimulators, tryClient } from "./tryClient.ts"

const { start, closeAll } = makeSimulators()
afterEach(closeAll)

describe("telephonyEvent", () => {
  it("names every recording of its session once, by the ids of the log", async () => {
    const simulator = await start()
    const recorded = simulator.truth.filter(({ kind }) => kind !== "voicemail")
    for (const { telephonySessionId, sessionId } of recorded) {
      const event = simulator.telephonyEvent({ telephonySessionId })
      expect(event.body).toMatchObject({ sessionId, telephonySessionId })
      const named = event.body.parties.flatMap(({ recordings = [] }) => recordings.map(({ id }) => id))
      const expected = recorded.filter((truth) => truth.telephonySessionId === telephonySessionId)
      expect(named.toSorted()).toEqual(expected.map(({ recordingId }) => recordingId).toSorted())
    }
  })

  it("is as told", async () => {
    const simulator = await start()
    const [truth] = simulator.truth
    const event = simulator.telephonyEvent(truth ?? { telephonySessionId: "" }, {
      status: "Answered",
      sequence: 3,
      active: true,
      time: new Date("2026-01-01T00:00:10Z")
    })
    expect(event.timestamp).toBe("2026-01-01T00:00:10.121Z")
    expect(event.event).toBe(`/restapi/v1.0/account/${simulator.account}/telephony/sessions`)
    expect(event.body).toMatchObject({ sequence: 3, eventTime: "2026-01-01T00:00:10.000Z", origin: { type: "Call" } })
    expect(event.body.parties[0]).toMatchObject({
      accountId: simulator.account,
      recordings: [{ id: truth?.recordingId, active: true }],
      status: { code: "Answered", rcc: false }
    })
    const silent = simulator.telephonyEvent(truth ?? { telephonySessionId: "" }, { recordings: false })
    expect(silent.body.parties[0]).not.toHaveProperty("recordings")
    expect(() => simulator.telephonyEvent({ telephonySessionId: "s-1" })).toThrow(RangeError)
  })
})

describe("GET …/telephony/sessions/{id}", () => {
  it("knows running calls only", async () => {
    const simulator = await start({
      extraRecordings: [
        { startedAt: new Date("2026-06-01T11:59:00Z"), callEndsAt: new Date("2026-06-01T12:01:00Z"), recordingId: "77" }
      ]
    })
    const get = await tryClient(simulator)
    const id = simulator.truth.at(-1)?.telephonySessionId
    expect(await (await get(`/telephony/sessions/${id}`)).json()).toMatchObject({
      id,
      parties: [{ status: { code: "Answered" }, recordings: [{ id: "77", active: true }] }]
    })
    simulator.setNow(new Date("2026-06-01T12:01:00Z"))
    expect((await get(`/telephony/sessions/${id}`)).status).toBe(404)
  })
})
