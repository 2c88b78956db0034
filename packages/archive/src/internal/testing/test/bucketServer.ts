/**
 * An S3 server on loopback: s3rver, and in front of it what it lacks. It cannot give up a multipart upload, cannot list
 * unfinished ones, and answers before the last bytes of a file are written. It also counts requests and fails on demand.
 */
import { Effect, type Scope } from "effect"
import { createHash } from "node:crypto"
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { AddressInfo, Socket } from "node:net"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { buffer } from "node:stream/consumers"
import S3rver from "s3rver"

/** Answers a request itself; undefined leaves it to the storage. */
export type Interception = (
  request: IncomingMessage,
  url: URL
) => ((response: ServerResponse) => void | Promise<void>) | undefined

export interface BucketServer {
  readonly endpoint: string
  /** `PUT /recordings/a.mp3?partNumber=1`, in the order of their coming. */
  readonly requests: Array<string>
  /** Of what was put and begun: `PUT /recordings/a.mp3` → `audio/mpeg`. */
  readonly contentTypes: ReadonlyMap<string, string | undefined>
  /** Tried before the storage. */
  readonly intercept: { current: Interception }
  /** Connections that are open now. */
  readonly connections: ReadonlySet<Socket>
  /** Keys of multipart uploads that are neither complete nor given up. */
  readonly unfinished: () => Promise<ReadonlyArray<string>>
  /** Puts an object where the storage finds it, without a request. */
  readonly seed: (key: string, content: Uint8Array) => Promise<void>
  /** Leaves a multipart upload behind, as a killed process does. */
  readonly leaveUpload: (key: string, began: Date) => Promise<void>
}

export const bucket = "recordings"

export const accessDenied = (response: ServerResponse, status = 403, code = "AccessDenied"): void => {
  response.writeHead(status, { "content-type": "application/xml" })
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`)
}

export const bucketServer: Effect.Effect<BucketServer, never, Scope.Scope> = Effect.gen(function* () {
  const directory = yield* Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "callreel-bucket-"))),
    (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))
  )
  const storage = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory,
    vhostBuckets: false,
    configureBuckets: [{ name: bucket }]
  })
  const unfinished = yield* Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "callreel-bucket-"))),
    (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }))
  )
  writeWhole(storage, unfinished)
  const { port } = yield* Effect.acquireRelease(
    Effect.promise((): Promise<AddressInfo> => storage.run()),
    () =>
      Effect.promise(() => {
        storage.httpServer.closeAllConnections()
        return storage.close()
      })
  )
  const uploads = storage.store.getResourcePath(bucket, undefined, "uploads")
  const requests: Array<string> = []
  const contentTypes = new Map<string, string | undefined>()
  const intercept: { current: Interception } = { current: () => undefined }
  const connections = new Set<Socket>()

  const answer = storage.callback()
  storage.httpServer.removeAllListeners("request")
  storage.httpServer.on("connection", (socket: Socket) => {
    connections.add(socket)
    socket.on("close", () => connections.delete(socket))
  })
  storage.httpServer.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? "/", "http://localhost")
    requests.push(`${request.method} ${url.pathname}${url.search}`)
    if (request.method === "PUT" || url.searchParams.has("uploads")) {
      contentTypes.set(`${request.method} ${url.pathname}`, request.headers["content-type"])
    }
    const own = intercept.current(request, url) ?? lacking(uploads, request, url)
    if (own === undefined) return answer(request, response)
    // What is not read would keep the client from reading the answer.
    request.resume()
    void own(response)
  })

  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    contentTypes,
    intercept,
    connections,
    unfinished: async () => (await uploadsIn(uploads)).map(({ key }) => key),
    seed: async (key, content) => {
      const path = storage.store.getResourcePath(bucket, key, "object")
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, content)
    },
    leaveUpload: async (key, began) => {
      const folder = join(uploads, createHash("md5").update(key).digest("hex"))
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, "key"), key)
      await utimes(join(folder, "key"), began, began)
    }
  }
})

/**
 * Answers only when all is written, and shows nothing before: s3rver's own methods answer when all was read, and write
 * where the object is seen.
 */
const writeWhole = ({ store }: S3rver, unfinished: string): void => {
  let count = 0
  const write = async (path: string, content: Buffer) => {
    await mkdir(dirname(path), { recursive: true })
    const temporary = join(unfinished, String((count += 1)))
    await writeFile(temporary, content)
    await rename(temporary, path)
    return { size: content.length, md5: createHash("md5").update(content).digest("hex") }
  }
  store.putObject = async ({ bucket: name, content, key, metadata }) => {
    const all = Buffer.isBuffer(content) ? content : await buffer(content)
    const written = await write(store.getResourcePath(name, key, "object"), all)
    await store.putMetadata(name, key, metadata, written.md5)
    return written
  }
  store.putPart = async (name, uploadId, partNumber, content) => {
    const upload = join(store.getResourcePath(name, undefined, "uploads"), uploadId)
    const all = await buffer(content)
    // An upload that was given up meanwhile takes no part, and does not begin anew.
    await stat(join(upload, "key"))
    return write(join(upload, partNumber), all)
  }
}

const lacking = (uploads: string, { method }: IncomingMessage, url: URL): ReturnType<Interception> => {
  const uploadId = url.searchParams.get("uploadId")
  if (method === "DELETE" && uploadId !== null) {
    return async (response) => {
      await rm(join(uploads, uploadId, "key"), { force: true })
      await rm(join(uploads, uploadId), { recursive: true, force: true, maxRetries: 10 })
      response.writeHead(204).end()
    }
  }
  if (method === "GET" && url.pathname === `/${bucket}/` && url.searchParams.has("uploads")) {
    return async (response) => {
      response.writeHead(200, { "content-type": "application/xml" })
      response.end(
        await listOfUploads(uploads, url.searchParams.get("prefix") ?? "", url.searchParams.get("key-marker"))
      )
    }
  }
  return undefined
}

/** Pages of one upload each, so that paging is tested too. */
const listOfUploads = async (uploads: string, prefix: string, after: string | null): Promise<string> => {
  const left = (await uploadsIn(uploads)).filter(({ key }) => key.startsWith(prefix) && key > (after ?? ""))
  const [first] = left
  const upload =
    first === undefined
      ? ""
      : `<Upload><Key>${first.key}</Key><UploadId>${first.id}</UploadId><Initiated>${first.began}</Initiated></Upload><NextKeyMarker>${first.key}</NextKeyMarker>`
  return `<?xml version="1.0"?><ListMultipartUploadsResult><IsTruncated>${left.length > 1}</IsTruncated>${upload}</ListMultipartUploadsResult>`
}

const uploadsIn = async (folder: string) => {
  const uploads = await Promise.all(
    (await namesIn(folder)).map(async (id) => {
      const place = join(folder, id, "key")
      const [key, found] = await Promise.all([readFile(place, "utf8"), stat(place)]).catch(() => [])
      return key === undefined || found === undefined ? [] : [{ id, key, began: found.mtime.toISOString() }]
    })
  )
  return uploads.flat().toSorted((one, other) => (one.key < other.key ? -1 : 1))
}

const namesIn = (folder: string): Promise<ReadonlyArray<string>> => readdir(folder).catch(() => [])
