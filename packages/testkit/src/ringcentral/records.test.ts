import { afterEach, describe, expect, it } from "vitest"
import { generateCalls } from "../calls/generateCalls.ts"
import type { JsonObject, RecordingTruth, RingCentralOptions } from "./RingCentral.ts"
import { makeSimulators, tryClient } from "./tryClient.ts"

const { start: startOne, closeAll } = makeSimulators()
afterEach(closeAll)

const start = async (options: RingCentralOptions = {}) => {
  const simulator = await startOne(options)
  const get = await tryClient(simulator)
  const rows = async (): Promise<ReadonlyArray<JsonObject>> => {
    const response = await get("/call-log?dateFrom=2026-01-01T00:00:00Z&view=Detailed&perPage=max&showDeleted=true")
    return ((await response.json()) as { records: ReadonlyArray<JsonObject> }).records
  }
  const all = (matches: (truth: RecordingTruth) => boolean): ReadonlyArray<RecordingTruth> => {
    const found = simulator.truth.filter(matches)
    expect(found.length).toBeGreaterThan(0)
    return found
  }
  return { simulator, get, rows, all }
}

interface Recorded {
  readonly recording?: { readonly id: string; readonly contentUri: string }
}
const legsOf = (record: JsonObject | undefined) => (record?.["legs"] ?? []) as ReadonlyArray<Recorded & JsonObject>
const onRecord = (record: JsonObject | undefined) => (record as Recorded | undefined)?.recording?.id

describe("recordings in records", () => {
  it("stand at the record, at a leg, or at both with one id", async () => {
    const { all } = await start()
    for (const place of ["record", "leg", "both"] as const) {
      const truths = all(
        (truth) =>
          truth.place === place && ["automatic", "on-demand"].includes(truth.kind) && truth.state !== "too-short"
      )
      for (const { record, recordingId } of truths) {
        const onLegs = legsOf(record).map(({ recording }) => recording?.id)
        expect([onRecord(record) === recordingId, onLegs.includes(recordingId)]).toEqual([
          place !== "leg",
          place !== "record"
        ])
      }
    }
  })

  it("are told by truth all and only", async () => {
    const { rows, simulator } = await start()
    const listed = new Set(
      (await rows()).flatMap((row) => [onRecord(row), ...legsOf(row).map(({ recording }) => recording?.id)])
    )
    listed.delete(undefined)
    const expected = simulator.truth.filter(({ kind, state }) => kind !== "voicemail" && state !== "too-short")
    expect(listed).toEqual(new Set(expected.map(({ recordingId }) => recordingId)))
    expect(simulator.size).toBe(simulator.truth.length)
  })

  it("are several on legs of one record, other than that of the record", async () => {
    const { all } = await start()
    const several = all(({ record, scenario }) => {
      const ids = new Set(legsOf(record).flatMap(({ recording }) => (recording === undefined ? [] : [recording.id])))
      return scenario === "transfer" && ids.size > 1
    })
    expect(several.some(({ place }) => place === "leg")).toBe(true)
  })

  it("of too short talks are a flag only", async () => {
    const { all } = await start()
    for (const { record } of all(({ state }) => state === "too-short")) {
      expect(record).toMatchObject({ shortRecording: true })
      expect(onRecord(record)).toBeUndefined()
    }
  })

  it("appear some time after the record, and count as a change of it", async () => {
    const { all, simulator } = await start()
    const [truth] = all(
      ({ attachedAt, place, scenario, visibleFrom }) =>
        scenario === "inbound" && place === "both" && attachedAt.getTime() > visibleFrom.getTime() + 60_000
    )
    simulator.setNow(new Date((truth?.visibleFrom.getTime() ?? 0) - 1))
    expect(truth?.record).toBeUndefined()
    simulator.setNow(truth?.visibleFrom ?? new Date(0))
    expect(onRecord(truth?.record)).toBeUndefined()
    expect(truth?.record?.["lastModifiedTime"]).toBe(truth?.visibleFrom.toISOString())
    simulator.setNow(truth?.attachedAt ?? new Date(0))
    expect(onRecord(truth?.record)).toBe(truth?.recordingId)
    expect(truth?.record?.["lastModifiedTime"]).toBe(truth?.attachedAt.toISOString())
  })

  it("may be attached before their audio can be had, or the other way round", async () => {
    const { all } = await start()
    all(({ attachedAt, readyAt }) => attachedAt < readyAt)
    all(({ attachedAt, readyAt }) => attachedAt > readyAt)
  })
})

describe("sessions", () => {
  it("of internal calls and some queues have two records", async () => {
    const { all, rows } = await start()
    const records = await rows()
    for (const { sessionId } of all(({ scenario }) => scenario === "internal")) {
      expect(records.filter((row) => row["sessionId"] === sessionId)).toHaveLength(2)
    }
    all(({ callRecordIds, scenario }) => scenario === "queue" && callRecordIds.length === 2)
  })

  it("of warm transfers point to each other", async () => {
    const { all, simulator } = await start()
    for (const first of all(({ transferredTo }) => transferredTo !== undefined)) {
      const second = simulator.truth.find(({ telephonySessionId }) => telephonySessionId === first.transferredTo)
      expect(second?.transferredFrom).toBe(first.telephonySessionId)
      expect(second?.sessionId).not.toBe(first.sessionId)
      expect(first.record).toMatchObject({ transferTarget: { telephonySessionId: second?.telephonySessionId } })
      expect(second?.record).toMatchObject({ transferee: { telephonySessionId: first.telephonySessionId } })
    }
  })
})

describe("rows", () => {
  it("have ids of mixed types", async () => {
    const { all } = await start()
    const [truth] = all(({ direction, kind }) => direction === "inbound" && kind === "automatic")
    expect(truth?.record).toMatchObject({
      extension: { id: Number(truth?.extension.id) },
      to: { extensionId: expect.any(String), name: truth?.toName, phoneNumber: truth?.toNumber },
      from: { phoneNumber: truth?.fromNumber }
    })
  })

  it("hold faxes, lengths in milliseconds for some, and keys that nobody documented", async () => {
    const { rows } = await start()
    const records = await rows()
    const having = (key: string): number => records.filter((row) => row[key] !== undefined).length
    for (const key of ["durationMs", "finished", "callQuality", "deleted", "message", "shortRecording"]) {
      expect(having(key)).toBeGreaterThan(0)
      expect(having(key)).toBeLessThan(records.length)
    }
    expect(records.filter((row) => row["type"] === "Fax").length).toBe(12)
    const names = JSON.stringify(records)
    expect(names).toMatch(/Ромашка\\"/)
    expect(names).toMatch(/[一-龥]/)
  })

  it("hide outside numbers where asked to", async () => {
    const { all, simulator } = await start({ maskedNumbers: true })
    expect(simulator.truth.some(({ fromNumber }) => /^\+79\d+XXXX$/.test(fromNumber ?? ""))).toBe(true)
    const [truth] = all(({ direction }) => direction === "inbound")
    expect(truth?.record).toMatchObject({ from: { phoneNumber: truth?.fromNumber } })
  })

  it("have no keys of releases to come where told so, and one format of audio", async () => {
    const { rows, simulator } = await start({ unknownKeys: false, format: "mp3" })
    expect((await rows()).filter((row) => "callQuality" in row)).toEqual([])
    expect(new Set(simulator.truth.map(({ contentType }) => contentType))).toEqual(new Set(["audio/mpeg"]))
  })

  it("leave the log after its history", async () => {
    const { rows } = await start({ historyDays: 90 })
    const first = (await rows()).at(-1)?.["startTime"]
    expect(first).toMatch(/^2026-03-0[3-9]/)
  })
})

describe("GET …/call-log/{id}", () => {
  it("gives one record, as a list does", async () => {
    const { all, get } = await start()
    const [truth] = all(({ place }) => place === "leg")
    const [id] = truth?.callRecordIds ?? []
    expect(await (await get(`/call-log/${id}?view=Detailed`)).json()).toEqual(truth?.record)
    expect(await (await get(`/call-log/${id}`)).json()).not.toHaveProperty("legs")
    expect((await get(`/call-log/${id?.toLowerCase()}x`)).status).toBe(404)
    expect((await get(`/extension/${truth?.extension.id}/call-log/${id}`)).status).toBe(200)
  })

  it("gives up to fifty at once, with the status of each first", async () => {
    const { get, simulator } = await start()
    const ids = simulator.truth.slice(0, 3).flatMap(({ callRecordIds }) => callRecordIds.slice(0, 1))
    const response = await get(`/call-log/${[...ids, "AAAAAAAAAAAAAAAA"].join(",")}`)
    expect(response.status).toBe(207)
    const boundary = /boundary="(.*)"/.exec(response.headers.get("content-type") ?? "")?.[1] ?? ""
    const parts = (await response.text()).split(`--${boundary}`).slice(1, -1)
    const values = parts.map((part) => JSON.parse(part.slice(part.indexOf("\r\n\r\n"))) as JsonObject)
    expect(values[0]).toMatchObject({ response: [{ status: 200 }, { status: 200 }, { status: 200 }, { status: 404 }] })
    expect(values.slice(1).map((record) => record["id"])).toEqual(ids)
    expect((await get(`/call-log/${Array.from({ length: 51 }, () => "a").join(",")}`)).status).toBe(400)
  })
})

describe("large worlds", () => {
  it("start and are listed without being copied", async () => {
    const world = generateCalls({
      seed: "large",
      from: new Date("2026-01-01"),
      to: new Date("2026-04-01"),
      count: 20_000
    })
    const { get, simulator } = await start({ world })
    const last = await get("/call-log?dateFrom=2026-01-01T00:00:00Z&perPage=max&page=23")
    const { paging } = (await last.json()) as { paging: { pageStart: number } }
    expect(paging.pageStart).toBe(22_000)
    expect(simulator.size).toBeGreaterThan(20_000)
  })
})
