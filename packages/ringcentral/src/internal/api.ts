/** RingCentral's requests, one function each (docs/vendors/ringcentral.md#requests). */
import { type Audio, InvalidOptions, type LimitCheck, type Reason, type TimeWindow } from "@callreel/recording"
import {
  type Http,
  type HttpAnswer,
  type HttpOptions,
  makeHttp,
  type MediaRequest,
  type MintedToken,
  parseOrigin,
  rateGate,
  tokenHolder,
  tokenLife
} from "@callreel/transport"
import { createHash } from "node:crypto"
import { Duration, Effect, Redacted, type Scope } from "effect"
import type * as t from "io-ts"
import { defaultServerUrl, idleTimeoutOf, mediaUrlOf, type RingCentralOptions } from "../RingCentralOptions.ts"
import { classify, classifyLogin, readLimits } from "./errors.ts"
import {
  Account,
  LogPage,
  LogRecord,
  Message,
  PermissionAnswer,
  RecordingMetadata,
  SyncPage,
  TokenAnswer
} from "./wire.ts"

/** The lifetime of a token where its answer tells none. */
const usualLife = Duration.hours(1)

const minute = Duration.minutes(1)

/** What the vendor documents per user and app; its answers tell what is true for this one. */
const documentedLimits = {
  heavy: { requests: 10, window: minute },
  medium: { requests: 40, window: minute },
  light: { requests: 50, window: minute },
  auth: { requests: 5, window: minute }
} as const

/** The most rows of one answer. */
export const pageSize = 1000

/** What of the call log is asked for. */
export type LogQuery =
  | (TimeWindow & { readonly recorded: boolean })
  | { readonly telephonySessionId: string; readonly window: TimeWindow | undefined }
  | { readonly sessionId: string; readonly window: TimeWindow | undefined }

/** A request of the feed of changes: from an instant on, or from where a token stands. */
export type SyncQuery = { readonly dateFrom: Date } | { readonly syncToken: string }

/** Where audio is fetched. */
export type AudioTarget = { readonly recordingId: string } | { readonly url: string } | VoicemailTarget

/** An attachment of a message. */
export interface VoicemailTarget {
  readonly extension: string
  readonly messageId: string
  readonly attachmentId: string
}

export interface Api {
  readonly log: (query: LogQuery) => Effect.Effect<HttpAnswer<LogPage>, Reason>
  /** The page at an address that an answer named; refused where its origin is not configured. */
  readonly logPage: (url: string) => Effect.Effect<HttpAnswer<LogPage>, Reason>
  readonly record: (id: string) => Effect.Effect<LogRecord, Reason>
  readonly sync: (query: SyncQuery) => Effect.Effect<SyncPage, Reason>
  readonly metadata: (recordingId: string) => Effect.Effect<RecordingMetadata, Reason>
  readonly audio: (
    target: AudioTarget,
    options: Pick<MediaRequest, "range" | "expectedBytes">
  ) => Effect.Effect<Audio<Reason>, Reason, Scope.Scope>
  /** Whether an address is on a configured origin. */
  readonly trusts: (url: string) => boolean
  /** The address that {@link Api.audio} builds for a bare id. */
  readonly audioUrl: (recordingId: string) => string
  /** The address of a voicemail's audio. */
  readonly voicemailUrl: (target: VoicemailTarget) => string
  readonly message: (extension: string, id: string) => Effect.Effect<Message, Reason>
  readonly remove: (recordingId: string) => Effect.Effect<void, Reason>
  /** The account itself, with its real id. */
  readonly account: Effect.Effect<t.TypeOf<typeof Account>, Reason>
  /** Whether the JWT's user has a permission, by its name. */
  readonly hasPermission: (name: string) => Effect.Effect<boolean, Reason>
  readonly limits: Effect.Effect<ReadonlyArray<LimitCheck>>
}

/** Connects to one account; tokens and limits are shared with everything in the process that uses the same credentials. */
export const makeApi = (
  options: RingCentralOptions,
  fetch: typeof globalThis.fetch | undefined
): Effect.Effect<Api, InvalidOptions, Scope.Scope> =>
  Effect.gen(function* () {
    const { mediaOrigins = [], serverUrl = defaultServerUrl } = options
    const mediaUrl = mediaUrlOf(options)
    const server = new URL(serverUrl).origin
    const silence = idleTimeoutOf(options)
    const gate = yield* rateGate({ key: `gate ${limitsKey(server, options)}`, groups: documentedLimits })
    // Each host has its own client, as a group may be called otherwise there; limits and token are the same.
    const settings = {
      trustedOrigins: [new URL(serverUrl).origin, new URL(mediaUrl).origin, ...mediaOrigins],
      originsOption: "mediaOrigins",
      allowInsecure: options.allowInsecure === true,
      gate,
      classify,
      readLimits,
      ...(silence && { headersTimeout: silence, idleTimeout: silence }),
      ...(fetch && { fetch })
    } satisfies Partial<HttpOptions>
    const clientOf = (option: "serverUrl" | "mediaUrl", baseUrl: string, more: Partial<HttpOptions>) =>
      makeHttp({ ...settings, ...more, baseUrl }).pipe(Effect.mapError(namingBase(option)))
    const login = yield* clientOf("serverUrl", serverUrl, { trustedOrigins: [], classify: classifyLogin })
    const tokens = yield* tokenHolder({ key: `token ${tokenKey(server, options)}`, mint: mint(login, options) })
    const media = yield* clientOf("mediaUrl", mediaUrl, { tokens })
    const platform = yield* clientOf("serverUrl", serverUrl, { tokens })
    const trusted = new Set(settings.trustedOrigins.map(parseOrigin))
    return {
      ...requests(platform, media, mediaUrl, options),
      trusts: (url) => trusted.has(URL.parse(url)?.origin),
      limits: gate.limits
    }
  })

/** The transport's name of the option, as the user knows it. */
const namingBase =
  (option: string) =>
  (error: InvalidOptions): InvalidOptions =>
    error.option === "baseUrl" ? new InvalidOptions({ option, detail: error.detail }) : error

const requests = (
  platform: Http,
  media: Http,
  mediaUrl: string,
  { account: accountId = "~", extension }: RingCentralOptions
): Omit<Api, "limits" | "trusts"> => {
  const account = ["restapi", "v1.0", "account", accountId]
  const level = extension === undefined ? account : [...account, "extension", extension]
  const group = "heavy"
  const contentPath = (recordingId: string) => [...account, "recording", recordingId, "content"]
  const voicemailPath = ({ attachmentId, extension: owner, messageId }: VoicemailTarget) => [
    ...account,
    "extension",
    owner,
    "message-store",
    messageId,
    "content",
    attachmentId
  ]
  const addressOf = (path: ReadonlyArray<string>): string =>
    `${mediaUrl.replace(/\/+$/, "")}/${path.map(encodeURIComponent).join("/")}`

  return {
    log: (query) =>
      platform.jsonWithHeaders(LogPage, {
        path: [...level, "call-log"],
        query: { view: "Detailed", ...logQuery(query), perPage: pageSize },
        group,
        route: "call-log"
      }),

    logPage: (url) => platform.jsonWithHeaders(LogPage, { url, group, route: "call-log" }),

    record: (id) =>
      platform.json(LogRecord, {
        path: [...level, "call-log", id],
        query: { view: "Detailed" },
        group,
        route: "record"
      }),

    sync: (query) =>
      platform.json(SyncPage, {
        path: [...account, "call-log-extract-sync"],
        query: {
          view: "Detailed",
          ...("syncToken" in query
            ? { syncType: "ISync", syncToken: query.syncToken }
            : { syncType: "FSync", dateFrom: query.dateFrom.toISOString(), recordCount: pageSize })
        },
        group,
        route: "sync"
      }),

    metadata: (recordingId) =>
      platform.json(RecordingMetadata, { path: [...account, "recording", recordingId], group, route: "metadata" }),

    audio: (target, request) => {
      const shared = { ...request, credentials: "token", untrusted: "only-by-redirect" } as const
      if ("url" in target) return media.media({ ...shared, target, group })
      if ("recordingId" in target) {
        return media.media({ ...shared, target: { path: contentPath(target.recordingId) }, group })
      }
      return media.media({ ...shared, target: { path: voicemailPath(target) }, group: "medium" })
    },

    audioUrl: (recordingId) => addressOf(contentPath(recordingId)),

    voicemailUrl: (target) => addressOf(voicemailPath(target)),

    message: (owner, id) =>
      platform.json(Message, {
        path: [...account, "extension", owner, "message-store", id],
        group: "light",
        route: "message"
      }),

    remove: (recordingId) =>
      Effect.asVoid(
        platform.send({
          method: "DELETE",
          path: [...account, "call-recordings"],
          json: { records: [recordingId] },
          group,
          route: "remove"
        })
      ),

    account: platform.json(Account, { path: account, group: "light", route: "account" }),

    hasPermission: (name) =>
      Effect.map(
        platform.json(PermissionAnswer, {
          path: [...account, "extension", "~", "authz-profile", "check"],
          query: { permissionId: name },
          group: "light",
          route: "permission"
        }),
        ({ successful }) => successful
      )
  }
}

/** The ends of the vendor's windows are both included, at the millisecond. Without them it looks back a day only. */
const bounds = ({ from, to }: TimeWindow) => ({
  dateFrom: from.toISOString(),
  dateTo: new Date(to.getTime() - 1).toISOString()
})

const logQuery = (query: LogQuery): Readonly<Record<string, string>> => {
  if ("from" in query) return { ...bounds(query), ...(query.recorded && { recordingType: "All" }) }
  const { window, ...session } = query
  return { ...session, ...(window && bounds(window)) }
}

/** JWT bearer grant. There is usually no refresh token: another token is minted instead. */
const mint = (http: Http, { clientId, clientSecret, jwt }: RingCentralOptions): Effect.Effect<MintedToken, Reason> =>
  http
    .json(TokenAnswer, {
      method: "POST",
      path: ["restapi", "oauth", "token"],
      form: { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: Redacted.value(jwt) },
      credentials: { basic: { user: clientId, password: clientSecret } },
      group: "auth",
      repeatable: true
    })
    .pipe(
      Effect.map((answer) => ({
        value: Redacted.make(answer.access_token, { label: "access token" }),
        expiresIn: tokenLife(answer.expires_in, usualLife)
      }))
    )

/** One key for a user and app, for which the vendor counts: by whichever JWT the user has them. */
const limitsKey = (server: string, { clientId, jwt }: RingCentralOptions): string =>
  hashOf(["ringcentral", server, clientId, subjectOf(Redacted.value(jwt)) ?? Redacted.value(jwt)])

/** One key for the credentials, from which they cannot be read. */
const tokenKey = (server: string, { clientId, clientSecret, jwt }: RingCentralOptions): string =>
  hashOf(["ringcentral", server, clientId, Redacted.value(clientSecret), Redacted.value(jwt)])

const hashOf = (parts: ReadonlyArray<string>): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex")

/** The user in a JWT. Its signature is the vendor's to check. */
const subjectOf = (jwt: string): string | undefined => {
  const payload = Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString("utf8")
  return /"sub"\s*:\s*"([^"]+)"/.exec(payload)?.[1]
}
