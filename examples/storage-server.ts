/**
 * A storage for recordings with permanent links, as operators of the virtual PBX run one: the address ends in the file's
 * path, encrypted with the key that the API has too. Whoever has a link has the file; nobody can make one without the key.
 *
 * Unlike the storages that have been seen, it honours Range, so that players can seek.
 */
import { composeAudio } from "@callreel/testkit"
import { decodeStorageLink, encodeStorageLink } from "@callreel/virtual-pbx"
import { createReadStream } from "node:fs"
import { mkdtemp, realpath, rm, stat, writeFile } from "node:fs/promises"
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http"
import { tmpdir } from "node:os"
import { basename, join, sep } from "node:path"
import { buffer } from "node:stream/consumers"
import { pipeline } from "node:stream/promises"
import { listen } from "./support/listen.ts"

const key = Buffer.from("0123456789abcdef0123456789abcdef")
const root = await realpath(await mkdtemp(join(tmpdir(), "callreel-storage-")))
const recording = composeAudio({ kind: "mp3-mono-8k", seed: "storage", durationSeconds: 5 })
await writeFile(join(root, "call.mp3"), recording.chunk(0, recording.bytes))

/** The file that a link names, undefined where it is none of ours. A path that leads out of the folder is none. */
const fileOf = async (link: string): Promise<string | undefined> => {
  const path = decodeStorageLink(link, key)
  if (path === undefined) return undefined
  const file = await realpath(join(root, path)).catch(() => undefined)
  return file?.startsWith(root + sep) === true && (await stat(file)).isFile() ? file : undefined
}

const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
  const file = await fileOf(decodeURIComponent((incoming.url ?? "/").slice(1)))
  if (file === undefined) {
    response.writeHead(404).end()
    return
  }
  const { size } = await stat(file)
  const headers = {
    "content-type": "application/octet-stream",
    "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(basename(file))}`,
    "accept-ranges": "bytes"
  }
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(incoming.headers.range ?? "") ?? []
  const start = from === undefined ? 0 : Number(from)
  const end = to ? Math.min(Number(to), size - 1) : size - 1
  if (start > end) {
    response.writeHead(416, { "content-range": `bytes */${size}` }).end()
    return
  }
  response.writeHead(from === undefined ? 200 : 206, {
    ...headers,
    "content-length": end - start + 1,
    ...(from !== undefined && { "content-range": `bytes ${start}-${end}/${size}` })
  })
  if (incoming.method === "HEAD") response.end()
  else await pipeline(createReadStream(file, { start, end }), response)
}

const server = createServer((incoming, response) => {
  serve(incoming, response).catch(() => response.destroy())
})
const port = await listen(server)

const ask = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    request({ port, path, headers }, (response) => {
      buffer(response).then((body) => resolve(`${response.statusCode} ${body.length} bytes`), reject)
    })
      .on("error", reject)
      .end()
  })

console.log("a link:            ", await ask(`/${encodeStorageLink("/call.mp3", key)}`))
console.log("a part:            ", await ask(`/${encodeStorageLink("/call.mp3", key)}`, { range: "bytes=144-287" }))
console.log("out of the folder: ", await ask(`/${encodeStorageLink("/../../etc/passwd", key)}`))
console.log("another key's link:", await ask(`/${encodeStorageLink("/call.mp3", Buffer.from("f".repeat(32)))}`))

server.close()
await rm(root, { recursive: true })
