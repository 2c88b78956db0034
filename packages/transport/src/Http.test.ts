import { expect, it } from "@effect/vitest"
import { Lane } from "@callreel/recording"
import { Effect, Redacted } from "effect"
import nock from "nock"
import { afterEach, beforeEach, describe } from "vitest"
import { clockSkewSeconds, type HttpOptions } from "./Http.ts"
import { base, client, get, Hello } from "./internal/httpTestClient.ts"
import { attempts, countingTokens } from "./internal/httpTestServer.ts"

beforeEach(() => {
  nock.disableNetConnect()
})

afterEach(() => {
  const left = nock.pendingMocks()
  nock.cleanAll()
  nock.enableNetConnect()
  expect(left).toEqual([])
})

describe("a request", () => {
  it.live("carries path, query, token and what it accepts", () =>
    Effect.gen(function* () {
      nock(base, {
        reqheaders: { authorization: "Bearer token-1", accept: "application/json", "user-agent": "test/1" }
      })
        .get("/api/client/@me/record/a%2Fb")
        .query({ start: "2026-01-01 00:00:00", page: 2 })
        .reply(200, { hello: "world" })
      const http = yield* client({ tokens: countingTokens(), userAgent: "test/1" })
      const query = { start: "2026-01-01 00:00:00", page: 2, none: undefined }
      expect(yield* http.json(Hello, get(["client", "@me", "record", "a/b"], { query }))).toEqual({ hello: "world" })
    })
  )

  it.live("carries the token as the vendor wants it", () =>
    Effect.gen(function* () {
      nock(base, { reqheaders: { "x-access": "token-1" }, badheaders: ["authorization"] })
        .get("/api/x")
        .reply(200, { hello: "" })
      const http = yield* client({
        tokens: countingTokens(),
        authorize: (token) => ({ "x-access": Redacted.value(token) })
      })
      yield* http.json(Hello, get(["x"]))
    })
  )

  it.live("carries user and password, or nothing", () =>
    Effect.gen(function* () {
      nock(base, { reqheaders: { authorization: "Basic w7xzZXI6cGFzczp3b3Jk" } })
        .get("/api/basic")
        .reply(200, { hello: "" })
      nock(base, { badheaders: ["authorization"] })
        .get("/api/none")
        .reply(200, { hello: "" })
      const http = yield* client({ tokens: countingTokens() })
      const credentials = { basic: { user: "üser", password: Redacted.make("pass:word") } }
      yield* http.json(Hello, get(["basic"], { credentials }))
      yield* http.json(Hello, get(["none"], { credentials: "none" }))
    })
  )

  it.live("posts forms and JSON", () =>
    Effect.gen(function* () {
      nock(base, { reqheaders: { "content-type": "application/x-www-form-urlencoded" } })
        .post("/api/form", "a=1+2&b=%26")
        .reply(200, { hello: "" })
      nock(base, { reqheaders: { "content-type": "application/json" } })
        .post("/api/json", { a: [1] })
        .reply(200, { hello: "" })
      const http = yield* client()
      yield* http.json(Hello, get(["form"], { method: "POST", form: { a: "1 2", b: "&" } }))
      yield* http.json(Hello, get(["json"], { method: "POST", json: { a: [1] } }))
    })
  )

  it.live("is refused before it is sent where a segment cannot be one", () =>
    Effect.gen(function* () {
      const http = yield* client()
      expect(yield* Effect.flip(http.json(Hello, get(["record", ".."])))).toMatchObject({
        _tag: "InvalidQuery",
        field: "id"
      })
    })
  )

  it.live("is refused before it is sent where a secret is no header", () =>
    Effect.gen(function* () {
      const http = yield* client({ tokens: countingTokens("line\nbreak") })
      const error = yield* Effect.flip(http.json(Hello, get(["x"])))
      expect(error._tag).toBe("InvalidOptions")
      expect(error.message).not.toContain("break1")
    })
  )
})

describe("an answer", () => {
  it.live("comes with its headers", () =>
    Effect.gen(function* () {
      nock(base).get("/api/x").reply(203, { hello: "a" }, { "x-more": "5" })
      nock(base).delete("/api/x").reply(204, "", { "x-more": "6" })
      const http = yield* client()
      const answer = yield* http.jsonWithHeaders(Hello, get(["x"]))
      expect([answer.status, answer.headers.get("x-more"), answer.value.hello]).toEqual([203, "5", "a"])
      expect(answer.receivedAt).toBeInstanceOf(Date)
      expect((yield* http.send(get(["x"], { method: "DELETE" }))).get("x-more")).toBe("6")
    })
  )

  it.live("of the wrong shape is invalid at once", () =>
    Effect.gen(function* () {
      nock(base).get("/api/x").reply(200, { hello: 5 })
      const http = yield* client()
      expect(yield* Effect.flip(http.json(Hello, get(["x"])))).toMatchObject({
        _tag: "InvalidResponse",
        path: "hello",
        detail: "expected string"
      })
    })
  )

  it.live("that is no JSON is asked for again", () =>
    Effect.gen(function* () {
      nock(base).get("/api/x").reply(200, "<html>busy</html>", { "content-type": "text/html; charset=utf-8" })
      nock(base).get("/api/x").reply(200, { hello: "again" })
      const http = yield* client()
      expect(yield* http.json(Hello, get(["x"]))).toEqual({ hello: "again" })
    })
  )

  it.live("that stays no JSON is invalid", () =>
    Effect.gen(function* () {
      nock(base).get("/api/x").times(2).reply(200, "<html>busy</html>", { "content-type": "text/html; charset=utf-8" })
      nock(base).post("/api/x").reply(200, "")
      const http = yield* client()
      const error = yield* Effect.flip(http.json(Hello, get(["x"])).pipe(attempts(2)))
      expect(error).toMatchObject({ _tag: "InvalidResponse", path: "", detail: "the answer is not JSON (text/html)" })
      const empty = yield* Effect.flip(http.json(Hello, get(["x"], { method: "POST" })))
      expect(empty).toMatchObject({ _tag: "InvalidResponse", detail: "the answer is empty" })
    })
  )

  it.live("is shared by equal GETs under way, and only by those", () =>
    Effect.gen(function* () {
      nock(base).get("/api/x").reply(200, { hello: "shared" })
      nock(base).get("/api/x?a=1").reply(200, { hello: "other" })
      nock(base).get("/api/x").reply(200, { hello: "in a hurry" })
      const http = yield* client()
      const same = http.json(Hello, get(["x"]))
      const answers = yield* Effect.all(
        [
          same,
          same,
          http.json(Hello, get(["x"], { query: { a: 1 } })),
          Effect.provideService(same, Lane, "interactive")
        ],
        { concurrency: "unbounded" }
      )
      expect(answers.map(({ hello }) => hello)).toEqual(["shared", "shared", "other", "in a hurry"])
    })
  )
})

describe("options", () => {
  it.effect.each<[Partial<HttpOptions>, string]>([
    [{ baseUrl: "api.example" }, "baseUrl"],
    [{ baseUrl: "ftp://api.example" }, "baseUrl"],
    [{ baseUrl: "https://user:secret@api.example" }, "baseUrl"],
    [{ baseUrl: "https://api.example/?token=secret" }, "baseUrl"],
    [{ baseUrl: "http://api.example" }, "baseUrl"],
    [{ trustedOrigins: ["https://media.example/path"] }, "trustedOrigins"],
    [{ trustedOrigins: ["http://media.example"] }, "trustedOrigins"],
    [{ trustedOrigins: ["media.example"] }, "trustedOrigins"]
  ])("%j: refused", ([options, option]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(client(options))
      expect(error).toMatchObject({ _tag: "InvalidOptions", option })
      expect(error.message).not.toContain("secret")
    })
  )

  it.effect.each<[Partial<HttpOptions>]>([
    [{ baseUrl: "http://127.0.0.1:8080" }],
    [{ baseUrl: "http://localhost:8080/api/" }],
    [{ baseUrl: "http://api.example", allowInsecure: true, trustedOrigins: ["http://media.example"] }]
  ])("%j: fine", ([options]) => client(options))
})

describe("clockSkewSeconds", () => {
  const receivedAt = new Date("2026-03-01T12:00:00.400Z")
  it.each([
    ["Sun, 01 Mar 2026 12:00:05 GMT", 5],
    ["Sun, 01 Mar 2026 11:59:00 GMT", -60],
    ["yesterday", undefined],
    [undefined, undefined]
  ])("%s: %s", (date, expected) => {
    expect(clockSkewSeconds(new Headers(date === undefined ? {} : { date }), receivedAt)).toBe(expected)
  })
})
