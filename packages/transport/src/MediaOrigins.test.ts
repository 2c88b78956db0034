import { expect, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { describe } from "vitest"
import { makeHttp, type HttpOptions } from "./Http.ts"
import { classify, countingTokens, openGate, serve, type Handler } from "./internal/httpTestServer.ts"
import { fetchFrom, whole } from "./internal/mediaTestServer.ts"

describe("an address from an answer", () => {
  let away = ""
  const twoServers = Effect.fnUntraced(function* (options: Partial<HttpOptions> = {}, first: Handler = whole) {
    const storage = yield* serve(whole)
    const { server, media } = yield* fetchFrom(first, { tokens: countingTokens(), ...options })
    return { api: server, storage, media }
  })
  const credentialsAt = (server: { readonly requests: ReadonlyArray<{ readonly headers: object }> }) =>
    server.requests.map(({ headers }) => "authorization" in headers)

  it.live("on another origin is fetched without credentials", () =>
    Effect.gen(function* () {
      const { api, storage, media } = yield* twoServers()
      for (const credentials of ["token", { basic: { user: "u", password: Redacted.make("p") } }] as const) {
        yield* media({ target: { url: `${storage.origin}/file` }, untrusted: "without-credentials", credentials })
        yield* media({ target: { url: `${api.origin}/file` }, untrusted: "without-credentials", credentials })
      }
      expect([credentialsAt(api), credentialsAt(storage)]).toEqual([
        [true, true],
        [false, false]
      ])
    })
  )

  it.live("on another origin is refused where it is not public by nature", () =>
    Effect.gen(function* () {
      const { storage, media } = yield* twoServers()
      const error = yield* Effect.flip(
        media({ target: { url: `${storage.origin}/secret` }, optionName: "mediaOrigins" })
      )
      expect(error).toMatchObject({ _tag: "InvalidResponse", detail: expect.stringContaining(storage.origin) })
      expect(error.message).toContain("mediaOrigins")
      expect(error.message).not.toContain("secret")
      expect(storage.requests).toEqual([])
    })
  )

  it.live("on an origin that the request trusts gets the token", () =>
    Effect.gen(function* () {
      const { storage, media } = yield* twoServers()
      yield* media({ target: { url: `${storage.origin}/file` }, trustedOrigins: [storage.origin] })
      expect(credentialsAt(storage)).toEqual([true])
    })
  )

  it.live("loses the credentials where it redirects to another origin", () =>
    Effect.gen(function* () {
      const { api, storage, media } = yield* twoServers({}, (_, response) => {
        response.writeHead(302, { location: `${away}/file` }).end()
      })
      away = storage.origin
      expect((yield* media({ untrusted: "without-credentials" })).bytes).toBe(100_000)
      expect([credentialsAt(api), credentialsAt(storage)]).toEqual([[true], [false]])
      expect(yield* Effect.flip(media())).toMatchObject({ _tag: "InvalidResponse" })
      expect(storage.requests.length).toBe(1)
    })
  )

  it.live("that leads away and back is fetched without credentials to its end", () =>
    Effect.gen(function* () {
      let home = ""
      const away = yield* serve((_, response) => void response.writeHead(302, { location: `${home}/final` }).end())
      const { server, media } = yield* fetchFrom(
        (request, response, count) =>
          request.url === "/final"
            ? whole(request, response, count)
            : void response.writeHead(302, { location: away.origin }).end(),
        { tokens: countingTokens() }
      )
      home = server.origin
      expect((yield* media({ untrusted: "without-credentials" })).bytes).toBe(100_000)
      expect([credentialsAt(server), credentialsAt(away)]).toEqual([[true, false], [false]])
    })
  )

  it.live("answered with 401 elsewhere costs no token", () =>
    Effect.gen(function* () {
      const tokens = countingTokens()
      const storage = yield* serve((_, response) => void response.writeHead(401).end())
      const { media } = yield* fetchFrom(whole, { tokens })
      const target = { url: `${storage.origin}/file` }
      expect(yield* Effect.flip(media({ target, untrusted: "without-credentials" }))).toMatchObject({
        _tag: "Unauthorized"
      })
      expect([tokens.renewals(), credentialsAt(storage)]).toEqual([0, [false]])
    })
  )

  it.live.each<[string, string]>([
    ["/relative", "no full URL"],
    ["file:///etc/passwd", "neither http nor https"],
    ["http://169.254.169.254/latest/meta-data", "private address"],
    ["https://localhost./x", "private address"],
    ["http://cdn.example/x", "allowInsecure"]
  ])("%s is refused from a public base", ([url, why]) =>
    Effect.gen(function* () {
      const http = yield* makeHttp({ baseUrl: "https://api.example", gate: openGate().gate, classify })
      const error = yield* Effect.flip(
        http.media({ target: { url }, credentials: "none", untrusted: "without-credentials" })
      )
      expect(error).toMatchObject({ _tag: "InvalidResponse", detail: expect.stringContaining(why) })
    })
  )
})
