/** The platform's requests, one function each (docs/vendors/virtual-pbx.md#requests). */
import {
  type Audio,
  InvalidQuery,
  type InvalidOptions,
  type LimitCheck,
  NotFound,
  type Reason,
  type TimeWindow
} from "@callreel/recording"
import {
  type Http,
  type HttpAnswer,
  makeHttp,
  type MediaRequest,
  type MintedToken,
  type RateGate,
  rateGate,
  tokenHolder,
  tokenLife
} from "@callreel/transport"
import { createHash } from "node:crypto"
import { Duration, Effect, Redacted, type Scope } from "effect"
import * as t from "io-ts"
import { idleTimeoutOf, type VirtualPbxOptions } from "../VirtualPbxOptions.ts"
import { classify, classifyArchive, classifyLogin, classifyStorage, quotaGroup, readLimits } from "./errors.ts"
import { pageSize, type RowsRequest } from "./listing.ts"
import { formatTime } from "./time.ts"
import { CallHistory, RecordPath, type RecordRow, RecordRows, StorageUrl, TokenAnswer, User } from "./wire.ts"

/** The lifetime of a token where its answer tells none: what the platform documents. */
const usualLife = Duration.hours(1)

/** Requests for one account at a time; more have been answered with 429 although the quota was not used up. */
const concurrency = 4

export interface Api {
  readonly rows: (request: RowsRequest) => Effect.Effect<ReadonlyArray<RecordRow>, Reason>
  readonly history: (callId: string) => Effect.Effect<CallHistory, Reason>
  readonly path: (recordUuid: string) => Effect.Effect<RecordPath, Reason>
  readonly storageUrl: (recordUuid: string) => Effect.Effect<string, Reason>
  readonly media: (
    target: AudioTarget,
    options: Pick<MediaRequest, "range" | "expectedBytes">
  ) => Effect.Effect<Audio<Reason>, Reason, Scope.Scope>
  readonly user: Effect.Effect<HttpAnswer<t.TypeOf<typeof User>>, Reason>
  readonly stats: (window: TimeWindow) => Effect.Effect<unknown, Reason>
  readonly remove: (recordUuid: string) => Effect.Effect<void, Reason>
  readonly removeWindow: (window: TimeWindow) => Effect.Effect<void, Reason>
  readonly requestArchive: (window: TimeWindow, emails: ReadonlyArray<string>) => Effect.Effect<unknown, Reason>
  readonly limits: Effect.Effect<ReadonlyArray<LimitCheck>>
  /** The address of the recording's file at the API, for links. */
  readonly fileUrl: (recordUuid: string, way: "api" | "basic") => string
}

/** Where audio is fetched: a storage link, or a file resource of the API. */
export type AudioTarget =
  | { readonly way: "storage"; readonly url: string }
  | { readonly way: "api" | "basic"; readonly recordUuid: string }

/** Address parts of the scope: `/client/@me`, `/extension_group/7`, `/extension/9`. */
const level = (scope: VirtualPbxOptions["scope"]): readonly [string, string] => {
  if (scope === undefined) return ["client", "@me"]
  if ("client" in scope) return ["client", scope.client]
  return "extensionGroup" in scope ? ["extension_group", scope.extensionGroup] : ["extension", scope.extension]
}

/** Connects to one account; tokens and limits are shared with everything in the process that uses the same account. */
export const makeApi = (
  options: VirtualPbxOptions,
  fetch: typeof globalThis.fetch | undefined
): Effect.Effect<Api, InvalidOptions, Scope.Scope> =>
  Effect.gen(function* () {
    const account = accountKey(options)
    const gate = yield* rateGate({ key: `gate ${account}`, groups: {}, concurrency })
    const silence = idleTimeoutOf(options)
    const settings = {
      baseUrl: options.baseUrl,
      allowInsecure: options.allowInsecure === true,
      ...(options.trustedOrigins && { trustedOrigins: options.trustedOrigins }),
      gate,
      classify,
      readLimits,
      ...(silence && { headersTimeout: silence, idleTimeout: silence }),
      ...(fetch && { fetch })
    }
    // The token resource has its own client: it needs no token, and tells nothing of the limits.
    const login = yield* makeHttp({ ...settings, classify: classifyLogin })
    const tokens = yield* tokenHolder({ key: `token ${account}`, mint: mint(login, options) })
    const http = yield* makeHttp({ ...settings, tokens })
    const archive = yield* makeHttp({ ...settings, tokens, classify: classifyArchive })
    const storage = yield* makeHttp({ ...settings, classify: classifyStorage })
    // Two history requests of an account at once are refused, whichever source makes them.
    const oneHistory = yield* rateGate({ key: `history ${account}`, groups: {}, concurrency: 1 })
    return requests({ http, archive, storage }, options, gate.limits, oneHistory)
  })

const requests = (
  { archive, http, storage }: { readonly http: Http; readonly archive: Http; readonly storage: Http },
  options: VirtualPbxOptions,
  limits: Api["limits"],
  oneHistory: RateGate
): Api => {
  const [kind, id] = level(options.scope)
  const api = ["api", "ver1.0"]
  const scope = [...api, kind, id]
  const records = [...scope, "record"]
  const group = quotaGroup
  const filePath = (recordUuid: string, way: "api" | "basic"): ReadonlyArray<string> =>
    way === "api" ? [...records, recordUuid] : [...records, recordUuid, "download", ""]

  return {
    rows: ({ from, to, page }) =>
      http.json(RecordRows, {
        path: [...records, ""],
        query: { ...bounds(from, to), order: "asc", page, per_page: pageSize },
        group
      }),

    history: (callId) =>
      oneHistory.run("call history", http.json(CallHistory, { path: [...scope, "call_history", callId], group })),

    path: (recordUuid) => http.json(RecordPath, { path: [...records, recordUuid, "path", ""], group }),

    storageUrl: (recordUuid) =>
      Effect.map(
        http.json(StorageUrl, { path: [...records, recordUuid, "storage_url", ""], group }),
        (answer) => answer.record_url
      ),

    media: (target, request) => {
      switch (target.way) {
        case "storage":
          return storage.media({
            ...request,
            target: { url: target.url },
            credentials: "none",
            untrusted: "without-credentials",
            optionName: "storageOrigins",
            trustedOrigins: options.storageOrigins ?? []
          })
        case "api":
          return http.media({
            ...request,
            target: { path: filePath(target.recordUuid, "api") },
            credentials: "token",
            untrusted: "refuse",
            group
          })
        case "basic":
          return options.basic === undefined
            ? Effect.fail(new NotFound({ what: "the login of option basic" }))
            : http.media({
                ...request,
                target: { path: filePath(target.recordUuid, "basic") },
                credentials: { basic: { user: options.basic.login, password: options.basic.password } },
                untrusted: "refuse",
                group
              })
      }
    },

    user: http.jsonWithHeaders(User, { path: [...api, "user", ""], group }),

    stats: (window) =>
      Effect.flatMap(wholeSeconds(window), (query) =>
        http.json(t.unknown, { path: [...records, "stats", ""], query, group })
      ),

    remove: (recordUuid) => Effect.asVoid(http.send({ method: "DELETE", path: [...records, recordUuid], group })),

    removeWindow: (window) =>
      Effect.flatMap(wholeSeconds(window), (query) =>
        Effect.asVoid(http.send({ method: "DELETE", path: [...records, ""], query, group }))
      ),

    requestArchive: (window, emails) =>
      Effect.flatMap(wholeSeconds(window), (query) =>
        archive.json(t.unknown, {
          method: "POST",
          path: [...records, "archive", ""],
          json: { ...query, email: emails.join(",") },
          group
        })
      ),

    limits,

    fileUrl: (recordUuid, way) =>
      `${options.baseUrl.replace(/\/+$/, "")}/${filePath(recordUuid, way).map(encodeSegment).join("/")}`
  }
}

/** One path segment, with `@me` as the platform's documentation writes it. */
const encodeSegment = (segment: string): string => encodeURIComponent(segment).replaceAll("%40", "@")

const bounds = (from: Date, to: Date) => ({ start_datetime: formatTime(from), end_datetime: formatTime(to) })

/**
 * Bounds for resources that count or delete by themselves: the platform's ends are taken to be included, so the first
 * whole second at or after `from` and the last before `to` are named.
 */
const wholeSeconds = ({ from, to }: TimeWindow): Effect.Effect<ReturnType<typeof bounds>, InvalidQuery> => {
  const start = Math.ceil(from.getTime() / 1000) * 1000
  const end = Math.ceil(to.getTime() / 1000) * 1000 - 1000
  return start > end
    ? Effect.fail(
        new InvalidQuery({ field: "to", detail: "the window holds no whole second, the PBX's smallest step" })
      )
    : Effect.succeed(bounds(new Date(start), new Date(end)))
}

/** Client credentials grant at the root of the host, not below the API. There is no refresh token. */
const mint = (http: Http, options: VirtualPbxOptions): Effect.Effect<MintedToken, Reason> =>
  http
    .json(TokenAnswer, {
      method: "POST",
      path: ["oauth", "token"],
      form: {
        grant_type: "client_credentials",
        client_id: options.clientId,
        client_secret: Redacted.value(options.clientSecret)
      },
      group: "oauth",
      repeatable: true
    })
    .pipe(
      Effect.map((answer) => ({
        value: Redacted.make(answer.access_token, { label: "access token" }),
        expiresIn: tokenLife(answer.expires_in, usualLife)
      }))
    )

/** One key for an account and its credentials, from which neither can be read. */
const accountKey = (options: VirtualPbxOptions): string =>
  createHash("sha256")
    .update(JSON.stringify(["virtual-pbx", options.baseUrl, options.clientId, Redacted.value(options.clientSecret)]))
    .digest("hex")
