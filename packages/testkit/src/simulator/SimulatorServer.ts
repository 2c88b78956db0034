/** An HTTP server on the loopback interface that answers as a vendor would, with faults and a log. */
import { once } from "node:events"
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http"
import type { Socket } from "node:net"
import { setTimeout as delay } from "node:timers/promises"
import { type Answer, bytesBody, htmlAnswer, jsonAnswer } from "./Answer.ts"
import type { Fault, FaultKind } from "./Fault.ts"
import type { FaultPlan } from "./FaultPlan.ts"
import type { CredentialKind, RequestEntry, WritableRequestLog } from "./RequestLog.ts"
import { sendAnswer } from "./sendAnswer.ts"
import type { SimulatorClock } from "./SimulatorClock.ts"

/** A request with its body read. */
export interface SimulatorRequest {
  readonly method: string
  /** As sent: percent-encoded, without query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /**
   * A fault that only the vendor's code can do (a forgotten token, rows twice). Whoever does it sets `entry.fault`.
   */
  readonly fault: Fault | undefined
  readonly entry: RequestEntry
}

/** What the server must know of an operation to log it and to plan faults. */
export interface SimulatorRoute {
  readonly name: string
  /** Faults that make sense here; none for an operation that must not be disturbed. */
  readonly kinds: ReadonlyArray<FaultKind>
  /** The vendor's refusals (429) that this operation can give. */
  readonly refusals: ReadonlyArray<string>
  /** Whether what is asked for stands in the body: two bodies are then two resources to a fault plan. Default false. */
  readonly asksInBody?: boolean
}

export interface SimulatorServerOptions {
  /** The name in the log. */
  readonly name: string
  readonly log: WritableRequestLog
  readonly clock: SimulatorClock
  readonly faults: FaultPlan
  readonly route: (method: string, path: string) => SimulatorRoute
  readonly handle: (request: SimulatorRequest) => Answer | Promise<Answer>
  /** The answer to a named refusal at the route of this name; `retryAfterSeconds` goes where the vendor tells it. */
  readonly refuse: (refusal: string, retryAfterSeconds: number, route: string) => Answer
  /** Whether a kind can be done to a request with these headers just now. Default: always. */
  readonly possible?: (kind: FaultKind, headers: IncomingHttpHeaders) => boolean
}

export interface SimulatorServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string
  /** Connections open now. */
  readonly openSockets: number
  /** Destroys every connection and stops listening. */
  readonly close: () => Promise<void>
}

const longestBody = 1024 * 1024

// After these it is the simulator that closes the connection, not the client.
const closingFaults: ReadonlySet<FaultKind> = new Set(["reset-before-headers", "reset-mid-body", "truncated-body"])

const readBody = async (request: IncomingMessage): Promise<string | undefined> => {
  const pieces: Array<Buffer> = []
  let length = 0
  try {
    for await (const piece of request) {
      const bytes: unknown = piece
      if (!Buffer.isBuffer(bytes)) continue
      length += bytes.length
      if (length <= longestBody) pieces.push(bytes)
    }
  } catch {
    // The client went away while it sent.
    return undefined
  }
  return Buffer.concat(pieces).toString("utf8")
}

/** The kind of credentials in a request, in its header, its cookies or its query. */
export const credentialKind = (headers: IncomingHttpHeaders, query: URLSearchParams): CredentialKind => {
  const { authorization } = headers
  if (authorization !== undefined) {
    if (/^bearer /i.test(authorization)) return "bearer"
    return /^basic /i.test(authorization) ? "basic" : "other"
  }
  return headers.cookie !== undefined || query.has("access_token") || query.has("token") ? "other" : "none"
}

const serverError = (fault: Extract<Fault, { readonly kind: "server-error" }>): Answer => {
  const headers: Record<string, string> = {}
  if (fault.retryAfterSeconds !== undefined) headers["retry-after"] = String(fault.retryAfterSeconds)
  return fault.body === "html"
    ? htmlAnswer(fault.status, headers)
    : jsonAnswer(fault.status, { message: "Internal error" }, headers)
}

const brokenJson: Answer = {
  status: 200,
  headers: { "content-type": "application/json" },
  body: bytesBody(new TextEncoder().encode('[{"init_time": "2026-'))
}

// The faults that take the place of the answer. What the client asked for is not done.
const insteadOf = (
  fault: Fault | undefined,
  refuse: SimulatorServerOptions["refuse"],
  route: string
): Answer | undefined => {
  switch (fault?.kind) {
    case "refusal":
      return refuse(fault.refusal, fault.retryAfterSeconds, route)
    case "server-error":
      return serverError(fault)
    case "malformed-json":
      return brokenJson
    case "html-page":
      return htmlAnswer(200)
    default:
      return undefined
  }
}

const answerRequest = async (
  options: SimulatorServerOptions,
  message: IncomingMessage,
  response: ServerResponse
): Promise<void> => {
  const { clock, faults, log, possible = () => true } = options
  const method = message.method ?? "GET"
  const [path = "", query = ""] = (message.url ?? "").split(/\?(.*)/s)
  const parameters = new URLSearchParams(query)
  const route = options.route(method, path)
  const entry = log.begin({
    server: options.name,
    route: route.name,
    time: clock.now(),
    method,
    path,
    query,
    credentials: credentialKind(message.headers, parameters),
    range: message.headers.range
  })
  response.on("close", () => {
    entry.aborted = !response.writableFinished && !(entry.fault !== undefined && closingFaults.has(entry.fault))
    entry.finished = true
  })
  const body = await readBody(message)
  if (body === undefined) return
  const fault = faults.decide({
    ...route,
    route: route.name,
    resource: `${method} ${path}?${query}${route.asksInBody === true ? ` ${body}` : ""}`,
    possible: (kind) => possible(kind, message.headers)
  })
  if (fault?.kind === "latency") {
    entry.fault = fault.kind
    await delay(fault.milliseconds)
  }
  if (fault?.kind === "reset-before-headers") {
    entry.fault = fault.kind
    message.socket.resetAndDestroy()
    return
  }
  const instead = insteadOf(fault, options.refuse, route.name)
  if (instead !== undefined) entry.fault = fault?.kind
  const answer =
    instead ?? (await options.handle({ method, path, query: parameters, headers: message.headers, body, fault, entry }))
  // By the simulator's clock: a client that compares clocks must find the same time everywhere.
  response.setHeader("date", clock.now().toUTCString())
  if (!response.destroyed) await sendAnswer(response, entry, answer, fault)
}

/** Starts a server on a free port of 127.0.0.1. */
export const startSimulatorServer = async (options: SimulatorServerOptions): Promise<SimulatorServer> => {
  const sockets = new Set<Socket>()
  // Longer than any client keeps a connection, so that none is closed just as it is used again.
  const server = createServer({ keepAliveTimeout: 120_000 }, (message, response) => {
    void answerRequest(options, message, response)
  })
  server.on("connection", (socket) => {
    sockets.add(socket)
    socket.on("close", () => sockets.delete(socket))
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const port = address !== null && typeof address === "object" ? address.port : 0
  return {
    origin: `http://127.0.0.1:${port}`,
    get openSockets() {
      return sockets.size
    },
    close: async () => {
      // Not `once`, which fails where a connection ends with an error.
      const closing = Array.from(
        sockets,
        (socket) => new Promise<void>((resolve) => socket.on("close", () => resolve()))
      )
      const closed = [once(server, "close"), ...closing]
      server.close()
      for (const socket of sockets) socket.destroy()
      await Promise.all(closed)
    }
  }
}
