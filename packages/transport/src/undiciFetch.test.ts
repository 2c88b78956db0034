import { expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { describe } from "vitest"
import { fromThrown } from "./HttpError.ts"
import { serve } from "./internal/httpTestServer.ts"
import { makeFetch } from "./undiciFetch.ts"

const resolvingTo = (...addresses: ReadonlyArray<string>) => ({
  resolve: (
    _: string,
    __: object,
    callback: (error: null, found: Array<{ address: string; family: number }>) => void
  ) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }))
    )
})

const tryFetch = (fetch: typeof globalThis.fetch, url: string) =>
  Effect.tryPromise({
    try: (signal) => fetch(url, { signal }),
    catch: (error) => fromThrown(error, "cdn.example", "mediaOrigins")
  })

describe("the guarded fetch", () => {
  it.live.each<[string]>([["127.0.0.1"], ["10.0.0.1"], ["::1"], ["::ffff:169.254.169.254"]])(
    "refuses a name that resolves to %s",
    ([address]) =>
      Effect.gen(function* () {
        const server = yield* serve((_, response) => void response.end("secret"))
        const { guarded } = yield* makeFetch(resolvingTo(address))
        const error = yield* Effect.flip(tryFetch(guarded, server.origin.replace("127.0.0.1", "cdn.example")))
        expect(error).toMatchObject({ _tag: "InvalidResponse", detail: expect.stringContaining("mediaOrigins") })
        expect(server.requests).toEqual([])
      })
  )

  it.live("refuses a name of which one address is private", () =>
    Effect.gen(function* () {
      const server = yield* serve((_, response) => void response.end("secret"))
      const { guarded } = yield* makeFetch(resolvingTo("203.0.113.1", "127.0.0.1"))
      const error = yield* Effect.flip(tryFetch(guarded, server.origin.replace("127.0.0.1", "cdn.example")))
      expect(error._tag).toBe("InvalidResponse")
      expect(server.requests).toEqual([])
    })
  )
})

describe("the trusted fetch", () => {
  it.live("goes where it is sent", () =>
    Effect.gen(function* () {
      const server = yield* serve((request, response) => void response.end(`${request.method} ${request.body}`))
      const { trusted } = yield* makeFetch()
      const post = new Request(server.origin, { method: "POST", body: "hello" })
      const answers = yield* Effect.promise(async () => [
        await (await trusted(server.origin)).text(),
        await (await trusted(post)).text(),
        await (await trusted(server.origin, { method: "PUT", body: "again" })).text()
      ])
      expect(answers).toEqual(["GET ", "POST hello", "PUT again"])
    })
  )
})
