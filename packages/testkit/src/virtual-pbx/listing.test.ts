import { afterEach, describe, expect, it } from "vitest"
import { generateCalls } from "../calls/generateCalls.ts"
import { tryClient } from "./tryClient.ts"
import { startVirtualPbx, type VirtualPbxOptions, type VirtualPbxSimulator } from "./VirtualPbx.ts"

interface Row {
  readonly [key: string]: string | number | boolean | null
  readonly record_uuid: string
  readonly init_time_gmt: string
  readonly start_time_gmt: string
}

const running: Array<VirtualPbxSimulator> = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((pbx) => pbx.close()))
})

const start = async (options: VirtualPbxOptions = {}) => {
  const pbx = await startVirtualPbx(options)
  running.push(pbx)
  const get = await tryClient(pbx)
  const ask = (parameters: Readonly<Record<string, string>>, resource = ""): Promise<Response> =>
    get(`/client/@me/record/${resource}?${new URLSearchParams(parameters).toString()}`)
  const list = async (from: string, to: string, more: Readonly<Record<string, string>> = {}): Promise<Array<Row>> => {
    const response = await ask({ start_datetime: from, end_datetime: to, ...more })
    expect(response.status).toBe(200)
    return (await response.json()) as Array<Row>
  }
  return { pbx, ask, list }
}

const january = ["2026-01-01 00:00:00", "2026-01-31 23:59:59"] as const
const week = ["2026-01-05 00:00:00", "2026-01-11 23:59:59"] as const
const ids = (rows: ReadonlyArray<Row>): ReadonlyArray<string> => rows.map((row) => row.record_uuid)
const time = (text: string): number => Date.parse(`${text.replace(" ", "T")}Z`)

// The keys of a real answer; dealer_owner_id is documented and never there.
const realKeys = [
  "ani_number",
  "application",
  "call_uuid",
  "client_owner_id",
  "dest_domain",
  "dest_number",
  "did_domain",
  "did_number",
  "duration",
  "ext_number_reg",
  "extension_group_owner_id",
  "extension_id",
  "extension_name",
  "extension_type",
  "file_name",
  "flow",
  "from_domain",
  "from_screen_name",
  "from_username",
  "hangup_cause",
  "hangup_disposition",
  "hangup_time_gmt",
  "init_time_gmt",
  "record_file_size",
  "record_transfer",
  "record_uuid",
  "result",
  "source_domain",
  "source_number",
  "start_time_gmt",
  "to_domain",
  "to_username"
]

describe("GET …/record/", () => {
  it("answers with a bare array of rows of 32 keys", async () => {
    const { list, pbx } = await start({ listing: { unknownKeys: false, storageUrl: "none" } })
    const rows = await list(...january)
    expect(rows.length).toBeGreaterThan(50)
    for (const row of rows) expect(Object.keys(row).toSorted()).toEqual(realKeys)
    const [row] = rows
    const truth = pbx.truth.find(({ recordUuid }) => recordUuid === row?.record_uuid)
    expect(row).toMatchObject({
      record_file_size: truth?.bytes,
      duration: truth?.durationSeconds,
      flow: truth?.flow,
      result: truth?.result,
      call_uuid: truth?.callUuid
    })
    expect(row?.["call_uuid"]).toMatch(/^[\dA-F]{32}$/)
    expect(row?.record_uuid).toMatch(/^\d+-[\dA-F]{32}$/)
    expect(row?.["file_name"]).toMatch(/^\d{4}(-\d\d){5}-UTC_(in|out)_\d{4}_\w{4}\.mp3$/)
  })

  it("has keys nobody documented, and storage links on some rows", async () => {
    const { list } = await start()
    const rows = await list(...january)
    expect(rows.some((row) => Object.keys(row).length > realKeys.length + 1)).toBe(true)
    const links = rows.filter((row) => "storage_url" in row).length
    expect(links).toBeGreaterThan(0)
    expect(links).toBeLessThan(rows.length)
  })

  it("writes times without zone, init_time_gmt with a fraction or without, up to 13 s before start_time_gmt", async () => {
    const { list } = await start()
    const rows = await list(...january)
    expect(rows.some((row) => /\.\d{1,2}$/.test(row.init_time_gmt))).toBe(true)
    expect(rows.some((row) => /:\d\d$/.test(row.init_time_gmt))).toBe(true)
    for (const row of rows) {
      expect(row.start_time_gmt).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
      const ringing = time(row.start_time_gmt) - time(row.init_time_gmt)
      expect(ringing).toBeGreaterThan(-1000)
      expect(ringing).toBeLessThanOrEqual(13_000)
    }
  })

  it("sorts by init_time_gmt, newest first unless asked otherwise", async () => {
    const { list } = await start()
    const newest = await list(...week)
    const times = newest.map((row) => time(row.init_time_gmt))
    expect(times).toEqual(times.toSorted((left, right) => right - left))
    const oldest = await list(...week, { order: "asc" })
    expect(ids(oldest)).toEqual(ids(newest.toReversed()))
  })

  it("has rows only of recordings: none of missed, failed or too short calls", async () => {
    const { pbx } = await start()
    const scenarios = new Set(pbx.truth.map(({ scenario }) => scenario))
    for (const absent of ["missed", "busy", "rejected", "failed", "phantom", "too-short"]) {
      expect(scenarios).not.toContain(absent)
    }
    expect(pbx.truth.filter(({ scenario }) => scenario === "transfer").length).toBeGreaterThan(1)
  })

  it.each([
    { start_datetime: january[0] },
    { end_datetime: january[1] },
    {},
    { start_datetime: "2026-01-01", end_datetime: january[1] },
    { start_datetime: "2026-01-01T00:00:00Z", end_datetime: january[1] },
    { start_datetime: january[0], end_datetime: "2026-03-01 00:00:00" },
    { start_datetime: january[1], end_datetime: january[0] },
    { start_datetime: january[0], end_datetime: january[1], order: "newest" },
    { start_datetime: january[0], end_datetime: january[1], page: "0" }
  ])("refuses %j", async (parameters) => {
    const { ask } = await start()
    const response = await ask(parameters)
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual({ status: expect.any(String), message: expect.any(String) })
  })
})

describe("the window", () => {
  const second = "2026-05-05 12:00:00"
  const extra = { startedAt: new Date("2026-05-05T12:00:00.500Z"), flow: "out" } as const

  it("is compared with start_time_gmt, its end included", async () => {
    const { list } = await start({ extraRecordings: [extra] })
    expect(await list(second, second)).toHaveLength(1)
  })

  it("can leave its end out", async () => {
    const { list } = await start({ extraRecordings: [extra], listing: { endIncluded: false } })
    expect(await list(second, second)).toHaveLength(0)
    expect(await list(second, "2026-05-05 12:00:01")).toHaveLength(1)
  })

  it("can be compared with init_time_gmt, whose fraction lies after a whole second", async () => {
    const { list } = await start({ extraRecordings: [extra], listing: { filterOn: "init" } })
    expect(await list(second, second)).toHaveLength(0)
    expect(await list(second, "2026-05-05 12:00:01")).toHaveLength(1)
  })

  it("finds a call that rings over its border by its answer", async () => {
    const { list, pbx } = await start()
    const february = new Date("2026-02-01T00:00:00Z")
    const over = pbx.truth.find(({ initTime, startTime }) => initTime < february && startTime >= february)
    expect(over).toBeDefined()
    expect(ids(await list(...january))).not.toContain(over?.recordUuid)
    expect(ids(await list("2026-02-01 00:00:00", "2026-02-01 00:01:00"))).toContain(over?.recordUuid)
  })
})

describe("pages", () => {
  const all = async (list: Awaited<ReturnType<typeof start>>["list"], perPage: number): Promise<Array<Row>> => {
    const rows: Array<Row> = []
    for (let page = 1; page < 100; page += 1) {
      const some = await list(...january, { page: String(page), per_page: String(perPage) })
      rows.push(...some)
      if (some.length < perPage) return rows
    }
    return rows
  }
  const expected = (pbx: VirtualPbxSimulator): ReadonlyArray<string> =>
    pbx.truth
      .filter(({ startTime }) => startTime < new Date("2026-02-01T00:00:00Z"))
      .map(({ recordUuid }) => recordUuid)
      .toReversed()

  it("are honoured, up to the cap", async () => {
    const { list, pbx } = await start({ listing: { pageCap: 20 } })
    expect(await list(...january)).toHaveLength(20)
    expect(await list(...january, { per_page: "500" })).toHaveLength(20)
    expect(ids(await all(list, 7))).toEqual(expected(pbx))
  })

  it("can be ignored: always the first rows of the window", async () => {
    const { list, pbx } = await start({ listing: { paging: "ignores-page", pageCap: 20 } })
    const first = await list(...january, { page: "1", per_page: "5" })
    expect(ids(first)).toEqual(expected(pbx).slice(0, 20))
    expect(await list(...january, { page: "2", per_page: "5" })).toEqual(first)
  })

  it("can be ignored without any cap: always the whole window", async () => {
    const { list, pbx } = await start({ listing: { paging: "ignores-page-uncapped" } })
    expect(ids(await list(...january, { page: "3", per_page: "5" }))).toEqual(expected(pbx))
  })

  it("are cheap in a large world", async () => {
    const [from, to] = [new Date("2026-01-01T00:00:00Z"), new Date("2026-03-01T00:00:00Z")]
    const { list, pbx } = await start({ world: generateCalls({ seed: "large", from, to, count: 60_000 }) })
    const before = performance.now()
    const rows = await list(january[0], "2026-02-28 23:59:59", { page: "600", order: "asc" })
    expect(performance.now() - before).toBeLessThan(1000)
    expect(rows).toHaveLength(100)
    expect(pbx.size).toBeGreaterThan(60_000)
  })
})

describe("rows by the clock", () => {
  const startedAt = new Date("2026-05-05T12:00:00Z")
  const window = ["2026-05-05 00:00:00", "2026-05-06 23:59:59"] as const
  const at = (text: string): Date => new Date(`2026-05-${text}Z`)

  it("appear late", async () => {
    const { list, pbx } = await start({
      extraRecordings: [{ startedAt, visibleFrom: at("05T18:00:00"), durationSeconds: 10 }],
      now: () => at("05T17:59:59")
    })
    expect(await list(...window)).toEqual([])
    const [truth] = pbx.truth.slice(-1)
    expect(truth).toMatchObject({ state: "available", row: undefined })
    pbx.setNow(at("05T18:00:00"))
    expect(await list(...window)).toEqual([truth?.row])
  })

  it("change later, but for what identifies the recording", async () => {
    const { list, pbx } = await start({
      extraRecordings: [{ startedAt, name: "Иванов", changesAt: at("06T00:00:00") }],
      now: () => at("05T23:59:59")
    })
    const [before] = await list(...window)
    pbx.setNow(at("06T00:00:00"))
    const [after] = await list(...window)
    expect(before?.["from_screen_name"]).toBe("+79991234567")
    expect(after?.["from_screen_name"]).toBe("Иванов")
    expect(after).toMatchObject({ record_uuid: before?.record_uuid, record_file_size: before?.["record_file_size"] })
  })

  it("go with the recording after the retention, or stay without it", async () => {
    const options = { extraRecordings: [{ startedAt }], now: () => at("12T12:00:01") }
    const gone = await start({ ...options, retention: { days: 7 } })
    expect(await gone.list(...window)).toEqual([])
    const kept = await start({ ...options, retention: { days: 7, rows: "kept" } })
    expect(await kept.list(...window)).toHaveLength(1)
    expect(kept.pbx.truth.at(-1)?.state).toBe("expired")
  })
})

describe("GET …/record/stats/", () => {
  it.each([
    [undefined, "count", "size"],
    [{ count: "call_records_count", size: "call_records_size" }, "call_records_count", "call_records_size"]
  ])("counts the listed recordings and their bytes, by the names %j", async (statsFields, count, size) => {
    const { ask, pbx } = await start(statsFields === undefined ? {} : { statsFields })
    const response = await ask({ start_datetime: january[0], end_datetime: january[1] }, "stats/")
    const expected = pbx.truth.filter(({ startTime }) => startTime < new Date("2026-02-01T00:00:00Z"))
    expect(await response.json()).toEqual({
      [count]: expected.length,
      [size]: expected.reduce((total, { bytes }) => total + bytes, 0)
    })
    expect((await ask({ start_datetime: january[0] }, "stats/")).status).toBe(400)
  })
})
