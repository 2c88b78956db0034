import { expect, it } from "@effect/vitest"
import { Duration, Effect } from "effect"
import { describe } from "vitest"
import type { LimitObservation } from "./RateGate.ts"
import { client, get, Hello } from "./internal/httpTestClient.ts"
import { attempts, countingTokens, openGate } from "./internal/httpTestServer.ts"

const readLimits = (headers: Headers): LimitObservation | undefined => {
  const group = headers.get("x-group")
  const limits = { limit: 10, remaining: Number(headers.get("x-remaining")), window: Duration.seconds(60) }
  return headers.has("x-remaining") ? { ...limits, ...(group !== null && { group }) } : undefined
}

/** A server that answers each request with the next of these headers. */
const answering = (...answers: ReadonlyArray<Record<string, string>>) => {
  const left = [...answers]
  return (): Promise<Response> => {
    const headers = left.shift() ?? {}
    const { "x-status": status = "200", ...rest } = headers
    return Promise.resolve(Response.json({ hello: "" }, { status: Number(status), headers: rest }))
  }
}

describe("limit groups", () => {
  it.effect("are those that the request names, unless the answer says otherwise", () =>
    Effect.gen(function* () {
      const { diary, gate } = openGate()
      const fetch = answering({ "x-remaining": "9" }, { "x-remaining": "8", "x-group": "light" }, {})
      const http = yield* client({ gate, readLimits, fetch })
      for (const path of ["a", "b", "c"]) yield* http.json(Hello, get([path]))
      expect(diary).toEqual(["run light", "observe light 9", "run light", "observe light 8", "run light"])
    })
  )

  it.effect("are learned: what the answer counted elsewhere waits there from then on, refusals too", () =>
    Effect.gen(function* () {
      const { diary, gate } = openGate()
      const fetch = answering(
        { "x-remaining": "9", "x-group": "media" },
        { "x-remaining": "0", "x-group": "media", "x-status": "429", "retry-after": "30" },
        {}
      )
      const http = yield* client({ gate, readLimits, fetch })
      yield* http.json(Hello, get(["a"]))
      yield* http.send({ ...get(["b"]), repeatable: false }).pipe(Effect.flip)
      yield* http.send({ ...get(["c"]), group: "heavy" })
      expect(diary).toEqual([
        "run light",
        "observe media 9",
        "run media",
        "observe media 0",
        "penalize media 30",
        "run heavy"
      ])
    })
  )

  it.effect("of one kind of request say nothing of another kind's", () =>
    Effect.gen(function* () {
      const { diary, gate } = openGate()
      const fetch = answering({ "x-remaining": "9", "x-group": "cheap" }, {}, {})
      const http = yield* client({ gate, readLimits, fetch })
      for (const route of ["metadata", "log", "metadata"]) yield* http.json(Hello, { ...get([route]), route })
      expect(diary).toEqual(["run light", "observe cheap 9", "run light", "run cheap"])
    })
  )

  it.effect("of a server that the vendor redirects to are not the vendor's, nor are its refusals", () =>
    Effect.gen(function* () {
      const { diary, gate } = openGate()
      for (const [status, tag] of [
        [429, "Unavailable"],
        [401, "InvalidResponse"],
        [404, "InvalidResponse"],
        [503, "Unavailable"]
      ] as const) {
        const fetch = answering(
          { "x-status": "302", location: "https://storage.example/signed" },
          { "x-status": String(status), "x-remaining": "0", "x-group": "theirs", "retry-after": "9" }
        )
        const http = yield* client({ gate, readLimits, fetch, tokens: countingTokens() })
        const audio = http.media({
          target: { path: ["a"] },
          credentials: "token",
          untrusted: "only-by-redirect",
          group: "light"
        })
        const error = yield* Effect.flip(audio).pipe(attempts(1), Effect.scoped)
        expect(error._tag).toBe(tag)
      }
      expect(new Set(diary)).toEqual(new Set(["run light"]))
    })
  )

  it.effect("of one client say nothing of another's", () =>
    Effect.gen(function* () {
      const { diary, gate } = openGate()
      const media = yield* client({ gate, readLimits, fetch: answering({ "x-remaining": "9", "x-group": "media" }) })
      const platform = yield* client({ gate, readLimits, fetch: answering({}) })
      yield* media.json(Hello, get(["a"]))
      yield* platform.json(Hello, get(["b"]))
      expect(diary).toEqual(["run light", "observe media 9", "run light"])
    })
  )
})

describe("a refused origin", () => {
  it.effect("is named together with the adapter's option that would allow it", () =>
    Effect.gen(function* () {
      const http = yield* client({ originsOption: "mediaOrigins", fetch: answering({}) })
      const error = yield* Effect.flip(http.json(Hello, { url: "https://other.example/x", group: "light" }))
      expect(error.message).toContain(
        "https://other.example, which is not trusted; if it should be, add it to mediaOrigins"
      )
      const wrong = yield* Effect.flip(client({ originsOption: "mediaOrigins", trustedOrigins: ["nothing"] }))
      expect(wrong.option).toBe("mediaOrigins")
    })
  )
})
