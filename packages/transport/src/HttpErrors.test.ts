import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import nock from "nock"
import { afterEach, beforeEach, describe } from "vitest"
import { base, client, get, Hello } from "./internal/httpTestClient.ts"
import { attempts, classify, countingTokens, openGate } from "./internal/httpTestServer.ts"

beforeEach(() => {
  nock.disableNetConnect()
})

afterEach(() => {
  const left = nock.pendingMocks()
  nock.cleanAll()
  nock.enableNetConnect()
  expect(left).toEqual([])
})

describe("an error answer", () => {
  it.live("is retried where the reason mends itself", () =>
    Effect.gen(function* () {
      nock(base).get("/api/x").reply(503)
      nock(base).get("/api/x").reply(200, { hello: "again" })
      const http = yield* client()
      expect(yield* http.json(Hello, get(["x"]))).toEqual({ hello: "again" })
    })
  )

  it.live("is not retried for a POST, unless it is said to be harmless", () =>
    Effect.gen(function* () {
      nock(base).post("/api/once").reply(503)
      nock(base).post("/api/twice").reply(503)
      nock(base).post("/api/twice").reply(200, { hello: "again" })
      const http = yield* client()
      expect(yield* Effect.flip(http.json(Hello, get(["once"], { method: "POST" })))).toMatchObject({ status: 503 })
      expect(yield* http.json(Hello, get(["twice"], { method: "POST", repeatable: true }))).toEqual({ hello: "again" })
    })
  )

  it.live("is given to the adapter with what it says", () =>
    Effect.gen(function* () {
      nock(base).get("/api/x").reply(404, { message: "Record not found" }, { "x-id": "5" })
      const seen: Array<unknown> = []
      const http = yield* client({
        classify: (response) => {
          seen.push(response.status, response.json, response.body, response.headers.get("x-id"), response.now)
          return classify(response)
        }
      })
      expect(yield* Effect.flip(http.json(Hello, get(["x"])))).toMatchObject({ _tag: "NotFound" })
      const body = JSON.stringify({ message: "Record not found" })
      expect(seen).toEqual([404, { message: "Record not found" }, body, "5", expect.any(Date)])
    })
  )

  it.live("teaches the gate before anybody goes on", () =>
    Effect.gen(function* () {
      nock(base).get("/api/x").reply(429, "", { "retry-after": "7", "x-left": "0" })
      const { gate, diary } = openGate()
      const http = yield* client({
        gate,
        readLimits: (headers) => ({ remaining: Number(headers.get("x-left")) })
      })
      const error = yield* Effect.flip(http.json(Hello, get(["x"])).pipe(attempts(1)))
      expect(error).toMatchObject({ _tag: "RateLimited" })
      expect(diary).toEqual(["run light", "observe light 0", "penalize light 7"])
    })
  )
})

describe("a refused token", () => {
  it.live("is renewed once, and that is no retry", () =>
    Effect.gen(function* () {
      nock(base, { reqheaders: { authorization: "Bearer token-1" } })
        .get("/api/x")
        .reply(401)
      nock(base, { reqheaders: { authorization: "Bearer token-2" } })
        .get("/api/x")
        .reply(200, { hello: "new" })
      const { gate, diary } = openGate()
      const http = yield* client({ gate, tokens: countingTokens() })
      expect(yield* http.json(Hello, get(["x"])).pipe(attempts(1))).toEqual({ hello: "new" })
      expect(diary).toEqual(["run light", "run light"])
    })
  )

  it.live("that is refused again is the end", () =>
    Effect.gen(function* () {
      nock(base).get("/api/x").times(2).reply(401)
      const tokens = countingTokens()
      const http = yield* client({ tokens })
      expect(yield* Effect.flip(http.json(Hello, get(["x"])))).toMatchObject({ _tag: "Unauthorized" })
      expect(tokens.renewals()).toBe(1)
    })
  )

  it.live("is renewed once in the life of a request, not once an attempt", () =>
    Effect.gen(function* () {
      nock(base).get("/api/x").reply(401)
      nock(base).get("/api/x").reply(503)
      nock(base).get("/api/x").reply(401)
      const tokens = countingTokens()
      const http = yield* client({ tokens })
      expect(yield* Effect.flip(http.json(Hello, get(["x"])))).toMatchObject({ _tag: "Unauthorized" })
      expect(tokens.renewals()).toBe(1)
    })
  )

  it.live("is recognised by the adapter", () =>
    Effect.gen(function* () {
      nock(base).get("/api/x").reply(403, { code: "expired" })
      nock(base).get("/api/x").reply(200, { hello: "new" })
      const http = yield* client({
        tokens: countingTokens(),
        refusesToken: ({ status, body }) => status === 403 && body.includes("expired")
      })
      expect(yield* http.json(Hello, get(["x"]))).toEqual({ hello: "new" })
    })
  )

  it.live("is none where none was sent", () =>
    Effect.gen(function* () {
      nock(base).get("/api/x").reply(401)
      const tokens = countingTokens()
      const http = yield* client({ tokens })
      expect(yield* Effect.flip(http.json(Hello, get(["x"], { credentials: "none" })))).toMatchObject({
        _tag: "Unauthorized"
      })
      expect(tokens.renewals()).toBe(0)
    })
  )
})

describe("a redirect", () => {
  it.live("is followed within the trusted origins, with the credentials", () =>
    Effect.gen(function* () {
      nock(base).get("/api/x").reply(307, "", { location: "/api/y" })
      nock(base).get("/api/y").reply(302, "", { location: "https://api2.example/z" })
      nock("https://api2.example", { reqheaders: { authorization: "Bearer token-1", "x-own": "1" } })
        .get("/z")
        .reply(200, { hello: "there" })
      const http = yield* client({ tokens: countingTokens(), trustedOrigins: ["https://api2.example"] })
      expect(yield* http.json(Hello, get(["x"], { headers: { "x-own": "1" } }))).toEqual({ hello: "there" })
    })
  )

  it.live.each<[string, string]>([
    ["https://evil.example/x", "https://evil.example"],
    ["http://api.example/api/y", "https to plain http"],
    ["https://user:secret@api.example/y", "user or password"],
    ["ftp://api.example/y", "neither http nor https"],
    ["http://[", "no address"]
  ])("to %s is refused", ([location, why]) =>
    Effect.gen(function* () {
      nock(base).get("/api/x").reply(302, "", { location })
      const http = yield* client({ tokens: countingTokens() })
      const error = yield* Effect.flip(http.json(Hello, get(["x"])))
      expect(error._tag).toBe("InvalidResponse")
      expect(error.message).toContain(why)
      expect(error.message).not.toContain("secret")
    })
  )

  it.live("is none, and yet an address of an answer is judged the same", () =>
    Effect.gen(function* () {
      nock(base).get("/next").query({ page: 2 }).reply(200, { hello: "next" })
      const http = yield* client({ tokens: countingTokens() })
      const ask = (url: string) => http.json(Hello, { url, group: "light" })
      expect(yield* ask(`${base}/next?page=2`)).toEqual({ hello: "next" })
      expect(yield* Effect.flip(ask("https://evil.example/next"))).toMatchObject({
        _tag: "InvalidResponse",
        detail: expect.stringContaining("https://evil.example, which is not trusted")
      })
      expect(yield* Effect.flip(ask("/next"))).toMatchObject({ _tag: "InvalidResponse" })
    })
  )

  it.live("of a POST is not followed", () =>
    Effect.gen(function* () {
      nock(base).post("/api/x").reply(308, "", { location: "/api/y" })
      const http = yield* client()
      const error = yield* Effect.flip(http.json(Hello, get(["x"], { method: "POST" })))
      expect(error).toMatchObject({ _tag: "InvalidResponse", detail: expect.stringContaining("POST") })
    })
  )

  it.live("in a circle ends", () =>
    Effect.gen(function* () {
      nock(base).get("/api/x").times(6).reply(302, "", { location: "/api/x" })
      const http = yield* client()
      expect(yield* Effect.flip(http.json(Hello, get(["x"])))).toMatchObject({
        _tag: "InvalidResponse",
        detail: "api.example redirects more than 5 times"
      })
    })
  )
})
