/** What the tests share: RingCentral's requests, answered from memory and written down. */
import { type Audio, NotFound, type Reason } from "@callreel/recording"
import { Effect, Stream } from "effect"
import type { Api, LogQuery } from "../api.ts"
import type { LogRecord, Message, RecordingMetadata, SyncPage } from "../wire.ts"

const audio: Audio<Reason> = { mediaType: "audio/mpeg", bytes: 3, stream: Stream.make(new Uint8Array([1, 2, 3])) }

const notThere = () => new NotFound({ what: "it" })

const missing = () => Effect.fail(notThere())

/** What the vendor has; everything else is not found. */
export interface FakeAccount {
  readonly log?: (query: LogQuery) => ReadonlyArray<LogRecord> | Reason
  readonly records?: Readonly<Record<string, LogRecord>>
  readonly metadata?: Readonly<Record<string, RecordingMetadata | Reason>>
  /** By the address, or by the recording's id for the built one. */
  readonly audio?: Readonly<Record<string, "there" | Reason>>
  readonly messages?: Readonly<Record<string, Message | Reason>>
  readonly sync?: (query: Parameters<Api["sync"]>[0]) => SyncPage | Reason
  readonly permission?: boolean | Reason
  readonly account?: { readonly id: string }
}

const builtPrefix = "https://media.example/recording/"

const isReason = (value: object): value is Reason => "_tag" in value && value instanceof Error

const answer = <A extends object>(value: A | Reason | undefined): Effect.Effect<A, Reason> =>
  value === undefined ? missing() : isReason(value) ? Effect.fail(value) : Effect.succeed(value)

/** An account, and the requests that were made of it. */
export const fakeApi = (account: FakeAccount = {}): { readonly api: Api; readonly asked: ReadonlyArray<string> } => {
  const asked: Array<string> = []
  const ask = <A, R>(name: string, effect: Effect.Effect<A, Reason, R>): Effect.Effect<A, Reason, R> =>
    Effect.suspend(() => {
      asked.push(name)
      return effect
    })
  const nameOf = (query: LogQuery): string =>
    "from" in query
      ? "log around"
      : `log ${"sessionId" in query ? query.sessionId : query.telephonySessionId}${query.window ? "" : " undated"}`
  const page = (records: ReadonlyArray<LogRecord>) => ({
    value: { records: [...records] },
    status: 200,
    headers: new Headers(),
    receivedAt: new Date(0)
  })
  const api: Api = {
    log: (query) =>
      ask(
        nameOf(query),
        Effect.map(answer(account.log?.(query) ?? []), (records) => page(records))
      ),
    logPage: () => missing(),
    record: (id) => ask(`record ${id}`, answer(account.records?.[id])),
    sync: (query) =>
      ask(
        "syncToken" in query ? `sync ${query.syncToken}` : `sync from ${query.dateFrom.toISOString()}`,
        answer(account.sync?.(query))
      ),
    metadata: (id) => ask(`metadata ${id}`, answer(account.metadata?.[id])),
    audio: (target) => {
      const key =
        "url" in target ? target.url : "recordingId" in target ? target.recordingId : `message ${target.attachmentId}`
      const found = account.audio?.[key]
      return ask(`audio ${key}`, found === "there" ? Effect.succeed(audio) : Effect.fail(found ?? notThere()))
    },
    trusts: (url) => url.startsWith("https://media.example/"),
    audioUrl: (id) => `${builtPrefix}${id}`,
    voicemailUrl: ({ attachmentId }) => `https://media.example/message/${attachmentId}`,
    account: ask("account", answer(account.account)),
    message: (extension, id) => ask(`message ${extension} ${id}`, answer(account.messages?.[id])),
    remove: (id) => ask(`remove ${id}`, Effect.void),
    hasPermission: (name) =>
      ask(
        `permission ${name}`,
        typeof account.permission === "object"
          ? Effect.fail(account.permission)
          : Effect.succeed(account.permission ?? true)
      ),
    limits: Effect.succeed([])
  }
  return { api, asked }
}
