import { afterEach, describe, expect, it } from "vitest"
import { FaultPlan, faultPlan } from "../simulator/FaultPlan.ts"
import type { Fault } from "../simulator/Fault.ts"
import { history, makeSimulators, request, textsAt } from "./tryClient.ts"

const { start, closeAll } = makeSimulators()
afterEach(closeAll)

const search = { created_at: { from: 0 }, size: 20, sort: "-created_at" }

const startWith = (route: string, fault: Fault, containing = "") =>
  start({ faults: FaultPlan.script([{ route, fault, containing }]) })

describe("faults of the history", () => {
  it("repeated-rows: the first rows come twice", async () => {
    const webitel = await startWith("history", { kind: "repeated-rows", rows: 3 })
    const repeated = textsAt((await history(webitel, search)).items, "id")
    const plain = textsAt((await history(webitel, search)).items, "id")
    expect(repeated).toEqual([...plain.slice(0, 3), ...plain])
  })

  it("drifting-page: a page begins some rows earlier, chosen by what the body says", async () => {
    const webitel = await startWith("history", { kind: "drifting-page", rows: 5 }, '"page":2')
    const first = textsAt((await history(webitel, { ...search, page: 1 })).items, "id")
    const drifted = textsAt((await history(webitel, { ...search, page: 2 })).items, "id")
    expect(drifted.slice(0, 5)).toEqual(first.slice(-5))
    expect(webitel.requests.of("history").map(({ fault }) => fault)).toEqual([undefined, "drifting-page"])
  })

  it("expired-token: one request is refused, the token is still good", async () => {
    const webitel = await startWith("history", { kind: "expired-token" })
    expect(await history(webitel, search)).toMatchObject({ status: 401, error: "session.valid" })
    expect(await history(webitel, search)).toMatchObject({ status: 200 })
  })

  it("refusal: 429 with a page, and no word of when to come again", async () => {
    const webitel = await startWith("history", { kind: "refusal", refusal: "rate-limit", retryAfterSeconds: 1 })
    const response = await request(webitel, "/api/calls/history?created_at.from=0")
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, null])
    expect(await response.text()).toContain("<html>")
    expect(webitel.counts.refusals).toBe(1)
  })

  it("malformed-json, html-page and server-error come in place of an answer", async () => {
    for (const fault of [{ kind: "malformed-json" }, { kind: "html-page" }] as const) {
      const webitel = await startWith("history", fault)
      const response = await request(webitel, "/api/calls/history?created_at.from=0")
      expect(response.status).toBe(200)
      await expect(response.json()).rejects.toThrow("JSON")
    }
    const webitel = await startWith("history", { kind: "server-error", status: 502, body: "html" })
    expect((await request(webitel, "/api/calls/history?created_at.from=0")).status).toBe(502)
  })
})

it("an expired token is 500 with an id at the storage", async () => {
  const webitel = await startWith("stream", { kind: "expired-token" })
  const path = `/api/storage/recordings/${webitel.truth.find(({ state }) => state === "available")?.fileId}/stream`
  const refused = await request(webitel, path)
  expect([refused.status, await refused.json()]).toMatchObject([500, { id: "app.session.unauthorized.app_error" }])
  expect((await request(webitel, path)).status).toBe(200)
})

it("a client that repeats what fails gets every page", async () => {
  const webitel = await start({
    faults: faultPlan({ seed: "harsh", rate: 0.5, routes: ["history"], latencyMilliseconds: 10 })
  })
  const plain = await start()
  const ask = async (page: number): Promise<ReadonlyArray<string>> => {
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      const body = JSON.stringify({ ...search, sort: "id", page })
      const signal = AbortSignal.timeout(400)
      const items = await request(webitel, "/api/calls/history", { method: "POST", body, signal })
        .then(
          async (response) => (await response.json()) as { items?: ReadonlyArray<{ id: string }> },
          () => undefined
        )
        .catch(() => undefined)
      const ids = items?.items?.map(({ id }) => id) ?? []
      if (ids.length === 20 && webitel.requests.entries.at(-1)?.fault === undefined) return ids
    }
    return []
  }
  for (let page = 1; page <= 8; page += 1) {
    const expected = textsAt((await history(plain, { ...search, sort: "id", page })).items, "id")
    expect(await ask(page)).toEqual(expected)
  }
  expect(webitel.requests.entries.filter(({ fault }) => fault !== undefined).length).toBeGreaterThan(3)
})

it("counts what it saw", async () => {
  const webitel = await start()
  await history(webitel, search)
  await history(webitel, "created_at.from=0")
  await request(webitel, "/api/storage/recordings/1/stream")
  await request(webitel, "/api/storage/file/1/download")
  expect(webitel.counts).toMatchObject({ historyRequests: 2, streamRequests: 1, downloadRequests: 1, refusals: 0 })
  expect(webitel.counts.bytesOfHistory).toBeGreaterThan(10_000)
  expect(webitel.counts.openSockets).toBeGreaterThan(0)
})
