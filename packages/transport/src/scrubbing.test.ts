/** No error, log line or object of this package shows a token, password, link secret or phone number. */
import { inspect } from "node:util"
import { expect, it } from "@effect/vitest"
import type { Audio, Reason } from "@callreel/recording"
import { Cause, Duration, Effect, Exit, Logger, Redacted, References, Stream, type Scope } from "effect"
import * as t from "io-ts"
import { makeHttp, type Http, type HttpOptions } from "./Http.ts"
import { attempts, classify, countingTokens, openGate, serve, type Handler } from "./internal/httpTestServer.ts"
import { firstWay } from "./firstWay.ts"
import type { HttpCredentials } from "./MediaFetch.ts"

const token = "SECRET-TOKEN-"
const password = "SECRET-PASSWORD"
const link = "SECRET-LINK"
const number = "14155550100"
const secrets = [token, password, link, number, Buffer.from(`user:${password}`).toString("base64")]

const loud = JSON.stringify({ message: `${token}1 ${password} https://storage.example/${link}`, from: `+${number}` })
const Shape = t.type({ from: t.type({ name: t.string }), rows: t.record(t.string, t.number) })

type Failing = Effect.Effect<unknown, Reason, Scope.Scope>

/** Settings of a client against a server that answers every request in the same way, and what is asked of it. */
interface Scene {
  readonly name: string
  readonly handler?: Handler
  readonly options?: Partial<HttpOptions>
  readonly ask: (http: Http, origin: string) => Failing
  readonly tag: Reason["_tag"]
}

const json = (http: Http): Failing =>
  http.json(Shape, { path: [link], query: { number: `+${number}` }, group: "light", headers: { "x-key": password } })

const media = (
  http: Http,
  url?: string,
  credentials: HttpCredentials = "token"
): Effect.Effect<Audio<Reason>, Reason, Scope.Scope> =>
  http.media({
    target: url === undefined ? { path: [link] } : { url },
    credentials,
    untrusted: "refuse",
    optionName: "mediaOrigins"
  })

const read = (http: Http): Failing => Effect.flatMap(media(http), ({ stream }) => Stream.runDrain(stream))

const status =
  (code: number): Handler =>
  (_, response) =>
    void response.writeHead(code, { "x-echo": `${token}1`, "retry-after": "0" }).end(loud)

const to =
  (location: string): Handler =>
  (_, response) =>
    void response.writeHead(302, { location }).end(loud)

const audioOf =
  (after: (socket: Parameters<Handler>[1]) => void): Handler =>
  (_, response) => {
    response.writeHead(200, { "content-type": "audio/mpeg", "content-length": 1_000 })
    response.write(`ID3${loud}`, () => after(response))
  }

const basic: HttpCredentials = { basic: { user: "user", password: Redacted.make(password) } }

const scenes: ReadonlyArray<Scene> = [
  { name: "reset", handler: (_, response) => void response.socket?.resetAndDestroy(), ask: json, tag: "Unavailable" },
  {
    name: "time-out",
    handler: () => undefined,
    options: { headersTimeout: Duration.millis(30) },
    ask: json,
    tag: "Unavailable"
  },
  {
    name: "body stalls",
    handler: (_, response) => void response.write(loud),
    options: { idleTimeout: Duration.millis(30) },
    ask: json,
    tag: "Unavailable"
  },
  { name: "401", handler: status(401), ask: json, tag: "Unauthorized" },
  { name: "403", handler: status(403), ask: json, tag: "Forbidden" },
  { name: "404", handler: status(404), ask: json, tag: "NotFound" },
  { name: "429", handler: status(429), ask: json, tag: "RateLimited" },
  { name: "500", handler: status(500), ask: json, tag: "Unavailable" },
  { name: "500 of media", handler: status(500), ask: (http) => media(http), tag: "Unavailable" },
  {
    name: "401 of media, with a password",
    handler: status(401),
    ask: (http) => media(http, undefined, basic),
    tag: "Unauthorized"
  },
  {
    name: "HTML instead of JSON",
    handler: (_, response) => void response.setHeader("content-type", `text/${token}1`).end(`<p>${loud}`),
    ask: json,
    tag: "InvalidResponse"
  },
  {
    name: "wrong shape",
    handler: (_, response) => void response.end(JSON.stringify({ from: `+${number}`, rows: {} })),
    ask: json,
    tag: "InvalidResponse"
  },
  {
    name: "wrong value at a key that says much",
    handler: (_, response) => void response.end(JSON.stringify({ from: { name: "" }, rows: { [number]: link } })),
    ask: json,
    tag: "InvalidResponse"
  },
  {
    name: "hostile redirect",
    handler: to(`https://evil.example/${link}?access_token=${token}1`),
    ask: json,
    tag: "InvalidResponse"
  },
  {
    name: "redirect with a password",
    handler: to(`https://user:${password}@evil.example/`),
    ask: json,
    tag: "InvalidResponse"
  },
  { name: "redirect to nowhere", handler: to(`http://${link}:${number}`), ask: json, tag: "InvalidResponse" },
  { name: "redirect in a circle", handler: to(`/${link}?token=${token}1`), ask: json, tag: "InvalidResponse" },
  {
    name: "hostile redirect of media",
    handler: to(`https://evil.example/${link}`),
    ask: (http) => media(http),
    tag: "InvalidResponse"
  },
  {
    name: "text where audio was promised",
    handler: (_, response) => void response.end(loud),
    ask: (http) => media(http),
    tag: "InvalidResponse"
  },
  { name: "truncated", handler: audioOf((response) => response.socket?.destroy()), ask: read, tag: "Truncated" },
  {
    name: "stalled",
    handler: audioOf(() => undefined),
    options: { idleTimeout: Duration.millis(30) },
    ask: read,
    tag: "Truncated"
  },
  { name: "no range", handler: status(416), ask: (http) => media(http), tag: "InvalidQuery" },
  { name: "untrusted link", ask: (http) => media(http, `https://storage.example/${link}`), tag: "InvalidResponse" },
  {
    name: "link with a password",
    ask: (http) => media(http, `https://user:${password}@storage.example/`),
    tag: "InvalidResponse"
  },
  { name: "link that is none", ask: (http) => media(http, `${link} ${number}`), tag: "InvalidResponse" },
  { name: "id that is none", ask: (http) => http.send({ path: ["..", link], group: "light" }), tag: "InvalidQuery" },
  {
    name: "token that is no header",
    options: { tokens: countingTokens(`${token}\n`) },
    ask: json,
    tag: "InvalidOptions"
  },
  {
    name: "last of several ways",
    handler: status(500),
    ask: (http) =>
      firstWay([
        { name: "one", open: media(http) },
        { name: "two", open: media(http) }
      ]),
    tag: "Unavailable"
  }
]

const facesOf = (value: unknown): ReadonlyArray<string> => [
  String(value),
  JSON.stringify(value) ?? "",
  inspect(value, { depth: 10, showHidden: true, getters: true, maxStringLength: null })
]

const expectSilence = (faces: ReadonlyArray<string>): void => {
  for (const face of faces) for (const secret of secrets) expect(face.toLowerCase()).not.toContain(secret.toLowerCase())
}

const listen = () => {
  const lines: Array<string> = []
  const logger = Logger.make((entry) => {
    lines.push(Logger.formatSimple.log(entry), inspect(entry.message, { depth: 10 }), Cause.pretty(entry.cause))
  })
  return { lines, layer: Logger.layer([logger]) }
}

const run = (scene: Scene, http: Http, origin: string) => {
  const { lines, layer } = listen()
  return Effect.scoped(scene.ask(http, origin)).pipe(
    attempts(2),
    Effect.exit,
    Effect.provide(layer),
    Effect.provideService(References.MinimumLogLevel, "Debug"),
    Effect.map((exit) => ({ exit, lines }))
  )
}

it.live.each(scenes.map((scene): [string, Scene] => [scene.name, scene]))("%s", ([, scene]) =>
  Effect.gen(function* () {
    const server = yield* serve(scene.handler ?? (() => undefined))
    const options = {
      baseUrl: server.origin,
      gate: openGate().gate,
      classify,
      tokens: countingTokens(token),
      ...scene.options
    }
    const http = yield* makeHttp(options)
    const { exit, lines } = yield* run(scene, http, server.origin)
    if (!Exit.isFailure(exit)) return expect.unreachable("it should have failed")
    const [reason] = exit.cause.reasons.map((entry) => (Cause.isFailReason(entry) ? entry.error : undefined))
    expect(reason?._tag).toBe(scene.tag)
    expectSilence([
      ...facesOf(reason),
      reason?.message ?? "",
      reason?.stack ?? "",
      Cause.pretty(exit.cause),
      ...facesOf(exit),
      ...lines
    ])
    expectSilence([...facesOf(http), ...facesOf(options)])
  })
)

it.live("a server that is not there", () =>
  Effect.gen(function* () {
    const origin = yield* Effect.scoped(
      Effect.map(
        serve(() => undefined),
        (server) => server.origin
      )
    )
    const http = yield* makeHttp({ baseUrl: origin, gate: openGate().gate, classify, tokens: countingTokens(token) })
    const { exit, lines } = yield* run({ name: "refused", ask: json, tag: "Unavailable" }, http, origin)
    expect(facesOf(exit).join("")).toContain("refused the connection")
    expectSilence([...facesOf(exit), ...lines])
  })
)

it.live("options that are refused", () =>
  Effect.gen(function* () {
    for (const baseUrl of [
      `https://user:${password}@api.example`,
      `https://api.example/?key=${link}`,
      `${link}:${number}`
    ]) {
      const exit = yield* Effect.exit(makeHttp({ baseUrl, gate: openGate().gate, classify }))
      expect(Exit.isFailure(exit)).toBe(true)
      expectSilence(facesOf(exit))
    }
  })
)

it("would notice: the secrets are where the scenes say", () => {
  expect(() => expectSilence(facesOf(new Error(loud)))).toThrow("secret-token-")
  expect(() => expectSilence(facesOf({ deep: { authorization: `Bearer ${token}1` } }))).toThrow("secret-token-")
})

it.live("log lines are heard", () =>
  Effect.gen(function* () {
    const server = yield* serve(status(500))
    const http = yield* makeHttp({ baseUrl: server.origin, gate: openGate().gate, classify })
    const { lines } = yield* run({ name: "500", ask: json, tag: "Unavailable" }, http, server.origin)
    expect(lines.join("\n")).toContain("GET 127.0.0.1: 500")
  })
)
