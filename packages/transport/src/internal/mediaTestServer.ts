/** Audio for the tests of this package, and servers that give it. */
import type { Audio, Reason } from "@callreel/recording"
import { Effect, Stream } from "effect"
import { makeHttp, type HttpOptions } from "../Http.ts"
import type { MediaRequest } from "../MediaFetch.ts"
import { classify, openGate, serve, type Handler } from "./httpTestServer.ts"

/** Audio whose every byte tells its position: an ID3 tag, then counting. */
export const audio = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7 + (index >> 8)) & 255))
audio.write("ID3", "latin1")

export const whole: Handler = (_, response) => {
  response.writeHead(200, { "content-type": "audio/mpeg", "content-length": audio.length }).end(audio)
}

/** Answers ranges as RFC 9110 says. */
export const ranged: Handler = (request, response, count) => {
  const match = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "")
  if (match === null) return whole(request, response, count)
  const start = Number(match[1])
  const end = Math.min(match[2] === "" ? Number.POSITIVE_INFINITY : Number(match[2]), audio.length - 1)
  if (start >= audio.length) return void response.writeHead(416).end()
  const headers = { "content-type": "audio/mpeg", "content-range": `bytes ${start}-${end}/${audio.length}` }
  response.writeHead(206, headers).end(audio.subarray(start, end + 1))
}

export const fetchFrom = Effect.fnUntraced(function* (handler: Handler, options: Partial<HttpOptions> = {}) {
  const server = yield* serve(handler)
  const gate = openGate()
  const http = yield* makeHttp({ baseUrl: server.origin, gate: gate.gate, classify, ...options })
  const media = (request: Partial<MediaRequest> = {}) =>
    http.media({ target: { path: ["audio"] }, credentials: "token", untrusted: "refuse", group: "heavy", ...request })
  return { server, http, gate, media }
})

/** Reads all of it. */
export const collect = (opened: Audio<Reason>) =>
  Effect.map(Stream.runCollect(opened.stream), (parts) => Buffer.concat([...parts]))
