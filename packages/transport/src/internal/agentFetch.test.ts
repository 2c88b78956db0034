import { createServer, type Socket } from "node:net"
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib"
import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { Agent } from "undici"
import { describe } from "vitest"
import { fromThrown } from "../HttpError.ts"
import { agentFetch, oddAnswerCode } from "./agentFetch.ts"
import { serve, until } from "./httpTestServer.ts"

const poolOf = (connections: number) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => new Agent({ connections, allowH2: false, headersTimeout: 0, bodyTimeout: 0 })),
      (agent) => Effect.promise(() => agent.destroy())
    ),
    agentFetch
  )

/** Few connections, so that one that is never given back is missed. */
const pool = poolOf(2)

/** A server that answers every request with these bytes, whatever HTTP allows, and then does something to the socket. */
const answering = (bytes: string | Uint8Array, after: (socket: Socket) => void = () => undefined) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<{ readonly origin: string; readonly stop: () => void }>((resume) => {
        const sockets = new Set<Socket>()
        const server = createServer((socket) => {
          sockets.add(socket)
          socket.on("error", () => undefined)
          socket.on("data", () => socket.write(bytes, () => after(socket)))
        })
        server.listen(0, "127.0.0.1", () => {
          const address = server.address()
          const port = typeof address === "object" && address !== null ? address.port : 0
          const stop = (): void => {
            for (const socket of sockets) socket.destroy()
            server.close()
          }
          resume(Effect.succeed({ origin: `http://127.0.0.1:${port}`, stop }))
        })
      }),
      ({ stop }) => Effect.sync(stop)
    ),
    ({ origin }) => origin
  )

/** Status and text, or the error that came in their place. */
const textOf = (fetch: typeof globalThis.fetch, url: string, init?: RequestInit): Effect.Effect<unknown> =>
  Effect.promise(async () => {
    try {
      const response = await fetch(url, init)
      return `${response.status} ${await response.text()}`
    } catch (error) {
      return error
    }
  })

const aborting = (): AbortController => new AbortController()

/** Letters of the range that one byte of ISO 8859-1 has. */
const latin1 = (text: string): Uint8Array => Buffer.from(text, "latin1")

const whole = (first: string, headers = ""): string => `HTTP/1.1 ${first}\r\n${headers}content-length: 2\r\n\r\n{}`

describe("an answer", () => {
  it.live.each<[string, string | Uint8Array, string]>([
    ["with a reason phrase in UTF-8", whole("404 Не найдено"), "404 {}"],
    ["with a reason phrase in ISO 8859-1", latin1(whole("404 pas trouvé")), "404 {}"],
    ["without a reason phrase", whole("404"), "404 {}"],
    ["after 103 Early Hints", `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${whole("200 OK")}`, "200 {}"],
    ["with letters in a header", whole("200 OK", `content-disposition: attachment; filename="Звонок"\r\n`), "200 {}"],
    ["with names of an object's own keys", whole("200 OK", "__proto__: a\r\nconstructor: b\r\n"), "200 {}"],
    ["without content", "HTTP/1.1 204 No Content\r\n\r\n", "204 "],
    ["with content that must not be", whole("205 Reset Content"), "205 "]
  ])("%s is read", ([, bytes, expected]) =>
    Effect.gen(function* () {
      const fetch = yield* pool
      expect(yield* textOf(fetch, yield* answering(bytes))).toBe(expected)
    })
  )

  it.live.each<[string, string]>([
    ["a status that is none", whole("600 Odd")],
    ["an encoding that is not known", whole("200 OK", "content-encoding: gzip, zz\r\n")],
    ["an encoding named as an object's own key", whole("200 OK", "content-encoding: constructor\r\n")]
  ])("with %s is refused, and keeps no connection", ([, bytes]) =>
    Effect.gen(function* () {
      const fetch = yield* pool
      const origin = yield* answering(bytes)
      for (const _ of [1, 2, 3]) {
        const error = yield* Effect.timeout(textOf(fetch, origin), "2 seconds")
        expect(error).toMatchObject({ code: oddAnswerCode })
      }
      expect(fromThrown({ code: oddAnswerCode }, "api.example", "mediaOrigins")).toMatchObject({
        _tag: "InvalidResponse",
        detail: "api.example answered with a status or in an encoding that is not known"
      })
    })
  )

  it.live("to HEAD has no body, whatever length it tells", () =>
    Effect.gen(function* () {
      const fetch = yield* pool
      const origin = yield* answering("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
      expect(yield* textOf(fetch, origin, { method: "HEAD" })).toBe("200 ")
    })
  )

  it.live("whose content must not be does not keep its connection, however large it is", () =>
    Effect.gen(function* () {
      const fetch = yield* pool
      const size = 2 ** 20
      const large = Buffer.alloc(size, "x")
      const bytes = Buffer.concat([Buffer.from(`HTTP/1.1 205 No\r\ncontent-length: ${size}\r\n\r\n`), large])
      const origin = yield* answering(bytes)
      const three = Effect.replicateEffect(textOf(fetch, origin), 3)
      expect(yield* Effect.timeout(three, "2 seconds")).toEqual(["205 ", "205 ", "205 "])
    })
  )

  it.live.each<[string, string, (socket: Socket) => void]>([
    ["its length", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello", (socket) => void socket.end()],
    ["chunks", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n", (socket) => void socket.end()],
    ["its headers", "HTTP/1.1 200 OK\r\ncontent-le", (socket) => void socket.end()]
  ])("that ends inside %s is an error with the socket's code", ([, bytes, after]) =>
    Effect.gen(function* () {
      const fetch = yield* pool
      const error = yield* textOf(fetch, yield* answering(bytes, after))
      expect(error).toMatchObject({ code: "UND_ERR_SOCKET" })
    })
  )

  it.live("gives all bytes that came before it broke off, and then the error", () =>
    Effect.gen(function* () {
      const fetch = yield* pool
      const origin = yield* answering("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello", (socket) => {
        setTimeout(() => socket.end(), 20)
      })
      const seen = yield* Effect.promise(async () => {
        const reader = (await fetch(origin)).body?.getReader()
        // All that comes has come before the first of it is read.
        await new Promise((resolve) => setTimeout(resolve, 60))
        const first = await reader?.read()
        const broken = await reader?.read().catch((error: unknown) => error)
        return { first: Buffer.from(first?.value ?? []).toString(), broken }
      })
      expect(seen).toMatchObject({ first: "hello", broken: { code: "UND_ERR_SOCKET" } })
    })
  )
})

describe("a compressed answer", () => {
  const compressed = (encoding: string, body: Uint8Array): Uint8Array =>
    Buffer.concat([
      Buffer.from(`HTTP/1.1 200 OK\r\ncontent-encoding: ${encoding}\r\ncontent-length: ${body.length}\r\n\r\n`),
      body
    ])
  const hello = Buffer.from("hello")

  it.live.each<[string, string, Uint8Array, string]>([
    ["gzip", "gzip", gzipSync(hello), "hello"],
    ["gzip by its old name, in capitals", "X-GZIP", gzipSync(hello), "hello"],
    ["gzip of two members", "gzip", Buffer.concat([gzipSync(hello), gzipSync(hello)]), "hellohello"],
    ["gzip padded with zeros", "gzip", Buffer.concat([gzipSync(hello), Buffer.alloc(8)]), "hello"],
    ["deflate", "deflate", deflateSync(hello), "hello"],
    ["deflate in gzip", "deflate, gzip", gzipSync(deflateSync(hello)), "hello"],
    ["gzip and identity", "gzip, identity", gzipSync(hello), "hello"],
    ["br, which was not asked for", "br", brotliCompressSync(hello), "hello"]
  ])("by %s is read", ([, encoding, body, text]) =>
    Effect.gen(function* () {
      const fetch = yield* pool
      expect(yield* textOf(fetch, yield* answering(compressed(encoding, body)))).toBe(`200 ${text}`)
    })
  )

  it.live("that was compressed in part only is an error", () =>
    Effect.gen(function* () {
      const fetch = yield* pool
      const origin = yield* answering(compressed("gzip", gzipSync(hello).subarray(0, -4)))
      expect(yield* textOf(fetch, origin)).toMatchObject({ code: "Z_BUF_ERROR" })
    })
  )

  it.live("that is given up closes its socket", () =>
    Effect.gen(function* () {
      const fetch = yield* pool
      const server = yield* serve((_, response) => {
        response.setHeader("content-encoding", "gzip").write(gzipSync(hello).subarray(0, 12))
      })
      yield* Effect.promise(async () => (await fetch(server.origin)).body?.cancel())
      yield* until(() => server.sockets.closed === 1)
      expect(server.sockets.closed).toBe(1)
    })
  )
})

describe("a reader", () => {
  it.live("that is slow holds the server up, and gets every byte", () =>
    Effect.gen(function* () {
      const fetch = yield* pool
      const piece = Buffer.alloc(64 * 1024)
      const pieces = 512
      let sent = 0
      const server = yield* serve((_, response) => {
        const more = (): void => {
          if (sent === pieces) return void response.end()
          piece.fill(sent % 251)
          response.write(Buffer.from(piece), more)
          sent++
        }
        more()
      })
      const read = yield* Effect.promise(async () => {
        const reader = (await fetch(server.origin)).body?.getReader()
        await new Promise((resolve) => setTimeout(resolve, 300))
        const sentUnread = sent
        let size = 0
        let wrong = 0
        for (let part = await reader?.read(); part?.value !== undefined; part = await reader?.read()) {
          for (const byte of part.value) wrong += byte === Math.floor(size++ / piece.length) % 251 ? 0 : 1
        }
        return { sentUnread, size, wrong }
      })
      expect(read.sentUnread).toBeLessThan(pieces)
      expect(read).toMatchObject({ size: pieces * piece.length, wrong: 0 })
    })
  )

  it.live("that stops after the last byte leaves the connection for the next request", () =>
    Effect.gen(function* () {
      const fetch = yield* poolOf(1)
      const server = yield* serve((_, response) => void response.end("hello"))
      yield* Effect.promise(async () => {
        const reader = (await fetch(server.origin)).body?.getReader()
        await reader?.read()
        await reader?.read()
        await reader?.cancel()
      })
      yield* textOf(fetch, server.origin)
      expect(server.sockets).toEqual({ opened: 1, closed: 0 })
    })
  )
})

describe("a signal", () => {
  const mine = new Error("mine")

  it.live("that is aborted already sends nothing", () =>
    Effect.gen(function* () {
      const fetch = yield* pool
      const server = yield* serve((_, response) => void response.end("hello"))
      const error = yield* textOf(fetch, server.origin, { signal: AbortSignal.abort(mine) })
      expect([error, server.sockets.opened]).toEqual([mine, 0])
    })
  )

  it.live("ends a request that waits for a connection, which is then never sent", () =>
    Effect.gen(function* () {
      const fetch = yield* pool
      const server = yield* serve(({ url }, response) => void (url === "/held" || response.end("hello")))
      const [held, waiting] = [aborting(), aborting()]
      const holding = [1, 2].map(() => fetch(`${server.origin}/held`, { signal: held.signal }).catch(() => undefined))
      yield* until(() => server.requests.length === 2)
      const queued = fetch(`${server.origin}/queued`, { signal: waiting.signal }).catch((error: unknown) => error)
      waiting.abort(mine)
      expect(yield* Effect.promise(() => queued)).toBe(mine)
      held.abort()
      yield* Effect.promise(() => Promise.all(holding))
      expect(yield* textOf(fetch, `${server.origin}/next`)).toBe("200 hello")
      expect(server.requests.map(({ url }) => url)).toEqual(["/held", "/held", "/next"])
    })
  )

  it.live("ends a body with its own reason, and closes the socket", () =>
    Effect.gen(function* () {
      const fetch = yield* pool
      const server = yield* serve((_, response) => void response.write("hello"))
      const leaving = aborting()
      const error = yield* Effect.promise(async () => {
        const reader = (await fetch(server.origin, { signal: leaving.signal })).body?.getReader()
        await reader?.read()
        const next = reader?.read().catch((reason: unknown) => reason)
        leaving.abort(mine)
        return next
      })
      expect(error).toBe(mine)
      yield* until(() => server.sockets.closed === 1)
      expect(server.sockets.closed).toBe(1)
    })
  )
})
