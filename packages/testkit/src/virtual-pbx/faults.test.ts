import { afterEach, describe, expect, it } from "vitest"
import { FaultPlan, faultPlan } from "../simulator/FaultPlan.ts"
import { tryClient } from "./tryClient.ts"
import { startVirtualPbx, type VirtualPbxOptions, type VirtualPbxSimulator } from "./VirtualPbx.ts"

const running: Array<VirtualPbxSimulator> = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((pbx) => pbx.close()))
})

const start = async (options: VirtualPbxOptions): Promise<VirtualPbxSimulator> => {
  const pbx = await startVirtualPbx(options)
  running.push(pbx)
  return pbx
}

const list = (page: number, perPage = 10): string => {
  const window = "start_datetime=2026-01-01%2000:00:00&end_datetime=2026-01-31%2023:59:59"
  return `/client/@me/record/?${window}&per_page=${perPage}&page=${page}`
}

const idsOf = async (response: Response): Promise<ReadonlyArray<string>> =>
  ((await response.json()) as ReadonlyArray<{ record_uuid: string }>).map((row) => row.record_uuid)

// What became of each of these requests, and what the log says was done to it.
const walk = async (pbx: VirtualPbxSimulator, pages: ReadonlyArray<number>): Promise<ReadonlyArray<string>> => {
  const get = await tryClient(pbx)
  const outcomes: Array<string> = []
  for (const page of pages) {
    const outcome = await get(list(page), { signal: AbortSignal.timeout(200) }).then(
      async (response) => `${response.status} ${await response.text().then(String, () => "broken")}`,
      () => "failed"
    )
    outcomes.push(`${page}: ${outcome}`)
  }
  return [
    ...outcomes.toSorted(),
    ...pbx.requests
      .of("list")
      .map(({ fault, query }) => `${query} ${fault}`)
      .toSorted()
  ]
}

// A client that repeats what fails or is not right, four times in all, and renews its token when that is refused.
const startPatient = async () => {
  const pbx = await start({
    faults: faultPlan({
      seed: "harsh",
      rate: 0.3,
      routes: ["list", "file"],
      retryAfterSeconds: 0,
      latencyMilliseconds: 20
    })
  })
  let get = await tryClient(pbx)
  const ask = async (path: string, route: string, accept: (text: string) => string | undefined): Promise<string> => {
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      const text = await get(path, { signal: AbortSignal.timeout(300) })
        .then(async (response) => (response.ok ? Buffer.from(await response.arrayBuffer()).toString("latin1") : ""))
        .catch(() => "")
      if (pbx.requests.of(route).at(-1)?.status === 401) get = await tryClient(pbx)
      const accepted = accept(text)
      if (accepted !== undefined) return accepted
    }
    throw new Error(`${path} failed four times`)
  }
  return { pbx, ask }
}

describe("faults by chance", () => {
  const kinds = ["server-error", "reset-before-headers", "truncated-body", "malformed-json", "repeated-rows"] as const
  const pages = Array.from({ length: 40 }, (_, index) => 1 + (index % 8))

  it("are the same for the same seed and the same requests", async () => {
    const options = () => ({
      faults: faultPlan({ seed: "same", rate: 0.5, kinds, routes: ["list"] }),
      listing: { storageUrl: "none" } as const
    })
    const first = await walk(await start(options()), pages)
    expect(await walk(await start(options()), pages)).toEqual(first)
    expect(first.some((line) => line.endsWith("truncated-body"))).toBe(true)
    const other = await start({
      ...options(),
      faults: faultPlan({ seed: "other", rate: 0.5, kinds, routes: ["list"] })
    })
    expect(await walk(other, pages)).not.toEqual(first)
  })

  it("let a client through that asks for each thing once more often than the most hits in a row", async () => {
    const { pbx, ask } = await startPatient()
    const rows = await ask(list(1, 100), "list", (text) =>
      text.startsWith("[") && text.endsWith("]") ? text : undefined
    )
    for (const id of new Set(Array.from(rows.matchAll(/"record_uuid":"([^"]+)"/g), ([, uuid]) => uuid ?? ""))) {
      const truth = pbx.truth.find(({ recordUuid }) => recordUuid === id)
      const expected = truth?.state === "available" ? truth.bytes : undefined
      if (expected === undefined) continue
      await ask(`/client/@me/record/${id}`, "file", (text) => (text.length === expected ? text : undefined))
    }
    expect(pbx.requests.of("list", "file").filter(({ fault }) => fault !== undefined).length).toBeGreaterThan(25)
  })

  it("leave deletions and requests for archives alone", async () => {
    const pbx = await start({
      faults: faultPlan({ seed: "a", rate: 1, routes: ["remove", "remove-window", "archive"] })
    })
    const get = await tryClient(pbx)
    for (const { recordUuid } of pbx.truth.filter(({ state }) => state === "available").slice(0, 20)) {
      expect((await get(`/client/@me/record/${recordUuid}`, { method: "DELETE" })).status).toBe(204)
    }
  })
})

describe("scripted faults", () => {
  it("expired-token: the token is forgotten and refused, also afterwards", async () => {
    const pbx = await start({ faults: FaultPlan.script([{ route: "list", nth: 2, fault: { kind: "expired-token" } }]) })
    const get = await tryClient(pbx)
    expect((await get(list(1))).status).toBe(200)
    expect((await get(list(1))).status).toBe(401)
    expect((await get("/user/")).status).toBe(401)
    expect((await (await tryClient(pbx))(list(1))).status).toBe(200)
  })

  it("refusal: the quota's 429 with its headers, or the concurrency's without", async () => {
    const fault = { kind: "refusal", retryAfterSeconds: 3 } as const
    const pbx = await start({
      faults: FaultPlan.script([
        { route: "list", fault: { ...fault, refusal: "quota" } },
        { route: "call-history", fault: { ...fault, refusal: "concurrent" } }
      ])
    })
    const get = await tryClient(pbx)
    const quota = await get(list(1))
    expect([quota.status, quota.headers.get("x-ratelimit-reset")]).toEqual([429, "3"])
    const concurrent = await get(`/client/@me/call_history/${pbx.truth[0]?.callUuid}`)
    expect([concurrent.status, concurrent.headers.get("x-ratelimit-reset")]).toEqual([429, null])
  })

  it("repeated-rows: the page holds its first rows twice and loses none", async () => {
    const pbx = await start({
      faults: FaultPlan.script([{ route: "list", nth: 2, fault: { kind: "repeated-rows", rows: 2 } }])
    })
    const get = await tryClient(pbx)
    const good = await idsOf(await get(list(1)))
    const repeated = await idsOf(await get(list(1)))
    expect(repeated).toHaveLength(12)
    expect([...new Set(repeated)]).toEqual(good)
  })

  it("drifting-page: later pages begin with rows of the page before, and none is lost", async () => {
    const pbx = await start({
      faults: FaultPlan.script([{ route: "list", nth: 3, fault: { kind: "drifting-page", rows: 3 } }])
    })
    const get = await tryClient(pbx)
    const pages: Array<ReadonlyArray<string>> = []
    for (let page = 1; pages.at(-1)?.length !== 0 && page < 50; page += 1)
      pages.push(await idsOf(await get(list(page))))
    expect(pages[2]?.slice(0, 3)).toEqual(pages[1]?.slice(-3))
    expect(pages[3]?.slice(0, 3)).not.toEqual(pages[2]?.slice(-3))
    const expected = pbx.truth.filter(({ startTime }) => startTime < new Date("2026-02-01T00:00:00Z"))
    expect(new Set(pages.flat())).toEqual(new Set(expected.map(({ recordUuid }) => recordUuid)))
  })

  it("short-body: the storage sends less than listed, and says nothing of it", async () => {
    const pbx = await start({
      faults: FaultPlan.script([{ route: "storage-file", fault: { kind: "short-body", fraction: 0.5 } }])
    })
    const get = await tryClient(pbx)
    const truth = pbx.truth.find(({ state, storage }) => state === "available" && storage === "present")
    const link = await get(`/client/@me/record/${truth?.recordUuid}/storage_url/`)
    const { record_url: url } = (await link.json()) as { record_url: string }
    const half = Math.floor((truth?.bytes ?? 0) / 2)
    const short = await fetch(url)
    expect(short.headers.get("content-length")).toBe(String(half))
    expect((await short.arrayBuffer()).byteLength).toBe(half)
    expect((await (await fetch(url)).arrayBuffer()).byteLength).toBe(truth?.bytes)
  })
})
