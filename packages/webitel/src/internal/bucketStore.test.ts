import { Duration, Effect } from "effect"
import { createServer } from "node:http"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { bucketStore, extentOf, reasonOfBucket } from "./bucketStore.ts"

/** An error as Amazon's library throws it. */
const failure = (name: string, status?: number, secret = "1/leg_+380501112233.mp3"): Error =>
  Object.assign(new Error(`${secret} is not there`), {
    name,
    $metadata: status === undefined ? {} : { httpStatusCode: status }
  })

describe("an error of the bucket", () => {
  it.each<[unknown, string]>([
    [failure("NoSuchKey", 404), "NotFound"],
    [failure("NoSuchBucket", 404), "NotFound"],
    [failure("AccessDenied", 403), "Forbidden"],
    [failure("InvalidAccessKeyId", 403), "Unauthorized"],
    [failure("SignatureDoesNotMatch", 403), "Unauthorized"],
    [failure("CredentialsProviderError"), "Unauthorized"],
    [failure("Unknown", 401), "Unauthorized"],
    [failure("InvalidRange", 416), "InvalidResponse"],
    [failure("PermanentRedirect", 301), "InvalidResponse"],
    [failure("RequestTimeout", 408), "Unavailable"],
    [failure("SlowDown", 429), "Unavailable"],
    [failure("SlowDown", 503), "Unavailable"],
    [failure("TimeoutError"), "Unavailable"],
    [new Error("connect ECONNREFUSED"), "Unavailable"],
    ["thrown text", "Unavailable"],
    [Object.assign(new Error("odd"), { $metadata: null }), "Unavailable"]
  ])("%s is %s, without its text", (error, tag) => {
    const reason = reasonOfBucket(error)
    expect(reason._tag).toBe(tag)
    expect(reason.message).not.toMatch(/\+380|ECONNREFUSED|thrown/)
  })
})

describe("the extent of an answer", () => {
  it.each([
    [{ ContentRange: "bytes 0-99/1000", ContentLength: 100 }, 0, { total: 1000, end: 100 }],
    [{ ContentRange: "bytes 500-999/1000", ContentLength: 500 }, 500, { total: 1000, end: 1000 }],
    [{ ContentRange: "bytes 400-999/1000" }, 500, undefined],
    [{ ContentRange: "bytes 0-99/*" }, 0, undefined],
    [{ ContentLength: 1000 }, 0, { total: 1000, end: 1000 }],
    [{ ContentLength: 1000 }, 500, undefined],
    [{}, 0, undefined]
  ])("%j from byte %i on is %j", (answer, start, extent) => {
    expect(extentOf(answer, start)).toEqual(extent)
  })
})

/** A server that begins to send a large object and then waits; how many of its answers are open. */
const slowServer = async () => {
  let open = 0
  const server = createServer((_, response) => {
    open += 1
    response.once("close", () => (open -= 1))
    response.writeHead(206, { "content-range": "bytes 0-99999/100000", "content-length": "100000" })
    response.write(new Uint8Array(1000))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return {
    open: () => open,
    place: {
      kind: "bucket",
      bucket: "calls",
      prefix: "",
      region: "here",
      endpoint: `http://127.0.0.1:${port}`
    } as const,
    close: () => server.closeAllConnections()
  }
}

describe("an object that is not read to its end", () => {
  beforeEach(() => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "key")
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret")
  })

  it("is closed with its scope, and is not waited for longer than it may be silent", async () => {
    const server = await slowServer()
    const run = Effect.gen(function* () {
      const store = yield* bucketStore(server.place, "files.7", Duration.millis(100))
      const reason = yield* Effect.scoped(
        Effect.gen(function* () {
          const { segment, total } = yield* store.object("a.mp3").from(0)
          expect([total, segment.end, (yield* segment.read)?.length]).toEqual([100_000, 100_000, 1000])
          expect(server.open()).toBe(1)
          return yield* Effect.flip(segment.read)
        })
      )
      expect(reason._tag).toBe("Unavailable")
      yield* Effect.promise(() => expect.poll(server.open).toBe(0))
    })
    await Effect.runPromise(Effect.scoped(run))
    server.close()
  })
})

it("without the package for buckets, its name is told", async () => {
  vi.doMock("@aws-sdk/client-s3", () => {
    throw Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" })
  })
  const place = { kind: "bucket", bucket: "calls", prefix: "", region: "here", endpoint: undefined } as const
  const reason = await Effect.runPromise(Effect.flip(Effect.scoped(bucketStore(place, "files.7", Duration.seconds(1)))))
  expect(reason).toMatchObject({ _tag: "InvalidOptions", option: "files.7" })
  expect(reason.message).toContain("@aws-sdk/client-s3")
})
