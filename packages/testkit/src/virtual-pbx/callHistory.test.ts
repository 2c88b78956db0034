import { afterEach, describe, expect, it } from "vitest"
import type { CallWorld } from "../calls/SimulatedCall.ts"
import { tryClient } from "./tryClient.ts"
import { startVirtualPbx, type VirtualPbxOptions, type VirtualPbxSimulator } from "./VirtualPbx.ts"

interface History {
  readonly [key: string]: unknown
  readonly cdr: ReadonlyArray<Readonly<Record<string, unknown>>>
}

const running: Array<VirtualPbxSimulator> = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((pbx) => pbx.close()))
})

const start = async (options: VirtualPbxOptions = {}) => {
  const pbx = await startVirtualPbx(options)
  running.push(pbx)
  const get = await tryClient(pbx)
  const ask = (callId: string): Promise<Response> => get(`/client/@me/call_history/${callId}`)
  const history = async (callId: string): Promise<History> => (await (await ask(callId)).json()) as History
  return { pbx, ask, history, call: (name: string) => exampleOf(pbx.world, name) }
}

const exampleOf = (world: CallWorld, name: string) => {
  const call = Array.from(world).find(({ scenario }) => scenario === name)
  if (call === undefined) throw new Error(`there is no ${name}`)
  return call
}

describe("GET /client/{id}/call_history/{CallID}", () => {
  it("gives one call with a row for each leg, by its id in any case", async () => {
    const { call, history, pbx } = await start()
    const { id, legs } = call("transfer")
    const found = await history(id)
    expect(found).toMatchObject({ call_uuid: id.toUpperCase(), result: "bridged" })
    expect(await history(id.toUpperCase())).toEqual(found)
    const expected = pbx.truth.filter(({ callUuid }) => callUuid === id.toUpperCase())
    expect(expected).toHaveLength(legs.length)
    expect(found.cdr.map((row) => row["record_uuid"])).toEqual(expected.map(({ recordUuid }) => recordUuid))
  })

  it("leaves call_uuid, file_name and record_transfer out of the rows; the call's start has no fraction", async () => {
    const { call, history } = await start()
    const found = await history(call("queue").id)
    expect(found["init_time_gmt"]).toMatch(/:\d\d$/)
    const keys = found.cdr.flatMap((row) => Object.keys(row))
    for (const absent of ["call_uuid", "file_name", "record_transfer"]) expect(keys).not.toContain(absent)
    for (const present of ["record_uuid", "record_file_size", "extension_type", "storage_url"]) {
      expect(keys).toContain(present)
    }
  })

  it("has rows without a recording where nothing was recorded, whatever the call says of itself", async () => {
    const { call, history } = await start()
    const phantom = await history(call("phantom").id)
    expect(phantom["result"]).toBe("answered")
    expect(phantom.cdr).toMatchObject([{ result: "failed", duration: 0, record_uuid: null, record_file_size: null }])
    const group = await history(call("ring-group").id)
    expect(group.cdr.map((row) => row["result"])).toEqual(["answered elsewhere", "answered", "answered elsewhere"])
    expect(group.cdr.filter((row) => row["record_uuid"] !== null)).toHaveLength(1)
  })

  it("tells of a running call without its recording, and of the recording when it is ready", async () => {
    const { history, pbx } = await start({
      extraRecordings: [
        {
          startedAt: new Date("2026-05-05T12:00:00Z"),
          durationSeconds: 60,
          readyAt: new Date("2026-05-05T12:02:00Z"),
          callId: "ab".repeat(16)
        }
      ],
      now: () => new Date("2026-05-05T11:59:59Z")
    })
    const id = "AB".repeat(16)
    expect(await history(id)).toEqual({ message: "Not found" })
    pbx.setNow(new Date("2026-05-05T12:00:30Z"))
    expect(await history(id)).toMatchObject({ hangup_time_gmt: null, cdr: [{ record_uuid: null, duration: 0 }] })
    pbx.setNow(new Date("2026-05-05T12:01:30Z"))
    expect(await history(id)).toMatchObject({ duration: 60, cdr: [{ record_uuid: null, duration: 60 }] })
    pbx.setNow(new Date("2026-05-05T12:02:00Z"))
    expect(await history(id)).toMatchObject({ cdr: [{ record_uuid: expect.stringMatching(/^\d+-[\dA-F]{32}$/) }] })
  })

  it("answers 404 for a call it does not know", async () => {
    const { ask } = await start()
    for (const id of ["A".repeat(32), "12", "%2e%2e"]) {
      const response = await ask(id)
      expect([response.status, await response.json()]).toEqual([404, { message: "Not found" }])
    }
  })

  it("refuses a second request while one is under way", async () => {
    const { ask, call, pbx } = await start({ historyMilliseconds: 100 })
    const { id } = call("inbound")
    const answers = await Promise.all([ask(id), ask(id), ask(id)])
    expect(answers.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([200, 429, 429])
    const refused = answers.find(({ status }) => status === 429)
    expect(await refused?.json()).toEqual({
      message: "Stats request already exists, concurrent request not allowed"
    })
    expect((await ask(id)).status).toBe(200)
    expect(pbx.counts.refusals).toBe(2)
  })
})

describe("the hangup notification", () => {
  it("has ids in lower case, durations in microseconds, and the recording's id", async () => {
    const { pbx } = await start()
    const truth = pbx.truth.find(({ flow, scenario }) => scenario === "outbound" && flow === "out")
    if (truth === undefined) throw new Error("there is no outbound call")
    const { body, contentType, fields, query } = pbx.hangupEvent(truth)
    expect(contentType).toBe("application/x-www-form-urlencoded")
    expect(query).toBe("")
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual(fields)
    expect(fields).toMatchObject({
      EventType: "hangup",
      CallID: truth.callUuid.toLowerCase(),
      RecID: truth.recordUuid.toLowerCase(),
      CallFlow: "out",
      CallStatus: "ANSWER"
    })
    expect(Number(fields["EventTime"]) / 1e6).toBeCloseTo(truth.hangupTime.getTime() / 1000, -1)
    expect(Math.abs(Number(fields["Duration"]) / 1e6 - truth.durationSeconds)).toBeLessThan(1)
  })

  it("comes without RecID, in upper case, or in the query with an empty body", async () => {
    const { call, pbx } = await start()
    const callUuid = call("transfer").id.toUpperCase()
    const { body, fields, query } = pbx.hangupEvent({ callUuid }, { recId: "missing", lowerCase: false, form: "query" })
    expect(body).toBe("")
    expect(new URLSearchParams(query).get("CallID")).toBe(callUuid)
    expect(fields).not.toHaveProperty("RecID")
    expect(fields).toHaveProperty("Transfered", "yes")
  })

  it("of a call nobody answered has no recording", async () => {
    const { call, pbx } = await start()
    const { fields } = pbx.hangupEvent({ callUuid: call("missed").id })
    expect(fields).toMatchObject({ CallStatus: "NOANSWER", Duration: "0" })
    expect(fields).not.toHaveProperty("RecID")
  })
})
