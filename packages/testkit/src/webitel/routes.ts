/** The server's addresses, which service answers at each, and which faults make sense there. */
import type { FaultKind } from "../simulator/Fault.ts"
import type { SimulatorRoute } from "../simulator/SimulatorServer.ts"

/** The name of an operation in the log and in fault plans. */
export type RouteName =
  | "history"
  | "stream"
  | "download"
  | "signed"
  | "userinfo"
  | "login"
  | "queues"
  | "call-files"
  | "search-files"
  | "delete-file"
  | "phrases"
  | "put-transcript"
  | "unknown"

/**
 * Who answers: `files`, the storage's own HTTP; `engine` and `storage`, services behind the gateway; `gateway`, that
 * itself; `front`, the web server before all of them.
 */
export type Service = "files" | "engine" | "storage" | "gateway" | "front"

export interface Address {
  readonly name: RouteName
  readonly service: Service
  /** The file, call or transcript that is asked for; empty for a collection. */
  readonly id: string
  /** At the storage: whether the address is that of recordings, which has a check of its own. */
  readonly ofRecordings: boolean
}

const connection: ReadonlyArray<FaultKind> = ["latency", "server-error", "reset-before-headers"]
const body: ReadonlyArray<FaultKind> = ["reset-mid-body", "truncated-body", "stalled-body", "html-page"]
const json: ReadonlyArray<FaultKind> = [...connection, ...body, "malformed-json", "refusal", "expired-token"]
const audio: ReadonlyArray<FaultKind> = [...connection, ...body, "short-body", "refusal", "expired-token"]

/** Faults of each operation. Nothing is done to what changes or removes: a client does not repeat it by itself. */
const kindsOf: Readonly<Record<RouteName, ReadonlyArray<FaultKind>>> = {
  history: [...json, "repeated-rows", "drifting-page"],
  stream: audio,
  download: audio,
  signed: [],
  userinfo: json,
  login: [],
  queues: json,
  "call-files": json,
  "search-files": [],
  "delete-file": [],
  phrases: json,
  "put-transcript": [],
  unknown: []
}

/** What the framework needs of an operation. */
export const simulatorRoute = (name: RouteName): SimulatorRoute => ({
  name,
  kinds: kindsOf[name],
  refusals: ["rate-limit"],
  asksInBody: name === "history"
})

interface Rule {
  readonly path: RegExp
  readonly methods: Readonly<Record<string, RouteName>>
  readonly service: Service
}

const rules: ReadonlyArray<Rule> = [
  { path: /^\/api\/calls\/history$/, methods: { GET: "history", POST: "history" }, service: "engine" },
  { path: /^\/api\/calls\/([^/]+)\/files$/, methods: { GET: "call-files" }, service: "storage" },
  { path: /^\/api\/call_center\/queues$/, methods: { GET: "queues" }, service: "engine" },
  { path: /^\/api\/storage\/file$/, methods: { GET: "search-files", DELETE: "delete-file" }, service: "storage" },
  { path: /^\/api\/storage\/transcript_file$/, methods: { PUT: "put-transcript" }, service: "storage" },
  { path: /^\/api\/storage\/transcript_file\/([^/]+)\/phrases$/, methods: { GET: "phrases" }, service: "storage" },
  { path: /^\/api\/userinfo$/, methods: { GET: "userinfo", POST: "userinfo" }, service: "gateway" },
  { path: /^\/api\/login$/, methods: { POST: "login" }, service: "gateway" }
]

// What the web server in front sends to the storage's own HTTP, by the look of the path.
const fileLike = /^\/api\/storage\/(media|recordings|file|tts)\/?(.*\/)(stream|download|upload|transcript)/
const fileRoute = /^\/api\/storage\/(recordings|file)\/([^/]+)\/(stream|download)$/
const signedRoute = /^\/any\/file\//

const at = (name: RouteName, service: Service, id = "", ofRecordings = false): Address => ({
  name,
  service,
  id,
  ofRecordings
})

const fileAddress = (method: string, path: string): Address => {
  const [, kind, id = "", action] = fileRoute.exec(path) ?? []
  // Other methods than these do not get past the web server; HEAD does, and the storage does not know it.
  if (!["GET", "HEAD", "POST", "OPTIONS"].includes(method)) return at("unknown", "front")
  if (action === undefined || method !== "GET") return at("unknown", "files")
  return at(action === "stream" ? "stream" : "download", "files", id, kind === "recordings")
}

/** Takes an address apart. */
export const parseAddress = (method: string, path: string): Address => {
  if (fileLike.test(path)) return fileAddress(method, path)
  if (signedRoute.test(path)) return at("signed", "files")
  for (const { methods, path: pattern, service } of rules) {
    const match = pattern.exec(path)
    const name = match === null ? undefined : methods[method]
    if (match !== null && name !== undefined) return at(name, service, match[1] ?? "")
  }
  return at("unknown", path.startsWith("/api/") ? "gateway" : "front")
}
