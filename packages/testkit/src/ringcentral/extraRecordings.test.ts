import { afterEach, describe, expect, it } from "vitest"
import { makeSimulators, tryClient } from "./tryClient.ts"
import type { ExtraRecording, RecordingTruth } from "./RingCentral.ts"

const { start, closeAll } = makeSimulators()
afterEach(closeAll)

const startedAt = new Date("2026-06-01T10:00:00.123Z")

const truthsOf = async (...extras: ReadonlyArray<Partial<ExtraRecording>>): Promise<ReadonlyArray<RecordingTruth>> => {
  const simulator = await start({ extraRecordings: extras.map((extra) => ({ startedAt, ...extra })) })
  return simulator.truth.slice(-extras.length)
}

describe("an extra recording", () => {
  it("is exact in what it names, and plain in the rest", async () => {
    const [truth] = await truthsOf({
      recordingId: "625387632786",
      sessionId: "4711",
      telephonySessionId: "s-xyz",
      place: "leg",
      kind: "on-demand",
      format: "wav",
      durationSeconds: 2.5,
      callEndsAt: new Date("2026-06-01T10:00:09.123Z"),
      visibleFrom: new Date("2026-06-01T10:00:30Z"),
      attachedAt: new Date("2026-06-01T10:01:00Z"),
      readyAt: new Date("2026-06-01T10:02:00Z"),
      direction: "outbound",
      number: "+442071234567",
      name: "Ada",
      extension: 3
    })
    expect(truth).toMatchObject({
      recordingId: "625387632786",
      sessionId: "4711",
      telephonySessionId: "s-xyz",
      callStartedAt: startedAt,
      callEndedAt: new Date("2026-06-01T10:00:09.123Z"),
      recordSeconds: 9,
      place: "leg",
      kind: "on-demand",
      mediaType: "audio/wav",
      durationSeconds: 2.5,
      bytes: 44 + 2.5 * 16_000,
      direction: "outbound",
      toNumber: "+442071234567",
      toName: "Ada",
      visibleFrom: new Date("2026-06-01T10:00:30Z"),
      attachedAt: new Date("2026-06-01T10:01:00Z"),
      readyAt: new Date("2026-06-01T10:02:00Z"),
      state: "available"
    })
    const [plain] = await truthsOf({})
    expect(plain).toMatchObject({ place: "both", kind: "automatic", mediaType: "audio/mpeg", direction: "inbound" })
    expect(plain?.durationSeconds).toBeCloseTo(10, 1)
  })

  it("can be of a wanted size", async () => {
    const [truth] = await truthsOf({ bytes: 2 ** 30 })
    expect(truth?.bytes).toBeGreaterThanOrEqual(2 ** 30)
    expect(truth?.bytes).toBeLessThan(2 ** 30 + 1000)
  })

  it("shares a session, or a record, with others of the same id", async () => {
    const sessions = await truthsOf({ telephonySessionId: "s-1" }, { telephonySessionId: "s-1" }, {})
    expect(new Set(sessions.map(({ sessionId }) => sessionId)).size).toBe(2)
    expect(new Set(sessions.flatMap(({ callRecordIds }) => callRecordIds)).size).toBe(3)
    const records = await truthsOf({ sessionId: "1", callRecordId: "a" }, { sessionId: "1", callRecordId: "a" })
    expect(records.map(({ callRecordIds }) => callRecordIds)).toEqual([["a"], ["a"]])
    expect(records.map(({ place }) => place)).toEqual(["both", "leg"])
    expect(records[0]?.record?.["legs"]).toHaveLength(2)
  })

  it("is found by the ids it was given", async () => {
    const simulator = await start({
      extraRecordings: [
        {
          startedAt,
          recordingId: "5",
          sessionId: "session one",
          telephonySessionId: "telephony one",
          callRecordId: "r"
        }
      ]
    })
    const get = await tryClient(simulator)
    const found = async (query: string): Promise<unknown> => (await get(`/call-log?${query}`)).json()
    expect(await found("sessionId=session+one")).toMatchObject({ records: [{ id: "r" }] })
    expect(await found("telephonySessionId=telephony+one")).toMatchObject({ records: [{ id: "r" }] })
    expect((await get("/call-log/r")).status).toBe(200)
    expect((await get("/recording/5")).status).toBe(200)
    expect(simulator.telephonyEvent({ telephonySessionId: "telephony one" }).body.parties).toHaveLength(1)
  })
})
