import { once } from "node:events"
import { createServer } from "node:http"
import { afterEach, describe, expect, it } from "vitest"
import { makeSimulators, tryClient } from "./tryClient.ts"

const { start, closeAll } = makeSimulators()
afterEach(closeAll)

// A web hook that answers a challenge with what it is told to.
const startHook = async (echo: (token: string) => string) => {
  const server = createServer((request, response) => {
    response.setHeader("validation-token", echo(String(request.headers["validation-token"])))
    response.end()
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  return { server, url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/hook` }
}

const subscription = (address: string): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({
    eventFilters: ["/restapi/v1.0/account/~/telephony/sessions"],
    deliveryMode: { transportType: "WebHook", address }
  })
})

describe("POST /subscription", () => {
  it("wants its challenge back, and can be renewed", async () => {
    const simulator = await start()
    const get = await tryClient(simulator)
    const { server, url } = await startHook((token) => token)
    const created = await get(`${simulator.serverUrl}/restapi/v1.0/subscription`, subscription(url))
    server.close()
    expect(created.status).toBe(200)
    const body = (await created.json()) as { id: string; uri: string }
    expect(body).toMatchObject({
      status: "Active",
      expiresIn: 604_800,
      eventFilters: [`/restapi/v1.0/account/${simulator.account}/telephony/sessions`]
    })
    simulator.setNow(new Date("2026-06-01T12:50:00Z"))
    expect(await (await get(`${body.uri}/renew`, { method: "POST" })).json()).toMatchObject({
      id: body.id,
      expirationTime: "2026-06-08T12:50:00.000Z"
    })
  })

  it("is refused where the challenge does not come back", async () => {
    const simulator = await start()
    const get = await tryClient(simulator)
    const { server, url } = await startHook(() => "something else")
    const refused = await get(`${simulator.serverUrl}/restapi/v1.0/subscription`, subscription(url))
    server.close()
    expect(refused.status).toBe(400)
  })
})
