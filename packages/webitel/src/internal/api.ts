/** Webitel's requests, one function each (docs/vendors/webitel.md#requests). */
import type { Audio, InvalidOptions, LimitCheck, Reason } from "@callreel/recording"
import { fixedToken, type Http, type HttpAnswer, makeHttp, type MediaRequest, rateGate } from "@callreel/transport"
import { createHash } from "node:crypto"
import { Effect, Redacted, type Scope } from "effect"
import { idleTimeoutOf, includesTranscripts, type WebitelOptions } from "../WebitelOptions.ts"
import { classify, refusesToken } from "./errors.ts"
import { fields, HistoryPage, PhrasePage, QueuePage, UserInfo } from "./wire.ts"
import * as t from "io-ts"

/** Requests for one domain at a time: the history's queries run on a database that agents wait for too. */
const concurrency = 8

/** A span of time, both ends included, in milliseconds since 1970. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** What of the history is asked for. One of these has to be named. */
export type HistoryFilter =
  /** With `number`, only legs with this POSIX expression in one of their numbers (`numberPattern`). */
  | { readonly createdAt: Span; readonly number?: string }
  | { readonly storedAt: Span }
  | { readonly ids: ReadonlyArray<string> }
  /** The legs below this one, at any depth, without itself. */
  | { readonly below: string }

/** One page of the history, ordered by the legs' ids: the only order that keeps between pages. */
export interface HistoryQuery {
  readonly filter: HistoryFilter
  readonly page: number
  readonly size: number
}

export interface Api {
  readonly history: (query: HistoryQuery) => Effect.Effect<HistoryPage, Reason>
  readonly audio: (
    fileId: string,
    options: Pick<MediaRequest, "range" | "expectedBytes">
  ) => Effect.Effect<Audio<Reason>, Reason, Scope.Scope>
  /** A page of the domain's queues, in the order of their ids. */
  readonly queues: (page: number) => Effect.Effect<QueuePage, Reason>
  /** A page of what was said, as a transcript has it. */
  readonly phrases: (transcriptId: string, page: number) => Effect.Effect<PhrasePage, Reason>
  readonly userInfo: Effect.Effect<HttpAnswer<UserInfo>, Reason>
  readonly remove: (fileId: string) => Effect.Effect<void, Reason>
  /** The address of the audio with the token in it. */
  readonly linkWithToken: (fileId: string) => string
  readonly limits: Effect.Effect<ReadonlyArray<LimitCheck>>
}

/** Connects to one domain; the places for requests are shared with everything in the process that uses the same token. */
export const makeApi = (
  options: WebitelOptions,
  fetch: typeof globalThis.fetch | undefined
): Effect.Effect<Api, InvalidOptions, Scope.Scope> =>
  Effect.gen(function* () {
    const gate = yield* rateGate({ key: `gate ${domainKey(options)}`, groups: {}, concurrency })
    const silence = idleTimeoutOf(options)
    const http = yield* makeHttp({
      baseUrl: options.baseUrl,
      ...(options.trustedOrigins && { trustedOrigins: options.trustedOrigins }),
      allowInsecure: options.allowInsecure === true,
      gate,
      tokens: fixedToken(options.accessToken),
      authorize: (token) => ({ "x-webitel-access": Redacted.value(token) }),
      classify,
      refusesToken,
      ...(silence && { headersTimeout: silence, idleTimeout: silence }),
      ...(fetch && { fetch })
    })
    return { ...requests(http, options), limits: gate.limits }
  })

const group = "api"

/** Queues and phrases of one answer: 10,000 phrases are the most that it holds. */
const queuePageSize = 1000
const phrasePageSize = 10_000

const requests = (http: Http, options: WebitelOptions): Omit<Api, "limits"> => {
  const { accessToken, baseUrl } = options
  const columns = includesTranscripts(options) ? [...fields, "transcripts"] : fields
  const streamPath = (fileId: string) => ["api", "storage", "recordings", fileId, "stream"]
  return {
    // A POST that reads: long lists of ids do not fit into an address.
    history: ({ filter, page, size }) =>
      http.json(HistoryPage, {
        method: "POST",
        path: ["api", "calls", "history"],
        json: { ...filterBody(filter), skip_parent: false, fields: columns, sort: "id", page, size },
        group,
        repeatable: true
      }),

    audio: (fileId, request) =>
      http.media({
        ...request,
        target: { path: streamPath(fileId) },
        credentials: "token",
        untrusted: "refuse",
        group
      }),

    queues: (page) =>
      http.json(QueuePage, {
        path: ["api", "call_center", "queues"],
        query: { page, size: queuePageSize, sort: "id", fields: ["id", "name"] },
        group
      }),

    phrases: (transcriptId, page) =>
      http.json(PhrasePage, {
        path: ["api", "storage", "transcript_file", transcriptId, "phrases"],
        query: { page, size: phrasePageSize },
        group
      }),

    userInfo: http.jsonWithHeaders(UserInfo, { path: ["api", "userinfo"], group }),

    remove: (fileId) =>
      Effect.asVoid(
        http.json(t.unknown, { method: "DELETE", path: ["api", "storage", "file"], json: { id: [fileId] }, group })
      ),

    linkWithToken: (fileId) => {
      const path = streamPath(fileId).map(encodeURIComponent).join("/")
      return `${baseUrl.replace(/\/+$/, "")}/${path}?access_token=${encodeURIComponent(Redacted.value(accessToken))}`
    }
  }
}

const filterBody = (filter: HistoryFilter): Readonly<Record<string, unknown>> => {
  if ("createdAt" in filter) {
    return { created_at: filter.createdAt, ...(filter.number !== undefined && { number: filter.number }) }
  }
  // Both bounds, or the vendor drops the filter without a word.
  if ("storedAt" in filter) return { stored_at: filter.storedAt }
  return "ids" in filter ? { id: filter.ids } : { dependency_id: filter.below }
}

/** One key for a host and its token, from which neither can be read. */
const domainKey = ({ accessToken, baseUrl }: WebitelOptions): string =>
  createHash("sha256")
    .update(JSON.stringify(["webitel", baseUrl, Redacted.value(accessToken)]))
    .digest("hex")
