import { gzipSync } from "node:zlib"
import { expect, it } from "@effect/vitest"
import { Duration, Effect, Fiber } from "effect"
import * as t from "io-ts"
import { describe } from "vitest"
import { makeHttp, type HttpOptions } from "./Http.ts"
import { attempts, classify, openGate, serve, until, type Handler } from "./internal/httpTestServer.ts"

const Hello = t.type({ hello: t.string })
const request = { path: ["x"], group: "light" }

const against = Effect.fnUntraced(function* (handler: Handler, options: Partial<HttpOptions> = {}) {
  const server = yield* serve(handler)
  const http = yield* makeHttp({ baseUrl: server.origin, gate: openGate().gate, classify, ...options })
  return { server, http, ask: http.json(Hello, request).pipe(attempts(1)) }
})

const hello: Handler = (_, response) => {
  response.setHeader("content-type", "application/json").end(`{"hello":"world"}`)
}

describe("a connection", () => {
  it.live("is kept for the next request", () =>
    Effect.gen(function* () {
      const { server, ask } = yield* against(hello)
      yield* Effect.repeat(ask, { times: 4 })
      expect([server.requests.length, server.sockets.opened]).toEqual([5, 1])
    })
  )

  it.live("is kept after error answers and ignored bodies", () =>
    Effect.gen(function* () {
      const { server, http, ask } = yield* against((_, response, count) => {
        response.writeHead(count % 2 === 1 ? 404 : 200).end(`{"hello":"world"}`)
      })
      const both = Effect.andThen(Effect.flip(ask), http.send({ ...request, method: "DELETE" }))
      yield* Effect.repeat(both, { times: 4 })
      expect(server.requests.length).toBe(10)
      // A request right after another may come before its socket is back in the pool.
      expect(server.sockets.opened).toBeLessThanOrEqual(2)
    })
  )

  it.live("is closed with the scope of the client", () =>
    Effect.gen(function* () {
      const server = yield* serve(hello)
      const http = makeHttp({ baseUrl: server.origin, gate: openGate().gate, classify })
      yield* Effect.scoped(Effect.flatMap(http, (client) => client.json(Hello, request)))
      yield* until(() => server.sockets.closed === 1)
      expect(server.sockets).toEqual({ opened: 1, closed: 1 })
    })
  )

  it.live("is closed when the request is interrupted before the headers", () =>
    Effect.gen(function* () {
      const { server, ask } = yield* against(() => undefined)
      const fiber = yield* Effect.forkChild(ask)
      yield* until(() => server.requests.length === 1)
      yield* Fiber.interrupt(fiber)
      yield* until(() => server.sockets.closed === 1)
      expect(server.sockets.closed).toBe(1)
    })
  )

  it.live("is closed when the request is interrupted inside the body", () =>
    Effect.gen(function* () {
      const { server, ask } = yield* against((_, response) => {
        response.writeHead(200, { "content-length": 1000 }).write(`{"hello":`)
      })
      const fiber = yield* Effect.forkChild(ask)
      yield* until(() => server.requests.length === 1)
      yield* Effect.sleep(30)
      yield* Fiber.interrupt(fiber)
      yield* until(() => server.sockets.closed === 1)
      expect(server.sockets.closed).toBe(1)
    })
  )
})

it.live("an answer that comes after the interruption is closed all the same", () =>
  Effect.gen(function* () {
    const late = Promise.withResolvers<Response>()
    let asked = false
    const fetch = (): Promise<Response> => {
      asked = true
      return late.promise
    }
    const { ask } = yield* against(hello, { fetch })
    const fiber = yield* Effect.forkChild(ask)
    yield* until(() => asked)
    yield* Fiber.interrupt(fiber)
    let cancelled = false
    late.resolve(new Response(new ReadableStream({ cancel: () => void (cancelled = true) })))
    yield* until(() => cancelled)
    expect(cancelled).toBe(true)
  })
)

describe("an answer", () => {
  it.live("may be compressed", () =>
    Effect.gen(function* () {
      const { server, ask } = yield* against((_, response) => {
        response.setHeader("content-encoding", "gzip").end(gzipSync(`{"hello":"zipped"}`))
      })
      expect(yield* ask).toEqual({ hello: "zipped" })
      expect(server.requests[0]?.headers["accept-encoding"]).toContain("gzip")
    })
  )

  it.live("that does not come is given up, and its socket closed", () =>
    Effect.gen(function* () {
      const { server, ask } = yield* against(() => undefined, { headersTimeout: Duration.millis(50) })
      expect(yield* Effect.flip(ask)).toMatchObject({
        _tag: "Unavailable",
        detail: "no answer from 127.0.0.1 within 0.05 s"
      })
      yield* until(() => server.sockets.closed === 1)
      expect(server.sockets.closed).toBe(1)
    })
  )

  it.live("that stalls is given up, and its socket closed", () =>
    Effect.gen(function* () {
      const { server, ask } = yield* against((_, response) => void response.write(`{"hello":`), {
        idleTimeout: Duration.millis(50)
      })
      expect(yield* Effect.flip(Effect.timeout(ask, "2 seconds"))).toMatchObject({
        _tag: "Unavailable",
        detail: expect.stringContaining("0.05 s")
      })
      yield* until(() => server.sockets.closed === 1)
      expect(server.sockets.closed).toBe(1)
    })
  )

  it.live.each<[string, Handler]>([
    ["reset before the headers", (_, response) => void response.socket?.resetAndDestroy()],
    ["closed before the headers", (_, response) => void response.socket?.destroy()],
    [
      "cut inside its length",
      (_, response) => {
        response.writeHead(200, { "content-length": 100 }).write(`{"hello":`, () => response.socket?.destroy())
      }
    ],
    ["cut between chunks", (_, response) => void response.write(`{"hello":"a"}`, () => response.socket?.destroy())]
  ])("%s: unavailable, and whole at the next try", ([, handler]) =>
    Effect.gen(function* () {
      const { http, ask } = yield* against((seen, response, count) =>
        (count < 3 ? handler : hello)(seen, response, count)
      )
      expect(yield* Effect.flip(ask)).toMatchObject({ _tag: "Unavailable" })
      expect(yield* http.json(Hello, request)).toEqual({ hello: "world" })
    })
  )

  it.live("with an endless error body is read to 64 KiB", () =>
    Effect.gen(function* () {
      const sizes: Array<number> = []
      const { server, ask } = yield* against(
        (_, response) => {
          response.writeHead(500)
          const more = (): void =>
            void (response.destroyed || response.write("x".repeat(10_000), () => setImmediate(more)))
          more()
        },
        {
          classify: (response) => {
            sizes.push(response.body.length)
            return classify(response)
          }
        }
      )
      expect(yield* Effect.flip(ask)).toMatchObject({ _tag: "Unavailable", status: 500 })
      expect(sizes).toEqual([64 * 1024])
      yield* until(() => server.sockets.closed === 1)
      expect(server.sockets.closed).toBe(1)
    })
  )

  it.live("with an error body that breaks off is classified all the same", () =>
    Effect.gen(function* () {
      const { ask } = yield* against((_, response) => {
        response.writeHead(404, { "content-length": 100 }).write("{", () => response.socket?.destroy())
      })
      expect(yield* Effect.flip(ask)).toMatchObject({ _tag: "NotFound" })
    })
  )
})

it.live("a body is sent with its length, not in chunks", () =>
  Effect.gen(function* () {
    const { server, http } = yield* against(hello)
    yield* http.json(Hello, { ...request, method: "POST", form: { grant_type: "client_credentials" } })
    const [seen] = server.requests
    expect(seen?.body).toBe("grant_type=client_credentials")
    expect([seen?.headers["content-length"], seen?.headers["transfer-encoding"]]).toEqual(["29", undefined])
  })
)

it.live("a server that is not there is unavailable", () =>
  Effect.gen(function* () {
    const origin = yield* Effect.scoped(Effect.map(serve(hello), (server) => server.origin))
    const http = yield* makeHttp({ baseUrl: origin, gate: openGate().gate, classify })
    expect(yield* Effect.flip(http.json(Hello, request).pipe(attempts(1)))).toMatchObject({
      _tag: "Unavailable",
      detail: "127.0.0.1 refused the connection"
    })
  })
)
