import { afterEach, describe, expect, it } from "vitest"
import { askToken, makeSimulators, textAt, tryClient } from "./tryClient.ts"

const { start, closeAll } = makeSimulators()
afterEach(closeAll)

const tokenOf = async (response: Response): Promise<string> => textAt(await response.json(), "access_token")

const ask = (serverUrl: string, token: string): Promise<Response> =>
  fetch(`${serverUrl}/restapi/v1.0/account/~`, { headers: { authorization: `Bearer ${token}` } })

const codeOf = async (response: Response): Promise<string> => {
  const body = (await response.json()) as { errors?: ReadonlyArray<{ errorCode: string }>; errorCode?: string }
  return `${response.status} ${body.errors?.[0]?.errorCode ?? body.errorCode}`
}

describe("POST /restapi/oauth/token", () => {
  it("gives a token for an hour, without refresh token", async () => {
    const simulator = await start()
    const response = await askToken(simulator.serverUrl, simulator.app)
    expect(response.status).toBe(200)
    const body = (await response.json()) as Record<string, unknown>
    expect(body).toMatchObject({ token_type: "bearer", expires_in: 3600, session_id: expect.any(String) })
    expect(body["scope"]).toContain("ReadCallLog ReadCallRecording")
    expect(body).not.toHaveProperty("refresh_token")
    expect((await ask(simulator.serverUrl, String(body["access_token"]))).status).toBe(200)
    expect(simulator.counts).toMatchObject({ tokens: 1, auth: 1, sessionsEvicted: 0 })
  })

  it.each([
    [{ access_token_ttl: "600" }, 200],
    [{ access_token_ttl: "3600" }, 200],
    [{ access_token_ttl: "599" }, 400],
    [{ access_token_ttl: "3601" }, 400],
    [{ refresh_token_ttl: "2592001" }, 400],
    [{ assertion: "" }, 400],
    [{ assertion: "a.b.c" }, 400],
    [{ grant_type: "password" }, 400],
    [{ grant_type: "refresh_token", refresh_token: "x" }, 400]
  ])("answers to %j with %i", async (form, status) => {
    const simulator = await start()
    const response = await askToken(simulator.serverUrl, simulator.app, form)
    expect(response.status).toBe(status)
    const body: unknown = await response.json()
    expect(textAt(body, "error") === "").toBe(status === 200)
  })

  it("refuses a wrong secret with 401 and a locked user with 400, in the shape of OAuth", async () => {
    const simulator = await start()
    const wrong = await askToken(simulator.serverUrl, simulator.apps.wrongSecret)
    expect(wrong.status).toBe(401)
    expect(await wrong.json()).toMatchObject({ error: "invalid_client", errors: [{ errorCode: "OAU-120" }] })
    const locked = await askToken(simulator.serverUrl, simulator.apps.locked)
    expect(locked.status).toBe(400)
    expect(await locked.json()).toMatchObject({ error: "invalid_grant", errors: [{ errorCode: "OAU-147" }] })
    expect(simulator.counts.tokens).toBe(0)
  })

  it("refuses JSON", async () => {
    const { serverUrl } = await start()
    const response = await fetch(`${serverUrl}/restapi/oauth/token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}"
    })
    expect(response.status).toBe(415)
  })

  it("keeps five sessions of a user and app; the sixth ends the oldest", async () => {
    const simulator = await start()
    const tokens: Array<string> = []
    for (let count = 0; count < 6; count += 1) {
      tokens.push(await tokenOf(await askToken(simulator.serverUrl, simulator.app)))
    }
    const other = await tokenOf(await askToken(simulator.serverUrl, simulator.apps.withoutCallLogScope))
    const [first = "", second = ""] = tokens
    expect(await codeOf(await ask(simulator.serverUrl, first))).toBe("401 OAU-213")
    expect((await ask(simulator.serverUrl, second)).status).toBe(200)
    expect((await ask(simulator.serverUrl, other)).status).toBe(200)
    expect(simulator.counts.sessionsEvicted).toBe(1)
  })
})

describe("tokens", () => {
  it("expire by the clock", async () => {
    const simulator = await start({ tokenSeconds: 900, now: () => new Date("2026-06-01T12:00:00Z") })
    const token = await tokenOf(await askToken(simulator.serverUrl, simulator.app))
    simulator.setNow(new Date("2026-06-01T12:14:59.999Z"))
    expect((await ask(simulator.serverUrl, token)).status).toBe(200)
    simulator.setNow(new Date("2026-06-01T12:15:00Z"))
    expect(await codeOf(await ask(simulator.serverUrl, token))).toBe("401 OAU-128")
  })

  it("can all be forgotten", async () => {
    const simulator = await start()
    const token = await tokenOf(await askToken(simulator.serverUrl, simulator.app))
    simulator.expireTokens()
    expect(await codeOf(await ask(simulator.serverUrl, token))).toBe("401 OAU-213")
  })

  it("end with the revocation of their session", async () => {
    const simulator = await start()
    const { app, serverUrl } = simulator
    const token = await tokenOf(await askToken(serverUrl, app))
    const response = await fetch(`${serverUrl}/restapi/oauth/revoke`, {
      method: "POST",
      headers: { authorization: `Basic ${Buffer.from(`${app.clientId}:${app.clientSecret}`).toString("base64")}` },
      body: new URLSearchParams({ token })
    })
    expect(response.status).toBe(200)
    expect((await ask(serverUrl, token)).status).toBe(401)
  })

  it("are refused in other headers than Bearer, and none is needed to be told of a wrong address", async () => {
    const simulator = await start()
    const get = await tryClient(simulator)
    const withHeader = (authorization: string): Promise<Response> => get("", { headers: { authorization } })
    expect(await codeOf(await withHeader(`Basic ${simulator.app.clientId}`))).toBe("401 AGW-402")
    expect(await codeOf(await withHeader(simulator.app.jwt))).toBe("401 AGW-402")
    expect(await codeOf(await withHeader(`Bearer ${simulator.app.jwt}`))).toBe("401 OAU-149")
    expect(await codeOf(await fetch(`${simulator.serverUrl}/restapi/v1.0/account/~`))).toBe("401 AGW-401")
    expect(await codeOf(await fetch(`${simulator.serverUrl}/restapi/v1.0/nothing`))).toBe("404 AGW-404")
  })

  it("may stand in the address on the media host only", async () => {
    const simulator = await start()
    const token = await tokenOf(await askToken(simulator.serverUrl, simulator.app))
    const truth = simulator.truth.find(({ kind, state }) => state === "available" && kind === "automatic")
    const response = await fetch(`${truth?.contentUri}?access_token=${token}`)
    expect(response.status).toBe(200)
    await response.body?.cancel()
    const platform = await fetch(`${simulator.serverUrl}/restapi/v1.0/account/~?access_token=${token}`)
    expect(await codeOf(platform)).toBe("401 AGW-401")
  })
})

describe("refresh tokens, where they are issued", () => {
  const refreshOf = (body: unknown) => ({ grant_type: "refresh_token", refresh_token: textAt(body, "refresh_token") })

  it("end the access token at once, and may be used again while their successor is not used", async () => {
    const simulator = await start({ refreshTokens: true })
    const { app, serverUrl } = simulator
    const first: unknown = await (await askToken(serverUrl, app)).json()
    const second: unknown = await (await askToken(serverUrl, app, refreshOf(first))).json()
    expect((await ask(serverUrl, textAt(first, "access_token"))).status).toBe(401)
    expect(textAt(second, "session_id")).toBe(textAt(first, "session_id"))
    const third: unknown = await (await askToken(serverUrl, app, refreshOf(first))).json()
    expect((await ask(serverUrl, textAt(third, "access_token"))).status).toBe(200)
    simulator.setNow(new Date("2026-06-01T12:00:10Z"))
    expect(await codeOf(await askToken(serverUrl, app, refreshOf(first)))).toBe("400 OAU-213")
  })
})
