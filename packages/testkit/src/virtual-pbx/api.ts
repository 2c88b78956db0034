/** The API's server: finds the operation, checks who asks and whether the quota allows it, and answers. */
import type { IncomingHttpHeaders } from "node:http"
import { type Answer, jsonAnswer } from "../simulator/Answer.ts"
import type { FaultKind } from "../simulator/Fault.ts"
import type { SimulatorRequest } from "../simulator/SimulatorServer.ts"
import { refusedApp, resolveOwner, userObject } from "./access.ts"
import type { Archives } from "./archive.ts"
import type { CallHistory } from "./callHistory.ts"
import {
  basicChallenge,
  concurrentRefused,
  methodNotAllowed,
  notFound,
  quotaRefused,
  recordNotFound,
  unauthorized
} from "./errors.ts"
import type { Files } from "./files.ts"
import type { Listing } from "./listing.ts"
import type { Tokens } from "./oauth.ts"
import type { Quota } from "./quota.ts"
import type { RecordEntry } from "./RecordIndex.ts"
import type { Records, Scope } from "./records.ts"
import { type Address, parseAddress } from "./routes.ts"
import type { Settings } from "./settings.ts"
import type { PbxApp } from "./VirtualPbxOptions.ts"

export interface ApiContext {
  readonly settings: Settings
  readonly tokens: Tokens
  readonly quota: Quota
  readonly records: Records
  readonly listing: Listing
  readonly files: Files
  readonly archives: Archives
  readonly histories: CallHistory
}

const isBasicUser = ({ basic }: Settings, authorization: string | undefined): boolean =>
  /^Basic (.+)$/i.exec(authorization ?? "")?.[1] ===
  Buffer.from(`${basic.login}:${basic.password}`, "utf8").toString("base64")

// The app whose rights count; the user of HTTP Basic has those of the client.
const authenticate = (context: ApiContext, address: Address, request: SimulatorRequest): PbxApp | Answer => {
  const { settings, tokens } = context
  const { authorization } = request.headers
  if (address.name === "download") {
    return isBasicUser(settings, authorization) ? settings.apps.client : basicChallenge()
  }
  if (request.fault?.kind === "expired-token") {
    request.entry.fault = "expired-token"
    tokens.forget(authorization)
  }
  return tokens.use(authorization) ?? unauthorized()
}

const isAnswer = (value: PbxApp | Answer | Scope): value is Answer => "body" in value

const ofRecord = ({ files }: ApiContext, address: Address, request: SimulatorRequest, entry: RecordEntry): Answer => {
  switch (address.name) {
    case "file":
    case "download":
      return files.file(request, entry)
    case "storage-url":
      return files.storageUrl(entry)
    case "path":
      return files.path(entry)
    case "remove":
      return files.remove(entry)
    default:
      return notFound()
  }
}

const owned = (
  context: ApiContext,
  address: Address,
  request: SimulatorRequest,
  scope: Scope
): Answer | Promise<Answer> => {
  switch (address.name) {
    case "list":
      return context.listing.list(request, scope)
    case "stats":
      return context.listing.stats(request, scope)
    case "archive":
      return context.archives.request(request.body, scope)
    case "remove-window":
      return context.files.removeWindow(request, scope)
    case "call-history":
      return context.histories.get(address.id)
    default: {
      const entry = context.records.find(address.id)
      // Somebody else's record is as unknown as none.
      return entry === undefined || !scope(Number(entry.leg.extension.id))
        ? recordNotFound()
        : ofRecord(context, address, request, entry)
    }
  }
}

const authorized = (
  context: ApiContext,
  address: Address,
  request: SimulatorRequest,
  app: PbxApp
): Answer | Promise<Answer> => {
  const refused = refusedApp(context.settings, app)
  if (refused !== undefined) return refused
  if (address.wrongMethod) return methodNotAllowed()
  if (address.name === "unknown") return notFound()
  if (address.name === "user") return jsonAnswer(200, userObject(context.settings, app))
  const scope = resolveOwner(context.settings, app, address.level, address.owner)
  return isAnswer(scope) ? scope : owned(context, address, request, scope)
}

/** Answers one request. */
export const handleApi = async (context: ApiContext, request: SimulatorRequest): Promise<Answer> => {
  const address = parseAddress(request.method, request.path)
  if (address.name === "token") return context.tokens.mint(request)
  if (!request.path.startsWith("/api/")) return address.wrongMethod ? methodNotAllowed() : notFound()
  const app = authenticate(context, address, request)
  if (isAnswer(app)) return app
  const refused = context.quota.take()
  if (refused !== undefined) return refused
  return context.quota.tell(await authorized(context, address, request, app))
}

/** The refusals that a fault plan may ask for. */
export const refuseApi = (settings: Settings, refusal: string, retryAfterSeconds: number): Answer =>
  refusal === "concurrent" ? concurrentRefused() : quotaRefused(settings.requestsPerHour, retryAfterSeconds)

/** Whether a fault can be done to a request just now. */
export const isPossible = (
  { settings, tokens }: ApiContext,
  kind: FaultKind,
  headers: IncomingHttpHeaders
): boolean => {
  if (kind === "expired-token") return tokens.isWorn(headers.authorization)
  return kind !== "drifting-page" || settings.listing.paging === "pages"
}
