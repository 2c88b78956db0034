import { describe, expect, it } from "@effect/vitest"
import { inspect } from "node:util"
import { bucketError, failureOf, isMissing } from "./bucketError.ts"

/** An error as the SDK makes them. */
const sdkError = (name: string, status?: number, more: object = {}) =>
  Object.assign(new Error(`${name} of AKIASECRET`), { name, $metadata: { httpStatusCode: status, ...more } })
const systemError = (code: string) => Object.assign(new Error(`connect ${code} AKIASECRET`), { code })
const wrapped = (cause: unknown) => new Error("Unable to write the file. AKIASECRET", { cause })

describe("bucketError", () => {
  it.each([
    [sdkError("AccessDenied", 403), "it denies access", "s3:PutObject"],
    [sdkError("Unknown", 403), "it denies access", "s3:PutObject"],
    [sdkError("NoSuchBucket", 404), "there is no such bucket", "make it"],
    [sdkError("InvalidAccessKeyId", 403), "does not accept the access key", "environment, profile or role"],
    [sdkError("SignatureDoesNotMatch", 403), "does not accept the access key", "environment, profile or role"],
    [sdkError("ExpiredToken", 400), "have expired", "renew"],
    [sdkError("PermanentRedirect", 301), "in another region", "?region="],
    [sdkError("Unknown", 301), "in another region", "?region="],
    [sdkError("RequestTimeTooSkewed", 403), "clock is wrong", "set the clock"],
    [sdkError("SlowDown", 503), "asks to slow down", "fewer transfers"],
    [sdkError("InternalError", 500), "fails with 500", "later"],
    [sdkError("XMinioStorageFull", 507), "space is used up", "make room"],
    [sdkError("CredentialsProviderError"), "no credentials were found", "environment, profile or role"],
    [sdkError("TimeoutError"), "does not answer", "endpoint"],
    [systemError("ECONNREFUSED"), "nobody answers", "endpoint"],
    [systemError("ENOTFOUND"), "no such host", "endpoint"],
    [new Error("Region is missing"), "region is not known", "?region="]
  ])("says what %s means, and what to do", (error, says, remedy) => {
    for (const given of [error, wrapped(error)]) {
      const { detail, reason, remedy: told } = bucketError("s3://b/p", "written", given)
      expect(reason).toBe("Destination")
      expect(detail).toContain("the archive s3://b/p cannot be written: ")
      expect(detail).toContain(says)
      expect(told).toContain(remedy)
    }
  })

  it.each([
    [sdkError("EntityTooLarge", 400), "the storage refuses (EntityTooLarge, 400)"],
    [new Error("of AKIASECRET"), "the storage refuses (Error)"],
    ["AKIASECRET", "the storage refuses (no reason given)"]
  ])("names what it does not know", (error, says) => {
    expect(bucketError("s3://b", "read", error).detail).toBe(`the archive s3://b cannot be read: ${says}`)
  })

  it("keeps nothing of the SDK's error", () => {
    const error = bucketError("s3://b", "read", wrapped(sdkError("AccessDenied", 403, { authorization: "AKIASECRET" })))
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("AKIASECRET")
  })
})

describe("isMissing", () => {
  it.each([
    [sdkError("NotFound", 404), true],
    [sdkError("NoSuchKey", 404), true],
    [wrapped(wrapped(sdkError("NoSuchKey", 404))), true],
    [sdkError("NoSuchBucket", 404), false],
    [sdkError("AccessDenied", 403), false],
    [systemError("ENOTFOUND"), false]
  ])("%s: %s", (error, expected) => expect(isMissing(failureOf(error))).toBe(expected))
})
