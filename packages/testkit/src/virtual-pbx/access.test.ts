import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { askToken, tryClient } from "./tryClient.ts"
import { startVirtualPbx, type VirtualPbxSimulator } from "./VirtualPbx.ts"

const january = "?start_datetime=2026-01-01%2000:00:00&end_datetime=2026-01-31%2023:59:59"
let pbx: VirtualPbxSimulator
let get: Awaited<ReturnType<typeof tryClient>>

beforeAll(async () => {
  pbx = await startVirtualPbx()
  get = await tryClient(pbx)
})
afterAll(() => pbx.close())

describe("POST /oauth/token, at the root of the host", () => {
  it("gives a Bearer token that lives an hour, and no refresh token", async () => {
    const before = pbx.counts.tokens
    const response = await askToken(pbx.baseUrl, pbx.apps.client)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      access_token: expect.stringMatching(/^\w{32}$/),
      token_type: "Bearer",
      expires_in: 3600
    })
    expect(pbx.counts.tokens).toBe(before + 1)
    expect(response.headers.get("x-ratelimit-limit")).toBeNull()
  })

  it("refuses a wrong secret, a body that is no form, and another grant", async () => {
    expect((await askToken(pbx.baseUrl, { ...pbx.apps.client, clientSecret: "wrong" })).status).toBe(401)
    const url = `${pbx.baseUrl}/oauth/token`
    const json = { method: "POST", body: "{}", headers: { "content-type": "application/json" } }
    expect((await fetch(url, json)).status).toBe(400)
    expect((await fetch(url, { method: "POST", body: new URLSearchParams({ grant_type: "password" }) })).status).toBe(
      400
    )
    expect((await fetch(url)).status).toBe(405)
    expect((await fetch(`${pbx.baseUrl}/api/ver1.0/oauth/token`, { method: "POST" })).status).toBe(401)
  })

  it("may leave expires_in out", async () => {
    const other = await startVirtualPbx({ tellsExpiry: false })
    expect(await (await askToken(other.baseUrl, other.apps.client)).json()).not.toHaveProperty("expires_in")
    await other.close()
  })
})

describe("tokens", () => {
  it("are needed everywhere below /api/ver1.0; without a good one the code is empty", async () => {
    for (const authorization of ["", "Bearer wrong", `Basic ${btoa("a:b")}`]) {
      const response = await get(`/client/@me/record/${january}`, { headers: { authorization } })
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({ status: "" })
    }
    expect((await fetch(`${pbx.baseUrl}/api/ver1.0/nothing`)).status).toBe(401)
  })

  it("expire by the clock, and when the platform forgets them", async () => {
    const other = await startVirtualPbx({ now: () => new Date("2026-06-01T00:00:00Z"), tokenSeconds: 60 })
    const ask = await tryClient(other)
    expect((await ask("/user/")).status).toBe(200)
    other.setNow(new Date("2026-06-01T00:00:59.999Z"))
    expect((await ask("/user/")).status).toBe(200)
    other.setNow(new Date("2026-06-01T00:01:00Z"))
    expect((await ask("/user/")).status).toBe(401)
    const again = await tryClient(other)
    other.expireTokens()
    expect((await again("/user/")).status).toBe(401)
    await other.close()
  })
})

describe("GET /user/", () => {
  it("tells whom the token speaks for", async () => {
    const { client, extension, extensionGroup } = pbx.apps
    expect(await (await get("/user/")).json()).toMatchObject({
      client_id: Number(client.id),
      access: "Call API",
      timezone: "Europe/Moscow",
      extension_id: null
    })
    const group = await tryClient(pbx, extensionGroup)
    expect(await (await group("/user/")).json()).toMatchObject({ extension_group_id: Number(extensionGroup.id) })
    const phone = await tryClient(pbx, extension)
    expect(await (await phone("/user/")).json()).toMatchObject({ extension_id: Number(extension.id) })
  })
})

describe("levels", () => {
  const listOf = async (ask: typeof get, owner: string): Promise<{ status: number; body: unknown }> => {
    const response = await ask(`/${owner}/record/${january}`)
    return { status: response.status, body: await response.json() }
  }

  it("let the client see its groups and extensions by id, and @me only at its own level", async () => {
    const { client, extension, extensionGroup } = pbx.apps
    for (const owner of [
      "client/@me",
      "client/%40me",
      `client/${client.id}`,
      `extension_group/${extensionGroup.id}`,
      `extension/${extension.id}`
    ]) {
      expect(await listOf(get, owner)).toMatchObject({ status: 200, body: expect.any(Array) })
    }
    expect(await listOf(get, "extension/@me")).toMatchObject({
      status: 403,
      body: { status: "user_access_type_deny" }
    })
    expect(await listOf(get, "client/1")).toMatchObject({ status: 404, body: { status: "client_not_found" } })
  })

  it("let an extension see only its own recordings", async () => {
    const { extension } = pbx.apps
    const phone = await tryClient(pbx, extension)
    const own = await phone(`/extension/@me/record/${january}`)
    const rows: unknown = await own.json()
    const expected = pbx.truth.filter(
      ({ extension: { id }, startTime }) => String(id) === extension.id && startTime < new Date("2026-02-01T00:00:00Z")
    )
    expect(expected.length).toBeGreaterThan(0)
    expect(rows).toHaveLength(expected.length)
    expect(await listOf(phone, "client/@me")).toMatchObject({ status: 403, body: { status: "user_access_type_deny" } })
    const other = pbx.world.extensions.find(({ id }) => id !== extension.id)
    expect(await listOf(phone, `extension/${other?.id}`)).toMatchObject({
      status: 403,
      body: { status: "access_denied" }
    })
    const strange = pbx.truth.find(({ extension: { id } }) => String(id) !== extension.id)
    expect((await phone(`/extension/@me/record/${strange?.recordUuid}`)).status).toBe(404)
  })

  it("let a group see its extensions and no others", async () => {
    const { extension, extensionGroup } = pbx.apps
    const group = await tryClient(pbx, extensionGroup)
    expect((await listOf(group, "extension_group/@me")).status).toBe(200)
    expect((await listOf(group, `extension/${extension.id}`)).status).toBe(200)
    const stranger = pbx.world.extensions.find(({ groupId }) => groupId !== extensionGroup.id)
    expect((await listOf(group, `extension/${stranger?.id}`)).status).toBe(403)
  })

  it("refuse a blocked user and an app without access to calls", async () => {
    const blocked = await tryClient(pbx, pbx.apps.blocked)
    expect(await (await blocked("/user/")).json()).toMatchObject({ status: "user_blocked" })
    const withoutAccess = await tryClient(pbx, pbx.apps.withoutAccess)
    const refused = await listOf(withoutAccess, "client/@me")
    expect(refused).toMatchObject({ status: 403, body: { status: "app_access_type_deny" } })
  })
})

describe("addresses", () => {
  it("differ by the slash at their end", async () => {
    const uuid = pbx.truth[0]?.recordUuid
    expect((await get(`/client/@me/record${january}`)).status).toBe(404)
    expect((await get(`/client/@me/record/${uuid}/`)).status).toBe(404)
    expect((await get(`/client/@me/record/${uuid}/path`)).status).toBe(404)
    expect((await get(`/client/@me/record/stats${january}`)).status).toBe(404)
    expect((await get("/user")).status).toBe(404)
  })

  it("never let an encoded id reach another resource", async () => {
    const uuid = pbx.truth[0]?.recordUuid
    expect((await get(`/client/@me/record/${uuid}%2Fpath%2F`)).status).toBe(404)
    expect((await get("/client/@me/record/%2e%2e%2f")).status).toBe(404)
    expect((await get("/client/@me/record/%E0%A4%A")).status).toBe(404)
  })

  it("know their methods", async () => {
    expect((await get("/user/", { method: "DELETE" })).status).toBe(405)
    expect((await get(`/client/@me/record/${january}`, { method: "POST" })).status).toBe(405)
  })
})
