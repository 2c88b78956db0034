import { afterEach, describe, expect, it } from "vitest"
import { generateCalls } from "../calls/generateCalls.ts"
import { makeSimulators, tryClient } from "./tryClient.ts"
import type { ExtraRecording, RingCentralOptions } from "./RingCentral.ts"

interface SyncAnswer {
  readonly records: ReadonlyArray<{ readonly id: string; readonly startTime: string; readonly recording?: unknown }>
  readonly syncInfo: {
    readonly syncType: string
    readonly syncToken: string
    readonly newerRecordsExist?: boolean
  }
}

const { start: startOne, closeAll } = makeSimulators()
afterEach(closeAll)

const start = async (options: RingCentralOptions = {}) => {
  const simulator = await startOne(options)
  const get = await tryClient(simulator)
  const read = async (resource: string, parameters: Readonly<Record<string, string>>): Promise<SyncAnswer> => {
    const response = await get(`/${resource}?${new URLSearchParams(parameters).toString()}`)
    expect(response.status).toBe(200)
    return (await response.json()) as SyncAnswer
  }
  const refusal = async (resource: string, parameters: Readonly<Record<string, string>>): Promise<string> => {
    const response = await get(`/${resource}?${new URLSearchParams(parameters).toString()}`)
    const body = (await response.json()) as { errors: ReadonlyArray<{ errorCode: string; parameterName: string }> }
    return `${response.status} ${body.errors[0]?.errorCode} ${body.errors[0]?.parameterName}`
  }
  return { simulator, read, refusal }
}

const time = (clock: string): Date => new Date(`2026-06-01T${clock}Z`)
const call = (clock: string, more: Partial<ExtraRecording> = {}): ExtraRecording => ({
  startedAt: time(clock),
  durationSeconds: 1,
  ...more
})
const isync = (token: string) => ({ syncType: "ISync", syncToken: token })
const ids = ({ records }: SyncAnswer): ReadonlyArray<string> => records.map(({ id }) => id)

describe("GET …/call-log-extract-sync", () => {
  const resource = "call-log-extract-sync"

  it("begins an hour ago, by the last change, oldest first", async () => {
    const { read, simulator } = await start({
      extraRecordings: [
        call("09:00:00", { visibleFrom: time("11:30:00") }),
        call("11:10:00", { visibleFrom: time("11:10:05") }),
        call("10:00:00", { visibleFrom: time("10:00:05") })
      ]
    })
    const answer = await read(resource, {})
    expect(answer.records.map(({ startTime }) => startTime)).toEqual([
      "2026-06-01T11:10:00.000Z",
      "2026-06-01T09:00:00.000Z"
    ])
    expect(answer.syncInfo).toMatchObject({ syncType: "FSync", newerRecordsExist: false })
    expect(simulator.counts.heavy).toBe(1)
  })

  it("shows a record again when its recording is attached", async () => {
    const { read, simulator } = await start({
      extraRecordings: [call("11:50:00", { visibleFrom: time("11:50:20"), attachedAt: time("12:10:00") })]
    })
    const first = await read(resource, {})
    expect(first.records).toHaveLength(1)
    expect(first.records[0]).not.toHaveProperty("recording")
    simulator.setNow(time("12:09:59"))
    const second = await read(resource, isync(first.syncInfo.syncToken))
    expect(second.records).toEqual([])
    simulator.setNow(time("12:10:00"))
    const third = await read(resource, isync(second.syncInfo.syncToken))
    expect(ids(third)).toEqual(ids(first))
    expect(third.records[0]).toHaveProperty("recording")
  })

  it("walks everything once in batches, which grow where changes share a millisecond", async () => {
    const shared = Array.from({ length: 5 }, (_, index) => call(`11:30:0${index}`, { visibleFrom: time("11:45:00") }))
    const { read } = await start({ extraRecordings: shared })
    const grown = await read(resource, { recordCount: "2" })
    expect(grown.records).toHaveLength(5)
    const seen: Array<string> = []
    let answer = await read(resource, { dateFrom: "2026-01-01T00:00:00Z", recordCount: "50", view: "Detailed" })
    const changes: Array<string> = []
    for (;;) {
      seen.push(...ids(answer))
      changes.push(...answer.records.map((record) => String(Reflect.get(record, "lastModifiedTime"))))
      if (answer.syncInfo.newerRecordsExist !== true) break
      answer = await read(resource, isync(answer.syncInfo.syncToken))
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBeGreaterThan(300)
    expect(changes).toEqual(changes.toSorted())
  })

  it("refuses what is not allowed", async () => {
    const { read, refusal } = await start()
    const { syncInfo } = await read(resource, {})
    const other = await read("call-log-sync", { recordCount: "1" })
    expect(await refusal(resource, { recordCount: "1001" })).toBe("400 CMN-101 recordCount")
    expect(await refusal(resource, { ...isync(syncInfo.syncToken), recordCount: "5" })).toBe("400 CMN-101 recordCount")
    expect(await refusal(resource, { syncType: "Full" })).toBe("400 CMN-101 syncType")
    expect(await refusal(resource, { dateFrom: "yesterday" })).toBe("400 CMN-101 dateFrom")
    expect(await refusal(resource, isync("x"))).toBe("400 CLG-101 syncToken")
    expect(await refusal(resource, { syncType: "ISync" })).toBe("400 CLG-101 syncToken")
    expect(await refusal(resource, isync(other.syncInfo.syncToken))).toBe("400 CLG-103 syncToken")
    expect(await refusal(resource, { ...isync(syncInfo.syncToken), view: "Detailed" })).toBe("400 CLG-104 syncToken")
  })

  it("refuses tokens that have expired, and accounts without it", async () => {
    const { read, refusal, simulator } = await start({ syncTokenSeconds: 60 })
    const { syncInfo } = await read(resource, {})
    simulator.setNow(time("12:01:00"))
    expect(await refusal(resource, isync(syncInfo.syncToken))).toBe("400 CLG-102 syncToken")
    const without = await start({ extractSync: false })
    expect(await without.refusal(resource, {})).toBe("403 CMN-408 undefined")
  })
})

describe("GET …/call-log-sync", () => {
  const resource = "call-log-sync"

  it("gives the newest records, then what changed since, newest first", async () => {
    const { read, simulator } = await start({
      extraRecordings: [
        call("11:00:00", { visibleFrom: time("11:00:20"), attachedAt: time("12:01:00") }),
        call("11:10:00"),
        call("11:20:00"),
        call("11:30:00", { visibleFrom: time("12:00:30") })
      ]
    })
    const first = await read(resource, { recordCount: "2" })
    expect(first.records.map(({ startTime }) => startTime.slice(11, 16))).toEqual(["11:20", "11:10"])
    simulator.setNow(time("12:02:00"))
    const second = await read(resource, isync(first.syncInfo.syncToken))
    expect(second.syncInfo.syncType).toBe("ISync")
    expect(second.records.map(({ startTime }) => startTime.slice(11, 16))).toEqual(["11:30", "11:00"])
    expect((await read(resource, isync(second.syncInfo.syncToken))).records).toEqual([])
  })

  it("reaches thirty days back and gives at most 250 records", async () => {
    const { refusal, read } = await start({
      extraRecordings: [
        { startedAt: new Date("2026-05-01T00:00:00Z"), durationSeconds: 1 },
        { startedAt: new Date("2026-05-03T00:00:00Z"), durationSeconds: 1 }
      ]
    })
    expect((await read(resource, { recordCount: "250", dateFrom: "2026-01-01T00:00:00Z" })).records).toHaveLength(1)
    expect(await refusal(resource, { recordCount: "251" })).toBe("400 CMN-101 recordCount")
    expect(await refusal(resource, {})).toBe("400 CMN-101 recordCount")
  })

  it("gives up where more than 250 records have changed", async () => {
    const world = generateCalls({ seed: "busy", from: time("11:20:00"), to: time("11:40:00"), count: 400 })
    const { read, refusal, simulator } = await start({ world, now: () => time("11:10:00") })
    const { syncInfo } = await read(resource, { recordCount: "1" })
    simulator.setNow(time("12:00:00"))
    expect(await refusal(resource, isync(syncInfo.syncToken))).toBe("400 CLG-105 syncToken")
  })
})
