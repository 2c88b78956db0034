/** The vendor's addresses: what each needs of who asks, its group, and which faults make sense at it. */
import type { FaultKind } from "../simulator/Fault.ts"
import type { SimulatorRoute } from "../simulator/SimulatorServer.ts"
import type { AppPermission, UserPermission } from "./apps.ts"
import type { RateGroup } from "./RingCentralOptions.ts"

/** An operation of the API; its name in the log and in fault plans. */
export interface Operation {
  readonly name: RouteName
  readonly method: "GET" | "POST" | "DELETE"
  /** Below `/restapi/v1.0`; `:a` and the like stand for one segment. */
  readonly path: string
  /** Served by the media host only. */
  readonly media?: true
  readonly group: RateGroup
  readonly scope: AppPermission
  readonly permission?: UserPermission
  readonly kinds: ReadonlyArray<FaultKind>
}

export type RouteName =
  | "token"
  | "revoke"
  | "call-log"
  | "extension-call-log"
  | "call-record"
  | "extension-call-record"
  | "call-log-sync"
  | "extension-call-log-sync"
  | "extract-sync"
  | "active-calls"
  | "extension-active-calls"
  | "recording"
  | "content"
  | "redirected-content"
  | "delete-recordings"
  | "messages"
  | "message"
  | "message-content"
  | "account"
  | "extension"
  | "permissions"
  | "permission-check"
  | "telephony-session"
  | "subscribe"
  | "renew-subscription"
  | "unknown"

const connection: ReadonlyArray<FaultKind> = ["latency", "server-error", "reset-before-headers"]
const body: ReadonlyArray<FaultKind> = ["reset-mid-body", "truncated-body", "stalled-body", "html-page"]
const json: ReadonlyArray<FaultKind> = [...connection, ...body, "malformed-json", "refusal"]
const api: ReadonlyArray<FaultKind> = [...json, "expired-token"]
const list: ReadonlyArray<FaultKind> = [...api, "repeated-rows", "drifting-page"]
const audio: ReadonlyArray<FaultKind> = [...connection, ...body, "short-body", "refusal", "expired-token"]

const account = "/account/:account"
const extension = `${account}/extension/:extension`
const callLog = { method: "GET", group: "heavy", scope: "ReadCallLog" } as const
const own = { permission: "ReadCallLog", kinds: api } as const
const company = { permission: "FullCompanyCallLog", kinds: api } as const
const messages = { method: "GET", scope: "ReadMessages" } as const
const reading = { method: "GET", group: "light", scope: "ReadAccounts", kinds: api } as const

/** Every operation but those of tokens. Nothing is done to what deletes: a client does not repeat it by itself. */
export const operations: ReadonlyArray<Operation> = [
  { ...callLog, ...company, name: "call-log", path: `${account}/call-log`, kinds: list },
  { ...callLog, ...own, name: "extension-call-log", path: `${extension}/call-log`, kinds: list },
  { ...callLog, ...company, name: "call-record", path: `${account}/call-log/:record` },
  { ...callLog, ...own, name: "extension-call-record", path: `${extension}/call-log/:record` },
  { ...callLog, ...own, name: "call-log-sync", path: `${account}/call-log-sync` },
  { ...callLog, ...own, name: "extension-call-log-sync", path: `${extension}/call-log-sync` },
  { ...callLog, ...own, name: "extract-sync", path: `${account}/call-log-extract-sync` },
  { ...callLog, ...own, name: "active-calls", path: `${account}/active-calls`, kinds: list },
  { ...callLog, ...own, name: "extension-active-calls", path: `${extension}/active-calls`, kinds: list },
  {
    name: "recording",
    method: "GET",
    path: `${account}/recording/:recording`,
    group: "heavy",
    scope: "ReadCallRecording",
    permission: "ReadCallRecording",
    kinds: api
  },
  {
    name: "content",
    method: "GET",
    path: `${account}/recording/:recording/content`,
    media: true,
    group: "heavy",
    scope: "ReadCallRecording",
    permission: "ReadCallRecording",
    kinds: audio
  },
  {
    name: "delete-recordings",
    method: "DELETE",
    path: `${account}/call-recordings`,
    group: "heavy",
    scope: "EditCallLog",
    permission: "EditCompanyCallRecordings",
    kinds: []
  },
  {
    ...messages,
    name: "messages",
    path: `${extension}/message-store`,
    group: "light",
    permission: "ReadMessages",
    kinds: list
  },
  {
    ...messages,
    name: "message",
    path: `${extension}/message-store/:message`,
    group: "light",
    permission: "ReadMessages",
    kinds: api
  },
  {
    ...messages,
    name: "message-content",
    path: `${extension}/message-store/:message/content/:attachment`,
    media: true,
    group: "medium",
    kinds: audio
  },
  { ...reading, name: "account", path: account },
  { ...reading, name: "extension", path: extension },
  { ...reading, name: "permissions", path: `${extension}/authz-profile` },
  { ...reading, name: "permission-check", path: `${extension}/authz-profile/check` },
  {
    name: "telephony-session",
    method: "GET",
    path: `${account}/telephony/sessions/:session`,
    group: "light",
    scope: "CallControl",
    kinds: api
  },
  {
    name: "subscribe",
    method: "POST",
    path: "/subscription",
    group: "medium",
    scope: "SubscriptionWebhook",
    kinds: []
  },
  {
    name: "renew-subscription",
    method: "POST",
    path: "/subscription/:subscription/renew",
    group: "light",
    scope: "SubscriptionWebhook",
    kinds: []
  }
]

/** An address taken apart, its segments decoded. */
export interface Address {
  readonly name: RouteName
  /** Undefined for tokens and for what is unknown. */
  readonly operation: Operation | undefined
  /** The address exists, but not with this method. */
  readonly wrongMethod: boolean
  /** The segments by their names in the path. */
  readonly ids: Readonly<Record<string, string>>
}

const decode = (segment: string): string | undefined => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

const matchPath = (pattern: string, segments: ReadonlyArray<string>): Readonly<Record<string, string>> | undefined => {
  const parts = pattern.split("/").slice(1)
  if (parts.length !== segments.length) return undefined
  const ids: Record<string, string> = {}
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? ""
    if (part.startsWith(":") && segment !== "") ids[part.slice(1)] = segment
    else if (part !== segment) return undefined
  }
  return ids
}

const tokenRoutes: Readonly<Record<string, RouteName>> = {
  "/restapi/oauth/token": "token",
  "/restapi/oauth/revoke": "revoke"
}

const unknown: Address = { name: "unknown", operation: undefined, wrongMethod: false, ids: {} }

/** Takes a path apart; its percent-encoding is undone segment by segment, so that no id can reach another address. */
export const parseAddress = (method: string, path: string): Address => {
  const tokenRoute = tokenRoutes[path]
  if (tokenRoute !== undefined) {
    return method === "POST" ? { ...unknown, name: tokenRoute } : { ...unknown, wrongMethod: true }
  }
  const [root, restapi, version, ...raw] = path.split("/")
  const segments = raw.map(decode).filter((segment) => segment !== undefined)
  if (root !== "" || restapi !== "restapi" || version !== "v1.0" || segments.length !== raw.length) return unknown
  let wrongMethod = false
  for (const operation of operations) {
    const ids = matchPath(operation.path, segments)
    if (ids === undefined) continue
    if (operation.method === method) return { name: operation.name, operation, wrongMethod: false, ids }
    wrongMethod = true
  }
  return { ...unknown, wrongMethod }
}

/** Where a redirect on the media host leads; the faults of a body are done there. */
export const redirectedRoute: SimulatorRoute = { name: "redirected-content", kinds: audio, refusals: ["CMN-310"] }

/** What the framework needs of an operation. Two requests at once are a matter of reading. */
export const simulatorRoute = ({ name, operation }: Address): SimulatorRoute => {
  if (name === "token") return { name, kinds: json, refusals: ["CMN-301", "CMN-310"] }
  return { name, kinds: operation?.kinds ?? [], refusals: ["CMN-301", "CMN-304", "CMN-310"] }
}
