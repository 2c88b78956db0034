/** The one address of the server: the web server in front, the gateway and what is behind it, and the storage. */
import { type Answer, htmlAnswer } from "../simulator/Answer.ts"
import type { SimulatorRequest } from "../simulator/SimulatorServer.ts"
import type { Context } from "./context.ts"
import {
  type ApiError,
  errorAnswer,
  gatewayAnswer,
  gatewayNotFound,
  sessionInvalid,
  sessionUnauthorized
} from "./errors.ts"
import { searchHistory } from "./history.ts"
import { searchQueues } from "./queues.ts"
import { type Address, parseAddress } from "./routes.ts"
import type { Session } from "./sessions.ts"
import { makeStorage, tokenOf } from "./storage.ts"
import { storageService } from "./storageService.ts"
import { logIn, userinfo } from "./userinfo.ts"

// The gateway's own header; the others only where the option says so, and a query always at userinfo.
const gatewayToken = ({ settings }: Context, address: Address, request: SimulatorRequest): string | undefined => {
  const own = request.headers["x-webitel-access"]
  if (typeof own === "string" && own !== "") return own
  if (settings.bearer === "accepted") return tokenOf(request)
  return address.name === "userinfo" ? (request.query.get("access_token") ?? undefined) : undefined
}

const authenticate = (context: Context, address: Address, request: SimulatorRequest): Session | ApiError => {
  const refused = address.service === "storage" ? sessionUnauthorized : sessionInvalid
  const token = gatewayToken(context, address, request)
  if (request.fault?.kind === "expired-token") {
    request.entry.fault = request.fault.kind
    return refused()
  }
  const session = token === undefined ? undefined : context.sessions.find(token)
  return session ?? refused()
}

const behindGateway = (context: Context, address: Address, request: SimulatorRequest): Answer | ApiError => {
  if (address.name === "unknown") return gatewayNotFound()
  if (address.name === "login") return logIn(context, request.body)
  const session = authenticate(context, address, request)
  if ("status" in session) return session
  switch (address.name) {
    case "history":
      return searchHistory(context, session, request)
    case "queues":
      return searchQueues(context, session, request.query)
    case "userinfo":
      return userinfo(context, session)
    default:
      return storageService(context, session, address, request)
  }
}

/** Answers one request. */
export const makeHandler = (context: Context): ((request: SimulatorRequest) => Answer) => {
  const storage = makeStorage(context)
  const { errorEnvelope, random } = context.settings

  return (request) => {
    const address = parseAddress(request.method, request.path)
    const { service } = address
    const requestId = random.fork(`request ${request.entry.number}`).hex(26)
    if (service === "front") return htmlAnswer(request.path.startsWith("/api/") ? 403 : 404)
    if (service === "files") {
      const answer = storage(address, request)
      const told = "id" in answer ? errorAnswer(answer, requestId) : answer
      const headers = { "x-request-id": requestId, "access-control-allow-origin": "*" }
      return {
        ...told,
        headers: { ...headers, ...(request.method === "GET" ? { expires: "0" } : {}), ...told.headers }
      }
    }
    const answer = behindGateway(context, address, request)
    return "id" in answer ? gatewayAnswer(answer, requestId, errorEnvelope, service) : answer
  }
}
