import { afterEach, describe, expect, it } from "vitest"
import { askToken, makeSimulators, tryClient } from "./tryClient.ts"
import type { RingCentralOptions } from "./RingCentral.ts"

const { start: startOne, closeAll } = makeSimulators()
afterEach(closeAll)

const limit = (count: number) => ({ limit: count, windowSeconds: 60, penaltySeconds: 60 })
const roomy = { light: limit(1000), auth: limit(1000) }

const start = async (options: RingCentralOptions) => {
  const simulator = await startOne(options)
  return { simulator, get: await tryClient(simulator) }
}

const headersOf = ({ headers }: Response): ReadonlyArray<string | null> =>
  ["group", "limit", "remaining", "window"].map((name) => headers.get(`x-rate-limit-${name}`))

const at = (seconds: number): Date => new Date(Date.parse("2026-06-01T12:00:00Z") + seconds * 1000)

describe("usage limits", () => {
  it("have the documented defaults", async () => {
    const simulator = await startOne({ limits: {} })
    const token = await askToken(simulator.serverUrl, simulator.app)
    expect(headersOf(token)).toEqual(["auth", "5", "4", "60"])
    const get = await tryClient(simulator)
    expect(headersOf(await get("/call-log"))).toEqual(["heavy", "10", "9", "60"])
    expect(headersOf(await get("/extension/~"))).toEqual(["light", "50", "49", "60"])
    expect(
      headersOf(await get(`${simulator.mediaUrl}/restapi/v1.0/account/~/extension/~/message-store/1/content/1`))
    ).toEqual(["medium", "40", "39", "60"])
  })

  it("let a request in again when the oldest has left the window", async () => {
    const { get, simulator } = await start({ limits: { ...roomy, heavy: limit(2) } })
    await get("/call-log")
    simulator.setNow(at(30))
    expect(headersOf(await get("/call-log"))[2]).toBe("0")
    simulator.setNow(at(60))
    expect(headersOf(await get("/call-log"))[2]).toBe("0")
    expect(simulator.counts).toMatchObject({ heavy: 3, refusals: 0 })
  })

  it("beyond them refuse with a penalty that every request restarts", async () => {
    const { get, simulator } = await start({ limits: { ...roomy, heavy: limit(1) } })
    await get("/call-log")
    const refused = await get("/recording/1")
    expect(refused.status).toBe(429)
    expect(headersOf(refused)).toEqual(["heavy", "1", "0", "60"])
    expect(refused.headers.get("retry-after")).toBe("60")
    expect(await refused.json()).toMatchObject({ errors: [{ errorCode: "CMN-301" }] })
    simulator.setNow(at(59))
    expect((await get("/call-log")).status).toBe(429)
    simulator.setNow(at(118))
    expect((await get("/call-log")).status).toBe(429)
    expect(simulator.counts.penaltiesRestarted).toBe(2)
    simulator.setNow(at(178))
    expect((await get("/call-log")).status).toBe(200)
    expect(simulator.counts).toMatchObject({ heavy: 5, refusals: 3, penaltiesRestarted: 2 })
  })

  it("count each group, user and app apart; log and audio together", async () => {
    const { get, simulator } = await start({ limits: { ...roomy, heavy: limit(1) } })
    const other = await tryClient(simulator, simulator.apps.withoutExtractSync)
    const content = simulator.truth.find(({ state }) => state === "available")?.contentUri ?? ""
    expect((await get("/call-log")).status).toBe(200)
    expect((await get(content)).status).toBe(429)
    expect((await get("/extension/~")).status).toBe(200)
    expect((await other("/call-log")).status).toBe(200)
  })

  it("count what is refused for other reasons, but not unknown tokens", async () => {
    const { get, simulator } = await start({ limits: { ...roomy, heavy: limit(3) } })
    await get("/call-log?view=x")
    await get("/recording/1")
    await get("/call-log", { headers: { authorization: "Bearer x" } })
    expect(headersOf(await get("/call-log"))[2]).toBe("0")
    expect(simulator.counts.heavy).toBe(3)
  })

  it("can pass faster; headers tell whole seconds that really pass", async () => {
    const { get, simulator } = await start({ timeScale: 40, limits: { ...roomy, heavy: limit(1) } })
    expect(headersOf(await get("/call-log"))[3]).toBe("2")
    expect((await get("/call-log")).headers.get("retry-after")).toBe("2")
    simulator.setNow(at(1.5))
    expect((await get("/call-log")).status).toBe(200)
  })

  it("tell Retry-After as a date, or not at all", async () => {
    const { get } = await start({ retryAfter: "date", limits: { ...roomy, heavy: limit(0) } })
    expect((await get("/call-log")).headers.get("retry-after")).toBe("Mon, 01 Jun 2026 12:01:00 GMT")
    const silent = await start({ retryAfter: "absent", limits: { ...roomy, heavy: limit(0) } })
    const refused = await silent.get("/call-log")
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, null])
  })

  it("may be told sometimes or never, and under other names", async () => {
    const never = await start({ rateHeaders: "never", limits: { ...roomy, heavy: limit(1) } })
    expect(headersOf(await never.get("/call-log"))).toEqual([null, null, null, null])
    const refused = await never.get("/call-log")
    expect([refused.status, refused.headers.get("retry-after"), ...headersOf(refused)]).toEqual([
      429,
      "60",
      null,
      null,
      null,
      null
    ])
    const some = await start({ rateHeaders: "sometimes", groupNames: { light: "Light" } })
    const groups: Array<string | null> = []
    for (let count = 0; count < 6; count += 1) groups.push(headersOf(await some.get("/extension/~"))[0] ?? null)
    expect(groups.filter((name) => name === "Light")).toHaveLength(4)
    expect(groups.filter((name) => name === null)).toHaveLength(2)
  })

  it("hold for tokens too", async () => {
    const simulator = await startOne({ limits: { auth: limit(1) } })
    expect((await askToken(simulator.serverUrl, simulator.app)).status).toBe(200)
    expect((await askToken(simulator.serverUrl, simulator.app)).status).toBe(429)
    expect((await askToken(simulator.serverUrl, simulator.apps.withoutExtractSync)).status).toBe(200)
    expect(simulator.counts.auth).toBe(3)
  })
})
