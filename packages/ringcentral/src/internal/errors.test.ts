import type { Reason } from "@callreel/recording"
import type { ErrorResponse } from "@callreel/transport"
import { Duration } from "effect"
import { describe, expect, it } from "vitest"
import { classify, classifyLogin, readErrorBody, readLimits } from "./errors.ts"

const now = new Date("2026-03-08T10:45:00Z")

const response = (status: number, json?: unknown, headers: Readonly<Record<string, string>> = {}): ErrorResponse => ({
  status,
  headers: new Headers(headers),
  body: json === undefined ? "" : JSON.stringify(json),
  json,
  now
})

/** The shape with a list; what is beside the code differs. */
const listed = (errorCode: string, more: Readonly<Record<string, unknown>> = {}) => ({
  errors: [{ errorCode, message: "not to be relied on", ...more }]
})

/** The gateway's shape: a code at the top, no list. */
const flat = (errorCode: string) => ({ errorCode, message: "not to be relied on" })

/** The shape of missing permissions: a name at the top, the code in the list. */
const insufficient = (errorCode: string, permissionName: string) => ({
  errorCode: "InsufficientPermissions",
  message: "not to be relied on",
  errors: [{ errorCode, message: "not to be relied on", permissionName }],
  permissionName
})

const secondsToWait = (reason: Reason): number | undefined =>
  "retryAfter" in reason && reason.retryAfter !== undefined ? Duration.toSeconds(reason.retryAfter) : undefined

describe("readErrorBody", () => {
  it.each([
    [
      "a name above a list",
      insufficient("CMN-401", "ReadCallLog"),
      { codes: ["InsufficientPermissions", "CMN-401"], permission: "ReadCallLog" }
    ],
    ["a list alone", listed("CMN-102", { parameterName: "accountId" }), { codes: ["CMN-102"], parameter: "accountId" }],
    ["a list of two", { errors: [flat("CMN-101"), flat("CLG-110")] }, { codes: ["CMN-101", "CLG-110"] }],
    ["the gateway's", flat("AGW-404"), { codes: ["AGW-404"] }],
    [
      "OAuth's with the vendor's code",
      { error: "invalid_grant", error_description: "no", errors: [flat("OAU-213")] },
      { codes: ["OAU-213", "invalid_grant"] }
    ],
    ["no body", undefined, { codes: [] }],
    ["null", null, { codes: [] }],
    ["text", "Bad Gateway", { codes: [] }],
    ["a list of nonsense", { errors: [null, 5, "CMN-102", { errorCode: 102 }] }, { codes: [] }],
    ["errors that are no list", { errors: { errorCode: "CMN-102" } }, { codes: [] }]
  ] as const)("reads %s", (_, json, expected) => {
    const { codes, parameter, permission } = readErrorBody(json)
    expect({ codes: [...codes].toSorted(), parameter, permission }).toEqual({
      parameter: undefined,
      permission: undefined,
      ...expected,
      codes: [...expected.codes].toSorted()
    })
  })

  it("finds the permission's name at the top or in the list", () => {
    const permissionName = "ReadCallRecording"
    expect(readErrorBody({ ...flat("CMN-408"), permissionName }).permission).toBe(permissionName)
    expect(readErrorBody(listed("CMN-408", { permissionName })).permission).toBe(permissionName)
  })
})

describe("classify", () => {
  it.each([
    [response(400, listed("CMN-101", { parameterName: "dateFrom" })), { _tag: "InvalidQuery", field: "dateFrom" }],
    [response(400, listed("CMN-101")), { _tag: "InvalidQuery" }],
    [response(400, flat("CMN-101")), { _tag: "InvalidQuery" }],
    [response(400, listed("CLG-110", { parameterName: "sessionId" })), { _tag: "InvalidQuery", field: "sessionId" }],
    [response(400, listed("CLG-110")), { _tag: "InvalidQuery", field: "sessionId" }],
    [response(400, listed("CMN-102")), { _tag: "NotFound" }],
    [response(400, flat("CMN-102")), { _tag: "NotFound" }],
    [response(400), { _tag: "InvalidQuery" }],
    [response(401, listed("OAU-149")), { _tag: "Unauthorized" }],
    [response(401, flat("AGW-402")), { _tag: "Unauthorized" }],
    [response(401, listed("CMN-405")), { _tag: "Unauthorized" }],
    [response(401, { error: "invalid_token", errors: [flat("OAU-128")] }), { _tag: "Unauthorized" }],
    [response(401), { _tag: "Unauthorized" }],
    [response(403, listed("CMN-419")), { _tag: "Forbidden" }],
    [response(403), { _tag: "Forbidden" }],
    [response(404, listed("CMN-102", { parameterName: "callRecordingId" })), { _tag: "NotFound" }],
    [response(404, listed("CMN-102", { parameterName: "recordingId" })), { _tag: "NotFound" }],
    [response(404, listed("CMN-102")), { _tag: "NotFound" }],
    [response(404, flat("AGW-404")), { _tag: "NotFound" }],
    [response(404, listed("CMN-120")), { _tag: "NotFound" }],
    [response(404), { _tag: "NotFound" }],
    [response(404, listed("CMN-102", { parameterName: "accountId" })), { _tag: "InvalidOptions", option: "account" }],
    [
      response(404, listed("CMN-102", { parameterName: "extensionId" })),
      { _tag: "InvalidOptions", option: "extension" }
    ],
    [response(410), { _tag: "Gone", why: "deleted" }],
    [response(408), { _tag: "Unavailable", status: 408 }],
    [response(500, flat("CMN-201")), { _tag: "Unavailable", status: 500 }],
    [response(502, undefined), { _tag: "Unavailable", status: 502 }],
    [response(503, listed("CMN-202")), { _tag: "Unavailable", status: 503 }],
    [response(504), { _tag: "Unavailable", status: 504 }],
    [response(418), { _tag: "InvalidResponse" }]
  ] as const)("%#: status %o", (answer, expected) => {
    expect(classify(answer)).toMatchObject(expected)
  })

  it.each(["CLG-101", "CLG-102", "CLG-103", "CLG-104", "CLG-105"])(
    "takes %s for a sync token that has died",
    (code) => {
      expect(classify(response(400, listed(code)))).toMatchObject({ _tag: "InvalidQuery", field: "syncToken" })
    }
  )

  it.each([
    ["CMN-401", /\bapp\b.*scope/],
    ["CMN-408", /role.*user/],
    ["CMN-402", /administrator/],
    ["CMN-404", /another extension/]
  ])("says of %s who must mend it, and names the permission", (code, who) => {
    const permissionName = "ReadCallRecording"
    const answers = [
      insufficient(code, permissionName),
      listed(code, { permissionName }),
      { ...flat(code), permissionName }
    ]
    for (const json of answers) {
      const reason = classify(response(403, json))
      expect(reason).toMatchObject({ _tag: "Forbidden", permission: permissionName })
      expect(reason.message).toMatch(who)
    }
  })

  it("tells the app's scope from the user's permission", () => {
    const messageOf = (code: string) => classify(response(403, insufficient(code, "ReadCallLog"))).message
    expect(messageOf("CMN-401")).not.toBe(messageOf("CMN-408"))
    expect(messageOf("CMN-408")).not.toMatch(/scope/)
  })

  it.each([
    ["a sentence", "Bearer U1BBMDFUMDlQ was refused"],
    ["markup", "<script>alert(1)</script>"],
    ["a phone number", "+16505550100"],
    ["lines", "ReadCallLog\nexit: 0"],
    ["a great length", "R".repeat(65)],
    ["nothing", ""],
    ["a number", 5],
    ["null", null]
  ])("does not repeat a permission's name that is %s", (_, permissionName) => {
    const reason = classify(response(403, { permissionName, errors: [{ errorCode: "CMN-401", permissionName }] }))
    expect(reason).toMatchObject({ _tag: "Forbidden" })
    expect(reason).not.toHaveProperty("permission")
  })

  it("does not repeat a parameter's name that is none", () => {
    const reason = classify(response(400, listed("CMN-101", { parameterName: "token=U1BBMDFUMDlQ" })))
    expect(`${reason.message}${JSON.stringify(reason)}`).not.toContain("U1BB")
  })

  it.each([
    ["the vendor's seconds", { "retry-after": "60" }, 60],
    [
      "the seconds of a live answer",
      { "x-rate-limit-group": "heavy", "x-rate-limit-limit": "10", "x-rate-limit-window": "60", "retry-after": "60" },
      60
    ],
    ["a date", { "retry-after": "Sun, 08 Mar 2026 10:47:00 GMT" }, 120],
    ["nothing", {}, 30],
    ["nonsense", { "retry-after": "soon" }, 30],
    ["a date that has passed", { "retry-after": "Sun, 08 Mar 2026 10:44:00 GMT" }, 30]
  ] as const)("waits after a 429 by %s", (_, headers, seconds) => {
    const reason = classify(response(429, listed("CMN-301"), headers))
    expect(reason).toMatchObject({ _tag: "RateLimited", isRetryable: true })
    expect(secondsToWait(reason)).toBe(seconds)
  })

  it.each(["CMN-301", "CMN-302", "CMN-303", "CMN-310"])("takes a 429 with %s for a limit", (code) => {
    expect(classify(response(429, listed(code)))).toMatchObject({ _tag: "RateLimited" })
  })

  it("holds nothing else back for an equal request that is still under way, unless the vendor says how long", () => {
    const untold = classify(response(429, listed("CMN-304")))
    expect(untold).toMatchObject({ _tag: "Unavailable", isRetryable: true })
    const told = classify(response(429, listed("CMN-304"), { "retry-after": "4" }))
    expect(told).toMatchObject({ _tag: "RateLimited" })
    expect(secondsToWait(told)).toBe(4)
  })

  it.each([500, 502, 503, 504])("hands on what a %i asks for, and nothing where it asks for nothing", (status) => {
    expect(secondsToWait(classify(response(status, undefined, { "retry-after": "5" })))).toBe(5)
    expect(
      secondsToWait(classify(response(status, undefined, { "retry-after": "Sun, 08 Mar 2026 10:46:00 GMT" })))
    ).toBe(60)
    expect(classify(response(status))).not.toHaveProperty("retryAfter")
  })

  it.each([
    [400, false],
    [401, false],
    [403, false],
    [404, false],
    [410, false],
    [416, false],
    [418, false],
    [408, true],
    [429, true],
    [500, true],
    [503, true]
  ])("takes a %i for one to be repeated: %s", (status, isRetryable) => {
    expect(classify(response(status)).isRetryable).toBe(isRetryable)
  })

  it("shows nothing of the body but codes' meanings", () => {
    for (const status of [400, 401, 403, 404, 410, 416, 418, 429, 500]) {
      const json = { errorCode: "U1BBMDFUMDlQ", message: "+16505550100", errors: [{ message: "+16505550100" }] }
      const reason = classify(response(status, json, { authorization: "Bearer U1BBMDFUMDlQ" }))
      expect(`${reason.message}${JSON.stringify(reason)}`).not.toMatch(/U1BB|5550100/)
    }
  })
})

describe("classifyLogin", () => {
  it.each([
    [response(400, { error: "invalid_grant", errors: [flat("OAU-213")] }), { _tag: "Unauthorized" }],
    [response(400, { error: "invalid_client" }), { _tag: "Unauthorized" }],
    [response(401, flat("AGW-402")), { _tag: "Unauthorized" }],
    [response(401), { _tag: "Unauthorized" }],
    [response(403), { _tag: "Unauthorized" }],
    [response(404), { _tag: "InvalidOptions", option: "serverUrl" }],
    [response(405), { _tag: "InvalidOptions", option: "serverUrl" }],
    [response(408), { _tag: "Unavailable" }],
    [response(429), { _tag: "RateLimited" }],
    [response(500), { _tag: "Unavailable" }],
    [response(503, undefined, { "retry-after": "7" }), { _tag: "Unavailable", retryAfter: Duration.seconds(7) }]
  ] as const)("%#: is about credentials or the address", (answer, expected) => {
    expect(classifyLogin(answer)).toMatchObject(expected)
  })

  it.each(["OAU-147", "OAU-148"])("says of %s that the user is locked, which other credentials do not mend", (code) => {
    const answer = response(400, { error: "invalid_grant", error_description: "…", errors: [flat(code)] })
    expect(classifyLogin(answer)).toMatchObject({ _tag: "Unauthorized", detail: expect.stringMatching(/locked/) })
  })

  it("shows nothing of what was sent or answered", () => {
    const answer = response(400, { error: "invalid_grant", error_description: "assertion eyJhbGciOi was refused" })
    expect(`${classifyLogin(answer).message}${JSON.stringify(classifyLogin(answer))}`).not.toContain("eyJ")
  })
})

describe("readLimits", () => {
  const headers = { "x-rate-limit-limit": "10", "x-rate-limit-remaining": "3", "x-rate-limit-window": "60" }

  it.each(["heavy", "Heavy", "HEAVY", " heavy "])("reads the window of the group %j", (group) => {
    expect(readLimits(new Headers({ ...headers, "X-Rate-Limit-Group": group }))).toEqual({
      group: "heavy",
      limit: 10,
      remaining: 3,
      window: Duration.seconds(60)
    })
  })

  it.each([
    ["no group", headers, { limit: 10, remaining: 3, window: Duration.seconds(60) }],
    [
      "a group that is no name",
      { ...headers, "x-rate-limit-group": "a b; c" },
      { limit: 10, remaining: 3, window: Duration.seconds(60) }
    ],
    [
      "a custom group and window",
      { ...headers, "x-rate-limit-group": "Archiver-1", "x-rate-limit-limit": "25", "x-rate-limit-window": "1" },
      { group: "archiver-1", limit: 25, remaining: 3, window: Duration.seconds(1) }
    ],
    [
      "no rest",
      { "x-rate-limit-limit": "10", "x-rate-limit-window": "60" },
      { limit: 10, window: Duration.seconds(60) }
    ],
    [
      "a rest of none",
      { ...headers, "x-rate-limit-remaining": "0" },
      { limit: 10, remaining: 0, window: Duration.seconds(60) }
    ],
    [
      "a rest that is nonsense",
      { ...headers, "x-rate-limit-remaining": "-1" },
      { limit: 10, window: Duration.seconds(60) }
    ]
  ])("reads %s", (_, given, expected) => {
    expect(readLimits(new Headers(given))).toEqual(expected)
  })

  it.each([
    ["nothing", {}],
    ["a group alone", { "x-rate-limit-group": "heavy" }],
    ["limits that are no numbers", { "x-rate-limit-limit": "many", "x-rate-limit-window": "minute" }],
    ["empty limits", { "x-rate-limit-limit": "", "x-rate-limit-window": "" }],
    ["negative limits", { "x-rate-limit-limit": "-10", "x-rate-limit-window": "-60" }]
  ])("learns nothing from %s", (_, given) => {
    expect(readLimits(new Headers(given))).toBeUndefined()
  })
})
