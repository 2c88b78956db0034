import { decodeOptions, defaultPendingFor } from "@callreel/recording"
import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Redacted } from "effect"
import { inspect } from "node:util"
import {
  defaultRetryLadder,
  idleTimeoutOf,
  includesVoicemail,
  mediaUrlOf,
  patienceOf,
  retentionOf,
  RingCentralOptions
} from "./RingCentralOptions.ts"

const good = {
  clientId: "app-1",
  clientSecret: Redacted.make("s3cret-of-the-app"),
  jwt: Redacted.make("eyJhbGciOi.of-the-user")
}

describe("mediaUrlOf", () => {
  it.each([
    [undefined, "https://media.ringcentral.com"],
    ["https://platform.ringcentral.com", "https://media.ringcentral.com"],
    ["https://platform.ringcentral.biz", "https://media.ringcentral.biz"],
    ["https://platform.devtest.ringcentral.com", "https://media.devtest.ringcentral.com"],
    ["https://platform.ringcentral.com:443", "https://media.ringcentral.com:443"],
    ["https://platform.ringcentral.com/", "https://media.ringcentral.com/"],
    ["https://Platform.ringcentral.com", "https://media.ringcentral.com"],
    // Only the first label is another; a server without it serves both.
    ["https://api.platform.example", "https://api.platform.example"],
    ["https://myplatform.example", "https://myplatform.example"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
    ["http://localhost:8080", "http://localhost:8080"]
  ])("derives the host of the audio from %s", (serverUrl, mediaUrl) => {
    expect(mediaUrlOf({ ...good, ...(serverUrl !== undefined && { serverUrl }) })).toBe(mediaUrl)
  })

  it("takes the one that is configured", () => {
    const urls = { serverUrl: "https://platform.ringcentral.com", mediaUrl: "http://127.0.0.1:8081" }
    expect(mediaUrlOf({ ...good, ...urls })).toBe("http://127.0.0.1:8081")
  })
})

describe("patienceOf", () => {
  it("waits for a day, by a ladder of growing ages within it", () => {
    const { ladder, pendingFor } = patienceOf(good)
    expect(pendingFor).toEqual(defaultPendingFor)
    expect(Duration.toHours(pendingFor)).toBe(24)
    const ages = ladder.map(Duration.toMillis)
    expect(ladder).toBe(defaultRetryLadder)
    expect(ages).toEqual([...new Set(ages)].toSorted((left, right) => left - right))
    expect(Math.max(...ages)).toBeLessThanOrEqual(Duration.toMillis(pendingFor))
  })

  it("takes what is configured, in order of age", () => {
    expect(
      patienceOf({ ...good, pendingFor: "90 minutes", retryLadder: ["1 hour", "30 seconds", "5 minutes"] })
    ).toEqual({
      pendingFor: Duration.minutes(90),
      ladder: [Duration.seconds(30), Duration.minutes(5), Duration.hours(1)]
    })
    expect(patienceOf({ ...good, retryLadder: [] }).ladder).toEqual([])
  })
})

describe("retentionOf, idleTimeoutOf and includesVoicemail", () => {
  it.each([
    [{}, Duration.days(90)],
    [{ retentionDays: 30 }, Duration.days(30)]
  ])("reads the retention of %o", (options, retention) => {
    expect(retentionOf({ ...good, ...options })).toEqual(retention)
  })

  it("reads the longest silence", () => {
    expect(idleTimeoutOf(good)).toBeUndefined()
    expect(idleTimeoutOf({ ...good, idleTimeout: "5 seconds" })).toEqual(Duration.seconds(5))
  })

  it("includes voicemail only where it is asked for", () => {
    expect(includesVoicemail(good)).toBe(false)
    expect(includesVoicemail({ ...good, include: [] })).toBe(false)
    expect(includesVoicemail({ ...good, include: ["voicemail"] })).toBe(true)
  })
})

describe("RingCentralOptions", () => {
  const full = {
    ...good,
    serverUrl: "https://platform.ringcentral.biz",
    mediaUrl: "https://media.ringcentral.biz",
    mediaOrigins: ["https://cdn.example"],
    account: "~",
    extension: "~",
    strategy: "call-log-first",
    include: ["voicemail"],
    region: "US",
    pendingFor: "24 hours",
    retryLadder: ["30 seconds"],
    retentionDays: 30,
    since: "2026-01-01",
    verificationToken: Redacted.make("verify-5f2c9a"),
    idleTimeout: "15 seconds",
    allowInsecure: false
  }

  it.effect("takes what is needed, and all there is", () =>
    Effect.gen(function* () {
      expect(yield* decodeOptions(RingCentralOptions, good)).toEqual(good)
      expect(yield* decodeOptions(RingCentralOptions, full)).toEqual(full)
    })
  )

  it.effect.each([
    ["mediaOrigin", "mediaOrigins"],
    ["serverURL", "serverUrl"],
    ["clientID", "clientId"],
    ["retentionDay", "retentionDays"],
    ["verificationtoken", "verificationToken"],
    ["jwts", "jwt"]
  ] as const)("asks of %s whether another option was meant", ([key, nearest]) =>
    Effect.gen(function* () {
      const problem = yield* Effect.flip(decodeOptions(RingCentralOptions, { ...good, [key]: "x" }))
      expect(problem.option).toBe(key)
      expect(problem.detail).toContain(`did you mean ${nearest}?`)
    })
  )

  it.effect.each([
    ["clientId", { clientId: undefined }],
    ["clientId", { clientId: "" }],
    ["clientSecret", { clientSecret: "s3cret-of-the-app" }],
    ["jwt", { jwt: "eyJhbGciOi.of-the-user" }],
    ["jwt", { jwt: Redacted.make(5) }],
    ["verificationToken", { verificationToken: "verify-5f2c9a" }],
    ["account", { account: "" }],
    ["extension", { extension: " " }],
    ["strategy", { strategy: "log-first" }],
    ["include.0", { include: ["fax"] }],
    ["region", { region: "us" }],
    ["pendingFor", { pendingFor: "24" }],
    ["retryLadder.1", { retryLadder: ["30 seconds", "soon"] }],
    ["mediaOrigins.0", { mediaOrigins: [""] }],
    ["retentionDays", { retentionDays: "90" }],
    ["since", { since: "yesterday" }],
    ["idleTimeout", { idleTimeout: 15 }],
    ["allowInsecure", { allowInsecure: "true" }]
  ] as const)("names the option %s where it is wrong: %#", ([option, change]) =>
    Effect.gen(function* () {
      const problem = yield* Effect.flip(decodeOptions(RingCentralOptions, { ...full, ...change }))
      expect(problem).toMatchObject({ _tag: "InvalidOptions", option })
      expect(`${problem.message}${inspect(problem)}`).not.toMatch(/s3cret|eyJ|5f2c9a/)
    })
  )

  it.effect("names every option that is missing", () =>
    Effect.gen(function* () {
      for (const key of ["clientId", "clientSecret", "jwt"] as const) {
        const { [key]: _, ...rest } = good
        expect(yield* Effect.flip(decodeOptions(RingCentralOptions, rest))).toMatchObject({
          option: key,
          detail: "is missing"
        })
      }
    })
  )

  it.effect("never shows a secret", () =>
    Effect.gen(function* () {
      const options = yield* decodeOptions(RingCentralOptions, full)
      const shown = [inspect(options, { depth: null, showHidden: true }), JSON.stringify(options), inspect(options.jwt)]
      expect(shown.join("\n")).not.toMatch(/s3cret|eyJ|5f2c9a/)
      expect(shown[0]).toContain("app-1")
    })
  )
})
