import { afterEach, describe, expect, it } from "vitest"
import { askToken, tryClient } from "./tryClient.ts"
import { startVirtualPbx, type VirtualPbxOptions, type VirtualPbxSimulator } from "./VirtualPbx.ts"

const running: Array<VirtualPbxSimulator> = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((pbx) => pbx.close()))
})

const start = async (options: VirtualPbxOptions) => {
  const pbx = await startVirtualPbx(options)
  running.push(pbx)
  return { pbx, get: await tryClient(pbx) }
}

const limits = ({ headers }: Response): ReadonlyArray<string | null> =>
  ["limit", "remaining", "reset"].map((name) => headers.get(`x-ratelimit-${name}`))

describe("the hourly quota", () => {
  it("is told with every answer: what is allowed, what is left, seconds to the next hour", async () => {
    const { get } = await start({ requestsPerHour: 5, now: () => new Date("2026-06-01T10:59:18Z") })
    expect(limits(await get("/user/"))).toEqual(["5", "4", "42"])
    expect(limits(await get("/client/@me/record/1-A"))).toEqual(["5", "3", "42"])
  })

  it("refuses what goes beyond it, until the next hour of the clock", async () => {
    const { get, pbx } = await start({ requestsPerHour: 2, now: () => new Date("2026-06-01T10:30:00Z") })
    await get("/user/")
    await get("/user/")
    const refused = await get("/user/")
    expect(refused.status).toBe(429)
    expect(limits(refused)).toEqual(["2", "0", "1800"])
    expect(await refused.json()).toEqual({ status: "rate_limit_exceeded", message: expect.any(String) })
    expect(pbx.counts.refusals).toBe(1)
    pbx.setNow(new Date("2026-06-01T10:59:59.999Z"))
    expect((await get("/user/")).status).toBe(429)
    const next = await tryClient(pbx)
    pbx.setNow(new Date("2026-06-01T11:00:00Z"))
    expect((await next("/user/")).status).toBe(200)
  })

  it("is shared by all apps of the client, and does not count tokens nor refused ones", async () => {
    const { get, pbx } = await start({ requestsPerHour: 3, now: () => new Date("2026-06-01T10:30:00Z") })
    const phone = await tryClient(pbx, pbx.apps.extension)
    for (let count = 0; count < 5; count += 1) await askToken(pbx.baseUrl, pbx.apps.client)
    await get("/user/", { headers: { authorization: "Bearer wrong" } })
    expect(limits(await get("/user/"))).toEqual(["3", "2", "1800"])
    expect(limits(await phone("/user/"))).toEqual(["3", "1", "1800"])
  })

  it("can pass faster, so that a test may wait for the next hour", async () => {
    const { get, pbx } = await start({
      requestsPerHour: 1,
      timeScale: 3600,
      now: () => new Date("2026-06-01T10:30:00.250Z")
    })
    expect(limits(await get("/user/"))).toEqual(["1", "0", "1"])
    expect((await get("/user/")).status).toBe(429)
    pbx.setNow(new Date("2026-06-01T10:30:01Z"))
    expect((await get("/user/")).status).toBe(200)
  })
})
