import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { tryClient } from "./tryClient.ts"
import { startVirtualPbx, type VirtualPbxSimulator } from "./VirtualPbx.ts"

const january = { start_datetime: "2026-01-01 00:00:00", end_datetime: "2026-01-31 23:59:59" }
let pbx: VirtualPbxSimulator
let post: (body: unknown) => Promise<Response>

beforeEach(async () => {
  pbx = await startVirtualPbx({ now: () => new Date("2026-06-01T10:00:00Z"), tokenSeconds: 1_000_000 })
  const get = await tryClient(pbx)
  post = (body) => get("/client/@me/record/archive/", { method: "POST", body: JSON.stringify(body) })
})
afterEach(() => pbx.close())

describe("POST /client/{id}/record/archive/", () => {
  it("promises a link by e-mail, to several addresses too", async () => {
    const response = await post({ ...january, email: "a@example.org, b@example.org" })
    expect(response.status).toBe(201)
    expect(Object.keys((await response.json()) as object)).toHaveLength(4)
    const archive = pbx.fetchArchive()
    expect(archive?.email).toEqual(["a@example.org", "b@example.org"])
    const february = new Date("2026-02-01T00:00:00Z")
    expect(archive?.recordUuids).toEqual(
      pbx.truth.filter(({ startTime }) => startTime < february).map(({ recordUuid }) => recordUuid)
    )
    expect(archive?.expiresAt).toEqual(new Date("2026-06-01T22:00:00Z"))
  })

  it.each([
    january,
    { ...january, email: "nobody" },
    { email: "a@example.org", start_datetime: january.start_datetime },
    { ...january, end_datetime: "2026-03-01 00:00:00", email: "a@example.org" },
    []
  ])("refuses %j", async (body) => {
    expect((await post(body)).status).toBe(400)
  })

  it("refuses a second one within the hour unless the first was downloaded", async () => {
    const body = { ...january, email: "a@example.org" }
    expect((await post(body)).status).toBe(201)
    const refused = await post(body)
    expect(refused.status).toBe(409)
    expect(await refused.json()).toEqual({ status: expect.any(String), message: expect.any(String) })
    pbx.fetchArchive()
    expect((await post(body)).status).toBe(201)
    pbx.setNow(new Date("2026-06-01T11:00:00Z"))
    expect((await post(body)).status).toBe(201)
  })

  it("keeps the link for twelve hours", async () => {
    await post({ ...january, email: "a@example.org" })
    pbx.setNow(new Date("2026-06-01T22:00:00Z"))
    expect(pbx.fetchArchive()).toBeUndefined()
  })

  it("exists at the level of the client only", async () => {
    const phone = await tryClient(pbx, pbx.apps.extension)
    const response = await phone("/extension/@me/record/archive/", { method: "POST", body: "{}" })
    expect(response.status).toBe(404)
  })
})
