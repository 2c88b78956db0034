import {
  Forbidden,
  Gone,
  InvalidQuery,
  InvalidResponse,
  NotFound,
  RateLimited,
  type Reason,
  type Recording,
  type RecordingReference,
  Unauthorized,
  Unavailable
} from "@callreel/recording"
import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import type { RingCentralOptions } from "../RingCentralOptions.ts"
import { type FakeAccount, fakeApi } from "./testing/fakeApi.ts"
import { openAudio } from "./hybrid.ts"
import type { LogRecord } from "./wire.ts"

const endedAt = Date.parse("2026-03-08T12:00:00Z")
const later = endedAt + 48 * 3_600_000
const url = "https://media.example/account/1/recording/7/content"
const record: LogRecord = {
  id: "call",
  sessionId: "123",
  telephonySessionId: "s-1",
  startTime: "2026-03-08T11:59:00Z",
  duration: 60,
  recording: { id: "7", contentUri: url }
}
const reference: RecordingReference = { id: "7", call: { id: "s-1" } }
const listed = (raw: unknown, more: Partial<Recording> = {}): Recording => ({
  source: "us",
  provider: "ringcentral",
  account: "1",
  id: "7",
  kind: "automatic",
  availability: { state: "available" },
  raw,
  ...more
})

/** What came of it, and what was asked, in order. */
const open = (
  account: FakeAccount,
  of: RecordingReference = reference,
  options: Partial<RingCentralOptions> = {},
  now = later
) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(now)
    const { api, asked } = fakeApi(account)
    const secret = Redacted.make("x")
    const all = { clientId: "a", clientSecret: secret, jwt: secret, ...options }
    const outcome = yield* openAudio(api, all, of, {}).pipe(
      Effect.map(() => "audio"),
      Effect.catch((reason) => Effect.succeed(reason._tag === "Gone" ? `Gone ${reason.why}` : reason._tag)),
      Effect.scoped
    )
    return [outcome, ...asked]
  })

const inLog: FakeAccount = { log: () => [record] }
const none = new NotFound({ what: "it" })
const refusedOrigin = new InvalidResponse({ path: "", detail: "another origin" })

const rows: ReadonlyArray<
  readonly [name: string, FakeAccount, RecordingReference, Partial<RingCentralOptions>, ReadonlyArray<string>]
> = [
  ["a hit is one request", { audio: { 7: "there" } }, reference, {}, ["audio", "audio 7"]],
  [
    "not found: the log, and its address",
    { ...inLog, audio: { [url]: "there" } },
    reference,
    {},
    ["audio", "audio 7", "log s-1", `audio ${url}`]
  ],
  [
    "not found at either address, long after",
    inLog,
    reference,
    {},
    ["Gone absent", "audio 7", "log s-1", `audio ${url}`]
  ],
  ["not in the log either, long after", {}, reference, {}, ["NotFound", "audio 7", "log s-1"]],
  [
    "an address that leads elsewhere stands",
    { ...inLog, audio: { [url]: refusedOrigin } },
    reference,
    {},
    ["InvalidResponse", "audio 7", "log s-1", `audio ${url}`]
  ],
  ["a bare id has no other way", inLog, { id: "7" }, {}, ["NotFound", "audio 7"]],
  [
    "the log first",
    { ...inLog, audio: { [url]: "there" } },
    reference,
    { strategy: "call-log-first" },
    ["audio", "log s-1", `audio ${url}`]
  ],
  [
    "the log first, which lacks it",
    { audio: { 7: "there" } },
    reference,
    { strategy: "call-log-first" },
    ["audio", "log s-1", "audio 7"]
  ],
  [
    "the log first: a refused address is not got round",
    { ...inLog, audio: { [url]: refusedOrigin, 7: "there" } },
    reference,
    { strategy: "call-log-first" },
    ["InvalidResponse", "log s-1", `audio ${url}`]
  ],
  [
    "the log first with a bare id, which it cannot look up",
    { audio: { 7: "there" } },
    { id: "7" },
    { strategy: "call-log-first" },
    ["audio", "audio 7"]
  ],
  ["listed: its address at once", { audio: { [url]: "there" } }, listed(record), {}, ["audio", `audio ${url}`]],
  ["listed: gone without a lookup", inLog, listed(record), {}, ["Gone absent", `audio ${url}`]],
  [
    "listed, on another origin: the built address",
    { audio: { 7: "there" } },
    listed(elsewhere()),
    {},
    ["audio", "audio 7"]
  ],
  [
    "listed, on another origin, the log first",
    { audio: { [evil()]: refusedOrigin, 7: "there" } },
    listed(elsewhere()),
    { strategy: "call-log-first" },
    ["InvalidResponse", `audio ${evil()}`]
  ],
  [
    "listed as unavailable",
    inLog,
    listed(record, { availability: { state: "unavailable", reason: "too-short" } }),
    {},
    ["Gone too-short"]
  ],
  [
    "listed by its metadata",
    { audio: { [url]: "there" } },
    listed({ id: "7", contentUri: url }),
    {},
    ["audio", `audio ${url}`]
  ]
]

function evil(): string {
  return "https://evil.example/7"
}

function elsewhere(): LogRecord {
  return { ...record, recording: { id: "7", contentUri: evil() } }
}

describe("openAudio", () => {
  it.effect.each(rows)("%s", ([_, account, of, options, expected]) =>
    Effect.gen(function* () {
      expect(yield* open(account, of, options)).toEqual(expected)
    })
  )

  const fallsBack: ReadonlyArray<Reason> = [
    none,
    new Forbidden({ detail: "x" }),
    new Gone({ why: "deleted", detail: "x" }),
    new Unavailable({ detail: "x", status: 503 }),
    refusedOrigin
  ]
  it.effect.each(fallsBack)("goes on to the log after %s", (reason) =>
    Effect.gen(function* () {
      const asked = yield* open({ ...inLog, audio: { 7: reason, [url]: "there" } })
      expect(asked).toEqual(["audio", "audio 7", "log s-1", `audio ${url}`])
    })
  )

  it.effect.each(fallsBack)("keeps %s where the log knows no other address", (reason) =>
    Effect.gen(function* () {
      const expected = reason._tag === "Gone" ? `Gone ${reason.why}` : reason._tag
      expect(yield* open({ audio: { 7: reason } })).toEqual([expected, "audio 7", "log s-1"])
    })
  )

  const unreadable: ReadonlyArray<Reason> = [
    new Forbidden({ detail: "x" }),
    new Unavailable({ detail: "x", status: 503 })
  ]
  it.effect.each(unreadable)("tries the built address where the log comes first and fails with %s", (reason) =>
    Effect.gen(function* () {
      const options = { strategy: "call-log-first" } as const
      const asked = yield* open({ log: () => reason, audio: { 7: "there" } }, reference, options)
      expect(asked).toEqual(["audio", "log s-1", "audio 7"])
    })
  )

  it.effect("does not go from the log's address to the built one where that is gone", () =>
    Effect.gen(function* () {
      const options = { strategy: "call-log-first" } as const
      expect(yield* open(inLog, reference, options)).toEqual(["Gone absent", "log s-1", `audio ${url}`])
    })
  )

  const stands: ReadonlyArray<Reason> = [
    new Unauthorized({ detail: "x" }),
    new RateLimited({ retryAfter: Duration.seconds(60) }),
    new InvalidQuery({ field: "range", detail: "x" })
  ]
  it.effect.each(stands)("asks nothing more after %s", (reason) =>
    Effect.gen(function* () {
      const asked = yield* open({ ...inLog, audio: { 7: reason, [url]: "there" } })
      expect(asked).toEqual([reason._tag, "audio 7"])
    })
  )

  it.effect("does not ask the very same address twice, however it is written", () =>
    Effect.gen(function* () {
      const same = { ...record, recording: { id: "7", contentUri: "https://media.example:443/recording/7" } }
      expect(yield* open({ log: () => [same] })).toEqual(["Gone absent", "audio 7", "log s-1"])
    })
  )

  it.effect("looks a listed recording up again whose call still ran, and has no address yet", () =>
    Effect.gen(function* () {
      const running = { ...record, recording: { id: "7" }, finished: false }
      const asked = yield* open({ ...inLog, audio: { [url]: "there" } }, listed(running), {}, endedAt)
      expect(asked).toEqual(["audio", "audio 7", "log s-1", `audio ${url}`])
    })
  )

  it.effect("is pending while the call is young", () =>
    Effect.gen(function* () {
      const young = { id: "7", call: { id: "s-1", endedAt: new Date(endedAt) } }
      expect(yield* open({}, young, {}, endedAt + 60_000)).toEqual(["Pending", "audio 7", "log s-1"])
    })
  )
})

describe("voicemail", () => {
  const message = { id: 9, attachments: [{ id: 10, type: "AudioRecording", size: 3 }] }
  const withMessage = { messages: { 9: message }, audio: { "message 10": "there" } } as const
  const left = {
    id: "call",
    telephonySessionId: "s-1",
    startTime: "2026-03-08T11:59:00Z",
    message: { id: "9", type: "VoiceMail", uri: "https://p/extension/55/message-store/9" }
  }

  it.effect("that is listed is read of the extension that has it, without a Heavy request", () =>
    Effect.gen(function* () {
      const asked = yield* open(withMessage, listed(left, { id: "9", kind: "voicemail" }))
      expect(asked).toEqual(["audio", "message 55 9", "audio message 10"])
    })
  )

  it.effect("is what a bare id may be, where it is included", () =>
    Effect.gen(function* () {
      const included = yield* open(withMessage, { id: "9" }, { include: ["voicemail"], extension: "7" })
      expect(included).toEqual(["audio", "audio 9", "message 7 9", "audio message 10"])
      expect(yield* open(withMessage, { id: "9" })).toEqual(["NotFound", "audio 9"])
    })
  )

  it.effect("is found by its session, whoever's it is", () =>
    Effect.gen(function* () {
      const asked = yield* open(
        { ...withMessage, log: () => [left] },
        { id: "9", call: { id: "s-1" } },
        { include: ["voicemail"] }
      )
      expect(asked).toEqual(["audio", "audio 9", "log s-1", "message 55 9", "audio message 10"])
    })
  )

  it.effect("is found by its session on the day of the call, too", () =>
    Effect.gen(function* () {
      const asked = yield* open(
        { ...withMessage, log: () => [left] },
        { id: "9", call: { id: "s-1", endedAt: new Date(endedAt) } },
        { include: ["voicemail"] },
        endedAt + 60_000
      )
      expect(asked[0]).toBe("audio")
    })
  )

  it.effect("is forbidden, not missing, to whoever may not read messages", () =>
    Effect.gen(function* () {
      const messages = { 9: new Forbidden({ permission: "ReadMessages", detail: "x" }) }
      const asked = yield* open({ messages }, { id: "9" }, { include: ["voicemail"] })
      expect(asked).toEqual(["Forbidden", "audio 9", "message ~ 9"])
    })
  )

  it.effect("is never asked for by an id that is several", () =>
    Effect.gen(function* () {
      expect(yield* open(withMessage, { id: "9,10" }, { include: ["voicemail"] })).toEqual(["NotFound", "audio 9,10"])
    })
  )
})
