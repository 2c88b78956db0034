/** The platform's and the media host's server: finds the operation, checks who asks and whether a limit allows it, answers. */
import type { IncomingHttpHeaders } from "node:http"
import type { Answer } from "../simulator/Answer.ts"
import type { FaultKind } from "../simulator/Fault.ts"
import type { SimulatorRequest } from "../simulator/SimulatorServer.ts"
import { refusedOwner, refusedUser } from "./access.ts"
import type { Account } from "./account.ts"
import type { AppUser } from "./apps.ts"
import { invalidUri, methodNotAllowed, notFound, tooManyRequests, unknownAddress } from "./errors.ts"
import type { ExtractSync } from "./extractSync.ts"
import type { Listing } from "./listing.ts"
import type { Messages } from "./messages.ts"
import type { Tokens } from "./oauth.ts"
import type { RateLimits } from "./rateLimits.ts"
import type { ReadRecords } from "./readRecords.ts"
import type { LogOwner } from "./recordJson.ts"
import type { Recordings } from "./recordings.ts"
import { type Address, type Operation, operations, parseAddress } from "./routes.ts"
import type { Settings } from "./settings.ts"
import type { Subscriptions } from "./subscriptions.ts"
import type { Sync } from "./sync.ts"

export interface PlatformContext {
  readonly settings: Settings
  readonly tokens: Tokens
  readonly limits: RateLimits
  readonly listing: Listing
  readonly readRecords: ReadRecords
  readonly sync: Sync
  readonly extractSync: ExtractSync
  readonly recordings: Recordings
  readonly messages: Messages
  readonly account: Account
  readonly subscriptions: Subscriptions
}

const isAnswer = (value: AppUser | Answer): value is Answer => "body" in value

// On the media host a token may also be in the address.
const authorizationOf = ({ headers, query }: SimulatorRequest, media: boolean): string | undefined => {
  const token = media ? query.get("access_token") : null
  return headers.authorization ?? (token === null ? undefined : `Bearer ${token}`)
}

const authenticate = ({ tokens }: PlatformContext, request: SimulatorRequest, media: boolean): AppUser | Answer => {
  const authorization = authorizationOf(request, media)
  if (request.fault?.kind === "expired-token") {
    request.entry.fault = "expired-token"
    tokens.forget(authorization)
  }
  return tokens.use(authorization)
}

const perform = (
  context: PlatformContext,
  { ids, name }: Address,
  request: SimulatorRequest,
  app: AppUser
): Answer | Promise<Answer> => {
  const { account, extractSync, listing, messages, readRecords, recordings, subscriptions, sync } = context
  const { extension = "~", message = "", record = "", recording = "", session = "" } = ids
  const extensionId = extension === "~" ? app.extension.id : extension
  const company: LogOwner = { extensionId: undefined }
  const own: LogOwner = { extensionId }
  switch (name) {
    case "call-log":
      return listing.callLog(request, company)
    case "extension-call-log":
      return listing.callLog(request, own)
    case "active-calls":
      return listing.activeCalls(request, company)
    case "extension-active-calls":
      return listing.activeCalls(request, own)
    case "call-record":
      return readRecords.read(request, company, record)
    case "extension-call-record":
      return readRecords.read(request, own, record)
    case "call-log-sync":
      return sync.read(request, company)
    case "extension-call-log-sync":
      return sync.read(request, own)
    case "extract-sync":
      return extractSync.read(request)
    case "recording":
      return recordings.metadata(recording)
    case "content":
      return recordings.content(request, recording)
    case "delete-recordings":
      return recordings.remove(request)
    case "messages":
      return messages.list(request, extensionId)
    case "message":
      return messages.read(extensionId, message)
    case "message-content":
      return messages.content(request, extensionId, message, ids["attachment"] ?? "")
    case "account":
      return account.account()
    case "extension":
      return account.extension(extensionId)
    case "permissions":
      return account.permissions(app)
    case "permission-check":
      return account.checkPermission(app, request.query)
    case "telephony-session":
      return account.telephonySession(session)
    case "subscribe":
      return subscriptions.create(request, app)
    case "renew-subscription":
      return subscriptions.renew(ids["subscription"] ?? "")
    default:
      return notFound("uri")
  }
}

const authorized = (
  context: PlatformContext,
  address: Address,
  operation: Operation,
  request: SimulatorRequest,
  app: AppUser
): Answer | Promise<Answer> =>
  refusedUser(context.settings, app, operation) ??
  refusedOwner(context.settings, app, address.ids) ??
  perform(context, address, request, app)

const limited = async (
  context: PlatformContext,
  address: Address,
  operation: Operation,
  request: SimulatorRequest,
  app: AppUser
): Promise<Answer> => {
  const { limits } = context
  const owner = `${app.clientId} ${app.extension.id}`
  const refused = limits.take(owner, operation.group)
  if (refused !== undefined) return refused
  const answer = await authorized(context, address, operation, request, app)
  return limits.tell(answer, owner, operation.group, request.entry.number)
}

const tokenAnswer = (
  { limits, tokens }: PlatformContext,
  name: "token" | "revoke",
  request: SimulatorRequest
): Answer => {
  const owner = tokens.ownerOf(request)
  const refused = limits.take(owner, "auth")
  if (refused !== undefined) return refused
  const answer = name === "token" ? tokens.mint(request) : tokens.revoke(request)
  return limits.tell(answer, owner, "auth", request.entry.number)
}

/** Answers one request of either host. */
export const handleHost = async (
  context: PlatformContext,
  host: "platform" | "media",
  request: SimulatorRequest
): Promise<Answer> => {
  const address = parseAddress(request.method, request.path)
  const { name, operation } = address
  if (host === "platform" && (name === "token" || name === "revoke")) return tokenAnswer(context, name, request)
  if (host === "media" && request.path.startsWith("/content/")) return redirected(context, request)
  if (address.wrongMethod) return methodNotAllowed()
  if (operation === undefined) return unknownAddress()
  if ((operation.media === true) !== (host === "media")) return host === "media" ? unknownAddress() : invalidUri()
  const app = authenticate(context, request, host === "media")
  return isAnswer(app) ? app : limited(context, address, operation, request, app)
}

// Where a redirect on the same origin leads: counted already, but not open to everybody.
const redirected = (context: PlatformContext, request: SimulatorRequest): Answer => {
  const app = authenticate(context, request, true)
  return isAnswer(app) ? app : context.recordings.content(request, request.path.slice("/content/".length))
}

/** The refusals that a fault plan may ask for. Only that of a group carries its headers. */
export const refuseRequest = (
  { limits }: Pick<PlatformContext, "limits">,
  refusal: string,
  retryAfterSeconds: number,
  route: string
): Answer => {
  if (refusal === "CMN-304") return tooManyRequests("CMN-304", {})
  if (refusal === "CMN-310") return tooManyRequests("CMN-310", limits.retryAfter(retryAfterSeconds))
  return limits.refuse(operations.find(({ name }) => name === route)?.group ?? "auth", retryAfterSeconds)
}

/** Whether a fault can be done to a request just now. */
export const isPossible = ({ tokens }: PlatformContext, kind: FaultKind, headers: IncomingHttpHeaders): boolean =>
  kind !== "expired-token" || tokens.isWorn(headers.authorization)
