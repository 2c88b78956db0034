import { once } from "node:events"
import { get, type IncomingMessage } from "node:http"
import { setTimeout as delay } from "node:timers/promises"
import { afterEach, describe, expect, it } from "vitest"
import { jsonAnswer } from "./Answer.ts"
import type { Fault, FaultKind } from "./Fault.ts"
import { FaultPlan } from "./FaultPlan.ts"
import { makeRequestLog } from "./RequestLog.ts"
import { makeSimulatorClock } from "./SimulatorClock.ts"
import { type SimulatorServer, startSimulatorServer } from "./SimulatorServer.ts"

const fileLength = 100_000
const gibibyte = 2 ** 30
const servers: Array<SimulatorServer> = []

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

function* pieces(total: number): Generator<Uint8Array, void> {
  const piece = new Uint8Array(64 * 1024).fill(7)
  for (let left = total; left > 0; left -= piece.length) yield piece.subarray(0, left)
}

// Answers every path with a file of a known length; `/json` and `/large` otherwise.
const start = async (...faults: ReadonlyArray<Fault>) => {
  const log = makeRequestLog()
  const server = await startSimulatorServer({
    name: "test",
    log,
    clock: makeSimulatorClock(() => new Date("2026-01-01T00:00:00Z")),
    faults: FaultPlan.script(faults.map((fault, index) => ({ route: "any", nth: index + 1, fault }))),
    route: () => ({ name: "any", kinds: [], refusals: ["busy"] }),
    handle: ({ path, body }) => {
      if (path === "/json") return jsonAnswer(200, { body })
      const length = path === "/large" ? gibibyte : fileLength
      return {
        status: 200,
        headers: { "content-type": "audio/mpeg" },
        body: { length, pieces: () => pieces(length) }
      }
    },
    refuse: (refusal, retryAfterSeconds) => jsonAnswer(429, { refusal }, { "retry-after": String(retryAfterSeconds) })
  })
  servers.push(server)
  const entry = (): (typeof log.entries)[number] => {
    const last = log.entries.at(-1)
    if (last === undefined) throw new Error("no request was logged")
    return last
  }
  return { server, log, entry, url: `${server.origin}/file` }
}

// What a client got of a body before it ended well or badly.
const read = async (url: string): Promise<{ length: number; announced: string | undefined; failure: unknown }> => {
  const request = get(url, { agent: false })
  request.on("error", () => undefined)
  const [response]: Array<IncomingMessage> = await once(request, "response")
  if (response === undefined) throw new Error("no response")
  let length = 0
  let failure: unknown
  try {
    for await (const piece of response) length += Buffer.from(piece).length
  } catch (error) {
    failure = error
  }
  return { length, announced: response.headers["content-length"], failure }
}

const causeOf = async (request: Promise<unknown>): Promise<unknown> => {
  const error: unknown = await request.then(
    () => undefined,
    (reason: unknown) => reason
  )
  return error instanceof Error && error.cause instanceof Error ? Reflect.get(error.cause, "code") : error
}

describe("a request without faults", () => {
  it("is answered and logged", async () => {
    const { entry, server } = await start()
    const response = await fetch(`${server.origin}/json?a=1`, {
      method: "POST",
      body: "hello",
      headers: { authorization: "Bearer secret" }
    })
    expect(await response.json()).toEqual({ body: "hello" })
    await expect.poll(() => entry().finished).toBe(true)
    expect(entry()).toMatchObject({
      number: 1,
      server: "test",
      route: "any",
      method: "POST",
      path: "/json",
      query: "a=1",
      credentials: "bearer",
      status: 200,
      bytesSent: 16,
      fault: undefined,
      aborted: false
    })
    expect(JSON.stringify(entry())).not.toContain("secret")
  })

  it("names the kind of credentials, also in a cookie or the query", async () => {
    const { log, server } = await start()
    await fetch(`${server.origin}/json`, { headers: { authorization: "Basic eA==" } })
    await fetch(`${server.origin}/json`, { headers: { cookie: "session=1" } })
    await fetch(`${server.origin}/json?access_token=1`)
    await fetch(`${server.origin}/json`)
    expect(log.entries.map(({ credentials }) => credentials)).toEqual(["basic", "other", "other", "none"])
  })

  it("sends no faster than the client reads, and sees that the client went away", async () => {
    const { entry, server } = await start()
    const controller = new AbortController()
    const response = await fetch(`${server.origin}/large`, { signal: controller.signal })
    await response.body?.getReader().read()
    await delay(300)
    const sent = entry().bytesSent
    expect(sent).toBeLessThan(32 * 2 ** 20)
    await delay(100)
    expect(entry().bytesSent).toBe(sent)
    controller.abort()
    await expect.poll(() => entry().finished).toBe(true)
    expect(entry().aborted).toBe(true)
  })

  it("has its connection destroyed when the server is closed", async () => {
    const { server } = await start()
    await (await fetch(`${server.origin}/json`)).text()
    expect(server.openSockets).toBe(1)
    await server.close()
    servers.length = 0
    expect(server.openSockets).toBe(0)
  })
})

describe("faults in place of the answer", () => {
  it("latency: late but good", async () => {
    const { entry, url } = await start({ kind: "latency", milliseconds: 120 })
    const before = performance.now()
    expect(await read(url)).toEqual({ length: fileLength, announced: String(fileLength), failure: undefined })
    expect(performance.now() - before).toBeGreaterThanOrEqual(115)
    expect(entry().fault).toBe("latency")
  })

  it("refusal: the vendor's own 429", async () => {
    const { url } = await start({ kind: "refusal", refusal: "busy", retryAfterSeconds: 7 })
    const response = await fetch(url)
    expect(response.status).toBe(429)
    expect(response.headers.get("retry-after")).toBe("7")
    expect(await response.json()).toEqual({ refusal: "busy" })
  })

  it("server-error: JSON or HTML, with Retry-After or without", async () => {
    const { url } = await start(
      { kind: "server-error", status: 503, body: "html", retryAfterSeconds: 2 },
      { kind: "server-error", status: 502, body: "json" }
    )
    const first = await fetch(url)
    expect([first.status, first.headers.get("retry-after")]).toEqual([503, "2"])
    expect(await first.text()).toContain("<h1>503")
    const second = await fetch(url)
    expect([second.status, second.headers.get("retry-after")]).toEqual([502, null])
    expect(await second.json()).toHaveProperty("message")
  })

  it("reset-before-headers: no answer at all", async () => {
    const { entry, url } = await start({ kind: "reset-before-headers" })
    expect(await causeOf(fetch(url))).toBe("ECONNRESET")
    expect(entry()).toMatchObject({ fault: "reset-before-headers", status: undefined, aborted: false })
  })

  it("malformed-json and html-page: status 200, and not what it says or should be", async () => {
    const { url } = await start({ kind: "malformed-json" }, { kind: "html-page" })
    const broken = await fetch(url)
    expect([broken.status, broken.headers.get("content-type")]).toEqual([200, "application/json"])
    await expect(broken.json()).rejects.toThrow(SyntaxError)
    const page = await fetch(url)
    expect([page.status, page.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"])
    expect(await page.text()).toMatch(/^<html>/)
  })
})

describe("faults of the body", () => {
  const half = { fraction: 0.5 }

  it("truncated-body: less than Content-Length, then a polite close", async () => {
    const { entry, url } = await start({ kind: "truncated-body", ...half })
    const result = await read(url)
    expect(result).toMatchObject({ length: fileLength / 2, announced: String(fileLength) })
    expect(result.failure).toBeInstanceOf(Error)
    expect(entry()).toMatchObject({ fault: "truncated-body", bytesSent: fileLength / 2, aborted: false })
  })

  it("reset-mid-body: a part, then a reset", async () => {
    const { url } = await start({ kind: "reset-mid-body", ...half })
    const result = await read(url)
    expect(result.failure).toHaveProperty("code", "ECONNRESET")
    expect(result.length).toBeLessThanOrEqual(fileLength / 2)
  })

  it("short-body: a part with a Content-Length that agrees with it", async () => {
    const { entry, url } = await start({ kind: "short-body", ...half })
    expect(await read(url)).toEqual({ length: fileLength / 2, announced: String(fileLength / 2), failure: undefined })
    expect(entry().fault).toBe("short-body")
  })

  it("stalled-body: a part, then nothing until the client gives up", async () => {
    const { entry, url } = await start({ kind: "stalled-body", ...half })
    const request = get(url, { agent: false })
    const [response]: Array<IncomingMessage> = await once(request, "response")
    let length = 0
    response?.on("data", (piece: Buffer) => {
      length += piece.length
    })
    response?.on("error", () => undefined)
    await delay(200)
    expect(length).toBe(fileLength / 2)
    expect(entry().finished).toBe(false)
    request.destroy()
    await expect.poll(() => entry()).toMatchObject({ finished: true, aborted: true, fault: "stalled-body" })
  })

  it.each<FaultKind>(["truncated-body", "reset-mid-body", "short-body"])(
    "%s always takes a byte away",
    async (kind) => {
      const { url } = await start(
        kind === "truncated-body" || kind === "reset-mid-body" || kind === "short-body"
          ? { kind, fraction: 1 }
          : { kind: "html-page" }
      )
      expect((await read(url)).length).toBeLessThan(fileLength)
    }
  )
})
