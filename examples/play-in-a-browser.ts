/**
 * Plays recordings in a browser, with seeking, through a small web server that keeps the credentials.
 *
 * `node_modules/.bin/tsx examples/play-in-a-browser.ts --serve` stays up and prints the address to open; without
 * `--serve` it asks itself for a part of a recording, as a browser would, and ends.
 */
import { type ByteRange, RecordingError } from "@callreel/recording"
import { connect } from "@callreel/virtual-pbx"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { Readable } from "node:stream"
import { buffer } from "node:stream/consumers"
import { pipeline } from "node:stream/promises"
import { listen } from "./support/listen.ts"
import { simulatedPbx } from "./support/simulatedPbx.ts"

const { pbx, settings, window } = await simulatedPbx()
const office = await connect(settings)

const statuses: Readonly<Record<string, number>> = {
  NotFound: 404,
  Gone: 410,
  InvalidQuery: 416,
  Pending: 503,
  RateLimited: 503,
  Unavailable: 503
}

/** `bytes=100-199` or `bytes=100-`; anything else is answered with the whole file, as HTTP allows. */
const rangeOf = (header: string | undefined): ByteRange | undefined => {
  const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(header ?? "") ?? []
  if (start === undefined) return undefined
  return { start: Number(start), ...(end && { end: Number(end) }) }
}

const play = async (path: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const calledOff = new AbortController()
  response.on("close", () => calledOff.abort())
  const range = rangeOf(request.headers.range)
  // Throws on an address that is badly encoded; the server answers 502 and lives on.
  const id = decodeURIComponent(path)
  const audio = await office.audio({ id }, { signal: calledOff.signal, ...(range && { range }) })
  response.writeHead(audio.range === undefined ? 200 : 206, {
    "content-type": audio.mediaType,
    "accept-ranges": "bytes",
    ...(audio.bytes !== undefined && { "content-length": audio.bytes }),
    ...(audio.range && { "content-range": `bytes ${audio.range.start}-${audio.range.end}/${audio.range.total ?? "*"}` })
  })
  await pipeline(Readable.fromWeb(audio.stream), response)
}

const page = async (response: ServerResponse): Promise<void> => {
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" })
  for await (const { id, call } of office.list({ ...window, limit: 20 })) {
    response.write(
      `<p>${call?.startedAt.toISOString() ?? ""}<br><audio controls preload=none src="/${encodeURIComponent(id)}"></audio>`
    )
  }
  response.end()
}

const server = createServer((request, response) => {
  const [, path = ""] = /^\/([^?]*)/.exec(request.url ?? "") ?? []
  const answer = path === "" ? page(response) : play(path, request, response)
  answer.catch((error: unknown) => {
    if (response.headersSent) return response.destroy()
    const tag = error instanceof RecordingError ? error.reason._tag : "unexpected"
    return response.writeHead(statuses[tag] ?? 502, { "content-type": "text/plain" }).end(tag)
  })
})
console.log(`http://127.0.0.1:${await listen(server)}/`)

if (!process.argv.includes("--serve")) {
  for await (const recording of office.list({ ...window, limit: 1 })) {
    const part = await office.audio(recording, { range: { start: 1000, end: 1143 } })
    console.log(`bytes 1000 to 1143 of ${recording.id}: ${(await buffer(Readable.fromWeb(part.stream))).length} bytes`)
  }
  server.close()
  await office.close()
  await pbx.close()
}
