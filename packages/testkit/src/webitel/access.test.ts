import { afterEach, describe, expect, it } from "vitest"
import { everyRow, filesOf, history, makeSimulators, request } from "./tryClient.ts"
import type { WebitelSimulator, WebitelTokens } from "./Webitel.ts"

const { start, closeAll } = makeSimulators()
afterEach(closeAll)

const everything = { created_at: { from: 0 }, size: 1000 }
const legId = "aaaaaaaa-0000-4000-8000-000000000000"

const as = ({ baseUrl, tokens }: WebitelSimulator, kind: keyof WebitelTokens) => ({ baseUrl, token: tokens[kind] })

const streamOf = (webitel: WebitelSimulator, token: string, fileId: string, kind = "recordings") =>
  request({ baseUrl: webitel.baseUrl, token }, `/api/storage/${kind}/${fileId}/stream`)

const firstFile = ({ truth }: WebitelSimulator): string =>
  truth.find(({ state }) => state === "available")?.fileId ?? ""

const idOf = async (response: Response): Promise<unknown> => ((await response.json()) as { id: unknown }).id

describe("a token that is not good", () => {
  it.each(["expired", "unknown"] as const)("%s: is 401 at the API, and 500 with an id at the storage", async (kind) => {
    const webitel = await start()
    expect(await history(as(webitel, kind), everything)).toMatchObject({ status: 401, error: "session.valid" })
    const refused = await streamOf(webitel, webitel.tokens[kind], firstFile(webitel))
    expect([refused.status, await idOf(refused)]).toEqual([500, "app.session.unauthorized.app_error"])
    const behind = await request(as(webitel, kind), "/api/storage/file", { method: "DELETE", body: '{"id":[]}' })
    expect([behind.status, await idOf(behind)]).toEqual([500, "app.session.unauthorized.app_error"])
  })

  it("is told from none at all by the storage", async () => {
    const webitel = await start()
    const response = await fetch(`${webitel.baseUrl}/api/storage/recordings/${firstFile(webitel)}/stream`)
    expect([response.status, await idOf(response)]).toEqual([500, "api.context.session_expired.app_error"])
  })
})

describe("the place of a token", () => {
  const bearer = (token: string): RequestInit => ({ headers: { authorization: `Bearer ${token}` } })

  it("is one of three at the storage; those in addresses are counted", async () => {
    const webitel = await start()
    const address = `${webitel.baseUrl}/api/storage/recordings/${firstFile(webitel)}/stream`
    expect((await fetch(address, bearer(webitel.token))).status).toBe(200)
    expect((await fetch(address, { headers: { "x-webitel-access": webitel.token } })).status).toBe(200)
    expect(webitel.counts.tokensInUrl).toBe(0)
    expect((await fetch(`${address}?access_token=${webitel.token}`)).status).toBe(200)
    expect(webitel.counts.tokensInUrl).toBe(1)
  })

  it("is the own header only at the API, unless the option says otherwise", async () => {
    const path = "/api/calls/history?created_at.from=0&size=1"
    const strict = await start()
    expect((await fetch(`${strict.baseUrl}${path}`, bearer(strict.token))).status).toBe(401)
    expect((await fetch(`${strict.baseUrl}${path}&access_token=${strict.token}`)).status).toBe(401)
    expect((await fetch(`${strict.baseUrl}/api/userinfo?access_token=${strict.token}`)).status).toBe(200)
    const open = await start({ bearer: "accepted" })
    expect((await fetch(`${open.baseUrl}${path}`, bearer(open.token))).status).toBe(200)
  })
})

describe("a token that lacks something", () => {
  it("withoutCalls: may not search", async () => {
    const webitel = await start()
    expect(await history(as(webitel, "withoutCalls"), everything)).toMatchObject({ status: 403 })
  })

  it("withoutPlayback: sees rows with files, without the files", async () => {
    const webitel = await start()
    const rows = await everyRow(as(webitel, "withoutPlayback"), { ...everything, has_file: true })
    expect(rows.length).toBeGreaterThan(100)
    expect(rows.flatMap(filesOf)).toEqual([])
    const refused = await streamOf(webitel, webitel.tokens.withoutPlayback, firstFile(webitel))
    expect([refused.status, await idOf(refused)]).toEqual([403, "call.recordings.access.forbidden"])
  })

  it("withoutRecordFile: sees files, and gets them as files but not as recordings", async () => {
    const webitel = await start()
    const rows = await everyRow(as(webitel, "withoutRecordFile"), { ...everything, has_file: true })
    expect(rows.flatMap(filesOf).length).toBeGreaterThan(100)
    const { withoutRecordFile } = webitel.tokens
    expect((await streamOf(webitel, withoutRecordFile, firstFile(webitel))).status).toBe(403)
    expect((await streamOf(webitel, withoutRecordFile, firstFile(webitel), "file")).status).toBe(200)
  })

  it("timeLimited: sees and plays what is not older than the period, and nobody says so", async () => {
    const now = new Date("2026-03-20T00:00:00Z")
    const webitel = await start({ periodDays: 10, now: () => now })
    const earliest = now.getTime() - 10 * 86_400_000
    const limited = await everyRow(as(webitel, "timeLimited"), everything)
    expect(Math.min(...limited.map((row) => Number(row["created_at"])))).toBeGreaterThanOrEqual(earliest)
    expect(limited).toEqual(await everyRow(webitel, { created_at: { from: earliest }, size: 1000 }))
    const [old, recent] = [webitel.truth.at(0), webitel.truth.findLast(({ state }) => state === "available")]
    expect((await streamOf(webitel, webitel.tokens.timeLimited, old?.fileId ?? "")).status).toBe(403)
    expect((await streamOf(webitel, webitel.tokens.timeLimited, recent?.fileId ?? "")).status).toBe(200)
  })

  it("withoutNumbers: sees masked numbers, but not in the flat fields", async () => {
    const startedAt = new Date("2026-05-01T12:00:00Z")
    const webitel = await start({
      unset: "absent",
      extraRecordings: [{ callId: legId, startedAt, number: "+380501112233" }]
    })
    const search = { id: [legId], fields: ["from", "destination", "from_number"] }
    expect((await history(as(webitel, "withoutNumbers"), search)).items).toEqual([
      {
        from: { type: "dest", number: "+38********33" },
        destination: "380*******01",
        from_number: "+380501112233"
      }
    ])
    expect(JSON.stringify((await history(webitel, search)).items)).not.toContain("*")
  })

  it("otherDomain: finds nothing of ours", async () => {
    const webitel = await start()
    expect(await history(as(webitel, "otherDomain"), everything)).toMatchObject({ status: 200, items: [], next: false })
    const response = await streamOf(webitel, webitel.tokens.otherDomain, firstFile(webitel))
    expect([response.status, await idOf(response)]).toEqual([404, "store.sql_file.get_with_profile.app_error"])
  })
})

it("tokens that are forgotten are good at the storage for some minutes more, where it knew them", async () => {
  const webitel = await start({ sessionCacheSeconds: 300 })
  expect((await streamOf(webitel, webitel.token, firstFile(webitel))).status).toBe(200)
  webitel.expireTokens()
  expect(await history(webitel, everything)).toMatchObject({ status: 401 })
  expect((await streamOf(webitel, webitel.token, firstFile(webitel))).status).toBe(200)
  expect((await streamOf(webitel, webitel.tokens.withoutDelete, firstFile(webitel))).status).toBe(500)
  webitel.setNow(new Date("2026-06-01T12:05:00Z"))
  expect((await streamOf(webitel, webitel.token, firstFile(webitel))).status).toBe(500)
})
