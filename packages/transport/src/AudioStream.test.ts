import { expect, it } from "@effect/vitest"
import { NotFound, RetryLimits, type Audio, type Reason } from "@callreel/recording"
import { Duration, Effect, Fiber, Stream } from "effect"
import { describe } from "vitest"
import { makeHttp, type HttpOptions } from "./Http.ts"
import { attempts, classify, countingTokens, openGate, serve, until, type Handler } from "./internal/httpTestServer.ts"

const total = 900_000
const audio = Buffer.from(Array.from({ length: total }, (_, index) => (index * 7 + (index >> 8)) & 255))
audio.write("ID3", "latin1")

type Respond = Parameters<Handler>[1]

/** Sends audio from `start` on and drops the connection after `bytes`; all of it without. */
const send = (response: Respond, start: number, bytes?: number): void => {
  if (bytes === undefined) return void response.end(audio.subarray(start))
  response.write(audio.subarray(start, start + bytes), () => response.socket?.destroy())
}

const startOf = (range: string | undefined): number => Number(/^bytes=(\d+)-/.exec(range ?? "")?.[1] ?? 0)

interface Behaviour {
  /** Bytes before the connection drops, for each answer; all where there is none for it. */
  readonly drops: ReadonlyArray<number>
  readonly headers?: (count: number) => Readonly<Record<string, string>>
  readonly ignoresRange?: boolean
  readonly total?: (count: number) => number
}

const breaking =
  ({ drops, headers, ignoresRange, total: totalOf }: Behaviour): Handler =>
  (request, response, count) => {
    const start = ignoresRange === true ? 0 : startOf(request.headers.range)
    const size = totalOf?.(count) ?? total
    const range = start === 0 ? {} : { "content-range": `bytes ${start}-${size - 1}/${size}` }
    response.writeHead(start === 0 ? 200 : 206, {
      "content-type": "audio/mpeg",
      "content-length": size - start,
      ...range,
      ...headers?.(count)
    })
    send(response, start, drops[count - 1])
  }

const open = Effect.fnUntraced(function* (handler: Handler, options: Partial<HttpOptions> = {}) {
  const server = yield* serve(handler)
  const http = yield* makeHttp({ baseUrl: server.origin, gate: openGate().gate, classify, ...options })
  const opened = yield* http.media({
    target: { path: ["a"] },
    credentials: "token",
    untrusted: "refuse",
    group: "heavy"
  })
  return { server, opened, ranges: () => server.requests.map(({ headers }) => headers.range) }
})

const collect = (opened: Audio<Reason>) =>
  Effect.map(Stream.runCollect(opened.stream), (parts) => Buffer.concat([...parts]))

const isWhole = (bytes: Buffer): boolean => audio.equals(bytes)

/** Of bytes that should not have come, only how many: a failed test must not print a megabyte. */
const failure = (opened: Audio<Reason>) => Effect.flip(Effect.map(collect(opened), (bytes) => bytes.byteLength))

describe("audio that breaks off", () => {
  it.live("goes on where it broke off, with a condition and a fresh token", () =>
    Effect.gen(function* () {
      const tokens = countingTokens()
      const { server, opened, ranges } = yield* open(
        (request, response, count) => {
          // The token of the first answer is refused by the time of the second.
          if (count === 2) return void response.writeHead(401).end()
          breaking({ drops: [300_000, 0, 200_000], headers: () => ({ etag: `"one"` }) })(request, response, count)
        },
        { tokens }
      )
      expect(isWhole(yield* collect(opened))).toBe(true)
      expect(ranges()).toEqual([undefined, "bytes=300000-", "bytes=300000-", "bytes=500000-"])
      expect(server.requests.map(({ headers }) => headers["if-range"])).toEqual([undefined, `"one"`, `"one"`, `"one"`])
      expect(server.requests[3]?.headers.authorization).toBe("Bearer token-2")
    })
  )

  it.live("goes on after a stall", () =>
    Effect.gen(function* () {
      const { server, opened } = yield* open(
        (request, response, count) => {
          if (count > 1) return breaking({ drops: [] })(request, response, count)
          response.writeHead(200, { "content-length": total }).write(audio.subarray(0, 1_000))
        },
        { idleTimeout: Duration.millis(100) }
      )
      expect(isWhole(yield* collect(opened))).toBe(true)
      yield* until(() => server.sockets.closed >= 1)
      expect(server.sockets.closed).toBeGreaterThanOrEqual(1)
    })
  )

  it.live("skips what it has where the server knows no ranges", () =>
    Effect.gen(function* () {
      const { opened, ranges } = yield* open(breaking({ drops: [300_000], ignoresRange: true }))
      expect(isWhole(yield* collect(opened))).toBe(true)
      expect(ranges()).toEqual([undefined, "bytes=300000-"])
    })
  )

  it.live("goes on inside a part", () =>
    Effect.gen(function* () {
      const server = yield* serve((request, response, count) => {
        const start = startOf(request.headers.range)
        response.writeHead(206, {
          "content-range": `bytes ${start}-599999/${total}`,
          "content-length": 600_000 - start
        })
        if (count === 1) response.write(audio.subarray(start, start + 50_000), () => response.socket?.destroy())
        else response.end(audio.subarray(start, 600_000))
      })
      const http = yield* makeHttp({ baseUrl: server.origin, gate: openGate().gate, classify })
      const range = { start: 400_000, end: 599_999 }
      const opened = yield* http.media({ target: { path: ["a"] }, credentials: "none", untrusted: "refuse", range })
      expect(audio.subarray(400_000, 600_000).equals(yield* collect(opened))).toBe(true)
      expect(server.requests[1]?.headers.range).toBe("bytes=450000-599999")
    })
  )

  it.live("counts its attempts anew after progress", () =>
    Effect.gen(function* () {
      const { opened } = yield* open(breaking({ drops: [270_000, 270_000, 270_000] }))
      expect(isWhole(yield* collect(opened).pipe(attempts(2)))).toBe(true)
    })
  )

  it.live("is truncated in the end, with what is missing", () =>
    Effect.gen(function* () {
      const { opened, ranges } = yield* open(breaking({ drops: [1_000, 1_000, 1_000, 1_000] }))
      const error = yield* failure(opened).pipe(attempts(2))
      expect(error).toMatchObject({ _tag: "Truncated", expected: total, received: 2_000 })
      expect(ranges().length).toBe(2)
    })
  )

  it.live("does not wait longer than it may", () =>
    Effect.gen(function* () {
      const { opened, ranges } = yield* open(breaking({ drops: [1_000, 1_000] }))
      const impatient = Effect.provideService(RetryLimits, { attempts: 10, within: Duration.millis(100) })
      expect(yield* failure(opened).pipe(impatient)).toMatchObject({ _tag: "Truncated", received: 1_000 })
      expect(ranges().length).toBe(1)
    })
  )

  it.live.each<[string, Partial<Behaviour>, Reason["_tag"]]>([
    ["another entity tag", { headers: (count) => ({ etag: `"${count}"` }) }, "InvalidResponse"],
    [
      "another date",
      { headers: (count) => ({ "last-modified": `Sun, 01 Mar 2026 12:00:0${count} GMT` }) },
      "InvalidResponse"
    ],
    // May be one bad answer: it is asked for again before it is given up.
    ["another length", { total: (count) => total + count }, "Truncated"],
    ["another length, without ranges", { total: (count) => total + count, ignoresRange: true }, "Truncated"]
  ])("is not patched together from two files: %s", ([, behaviour, tag]) =>
    Effect.gen(function* () {
      const { opened } = yield* open(breaking({ drops: [300_000], ...behaviour }))
      expect((yield* failure(opened).pipe(attempts(2)))._tag).toBe(tag)
    })
  )

  it.live("is not patched together where nothing proves it the same", () =>
    Effect.gen(function* () {
      const { opened } = yield* open((_, response, count) => {
        response.setHeader("content-type", "audio/mpeg")
        send(response, 0, count === 1 ? 300_000 : undefined)
      })
      expect(opened.bytes).toBeUndefined()
      expect(yield* failure(opened)).toMatchObject({ _tag: "InvalidResponse" })
    })
  )

  it.live("takes no other part than it asked for", () =>
    Effect.gen(function* () {
      const { opened } = yield* open((request, response, count) => {
        if (count === 1) return breaking({ drops: [300_000] })(request, response, count)
        response.writeHead(206, { "content-range": `bytes 200000-${total - 1}/${total}` }).end(audio.subarray(200_000))
      })
      expect(yield* failure(opened)).toMatchObject({ _tag: "InvalidResponse" })
    })
  )

  it.live("says what the vendor says when it is gone meanwhile", () =>
    Effect.gen(function* () {
      const { opened } = yield* open((request, response, count) => {
        if (count === 1) return breaking({ drops: [300_000] })(request, response, count)
        response.writeHead(404).end()
      })
      expect(yield* failure(opened)).toEqual(new NotFound({ what: "the recording" }))
    })
  )
})

it.live("a stream that is interrupted while it waits to go on stops at once", () =>
  Effect.gen(function* () {
    const { server, opened } = yield* open(breaking({ drops: [1_000] }))
    const fiber = yield* Effect.forkChild(Stream.runDrain(opened.stream))
    yield* until(() => server.sockets.closed === 1)
    yield* Fiber.interrupt(fiber)
    yield* Effect.sleep(700)
    expect(server.requests.length).toBe(1)
  })
)

it.live("a stream read after its scope does not reach out again", () =>
  Effect.gen(function* () {
    const server = yield* serve(breaking({ drops: [] }))
    const http = yield* makeHttp({ baseUrl: server.origin, gate: openGate().gate, classify })
    const request = { target: { path: ["a"] }, credentials: "none", untrusted: "refuse" } as const
    const opened = yield* Effect.scoped(http.media(request))
    expect(yield* failure(opened)).toMatchObject({ _tag: "Truncated" })
    expect(yield* failure(opened)).toMatchObject({ _tag: "Truncated" })
    expect(server.requests.length).toBe(1)
  })
)
