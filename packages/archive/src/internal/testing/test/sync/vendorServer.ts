/**
 * A vendor on loopback for tests across processes: recordings whose audio comes slowly, by Range where that is asked for.
 * It keeps what it was asked for.
 */
import { Recording } from "@callreel/recording"
import { composeAudio, type MemoryEntry } from "@callreel/testkit"
import { createHash } from "node:crypto"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { setTimeout } from "node:timers/promises"
import { entryFor } from "./worlds.ts"

export interface VendorServer {
  readonly url: string
  /** Ids of fetches since this was emptied last. */
  readonly fetches: Array<string>
  /** The first bytes that were asked for, of fetches of a part. */
  readonly parts: Array<number>
  /** When so many fetches are among `fetches`. */
  readonly fetched: (count: number) => Promise<void>
  /** When so many bytes of a recording have been sent. */
  readonly sent: (id: string, bytes: number) => Promise<void>
  /** One more recording with at least so many bytes of audio. */
  readonly add: (id: string, bytes: number) => void
  readonly ids: () => ReadonlyArray<string>
  readonly sha512Of: (id: string) => string
  readonly close: () => Promise<void>
}

interface Sent {
  readonly id: string
  readonly bytes: number
}

interface Waiting {
  readonly on: (event: Sent) => boolean
  readonly resolve: () => void
}

/** Recordings of one page of `changes`. */
export const pageSize = 10

const pieceSize = 32 * 1024
const pieceMilliseconds = 2

export const startVendor = async (): Promise<VendorServer> => {
  const recordings: Array<MemoryEntry> = []
  const fetches: Array<string> = []
  const parts: Array<number> = []
  let waiting: ReadonlyArray<Waiting> = []
  const tell = (event: Sent): void => {
    const [reached, others] = [waiting.filter(({ on }) => on(event)), waiting.filter(({ on }) => !on(event))]
    waiting = others
    for (const { resolve } of reached) resolve()
  }
  const when = (on: Waiting["on"]): Promise<void> => new Promise((resolve) => (waiting = [...waiting, { on, resolve }]))

  const page = (after: number) => ({
    recordings: recordings.slice(after, after + pageSize).map(({ recording }) => Recording.encode(recording)),
    total: recordings.length
  })

  const sendAudio = async (request: IncomingMessage, response: ServerResponse, id: string): Promise<void> => {
    const audio = recordings.find(({ recording }) => recording.id === id)?.audio
    if (audio === undefined) return void response.writeHead(404).end()
    fetches.push(id)
    const [, first] = /^bytes=(\d+)-$/.exec(request.headers.range ?? "") ?? []
    const start = Number(first ?? 0)
    if (first !== undefined) parts.push(start)
    tell({ id, bytes: 0 })
    response.writeHead(first === undefined ? 200 : 206, {
      "content-type": "audio/mpeg",
      "content-length": audio.length - start,
      ...(first !== undefined && { "content-range": `bytes ${start}-${audio.length - 1}/${audio.length}` })
    })
    for (let at = start; at < audio.length && !response.destroyed; at += pieceSize) {
      response.write(audio.subarray(at, at + pieceSize))
      tell({ id, bytes: at })
      await setTimeout(pieceMilliseconds)
    }
    response.end()
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost")
    const id = decodeURIComponent(url.pathname.slice("/audio/".length))
    if (url.pathname !== "/changes") return void sendAudio(request, response, id)
    response.writeHead(200, { "content-type": "application/json" })
    response.end(JSON.stringify(page(Number(url.searchParams.get("after")))))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()

  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    fetches,
    parts,
    fetched: (count) => when(() => fetches.length >= count),
    sent: (id, bytes) => when((event) => event.id === id && event.bytes >= bytes),
    add: (id, bytes) => {
      const second = composeAudio({ kind: "mp3-mono-8k", seed: id, durationSeconds: 10 }).bytes / 10
      const audio = composeAudio({ kind: "mp3-mono-8k", seed: id, durationSeconds: bytes / second })
      recordings.push(entryFor({ id, minute: recordings.length, audio: audio.chunk(0, audio.bytes) }))
    },
    ids: () => recordings.map(({ recording }) => recording.id),
    sha512Of: (id) =>
      createHash("sha512")
        .update(recordings.find(({ recording }) => recording.id === id)?.audio ?? "")
        .digest("hex"),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      })
  }
}
