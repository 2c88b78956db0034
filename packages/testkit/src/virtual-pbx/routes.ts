/** The platform's addresses, and which faults make sense at each. A slash at the end, or none, is part of the address. */
import type { FaultKind } from "../simulator/Fault.ts"
import type { SimulatorRoute } from "../simulator/SimulatorServer.ts"
import type { Level } from "./VirtualPbxOptions.ts"

/** The name of an operation in the log and in fault plans. */
export type RouteName =
  | "token"
  | "user"
  | "list"
  | "stats"
  | "archive"
  | "remove-window"
  | "file"
  | "download"
  | "storage-url"
  | "path"
  | "remove"
  | "call-history"
  | "unknown"

/** An address taken apart, its segments decoded. */
export interface Address {
  readonly name: RouteName
  /** The address exists, but not with this method. */
  readonly wrongMethod: boolean
  readonly level: Level
  readonly owner: string
  /** The record or call that is asked for; empty for a collection. */
  readonly id: string
}

const connection: ReadonlyArray<FaultKind> = ["latency", "server-error", "reset-before-headers"]
const body: ReadonlyArray<FaultKind> = ["reset-mid-body", "truncated-body", "stalled-body", "html-page"]
const json: ReadonlyArray<FaultKind> = [...connection, ...body, "malformed-json"]
const api: ReadonlyArray<FaultKind> = [...json, "refusal", "expired-token"]
const audio: ReadonlyArray<FaultKind> = [...connection, ...body, "short-body"]

/** Faults of each operation. Nothing is done to what changes or removes: a client does not repeat it by itself. */
const kindsOf: Readonly<Record<RouteName, ReadonlyArray<FaultKind>>> = {
  token: json,
  user: api,
  list: [...api, "repeated-rows", "drifting-page"],
  stats: api,
  archive: [],
  "remove-window": [],
  file: [...audio, "refusal", "expired-token"],
  download: [...audio, "refusal"],
  "storage-url": api,
  path: api,
  remove: [],
  "call-history": api,
  unknown: []
}

/** Faults of the storage server. */
export const storageKinds: ReadonlyArray<FaultKind> = audio

/** What the framework needs of an operation. */
export const simulatorRoute = (name: RouteName): SimulatorRoute => ({
  name,
  kinds: kindsOf[name],
  refusals: name === "call-history" ? ["quota", "concurrent"] : ["quota"]
})

const isLevel = (text: string): text is Level => text === "client" || text === "extension_group" || text === "extension"

const decode = (segment: string): string | undefined => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

type Match = { readonly methods: Readonly<Record<string, RouteName>>; readonly id: string }

// What follows `/{level}/{owner}`.
const matchOwned = (level: Level, rest: ReadonlyArray<string>): Match | undefined => {
  const [resource, first, second, third] = rest
  if (resource === "call_history" && level === "client" && rest.length === 2 && first !== undefined && first !== "") {
    return { methods: { GET: "call-history" }, id: first }
  }
  if (resource !== "record" || first === undefined) return undefined
  if (rest.length === 2) {
    return first === ""
      ? { methods: { GET: "list", DELETE: "remove-window" }, id: "" }
      : { methods: { GET: "file", HEAD: "file", DELETE: "remove" }, id: first }
  }
  if (rest.length === 3 && second === "") {
    if (first === "stats") return { methods: { GET: "stats" }, id: "" }
    return first === "archive" && level === "client" ? { methods: { POST: "archive" }, id: "" } : undefined
  }
  if (rest.length !== 4 || third !== "") return undefined
  if (second === "storage_url") return { methods: { GET: "storage-url" }, id: first }
  if (second === "path") return { methods: { GET: "path" }, id: first }
  return second === "download" ? { methods: { GET: "download", HEAD: "download" }, id: first } : undefined
}

const unknown: Address = { name: "unknown", wrongMethod: false, level: "client", owner: "", id: "" }

const withMethod = (method: string, match: Match | undefined, level: Level, owner: string): Address => {
  if (match === undefined) return unknown
  const name = match.methods[method]
  return { name: name ?? "unknown", wrongMethod: name === undefined, level, owner, id: match.id }
}

/** Takes a path apart; its percent-encoding is undone segment by segment, so that no id can reach another address. */
export const parseAddress = (method: string, path: string): Address => {
  if (path === "/oauth/token") return withMethod(method, { methods: { POST: "token" }, id: "" }, "client", "")
  const [root, prefix, version, ...raw] = path.split("/")
  if (root !== "" || prefix !== "api" || version !== "ver1.0") return unknown
  const segments = raw.map(decode)
  const [level, owner, ...rest] = segments
  if (level === undefined || owner === undefined || rest.includes(undefined)) return unknown
  if (level === "user" && owner === "" && rest.length === 0) {
    return withMethod(method, { methods: { GET: "user" }, id: "" }, "client", "")
  }
  if (!isLevel(level) || owner === "") return unknown
  return withMethod(
    method,
    matchOwned(
      level,
      rest.map((segment) => segment ?? "")
    ),
    level,
    owner
  )
}
