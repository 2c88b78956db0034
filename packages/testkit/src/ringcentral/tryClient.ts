/** A client as simple as can be: for the simulator's own tests, and for a look at what a vendor answers. */
import { type RingCentralSimulator, startRingCentral } from "./RingCentral.ts"
import type { RateGroup, RateLimit, RingCentralApp, RingCentralOptions } from "./RingCentralOptions.ts"

/** Asks for a token with the JWT of an app. */
export const askToken = (
  serverUrl: string,
  app: RingCentralApp,
  form: Readonly<Record<string, string>> = {}
): Promise<Response> =>
  fetch(`${serverUrl}/restapi/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${app.clientId}:${app.clientSecret}`).toString("base64")}` },
    body: new URLSearchParams({
      grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      assertion: app.jwt,
      ...form
    })
  })

/** The text at a key of a JSON object; empty where there is none. */
export const textAt = (value: unknown, key: string): string => {
  const text: unknown = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined
  return typeof text === "string" ? text : ""
}

/**
 * Requests with the token of an app (default: the one that may do everything), asked for once. An address that does not
 * begin with a scheme is below the account on the platform's host.
 */
export const tryClient = async (
  simulator: RingCentralSimulator,
  app: RingCentralApp = simulator.app
): Promise<(address: string, init?: RequestInit) => Promise<Response>> => {
  const token = textAt(await (await askToken(simulator.serverUrl, app)).json(), "access_token")
  return (address, init = {}) => {
    const headers = new Headers(init.headers)
    if (!headers.has("authorization")) headers.set("authorization", `Bearer ${token}`)
    const base = `${simulator.serverUrl}/restapi/v1.0/account/~`
    return fetch(/^https?:/.test(address) ? address : `${base}${address}`, { ...init, headers })
  }
}

/** A request below the account, or anywhere. */
export type Get = Awaited<ReturnType<typeof tryClient>>

const generous: RateLimit = { limit: 100_000, windowSeconds: 60, penaltySeconds: 60 }

/** Limits that no test of something else meets. */
export const noLimits: Readonly<Record<RateGroup, RateLimit>> = {
  heavy: generous,
  medium: generous,
  light: generous,
  auth: generous
}

/** Simulators of one test file: started with a clock in summer 2026 and without limits, closed together. */
export const makeSimulators = () => {
  const running: Array<RingCentralSimulator> = []
  return {
    start: async (options: RingCentralOptions = {}): Promise<RingCentralSimulator> => {
      const simulator = await startRingCentral({
        now: () => new Date("2026-06-01T12:00:00Z"),
        limits: noLimits,
        ...options
      })
      running.push(simulator)
      return simulator
    },
    closeAll: async (): Promise<void> => {
      await Promise.all(running.splice(0).map((simulator) => simulator.close()))
    }
  }
}
