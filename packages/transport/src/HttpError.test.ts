import { Duration } from "effect"
import { describe, expect, it } from "vitest"
import { fromThrown, noAnswer, stalled } from "./HttpError.ts"

const coded = (code: string, message = "secret"): Error => Object.assign(new Error(message), { code })
const wrapped = (cause: unknown): Error => new TypeError("fetch failed: Bearer secret", { cause })

describe("fromThrown", () => {
  it.each([
    ["refused", wrapped(coded("ECONNREFUSED")), "api.example refused the connection"],
    ["reset", wrapped(coded("ECONNRESET")), "api.example reset the connection"],
    ["closed", wrapped(wrapped(coded("UND_ERR_SOCKET"))), "api.example closed the connection"],
    ["cut", wrapped(coded("UND_ERR_RES_CONTENT_LENGTH_MISMATCH")), "before the answer was complete"],
    ["no name", wrapped(coded("ENOTFOUND")), "the name api.example could not be resolved"],
    ["every address", wrapped(new AggregateError([coded("ECONNREFUSED")], "secret")), "refused"],
    ["unknown", wrapped(coded("secret")), "the connection to api.example failed"],
    ["no error", "secret", "the connection to api.example failed"],
    ["inherited key", coded("toString"), "the connection to api.example failed"]
  ])("%s", (_, error, expected) => {
    const reason = fromThrown(error, "api.example", "storageOrigins")
    expect(reason._tag).toBe("Unavailable")
    expect(reason.message).toContain(expected)
    expect(reason.message).not.toContain("secret")
    expect(reason.cause).toBeUndefined()
  })

  it.each(["CERT_HAS_EXPIRED", "DEPTH_ZERO_SELF_SIGNED_CERT", "ERR_TLS_CERT_ALTNAME_INVALID"])(
    "does not try again after %s",
    (code) => {
      const reason = fromThrown(wrapped(coded(code)), "api.example", "storageOrigins")
      expect(reason).toMatchObject({ _tag: "InvalidResponse", isRetryable: false })
      expect(reason.message).toContain(code)
    }
  )

  it("names the option for a name that resolves to a private address", () => {
    const reason = fromThrown(wrapped(coded("CALLREEL_PRIVATE_ADDRESS")), "cdn.example", "storageOrigins")
    expect(reason).toMatchObject({ _tag: "InvalidResponse" })
    expect(reason.message).toMatch(/cdn\.example resolves to a private address.*storageOrigins/)
  })

  it("bounds the host name", () => {
    expect(fromThrown(undefined, "x".repeat(5_000), "o").message.length).toBeLessThan(200)
  })
})

it("says how long was waited", () => {
  expect(noAnswer("api.example", Duration.seconds(30)).message).toContain("no answer from api.example within 30 s")
  expect(stalled("api.example", Duration.millis(50)).message).toContain("nothing more for 0.05 s")
})
