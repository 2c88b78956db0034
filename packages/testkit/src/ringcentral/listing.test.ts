import { afterEach, describe, expect, it } from "vitest"
import { FaultPlan } from "../simulator/FaultPlan.ts"
import { type Get, makeSimulators, tryClient } from "./tryClient.ts"
import type { RingCentralOptions } from "./RingCentral.ts"

interface Row {
  readonly id: string
  readonly startTime: string
  readonly sessionId: string
  readonly type: string
  readonly direction: string
  readonly deleted?: boolean
  readonly recording?: { readonly type: string }
  readonly legs?: ReadonlyArray<{ readonly recording?: { readonly type: string } }>
}

interface List {
  readonly records: ReadonlyArray<Row>
  readonly paging: Readonly<Record<string, number>>
  readonly navigation: Readonly<Record<string, { readonly uri: string } | undefined>>
}

const { start: startOne, closeAll } = makeSimulators()
afterEach(closeAll)

const start = async (options: RingCentralOptions = {}) => {
  const simulator = await startOne(options)
  const get = await tryClient(simulator)
  const list = async (parameters: string): Promise<List> => {
    const response = await get(`/call-log?${parameters}`)
    expect(response.status).toBe(200)
    return (await response.json()) as List
  }
  return { simulator, get, list }
}

const all = "dateFrom=2026-01-01T00:00:00Z&view=Detailed"
const ids = (list: List): ReadonlyArray<string> => list.records.map(({ id }) => id)

const walk = async (get: Get, first: string): Promise<ReadonlyArray<List>> => {
  const pages: Array<List> = []
  for (let next: string | undefined = first; next !== undefined; next = pages.at(-1)?.navigation["nextPage"]?.uri) {
    pages.push((await (await get(next)).json()) as List)
  }
  return pages
}

const errorOf = async (response: Response): Promise<string> => {
  const body = (await response.json()) as { errors: ReadonlyArray<{ errorCode: string; parameterName: string }> }
  return `${response.status} ${body.errors[0]?.errorCode} ${body.errors[0]?.parameterName}`
}

const exact = (time: string, more = {}) => ({ startedAt: new Date(time), durationSeconds: 1, ...more })

describe("GET …/call-log", () => {
  it("shows the last 24 hours in the Simple view, a hundred rows a page", async () => {
    const { list } = await start({
      extraRecordings: [exact("2026-05-31T11:59:59.999Z"), exact("2026-05-31T12:00:00Z"), exact("2026-06-01T11:00:00Z")]
    })
    const { paging, records } = await list("")
    expect(records.map(({ startTime }) => startTime)).toEqual(["2026-06-01T11:00:00.000Z", "2026-05-31T12:00:00.000Z"])
    expect(paging).toEqual({ perPage: 100, page: 1, pageStart: 0, pageEnd: 1 })
    expect(records[0]).not.toHaveProperty("legs")
    expect(records[0]).not.toHaveProperty("lastModifiedTime")
  })

  it("takes both ends of the window, by the millisecond of startTime", async () => {
    const { list } = await start({
      extraRecordings: [
        exact("2026-05-10T10:00:00.000Z"),
        exact("2026-05-10T10:00:00.001Z"),
        exact("2026-05-10T11:00:00.000Z"),
        exact("2026-05-10T11:00:00.001Z")
      ]
    })
    const window = (from: string, to: string) => `dateFrom=2026-05-10T${from}Z&dateTo=2026-05-10T${to}Z`
    expect((await list(window("10:00:00.001", "11:00:00"))).records).toHaveLength(2)
    expect((await list("dateFrom=2026-05-10T13:00:00.001%2B03:00&dateTo=2026-05-10T11:00:00Z")).records).toHaveLength(2)
  })

  it("walks every row once, newest first, by nextPage alone", async () => {
    const { get, simulator } = await start()
    const pages = await walk(get, `/call-log?${all}&perPage=37&showDeleted=true`)
    const starts = pages.flatMap(({ records }) => records.map(({ startTime }) => startTime))
    expect(starts).toEqual(starts.toSorted().toReversed())
    expect(new Set(pages.flatMap(ids)).size).toBe(starts.length)
    expect(starts.length).toBeGreaterThan(simulator.world.size)
    expect(pages[1]?.paging).toEqual({ perPage: 37, page: 2, pageStart: 37, pageEnd: 73 })
    expect(pages[1]?.navigation["lastPage"]).toBeUndefined()
    expect(pages[1]?.navigation["nextPage"]?.uri).toContain(
      `${simulator.serverUrl}/restapi/v1.0/account/${simulator.account}/call-log?dateFrom=`
    )
  })

  it("tells totals only where asked to, and nothing but perPage of an empty page", async () => {
    const { list } = await start({ totals: true })
    const { navigation, paging } = await list(`${all}&perPage=10`)
    expect(paging["totalPages"]).toBe(Math.ceil((paging["totalElements"] ?? 0) / 10))
    expect(navigation["lastPage"]?.uri).toContain(`page=${paging["totalPages"]}`)
    const without = await start()
    expect((await without.list(`${all}&page=1000`)).paging).toEqual({ perPage: 100 })
  })

  it.each([
    ["perPage=5000", 1000],
    ["perPage=max", 1000],
    ["", 100]
  ])("with %s has %i rows a page", async (parameters, perPage) => {
    const { list } = await start()
    expect((await list(`${all}&${parameters}`)).paging["perPage"]).toBe(perPage)
  })

  it.each([
    ["perPage=0", "400 CMN-101 perPage"],
    ["perPage=most", "400 CMN-101 perPage"],
    ["page=-1", "400 CMN-101 page"],
    ["view=Full", "400 CMN-101 view"],
    ["direction=inbound", "400 CMN-101 direction"],
    ["type=Voice&type=Sms", "400 CMN-101 type"],
    ["recordingType=Any", "400 CMN-101 recordingType"],
    ["showDeleted=1", "400 CMN-101 showDeleted"],
    ["dateFrom=2026-05-10", "400 CMN-101 dateFrom"],
    ["dateFrom=2026-05-10T10:00:00", "400 CMN-101 dateFrom"],
    ["dateFrom=2026-05-10T10:00:00+03:00", "400 CMN-101 dateFrom"],
    ["dateFrom=2026-05-11T00:00:00Z&dateTo=2026-05-10T00:00:00Z", "400 CMN-101 dateFrom"],
    ["extensionNumber=0541&phoneNumber=1", "400 CLG-110 phoneNumber"],
    ["sessionId=1&extensionNumber=0541", "400 CLG-110 sessionId"]
  ])("refuses %s: %s", async (parameters, expected) => {
    const { get } = await start()
    expect(await errorOf(await get(`/call-log?${parameters}`))).toBe(expected)
  })

  it("filters by direction, type, number, extension and the type of any recording", async () => {
    const { list, simulator } = await start()
    const of = async (parameters: string): Promise<ReadonlyArray<Row>> =>
      (await list(`${all}&perPage=max&${parameters}`)).records
    expect(new Set((await of("direction=Inbound")).map(({ direction }) => direction))).toEqual(new Set(["Inbound"]))
    expect(new Set((await of("type=Fax")).map(({ type }) => type))).toEqual(new Set(["Fax"]))
    const onDemand = await of("recordingType=OnDemand")
    const types = (row: Row) => [row, ...(row.legs ?? [])].map(({ recording }) => recording?.type)
    expect(onDemand.length).toBeGreaterThan(5)
    for (const row of onDemand) expect(types(row)).toContain("OnDemand")
    const recorded = (await of("")).filter((row) => types(row).some((type) => type !== undefined))
    expect((await of("recordingType=All")).map(({ id }) => id)).toEqual(recorded.map(({ id }) => id))
    expect((await of("withRecording=true")).length).toBe(recorded.length)
    const outside = simulator.truth.find(({ fromNumber }) => fromNumber?.startsWith("+79"))
    const number = (outside?.fromNumber ?? "").slice(1)
    expect((await of(`phoneNumber=${number}`)).map(({ id }) => id)).toContain(outside?.callRecordIds[0])
    expect(await of(`phoneNumber=%2B${number}`)).toEqual([])
    const extension = simulator.world.extensions[1]
    const extensionRows = await of(`extensionNumber=${extension?.number}`)
    expect(extensionRows.length).toBeGreaterThan(3)
    for (const row of extensionRows) expect(row).toMatchObject({ extension: { id: Number(extension?.id) } })
  })

  it("shows deleted rows only where asked to", async () => {
    const { list } = await start()
    const shown = (await list(`${all}&perPage=max&showDeleted=true`)).records.filter(({ deleted }) => deleted === true)
    expect(shown.length).toBeGreaterThan(3)
    const hidden = await list(`${all}&perPage=max`)
    expect(hidden.records.filter(({ deleted }) => deleted === true)).toEqual([])
  })

  it("finds a session by either id, within the window", async () => {
    const { list, simulator } = await start()
    const truth = simulator.truth.find(({ callRecordIds }) => callRecordIds.length === 2)
    const byTelephony = await list(`${all}&telephonySessionId=${truth?.telephonySessionId}`)
    expect(ids(byTelephony)).toHaveLength(2)
    expect(ids(await list(`${all}&sessionId=${truth?.sessionId}`))).toEqual(ids(byTelephony))
    expect(ids(await list(`sessionId=${truth?.sessionId}`))).toEqual([])
    expect(ids(await list(`${all}&sessionId=999`))).toEqual([])
  })

  it("with strictSession refuses dates beside sessionId and then reaches the whole log", async () => {
    const { get, list, simulator } = await start({ strictSession: true })
    const [truth] = simulator.truth
    expect(await errorOf(await get(`/call-log?${all}&sessionId=${truth?.sessionId}`))).toBe("400 CLG-110 sessionId")
    expect(ids(await list(`sessionId=${truth?.sessionId}`))).toContain(truth?.callRecordIds[0])
  })

  it("of an extension has its rows only, with addresses of its own", async () => {
    const { get, simulator } = await start()
    const extension = simulator.world.extensions[2]?.id
    const response = await get(`/extension/${extension}/call-log?${all}&perPage=max`)
    const { records } = (await response.json()) as {
      records: ReadonlyArray<{ uri: string; extension: { id: number } }>
    }
    expect(records.length).toBeGreaterThan(5)
    for (const { extension: own, uri } of records) {
      expect(own.id).toBe(Number(extension))
      expect(uri).toContain(`/account/${simulator.account}/extension/${extension}/call-log/`)
    }
  })

  it("drifts when rows come in between two pages", async () => {
    const { get, simulator } = await start({
      extraRecordings: [
        exact("2026-05-10T10:00:00Z"),
        exact("2026-05-10T10:01:00Z"),
        exact("2026-05-10T10:02:00Z", { visibleFrom: new Date("2026-06-01T12:00:01Z") })
      ]
    })
    const [first] = await walk(get, `/call-log?dateFrom=2026-05-10T00:00:00Z&dateTo=2026-05-11T00:00:00Z&perPage=1`)
    simulator.setNow(new Date("2026-06-01T12:00:02Z"))
    const next = (await (await get(first?.navigation["nextPage"]?.uri ?? "")).json()) as List
    expect(ids(next)).toEqual(first === undefined ? [] : ids(first))
  })

  it("drifts and repeats rows as a fault", async () => {
    const { get, list } = await start({
      faults: FaultPlan.script([
        { route: "call-log", nth: 3, fault: { kind: "drifting-page", rows: 2 } },
        { route: "call-log", nth: 4, fault: { kind: "repeated-rows", rows: 2 } }
      ])
    })
    const first = ids(await list(`${all}&perPage=5`))
    const second = ids(await list(`${all}&perPage=5&page=2`))
    const drifted = ids(await list(`${all}&perPage=5&page=2`))
    expect(drifted).toEqual([...first.slice(3), ...second.slice(0, 3)])
    const repeated = ids(await list(`${all}&perPage=5`))
    expect(repeated).toEqual([first[0], first[0], first[1], first[1], ...first.slice(2)])
    expect((await get("/call-log")).status).toBe(200)
  })
})

describe("GET …/active-calls", () => {
  const running = exact("2026-06-01T11:59:00Z", {
    callEndsAt: new Date("2026-06-01T12:05:00Z"),
    visibleFrom: new Date("2026-06-01T12:05:20Z")
  })

  it("shows calls while they go on; the log shows them some time after", async () => {
    const { get, list, simulator } = await start({ extraRecordings: [running] })
    const active = async (): Promise<List> => (await (await get("/active-calls?view=Detailed")).json()) as List
    expect((await active()).records).toMatchObject([{ result: "In Progress", finished: false, duration: 60 }])
    expect((await list("")).records).toEqual([])
    expect(simulator.truth.at(-1)).toMatchObject({ state: "running", record: undefined })
    simulator.setNow(new Date("2026-06-01T12:05:10Z"))
    expect((await active()).records).toEqual([])
    expect((await list("")).records).toEqual([])
    simulator.setNow(new Date("2026-06-01T12:05:20Z"))
    expect((await list("")).records).toMatchObject([{ result: "Accepted", duration: 360 }])
    expect(simulator.truth.at(-1)?.state).toBe("available")
  })

  it("are in the log too where asked for, without recording", async () => {
    const { list } = await start({ extraRecordings: [{ ...running, inLogWhileRunning: true }] })
    const { records } = await list("view=Detailed")
    expect(records).toMatchObject([{ result: "In Progress", finished: false }])
    expect(records[0]).not.toHaveProperty("recording")
  })
})
