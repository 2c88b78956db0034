import type { Reason } from "@callreel/recording"
import type { ErrorResponse } from "@callreel/transport"
import { Duration } from "effect"
import { describe, expect, it } from "vitest"
import { classify, classifyArchive, classifyLogin, classifyStorage, readLimits } from "./errors.ts"

const now = new Date("2026-03-08T10:45:00Z")

const response = (status: number, json?: unknown, headers: Readonly<Record<string, string>> = {}): ErrorResponse => ({
  status,
  headers: new Headers(headers),
  body: json === undefined ? "" : JSON.stringify(json),
  json,
  now
})

const secondsToWait = (reason: Reason): number | undefined =>
  "retryAfter" in reason && reason.retryAfter !== undefined ? Duration.toSeconds(reason.retryAfter) : undefined

describe("classify", () => {
  it.each([
    [response(400, { message: "start_datetime is required" }), { _tag: "InvalidQuery" }],
    [response(401, { status: "" }), { _tag: "Unauthorized" }],
    [response(401), { _tag: "Unauthorized" }],
    [response(403, { status: "access_denied" }), { _tag: "Forbidden", permission: "access_denied" }],
    [response(403, { status: "user_blocked" }), { _tag: "Forbidden", permission: "user_blocked" }],
    [response(403, { status: "user_access_type_deny" }), { _tag: "Forbidden", permission: "user_access_type_deny" }],
    [response(403, { status: "app_access_type_deny" }), { _tag: "Forbidden", permission: "app_access_type_deny" }],
    [response(403), { _tag: "Forbidden" }],
    [response(404, { message: "Record not found" }), { _tag: "NotFound" }],
    [response(404, { status: "client_not_found" }), { _tag: "InvalidOptions", option: "scope" }],
    [response(404), { _tag: "NotFound" }],
    [response(410), { _tag: "NotFound" }],
    [response(408), { _tag: "Unavailable", status: 408 }],
    [response(500), { _tag: "Unavailable", status: 500 }],
    [response(502, undefined), { _tag: "Unavailable", status: 502 }],
    [response(418), { _tag: "InvalidResponse" }]
  ] as const)("%#: status %o", (answer, expected) => {
    expect(classify(answer)).toMatchObject(expected)
  })

  it.each([
    // Concurrency is over in a moment; the quota comes back with the next hour.
    [{ message: "Stats request already exists, concurrent request not allowed" }, {}, "hourly quota", 2],
    [{ status: "rate_limit_exceeded" }, { "x-ratelimit-reset": "37" }, "hourly quota", 37],
    [{ status: "rate_limit_exceeded" }, { "retry-after": "12" }, "hourly quota", 12],
    [{ status: "rate_limit_exceeded" }, {}, "hourly quota", 900],
    [undefined, {}, "hourly quota", 900]
  ])("%#: a 429 lasts as long as its body and headers say", (json, headers, group, seconds) => {
    const reason = classify(response(429, json, headers))
    expect(reason).toMatchObject({ _tag: "RateLimited", group })
    expect(secondsToWait(reason)).toBe(seconds)
  })

  it("names no permission that the platform does not document", () => {
    expect(classify(response(403, { status: "toString" }))).not.toHaveProperty("permission")
  })

  it("hands on what a 503 asks for", () => {
    expect(secondsToWait(classify(response(503, undefined, { "retry-after": "5" })))).toBe(5)
    expect(secondsToWait(classify(response(503)))).toBeUndefined()
  })

  it("shows nothing of the body", () => {
    for (const status of [400, 401, 403, 404, 418, 429, 500]) {
      const reason = classify(response(status, { status: "secret-token", message: "+79991234567" }))
      expect(`${reason.message}${JSON.stringify(reason)}`).not.toMatch(/secret-token|9991234567/)
    }
  })
})

describe("classifyLogin", () => {
  it.each([
    [response(400, { error: "invalid_client" }), { _tag: "Unauthorized" }],
    [response(401), { _tag: "Unauthorized" }],
    [response(403), { _tag: "Unauthorized" }],
    [response(404), { _tag: "InvalidOptions", option: "baseUrl" }],
    [response(500), { _tag: "Unavailable" }],
    [response(429), { _tag: "RateLimited" }]
  ] as const)("%#: is about credentials or the address", (answer, expected) => {
    expect(classifyLogin(answer)).toMatchObject(expected)
  })
})

describe("classifyStorage", () => {
  it("takes a 429 of the storage for its own, not for the API's quota", () => {
    expect(classifyStorage(response(429, undefined, { "retry-after": "2" }))).toMatchObject({ _tag: "Unavailable" })
    expect(classifyStorage(response(404))).toMatchObject({ _tag: "NotFound" })
  })
})

describe("classifyArchive", () => {
  it("takes a refusal about the archive for the hour that must pass", () => {
    // The quota's reset is another matter than the archive's hour.
    const reason = classifyArchive(response(403, { status: "archive_not_downloaded" }, { "x-ratelimit-reset": "37" }))
    expect(reason).toMatchObject({ _tag: "RateLimited", group: "archive" })
    expect(secondsToWait(reason)).toBe(3600)
  })

  it("leaves other refusals what they are", () => {
    expect(classifyArchive(response(403, { status: "access_denied" }))).toMatchObject({ _tag: "Forbidden" })
    expect(classifyArchive(response(500))).toMatchObject({ _tag: "Unavailable" })
  })
})

describe("readLimits", () => {
  it("reads the hourly quota", () => {
    const headers = { "x-ratelimit-limit": "1000", "x-ratelimit-remaining": "3", "x-ratelimit-reset": "120" }
    expect(readLimits(new Headers(headers))).toEqual({ limit: 1000, remaining: 3, resetsAfter: Duration.seconds(120) })
  })

  it.each([{}, { "x-ratelimit-limit": "many" }, { "x-ratelimit-reset": "3" }])("learns nothing from %o", (headers) => {
    expect(readLimits(new Headers(headers))).toBeUndefined()
  })
})
