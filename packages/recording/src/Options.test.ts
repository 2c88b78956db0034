import { describe, expect, it } from "@effect/vitest"
import { Duration, Effect, Redacted } from "effect"
import * as t from "io-ts"
import { decodeOptions, NonEmptyText, oneOf, optionsOf, parseDayOrInstant, parseDuration, Secret } from "./Options.ts"

const codec = optionsOf(
  "Options",
  { baseUrl: NonEmptyText, clientSecret: Secret },
  {
    region: t.string,
    via: t.array(oneOf("storage", "api")),
    scope: t.union([
      optionsOf("ClientScope", { client: NonEmptyText }, {}),
      optionsOf("ExtensionScope", { extension: NonEmptyText }, {})
    ])
  }
)
const good = { baseUrl: "https://pbx.example", clientSecret: Redacted.make("s3cret") }

describe("decodeOptions", () => {
  it.effect("takes what fits", () =>
    Effect.gen(function* () {
      const options = yield* decodeOptions(codec, { ...good, via: ["api"], scope: { extension: "7" } })
      expect(options.via).toEqual(["api"])
      expect(Redacted.value(options.clientSecret)).toBe("s3cret")
    })
  )

  it.effect.each([
    ["an unknown key, naming the nearest", { ...good, baseURI: "x" }, "baseURI", /did you mean baseUrl/],
    ["a missing key", { clientSecret: good.clientSecret }, "baseUrl", /is missing/],
    ["a secret in plain text", { ...good, clientSecret: "s3cret" }, "clientSecret", /"env"/],
    ["an empty text", { ...good, baseUrl: "" }, "baseUrl", /not empty/],
    ["a wrong word in a list", { ...good, via: ["storage", "fax"] }, "via.1", /one of storage, api/],
    ["an unknown key further in", { ...good, scope: { client: "@me", x: 1 } }, "scope.x", /did you mean/],
    ["an empty value in a later branch", { ...good, scope: { extension: "" } }, "scope.extension", /not empty/],
    ["no object", 5, "options", /must be an object/]
  ] as const)("refuses %s", ([_, value, option, detail]) =>
    Effect.gen(function* () {
      const problem = yield* Effect.flip(decodeOptions(codec, value))
      expect(problem.option).toBe(option)
      expect(problem.detail).toMatch(detail)
      expect(problem.message).not.toContain("s3cret")
    })
  )
})

describe("parseDuration", () => {
  it.each([
    ["24 hours", Duration.hours(24)],
    ["1 day", Duration.days(1)],
    ["90 minutes", Duration.minutes(90)],
    ["1.5 hours", Duration.minutes(90)],
    ["0 seconds", undefined],
    ["5 constructor", undefined],
    ["30s", undefined],
    ["24", undefined],
    ["-1 hours", undefined],
    ["soon", undefined]
  ])("reads %j", (text, duration) => {
    expect(parseDuration(text)).toEqual(duration)
  })
})

describe("parseDayOrInstant", () => {
  it.each([
    ["2026-03-08", "2026-03-08T00:00:00.000Z"],
    ["2026-03-08T22:30:00+01:00", "2026-03-08T21:30:00.000Z"],
    ["2026-02-30", undefined],
    ["2026-03-08T22:30:00", undefined],
    ["yesterday", undefined]
  ])("reads %j", (text, iso) => {
    expect(parseDayOrInstant(text)?.toISOString()).toBe(iso)
  })
})
