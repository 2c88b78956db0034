import { expect, it } from "@effect/vitest"
import { RateLimited } from "@callreel/recording"
import { Duration, Effect, Exit, Scope, Stream } from "effect"
import { describe } from "vitest"
import { attempts, countingTokens, until, type Handler } from "./internal/httpTestServer.ts"
import { audio, collect, fetchFrom, ranged, whole } from "./internal/mediaTestServer.ts"
import { firstWay } from "./firstWay.ts"

describe("audio", () => {
  it.live("comes whole, with what the answer says of it", () =>
    Effect.gen(function* () {
      const { server, media, gate } = yield* fetchFrom(
        (_, response) => {
          const headers = { "content-type": "audio/mp3; x=y", "content-disposition": `attachment; filename="../a.mp3"` }
          response.writeHead(200, { ...headers, "content-length": audio.length }).end(audio)
        },
        { tokens: countingTokens() }
      )
      const opened = yield* media({ expectedBytes: audio.length })
      const { mediaType, bytes, filename, range } = opened
      expect({ mediaType, bytes, filename, range }).toEqual({
        mediaType: "audio/mpeg",
        bytes: 100_000,
        filename: "a.mp3",
        range: undefined
      })
      expect(gate.held()).toBe(0)
      expect(audio.equals(yield* collect(opened))).toBe(true)
      expect(server.requests[0]?.headers).toMatchObject({
        authorization: "Bearer token-1",
        "accept-encoding": "identity"
      })
    })
  )

  it.live("can be read twice", () =>
    Effect.gen(function* () {
      const { server, media } = yield* fetchFrom(ranged)
      const opened = yield* media()
      expect(audio.equals(yield* collect(opened))).toBe(true)
      expect(audio.equals(yield* collect(opened))).toBe(true)
      expect(server.requests.length).toBe(2)
    })
  )

  it.live.each<[string, string | undefined, Uint8Array, string]>([
    ["MPEG 2.5 without a useful type", "application/octet-stream", Uint8Array.of(0xff, 0xe3, 0x28, 0xc4), "audio/mpeg"],
    ["WAVE without a type", undefined, Buffer.from("RIFF1234WAVEfmt data"), "audio/wav"],
    ["a declared type wins", "audio/x-wav", Buffer.from("ID3....."), "audio/wav"],
    ["MP3 declared as plain text", "text/plain", Buffer.from("ID3....."), "audio/mpeg"],
    ["an unknown kind", "application/octet-stream", Buffer.from("whatever it is"), "application/octet-stream"]
  ])("is what its bytes say: %s", ([, type, bytes, expected]) =>
    Effect.gen(function* () {
      const { media } = yield* fetchFrom((_, response) => {
        response.writeHead(200, type === undefined ? {} : { "content-type": type }).end(bytes)
      })
      const opened = yield* media()
      expect(opened.mediaType).toBe(expected)
      expect(Buffer.from(bytes).equals(yield* collect(opened))).toBe(true)
    })
  )

  it.live.each<[string, string, string, string]>([
    ["HTML", "text/html", "<html>login</html>", "html where audio"],
    ["JSON", "application/json", `{"message":"no"}`, "json where audio"],
    ["XML", "application/xhtml+xml", "<html/>", "XML where audio"],
    ["problem", "application/problem+json", `{}`, "json where audio"],
    ["HTML called audio", "audio/mpeg", "  <!doctype html>", "a text where audio"],
    ["JSON called bytes", "application/octet-stream", `{"message":"no"}`, "a text where audio"],
    ["plain text", "text/plain", "not here", "a text where audio"],
    ["nothing", "audio/mpeg", "", "empty"]
  ])("is not %s", ([, type, body, why]) =>
    Effect.gen(function* () {
      const { server, media } = yield* fetchFrom((_, response) => {
        response.writeHead(200, { "content-type": type }).write("", () => response.end(body))
      })
      const error = yield* Effect.flip(media())
      expect(error).toMatchObject({ _tag: "InvalidResponse", detail: expect.stringContaining(why) })
      expect(server.requests.length).toBe(1)
    })
  )

  it.live("of another length than listed is refused before a byte is delivered", () =>
    Effect.gen(function* () {
      const { server, media } = yield* fetchFrom(whole)
      const error = yield* Effect.flip(media({ expectedBytes: 100_144 }))
      expect(error).toMatchObject({ _tag: "Truncated", expected: 100_144, received: 100_000 })
      expect(server.requests.length).toBe(1)
    })
  )

  it.live("of unsaid length is held against the listing", () =>
    Effect.gen(function* () {
      const { media } = yield* fetchFrom((_, response) => {
        response.setHeader("content-type", "audio/mpeg").write(audio.subarray(0, 20))
        // Late enough to be a piece of its own.
        setTimeout(() => response.end("."), 30)
      })
      for (const expectedBytes of [19, 20]) {
        const tooLong = yield* media({ expectedBytes })
        expect(tooLong.bytes).toBe(expectedBytes)
        expect(yield* Effect.flip(collect(tooLong))).toMatchObject({ _tag: "Truncated", expected: expectedBytes })
      }
      const tooShort = yield* media({ expectedBytes: 22 })
      const error = yield* Effect.flip(collect(tooShort).pipe(attempts(1)))
      expect(error).toMatchObject({ _tag: "Truncated", expected: 22, received: 21 })
    })
  )

  it.live("that is not given is classified, and tried again where that helps", () =>
    Effect.gen(function* () {
      const { server, media, gate } = yield* fetchFrom((request, response, count) => {
        if (count === 1) return void response.writeHead(503).end()
        return request.url === "/audio" ? whole(request, response, count) : void response.writeHead(404).end()
      })
      expect((yield* media()).bytes).toBe(100_000)
      expect(yield* Effect.flip(media({ target: { path: ["other"] } }))).toMatchObject({ _tag: "NotFound" })
      expect(server.requests.length).toBe(3)
      expect(gate.diary).toEqual(["run heavy", "run heavy", "run heavy"])
    })
  )

  it.live("behind a limit that no gate keeps is not hammered at", () =>
    Effect.gen(function* () {
      const { server, http, gate } = yield* fetchFrom(
        (_, response) => void response.writeHead(429, { "retry-after": "9" }).end()
      )
      const error = yield* Effect.flip(
        http.media({ target: { path: ["a"] }, credentials: "none", untrusted: "refuse" })
      )
      expect(error).toEqual(new RateLimited({ retryAfter: Duration.seconds(9) }))
      expect([server.requests.length, gate.diary]).toEqual([1, []])
    })
  )
})

describe("a part of the audio", () => {
  it.live.each<[string, Handler]>([
    ["by a server that sends parts", ranged],
    ["by a server that ignores the range", whole]
  ])("%s", ([, handler]) =>
    Effect.gen(function* () {
      const { server, media } = yield* fetchFrom(handler)
      const inside = yield* media({ range: { start: 50_000, end: 59_999 } })
      expect([inside.bytes, inside.range]).toEqual([10_000, { start: 50_000, end: 59_999, total: 100_000 }])
      expect(audio.subarray(50_000, 60_000).equals(yield* collect(inside))).toBe(true)
      const open = yield* media({ range: { start: 99_000 } })
      expect(open.range).toEqual({ start: 99_000, end: 99_999, total: 100_000 })
      expect(audio.subarray(99_000).equals(yield* collect(open))).toBe(true)
      expect(yield* Effect.flip(media({ range: { start: 100_000 } }))).toMatchObject({
        _tag: "InvalidQuery",
        field: "range"
      })
      expect(yield* Effect.flip(media({ range: { start: 5, end: 4 } }))).toMatchObject({
        _tag: "InvalidQuery",
        field: "range"
      })
      expect(server.requests[0]?.headers.range).toBe("bytes=50000-59999")
    })
  )

  it.live("closes the socket when it ends before the file does", () =>
    Effect.gen(function* () {
      const { server, media } = yield* fetchFrom((_, response) => {
        response.writeHead(200, { "content-type": "audio/mpeg", "content-length": 1_000_000 }).write(audio)
      })
      expect((yield* collect(yield* media({ range: { start: 0, end: 9 } }))).byteLength).toBe(10)
      yield* until(() => server.sockets.closed === 1)
      expect(server.sockets.closed).toBe(1)
    })
  )

  it.live.each([[true], [false]])("sent unasked is completed; total told: %s", ([told]) =>
    Effect.gen(function* () {
      const { server, media } = yield* fetchFrom((request, response) => {
        const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0)
        if (start >= audio.length) return void response.writeHead(416).end()
        const end = Math.min(start + 39_999, audio.length - 1)
        const range = `bytes ${start}-${end}/${told === true ? audio.length : "*"}`
        response.writeHead(206, { "content-range": range }).end(audio.subarray(start, end + 1))
      })
      const opened = yield* media()
      expect([opened.mediaType, opened.bytes, opened.range]).toEqual([
        "audio/mpeg",
        told === true ? 100_000 : undefined,
        undefined
      ])
      expect(audio.equals(yield* collect(opened).pipe(attempts(1)))).toBe(true)
      expect(server.requests.length).toBe(told === true ? 3 : 4)
    })
  )
})

describe("closing", () => {
  const endless: Handler = (_, response) => {
    response.setHeader("content-type", "audio/mpeg").write(audio)
  }

  it.live("the scope closes the socket, also of a stream nobody reads", () =>
    Effect.gen(function* () {
      const { server, media } = yield* fetchFrom(endless)
      const scope = yield* Scope.make()
      yield* Scope.provide(media(), scope)
      expect(server.sockets.closed).toBe(0)
      yield* Scope.close(scope, Exit.void)
      yield* until(() => server.sockets.closed === 1)
      expect(server.sockets.closed).toBe(1)
    })
  )

  it.live("the stream closes the socket, while the scope lives on", () =>
    Effect.gen(function* () {
      const { server, media } = yield* fetchFrom(endless)
      const opened = yield* media()
      yield* Stream.runDrain(Stream.take(opened.stream, 1))
      yield* until(() => server.sockets.closed === 1)
      expect(server.sockets.closed).toBe(1)
    })
  )

  it.live("a refused answer closes its socket at once", () =>
    Effect.gen(function* () {
      const { server, media } = yield* fetchFrom((_, response) => {
        response.setHeader("content-type", "text/html").write("<html>".repeat(50_000))
      })
      yield* Effect.flip(attempts(2)(firstWay([{ name: "api", open: media() }])))
      // The round is repeated once, and neither socket is left open.
      yield* until(() => server.sockets.closed === 2)
      expect(server.sockets.closed).toBe(2)
    })
  )
})

it.live("a slow reader slows the server down", () =>
  Effect.gen(function* () {
    let written = 0
    const { media } = yield* fetchFrom((_, response) => {
      response.writeHead(200, { "content-type": "audio/mpeg", "content-length": 1_000_000_000 })
      const more = (): void => {
        if (response.destroyed) return
        written += audio.length
        response.write(audio, more)
      }
      more()
    })
    const opened = yield* media()
    let read = 0
    yield* opened.stream.pipe(
      Stream.take(3),
      Stream.runForEach((part) =>
        Effect.delay(
          Effect.sync(() => (read += part.byteLength)),
          50
        )
      )
    )
    expect(read).toBeGreaterThan(0)
    // What the sockets of both sides hold, not the file.
    expect(written).toBeLessThan(20_000_000)
  })
)
