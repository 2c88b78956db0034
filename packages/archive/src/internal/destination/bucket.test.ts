/** What is a bucket's own: requests, uploads in parts, and what the storage refuses. */
import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Schedule, Stream } from "effect"
import { inspect } from "node:util"
import { beforeEach, vi } from "vitest"
import { openDestination } from "../../openDestination.ts"
import { accessDenied, bucket, bucketServer, type BucketServer } from "../testing/test/bucketServer.ts"
import { bytesOf, expectNothing, listAll, readAll, store, writePieces } from "../testing/test/destinationSuite.ts"

const mebibyte = 1024 * 1024
const path = "us/2026/03/01/a.mp3"
const key = `/${bucket}/calls/${path}`

const open = ({ endpoint }: Pick<BucketServer, "endpoint">, name = bucket) =>
  openDestination(`s3://${name}/calls?region=us-east-1&endpoint=${endpoint}`, "/")

const opened = Effect.gen(function* () {
  const server = yield* bucketServer
  return { server, destination: yield* open(server) }
})

/** A page of a listing; s3rver itself cannot make a second one under this version of Node. */
const pageOf = (keys: ReadonlyArray<string>, next?: string): string =>
  `<?xml version="1.0"?><ListBucketResult><IsTruncated>${next !== undefined}</IsTruncated>${
    next === undefined ? "" : `<NextContinuationToken>${next}</NextContinuationToken>`
  }${keys.map((one) => `<Contents><Key>${one}</Key><Size>7</Size></Contents>`).join("")}</ListBucketResult>`

/** Waits until something is so; fails after five seconds. */
const eventually = (isSo: () => Promise<boolean> | boolean) =>
  Effect.promise(async () => isSo()).pipe(
    Effect.flatMap((so) => (so ? Effect.void : Effect.fail("not yet" as const))),
    Effect.retry(Schedule.max([Schedule.spaced("20 millis"), Schedule.recurs(250)]))
  )

const expectNoUploads = (server: BucketServer) => eventually(async () => (await server.unfinished()).length === 0)

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "S3RVER")
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "S3RVER")
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true")
  vi.stubEnv("AWS_CONFIG_FILE", "/dev/null")
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
  vi.stubEnv("AWS_PROFILE", undefined)
  vi.stubEnv("AWS_REGION", undefined)
})

describe("requests", () => {
  it.live("a file below 8 MiB is one, with its media type", () =>
    Effect.gen(function* () {
      const { destination, server } = yield* opened
      yield* store(destination, path, bytesOf(3 * mebibyte), "audio/wav")
      expect(server.requests).toEqual([`PUT ${key}?x-id=PutObject`])
      expect(server.contentTypes.get(`PUT ${key}`)).toBe("audio/wav")
    })
  )

  it.live("a larger one is sent in parts of 8 MiB, two at once at most", () =>
    Effect.gen(function* () {
      const { destination, server } = yield* opened
      let underWay = 0
      let most = 0
      server.intercept.current = (request, url) => {
        if (url.searchParams.has("partNumber")) {
          underWay += 1
          most = Math.max(most, underWay)
          request.on("close", () => (underWay -= 1))
        }
        return undefined
      }
      yield* store(destination, path, bytesOf(35 * mebibyte), "audio/wav")
      const parts = server.requests.map((request) => /partNumber=(\d+)/.exec(request)?.[1])
      expect(parts.filter((part) => part !== undefined).toSorted()).toEqual(["1", "2", "3", "4", "5"])
      expect(server.requests).toHaveLength(7)
      expect(most).toBeLessThanOrEqual(2)
      expect(server.contentTypes.get(`POST ${key}`)).toBe("audio/wav")
      expect(yield* Effect.promise(() => server.unfinished())).toEqual([])
    })
  )

  it.live("an archive may be the whole bucket", () =>
    Effect.gen(function* () {
      const { endpoint, requests } = yield* bucketServer
      const destination = yield* openDestination(`s3://${bucket}?region=us-east-1&endpoint=${endpoint}`, "/")
      yield* destination.put(path, bytesOf(10), "audio/mpeg")
      expect(requests).toEqual([`PUT /${bucket}/${path}?x-id=PutObject`])
      expect(yield* listAll(destination, "")).toEqual([{ path, bytes: 10 }])
      expect(yield* listAll(destination, "us")).toEqual([{ path, bytes: 10 }])
      expect(Buffer.compare(yield* readAll(destination, path), bytesOf(10))).toBe(0)
    })
  )

  it.live("nothing is asked before the first use", () =>
    Effect.gen(function* () {
      const { server } = yield* opened
      expect(server.requests).toEqual([])
    })
  )

  it.live("a listing comes in pages, and without the archive's own", () =>
    Effect.gen(function* () {
      const { destination, server } = yield* opened
      const keys = Array.from({ length: 1_005 }, (_, index) => `calls/us/${index}.mp3`)
      server.intercept.current = (_, url) => (response) => {
        const isFirst = url.searchParams.get("continuation-token") === null
        response.writeHead(200, { "content-type": "application/xml" })
        response.end(
          isFirst
            ? pageOf(["calls/.callreel/ledger.sqlite", "calls/folder/", ...keys.slice(0, 998)], "token+1")
            : pageOf(keys.slice(998))
        )
      }
      const pages = yield* Stream.runCollect(destination.list(""))
      expect(pages.map(({ length }) => length)).toEqual([1_000, 5])
      expect(pages.flat()).toEqual(keys.map((one) => ({ path: one.slice("calls/".length), bytes: 7 })))
      expect(server.requests).toEqual([
        `GET /${bucket}/?list-type=2&prefix=calls%2F`,
        `GET /${bucket}/?continuation-token=token%2B1&list-type=2&prefix=calls%2F`
      ])
    })
  )

  it.live("who stops reading closes the connection", () =>
    Effect.gen(function* () {
      const { destination, server } = yield* opened
      yield* Effect.promise(() => server.seed(`calls/${path}`, bytesOf(20 * mebibyte)))
      const first = yield* Stream.runHead(destination.read(path))
      expect(first._tag).toBe("Some")
      yield* eventually(() => server.connections.size === 0)
    })
  )
})

describe("unfinished uploads", () => {
  it.live("are given up when the scope closes without a commit", () =>
    Effect.gen(function* () {
      const { destination, server } = yield* opened
      yield* Effect.scoped(
        Effect.gen(function* () {
          const { write } = yield* destination.receive(path, "audio/mpeg")
          yield* writePieces(write, bytesOf(20 * mebibyte))
          expect(yield* Effect.promise(() => server.unfinished())).toEqual([`calls/${path}`])
        })
      )
      expect(yield* Effect.promise(() => server.unfinished())).toEqual([])
      yield* expectNothing(destination, path)
    })
  )

  it.live(
    "are given up at whatever moment the writer is interrupted",
    () =>
      Effect.gen(function* () {
        const { destination, server } = yield* opened
        const content = bytesOf(20 * mebibyte)
        for (let millis = 0; millis < 240; millis += 20) {
          const writer = yield* Effect.forkChild(store(destination, path, content))
          yield* Effect.sleep(millis)
          yield* Fiber.interrupt(writer)
          const stat = yield* destination.stat(path)
          expect([undefined, content.length]).toContain(stat?.bytes)
          yield* expectNoUploads(server)
          yield* destination.remove(path)
        }
      }),
    60_000
  )

  it.live("of killed processes are given up by tidy, those of others left", () =>
    Effect.gen(function* () {
      const { destination, server } = yield* opened
      yield* Effect.promise(async () => {
        await server.leaveUpload("calls/us/a.mp3", new Date())
        await server.leaveUpload("calls/us/c.mp3", new Date(0))
        await server.leaveUpload("calls-of-others/a.mp3", new Date(0))
      })
      yield* destination.tidy
      const left = yield* Effect.promise(() => server.unfinished())
      expect(left).toEqual(["calls-of-others/a.mp3"])
    })
  )

  it.live("need not be known to the storage", () =>
    Effect.gen(function* () {
      const { destination, server } = yield* opened
      server.intercept.current = () => (response) => accessDenied(response, 501, "NotImplemented")
      yield* destination.tidy
      expect(server.requests.length).toBeGreaterThan(0)
    })
  )
})

describe("what the storage refuses", () => {
  it.live.each([
    [403, "AccessDenied", "it denies access"],
    [403, "", "it denies access"],
    [301, "PermanentRedirect", "the bucket is in another region"],
    [500, "InternalError", "it fails with 500, also when asked again"],
    [503, "SlowDown", "it asks to slow down"],
    [507, "XMinioStorageFull", "its space is used up"]
  ] as const)("%i %s, whatever is done", ([status, code, says]) =>
    Effect.gen(function* () {
      // Asking again is the SDK's, and slow on purpose.
      vi.stubEnv("AWS_MAX_ATTEMPTS", "1")
      const { destination, server } = yield* opened
      server.intercept.current = () => (response) => accessDenied(response, status, code)
      const uses = [
        store(destination, path, bytesOf(10)),
        store(destination, path, bytesOf(9 * mebibyte)),
        destination.put(path, bytesOf(10), "audio/mpeg"),
        readAll(destination, path),
        destination.stat(path),
        listAll(destination, ""),
        destination.remove(path),
        destination.tidy
      ]
      for (const use of uses) {
        const error = yield* Effect.flip(use)
        expect(error.reason).toBe("Destination")
        expect(error.detail).toMatch(new RegExp(`^the archive s3://${bucket}/calls cannot be (written|read): ${says}$`))
        expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/S3RVER|Signature|x-amz/i)
      }
    })
  )

  it.live("a part: the upload is given up, and nothing is there", () =>
    Effect.gen(function* () {
      const { destination, server } = yield* opened
      server.intercept.current = (_, url) =>
        url.searchParams.get("partNumber") === "2" ? (response) => accessDenied(response) : undefined
      const error = yield* Effect.flip(store(destination, path, bytesOf(35 * mebibyte)))
      expect(error.detail).toContain("it denies access")
      expect(yield* Effect.promise(() => server.unfinished())).toEqual([])
      yield* expectNothing(destination, path)
    })
  )

  it.live("the completion: nothing is there", () =>
    Effect.gen(function* () {
      const { destination, server } = yield* opened
      server.intercept.current = (request, url) =>
        request.method === "POST" && url.searchParams.has("uploadId") ? (response) => accessDenied(response) : undefined
      yield* Effect.flip(store(destination, path, bytesOf(9 * mebibyte)))
      expect(yield* Effect.promise(() => server.unfinished())).toEqual([])
      yield* expectNothing(destination, path)
    })
  )

  it.live("once: it is asked again", () =>
    Effect.gen(function* () {
      const { destination, server } = yield* opened
      const refused = new Set<string>()
      server.intercept.current = (request, url) => {
        const what = `${request.method} ${url.searchParams.get("partNumber")}`
        if (refused.has(what)) return undefined
        refused.add(what)
        return (response) => accessDenied(response, 503, "SlowDown")
      }
      yield* store(destination, path, bytesOf(9 * mebibyte))
      expect(Buffer.compare(yield* readAll(destination, path), bytesOf(9 * mebibyte))).toBe(0)
      expect(refused.size).toBeGreaterThan(3)
    })
  )

  it.live("a bucket that is not there is no missing file", () =>
    Effect.gen(function* () {
      const server = yield* bucketServer
      const destination = yield* open(server, "elsewhere")
      for (const use of [store(destination, path, bytesOf(10)), readAll(destination, path), listAll(destination, "")]) {
        const error = yield* Effect.flip(use)
        expect(error).toMatchObject({ reason: "Destination", remedy: expect.stringContaining("make it") })
        expect(error.detail).toContain("there is no such bucket")
      }
    })
  )

  it.live("a body that ends early is an error, and no shorter file", () =>
    Effect.gen(function* () {
      const { destination, server } = yield* opened
      server.intercept.current = () => (response) => {
        response.writeHead(200, { "content-length": "100000" })
        response.write(bytesOf(50_000))
        setTimeout(() => response.destroy(), 20)
      }
      const exit = yield* Effect.exit(readAll(destination, path))
      expect(Exit.isFailure(exit)).toBe(true)
      const error = yield* Effect.flip(readAll(destination, path))
      expect(error).toMatchObject({ reason: "Destination", detail: expect.stringContaining("the connection was lost") })
    })
  )
})

describe("what cannot be reached", () => {
  const put = (url: string) =>
    Effect.scoped(
      Effect.flatMap(openDestination(url, "/"), (made) => Effect.flip(made.put(path, bytesOf(1), "text/plain")))
    )

  it.live("a wrong key", () =>
    Effect.gen(function* () {
      const { destination } = yield* opened
      vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAWRONG")
      const error = yield* Effect.flip(destination.put(path, bytesOf(1), "text/plain"))
      expect(error.detail).toContain("it does not accept the access key")
      expect(error.remedy).toContain("environment, profile or role")
    })
  )

  it.live("no credentials at all", () =>
    Effect.gen(function* () {
      vi.stubEnv("AWS_ACCESS_KEY_ID", undefined)
      vi.stubEnv("AWS_SECRET_ACCESS_KEY", undefined)
      const error = yield* put(`s3://${bucket}?region=us-east-1&endpoint=http://127.0.0.1:1`)
      expect(error.detail).toBe(`the archive s3://${bucket} cannot be written: no credentials were found`)
    })
  )

  it.live("no region", () =>
    Effect.gen(function* () {
      const error = yield* put(`s3://${bucket}?endpoint=http://127.0.0.1:1`)
      expect(error.detail).toContain("its region is not known")
      expect(error.remedy).toContain("?region=")
    })
  )

  it.live("nobody there", () =>
    Effect.gen(function* () {
      const error = yield* put(`s3://${bucket}?region=us-east-1&endpoint=http://127.0.0.1:1`)
      expect(error.detail).toContain("nobody answers there")
    })
  )
})
