/** `POST /subscription` and its renewal. A web hook must echo a challenge; the simulator sends no notifications by itself. */
import { type Answer, jsonAnswer } from "../simulator/Answer.ts"
import type { SimulatorRequest } from "../simulator/SimulatorServer.ts"
import type { Origins } from "./addresses.ts"
import type { AppUser } from "./apps.ts"
import type { CallLog } from "./CallLog.ts"
import { invalidParameter, notFound, unsupportedMediaType, webHookRefused } from "./errors.ts"
import type { JsonObject } from "./RingCentralOptions.ts"
import type { Settings } from "./settings.ts"

export interface Subscriptions {
  readonly create: (request: SimulatorRequest, app: AppUser) => Promise<Answer>
  readonly renew: (id: string) => Answer
}

interface Subscription {
  readonly id: string
  readonly eventFilters: ReadonlyArray<string>
  readonly address: string
  readonly createdAt: number
  expiresAt: number
}

const defaultSeconds = 604_800
const challengeMilliseconds = 3000

const read = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

// The address must give the challenge back, as the first sign that somebody listens there.
const echoes = (address: string, token: string): Promise<boolean> =>
  fetch(address, {
    method: "POST",
    headers: { "validation-token": token },
    redirect: "error",
    signal: AbortSignal.timeout(challengeMilliseconds)
  }).then(
    async (response) => {
      await response.body?.cancel()
      return response.status === 200 && response.headers.get("validation-token") === token
    },
    () => false
  )

/** Subscriptions, kept in memory. */
export const makeSubscriptions = (settings: Settings, log: CallLog, origins: () => Origins): Subscriptions => {
  const random = settings.random.fork("subscriptions")
  const subscriptions = new Map<string, Subscription>()

  const json = ({ address, createdAt, eventFilters, expiresAt, id }: Subscription): JsonObject => ({
    uri: `${origins().platform}/restapi/v1.0/subscription/${id}`,
    id,
    eventFilters,
    creationTime: new Date(createdAt).toISOString(),
    expirationTime: new Date(expiresAt).toISOString(),
    expiresIn: Math.max(1, Math.floor((expiresAt - log.now()) / 1000)),
    status: "Active",
    deliveryMode: { transportType: "WebHook", address, encryption: false }
  })

  // `~` means whoever subscribes.
  const withNumbers = (filter: string, app: AppUser): string =>
    filter
      .replace("/account/~", `/account/${settings.account}`)
      .replace("/extension/~", `/extension/${app.extension.id}`)

  return {
    create: async ({ body, headers }, app) => {
      if (!(headers["content-type"] ?? "").startsWith("application/json")) return unsupportedMediaType()
      const value = parse(body)
      const filters = read(value, "eventFilters")
      const address = read(read(value, "deliveryMode"), "address")
      const expiresIn = read(value, "expiresIn") ?? defaultSeconds
      if (!Array.isArray(filters) || filters.length === 0) return invalidParameter("eventFilters")
      const eventFilters = filters.filter((filter): filter is string => typeof filter === "string" && filter !== "")
      if (eventFilters.length !== filters.length) return invalidParameter("eventFilters")
      if (typeof expiresIn !== "number" || expiresIn < 1) return invalidParameter("expiresIn")
      if (typeof address !== "string" || read(read(value, "deliveryMode"), "transportType") !== "WebHook") {
        return invalidParameter("deliveryMode")
      }
      const own = random.fork(subscriptions.size)
      const id = own.hex(20)
      if (!(await echoes(address, own.fork("challenge").hex(32)))) return webHookRefused()
      const now = log.now()
      const subscription: Subscription = {
        id,
        eventFilters: eventFilters.map((filter) => withNumbers(filter, app)),
        address,
        createdAt: now,
        expiresAt: now + expiresIn * 1000
      }
      subscriptions.set(id, subscription)
      return jsonAnswer(200, json(subscription))
    },
    renew: (id) => {
      const subscription = subscriptions.get(id)
      if (subscription === undefined || log.now() >= subscription.expiresAt) return notFound("subscriptionId")
      subscription.expiresAt = log.now() + defaultSeconds * 1000
      return jsonAnswer(200, json(subscription))
    }
  }
}
