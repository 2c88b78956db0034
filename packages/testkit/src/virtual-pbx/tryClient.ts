/** A client as simple as can be: for the simulator's own tests, and for a look at what a vendor answers. */
import type { PbxApp } from "./VirtualPbxOptions.ts"
import type { VirtualPbxSimulator } from "./VirtualPbx.ts"

/** Asks for a token, as a form. */
export const askToken = (baseUrl: string, app: Pick<PbxApp, "clientId" | "clientSecret">): Promise<Response> =>
  fetch(`${baseUrl}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: app.clientId,
      client_secret: app.clientSecret
    })
  })

const tokenIn = (value: unknown): string => {
  const token: unknown = typeof value === "object" && value !== null ? Reflect.get(value, "access_token") : undefined
  return typeof token === "string" ? token : ""
}

/** Requests below `/api/ver1.0` with the token of an app (default: the client's), asked for once. */
export const tryClient = async (
  pbx: VirtualPbxSimulator,
  app: PbxApp = pbx.apps.client
): Promise<(path: string, init?: RequestInit) => Promise<Response>> => {
  const token = tokenIn(await (await askToken(pbx.baseUrl, app)).json())
  return (path, init = {}) => {
    const headers = new Headers(init.headers)
    if (!headers.has("authorization")) headers.set("authorization", `Bearer ${token}`)
    return fetch(`${pbx.baseUrl}/api/ver1.0${path}`, { ...init, headers })
  }
}
