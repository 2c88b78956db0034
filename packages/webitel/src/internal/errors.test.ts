import type { ErrorResponse } from "@callreel/transport"
import { describe, expect, it } from "@effect/vitest"
import { Duration } from "effect"
import { classify, refusesToken, TooMuch } from "./errors.ts"

const answer = (status: number, json?: unknown, headers: Record<string, string> = {}): ErrorResponse => ({
  status,
  headers: new Headers(headers),
  body: JSON.stringify(json) ?? "",
  json,
  now: new Date("2026-03-01T12:00:00Z")
})

const id = (text: string, code = 500) => ({ id: text, status: "Internal Server Error", detail: "", code })

describe("classify", () => {
  it.each([
    // The gateway says 401, the storage 500: the id counts.
    [401, id("session.valid", 401), { _tag: "Unauthorized" }],
    [401, undefined, { _tag: "Unauthorized" }],
    [500, id("api.context.session_expired.app_error"), { _tag: "Unauthorized" }],
    [500, id("app.session.unauthorized.app_error"), { _tag: "Unauthorized" }],
    // The service that knows sessions could not be reached: that mends itself.
    [500, id("app.session.app_error"), { _tag: "Unavailable", status: 500 }],
    [403, id("call.recordings.access.forbidden", 403), { _tag: "Forbidden", permission: "playback_record_file" }],
    [403, id("file.malware", 403), { _tag: "Forbidden" }],
    [403, id("policy.file.allow", 403), { _tag: "Forbidden" }],
    [403, id("anything", 403), { _tag: "Forbidden" }],
    [403, undefined, { _tag: "Forbidden" }],
    [404, id("store.sql_file.get_with_profile.app_error", 404), { _tag: "NotFound" }],
    [404, id("api.context.404.app_error", 404), { _tag: "NotFound" }],
    [400, id("api.context.invalid_url_param.app_error", 400), { _tag: "NotFound" }],
    [400, id("api.helper.parse_range.failed_to_overlap.app_error", 400), { _tag: "InvalidQuery", field: "range" }],
    [400, id("grpc.call.search_history", 400), { _tag: "InvalidQuery", field: "request" }],
    [500, id("api.file.reader.reading_local.app_error"), { _tag: "Gone", why: "absent" }],
    [500, id("utils.file.s3.reader.app_error"), { _tag: "Unavailable" }],
    [500, undefined, { _tag: "Unavailable" }],
    [502, undefined, { _tag: "Unavailable", status: 502 }],
    [408, undefined, { _tag: "Unavailable" }],
    [410, undefined, { _tag: "Gone", why: "deleted" }],
    [418, undefined, { _tag: "InvalidResponse" }]
  ] as const)("takes %i with %j for its reason", (status, json, expected) => {
    expect(classify(answer(status, json))).toMatchObject(expected)
  })

  it.each([
    [500, id("store.sql_call.get_history.app_error")],
    [500, { code: 8, message: "grpc: received message larger than max (20000000 vs. 16777216)" }],
    [429, { code: 8, status: "ResourceExhausted", detail: "message larger than max" }]
  ])("knows an answer that was too much by %i with %j", (status, json) => {
    expect(classify(answer(status, json))).toBeInstanceOf(TooMuch)
  })

  it.each([
    ["7", Duration.seconds(7)],
    ["Sun, 01 Mar 2026 12:00:30 GMT", Duration.seconds(30)],
    [undefined, Duration.seconds(10)]
  ])("waits after a 429 with Retry-After %s", (header, expected) => {
    const headers = header === undefined ? {} : { "retry-after": header }
    expect(classify(answer(429, undefined, headers))).toMatchObject({ _tag: "RateLimited", retryAfter: expected })
  })

  it("repeats nothing of the answer's text", () => {
    const hostile = { id: "x +380501112233", detail: "token abc", message: "secret" }
    for (const status of [400, 401, 403, 404, 500]) {
      expect(classify(answer(status, hostile)).message).not.toMatch(/380501112233|abc|secret/)
    }
  })

  it.each([null, 7, "text", [], { id: 7 }, { id: null }])("reads %j for a body without an id", (json) => {
    expect(classify(answer(404, json))).toMatchObject({ _tag: "NotFound" })
  })
})

describe("refusesToken", () => {
  it("goes by the id, as storage answers 500", () => {
    expect(refusesToken(answer(500, id("app.session.unauthorized.app_error")))).toBe(true)
    expect(refusesToken(answer(500, id("app.session.app_error")))).toBe(false)
    expect(refusesToken(answer(401))).toBe(true)
    expect(refusesToken(answer(403))).toBe(false)
  })
})
