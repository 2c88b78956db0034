import {
  Forbidden,
  Gone,
  InvalidOptions,
  InvalidQuery,
  InvalidResponse,
  NotFound,
  Pending,
  RateLimited,
  type Reason,
  RecordingError,
  Truncated,
  Unauthorized,
  Unavailable,
  Unsupported
} from "@callreel/recording"
import { Duration } from "effect"
import { describe, expect, it } from "vitest"
import { exitCodeOf, exitCodeOfAll } from "./exitCode.ts"
import { CommandError, type FailureReason } from "./Failure.ts"
import { reportOf, toJsonLine, toText } from "./report.ts"
import { scrub } from "./scrub.ts"

// A record, so that a reason that is added and has no code here does not compile.
const codes: Record<FailureReason, number> = {
  Unexpected: 1,
  InvalidQuery: 2,
  InvalidOptions: 2,
  Unsupported: 2,
  Unauthorized: 3,
  Forbidden: 3,
  NotFound: 4,
  Gone: 4,
  RateLimited: 5,
  Unavailable: 5,
  Pending: 5,
  InvalidResponse: 6,
  Truncated: 6,
  Incomplete: 7,
  Destination: 8,
  Ledger: 8,
  Locked: 5,
  OnHold: 3,
  Checksum: 6
}
const reasonNames = Object.keys(codes) as Array<FailureReason>

describe("exitCodeOf", () => {
  it.each(reasonNames)("%s", (reason) => {
    expect(exitCodeOf(reason)).toBe(codes[reason])
  })

  it("puts refused credentials before all else, then takes the first", () => {
    expect(exitCodeOfAll(["Unavailable", "Forbidden"])).toBe(3)
    expect(exitCodeOfAll(["Unavailable", "NotFound"])).toBe(5)
    expect(exitCodeOfAll([])).toBe(0)
  })
})

describe("reportOf", () => {
  const now = new Date("2026-03-01T00:00:00Z")
  const reportFor = (reason: Reason) => reportOf(new RecordingError({ source: "us", operation: "audio", reason }), now)

  it.each([
    [new Pending({ retryAt: new Date("2026-03-01T00:00:29.500Z"), detail: "not ready" }), 30],
    [new Pending({ retryAt: new Date("2026-02-01T00:00:00Z"), detail: "not ready" }), 0],
    [new RateLimited({ retryAfter: Duration.millis(1500) }), 2],
    [new Unavailable({ detail: "down", retryAfter: Duration.seconds(7) }), 7],
    [new Unavailable({ detail: "down" }), undefined],
    [new NotFound({ what: "it" }), undefined]
  ] as const)("tells the seconds to wait of %s", (reason, seconds) => {
    expect(reportFor(reason).retryAfterSeconds).toBe(seconds)
  })

  it("is one JSON line with these keys, and nothing else", () => {
    const line = toJsonLine(reportFor(new RateLimited({ retryAfter: Duration.seconds(3) })))
    expect(line.endsWith("\n")).toBe(true)
    expect(JSON.parse(line)).toEqual({
      error: {
        reason: "RateLimited",
        source: "us",
        operation: "audio",
        message: "us: audio: the request limit is used up; try again in 3 s",
        retryAfterSeconds: 3
      }
    })
  })

  it("leaves out the source where none is known", () => {
    const failure = new CommandError({ reason: "InvalidQuery", operation: "list", detail: "--from is missing" })
    expect(JSON.parse(toJsonLine(reportOf(failure, now)))).toEqual({
      error: { reason: "InvalidQuery", operation: "list", message: "--from is missing" }
    })
  })

  it("is a sentence and a remedy in text", () => {
    expect(toText(reportFor(new Unsupported({ capability: "link" })))).toBe(
      "callreel: us: audio: this source does not offer it (capability link)\n  `callreel sources` shows what each source can do\n"
    )
  })

  it.each([
    new Gone({ why: "expired", detail: "gone" }),
    new Unauthorized({ detail: "refused" }),
    new Forbidden({ detail: "refused" }),
    new Truncated({ expected: 2, received: 1 }),
    new InvalidResponse({ path: "x", detail: "odd" }),
    new InvalidQuery({ field: "to", detail: "odd" }),
    new InvalidOptions({ option: "x", detail: "odd" })
  ])("names source and operation for %s", (reason) => {
    expect(toText(reportFor(reason))).toMatch(/^callreel: us: audio: /)
  })
})

describe("scrub", () => {
  it.each([
    ["password hunter2 refused", "password [secret] refused"],
    ["Authorization: Bearer abc.def-1", "Authorization: Bearer [secret]"],
    ["GET https://user:pw@pbx.example/x", "GET https://[secret]@pbx.example/x"],
    ["GET https://pbx.example/x?access_token=1&b=2 failed", "GET https://pbx.example/x?[query] failed"],
    ["token eyJhbGciOi.eyJzdWIi.sig", "token [token]"],
    ["call of +7 (495) 123-45-67 broke", "call of [number] broke"],
    ["Cannot read properties of undefined", "Cannot read properties of undefined"]
  ])("%s", (text, clean) => {
    expect(scrub(text, ["hunter2"])).toBe(clean)
  })
})
