import { Direction, safeFileName } from "@callreel/recording"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import { posix } from "node:path"
import { defaultTemplate, makeLayout, type PathFacts, sidecarOf } from "./layout.ts"

const startedAt = new Date("2026-03-01T10:15:00.505Z")
const call = { id: "c", direction: "inbound", outcome: "answered", startedAt } as const
const facts: PathFacts = { source: "us", id: "44444444", call }
const layoutBy = (template?: string) => Effect.runSync(makeLayout(template))
const pathOf = (given: Partial<PathFacts>, mediaType = "audio/mpeg") =>
  layoutBy().pathOf({ ...facts, ...given }, mediaType)

describe("pathOf", () => {
  it.each([
    ["a recording of a call", {}, "us/2026/03/01/20260301T101500Z_inbound_44444444.mp3"],
    [
      "the last millisecond of a day in UTC",
      { call: { ...call, startedAt: new Date("2025-12-31T23:59:59.999Z") } },
      "us/2025/12/31/20251231T235959Z_inbound_44444444.mp3"
    ],
    [
      "a start before 1970",
      { call: { ...call, startedAt: new Date(-1) } },
      "us/1969/12/31/19691231T235959Z_inbound_44444444.mp3"
    ],
    ["an id with letters", { id: "a1b2-c3.d" }, "us/2026/03/01/20260301T101500Z_inbound_a1b2-c3.d.mp3"],
    [
      "an id that is a way out",
      { id: "../../etc/passwd" },
      "us/2026/03/01/20260301T101500Z_inbound__2e_2e_2f.._2fetc_2fpasswd.mp3"
    ],
    ["an id with a null byte", { id: "a\0b" }, "us/2026/03/01/20260301T101500Z_inbound_a_00b.mp3"],
    ["an empty id", { id: "" }, "us/2026/03/01/20260301T101500Z_inbound__.mp3"],
    ["an id with upper-case letters", { id: "AbC" }, "us/2026/03/01/20260301T101500Z_inbound_AbC.mp3"],
    [
      "a source of the archive's own folder's name",
      { source: "proofs" },
      "_70roofs/2026/03/01/20260301T101500Z_inbound_44444444.mp3"
    ]
  ] as const)("of %s", (_, given, expected) => {
    expect(pathOf(given)).toBe(expected)
  })

  it("goes by the recording's own start where nothing is known of the call", () => {
    expect(layoutBy().pathOf({ source: "us", id: "1", startedAt }, "audio/wav")).toBe(
      "us/2026/03/01/20260301T101500Z_unknown_1.wav"
    )
  })

  it.each([
    ["no start", undefined],
    ["a start that is no instant", new Date(Number.NaN)],
    ["a year of five digits", new Date("+012026-03-01T00:00:00Z")],
    ["a year before the common era", new Date("-000001-03-01T00:00:00Z")]
  ])("is undated with %s", (_, given) => {
    const undated: PathFacts = { source: "us", id: "1", ...(given !== undefined && { startedAt: given }) }
    expect(layoutBy().pathOf(undated, "audio/mpeg")).toBe("us/undated/unknown_1.mp3")
    expect(layoutBy("{source}/{id}.{ext}").pathOf(undated, "audio/mpeg")).toBe("us/undated/unknown_1.mp3")
  })

  it.each([
    ["audio/mpeg", "mp3"],
    ["audio/x-wav; rate=8000", "wav"],
    ["audio/../../x", "bin"],
    ["", "bin"]
  ])("ends by the media type %j in .%s", (mediaType, extension) => {
    expect(posix.extname(pathOf({}, mediaType))).toBe(`.${extension}`)
  })

  it("follows a template", () => {
    const layout = layoutBy("{source}/year={yyyy}/{mm}-{dd}/{direction}/{id}.at.{start}.{ext}")
    expect(layout.pathOf(facts, "audio/ogg")).toBe("us/year=2026/03-01/inbound/44444444.at.20260301T101500Z.ogg")
  })
})

describe("sidecars", () => {
  it("have the audio's name and another extension", () => {
    expect(sidecarOf("us/2026/03/01/20260301T101500Z_inbound_1.2.mp3")).toBe(
      "us/2026/03/01/20260301T101500Z_inbound_1.2.vcon.json"
    )
  })

  it("do not depend on the media type", () => {
    const layout = layoutBy()
    expect(layout.sidecarPathOf(facts)).toBe(sidecarOf(layout.pathOf(facts, "audio/mpeg")))
    expect(layout.sidecarPathOf(facts)).toBe(sidecarOf(layout.pathOf(facts, "audio/wav")))
  })
})

describe("makeLayout", () => {
  it.effect.each([
    ["{source}/{year}/{id}.{ext}", "{year}"],
    ["{source}/{__proto__}/{id}.{ext}", "{__proto__}"],
    ["{source}/{id.{ext}", "brace"],
    ["{source}/id}.{ext}", "brace"],
    ["{source}/{yyyy}.{ext}", "{id}"],
    ["{source}/{id}/audio.{ext}", "{id}"],
    ["{source}/{id}_{id}.{ext}", "{id}"],
    ["{yyyy}/{id}.{ext}", "{source}/"],
    ["{source}-{id}.{ext}", "{source}/"],
    ["{source}/{id}", ".{ext}"],
    ["{source}/{id}.{ext}.gz", ".{ext}"],
    ["{source}/{ext}/{id}.{ext}", ".{ext}"],
    ["/{source}/{id}.{ext}", "begins with /"],
    ["{source}//{id}.{ext}", "no name"],
    ["{source}/{id}.{ext}/", "no name"],
    ["", "no name"],
    ["{source}/../{id}.{ext}", '".."'],
    ["{source}/./{id}.{ext}", '"."'],
    ["{source}/.hidden/{id}.{ext}", '".hidden"'],
    ["{source}/a\\b/{id}.{ext}", "a\\b"],
    ["{source}/a b/{id}.{ext}", '"a b"'],
    ["{source}/aux/{id}.{ext}", '"aux"'],
    ["{source}/a\0/{id}.{ext}", "not a name"],
    ["{source}/Undated/{id}.{ext}", "undated"]
  ] as const)("refuses %j, naming what is wrong", ([template, named]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(makeLayout(template))
      expect(error.reason).toBe("InvalidOptions")
      expect(error.detail).toContain(named)
    })
  )

  it.effect.each([
    ["a folder", `{source}/${"a".repeat(256)}/{id}.{ext}`, "255"],
    ["a file", `{source}/${"a".repeat(130)}{id}.{ext}`, "255"],
    ["a path", `{source}/${`${"a".repeat(200)}/`.repeat(4)}{id}.{ext}`, "900"]
  ] as const)("refuses a template by which the name of %s may become too long", ([_, template, named]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(makeLayout(template))
      expect(error.reason).toBe("InvalidOptions")
      expect(error.detail).toContain(named)
    })
  )

  it.effect("takes the default template, spelled out", () =>
    Effect.gen(function* () {
      const layout = yield* makeLayout(defaultTemplate)
      expect(layout.pathOf(facts, "audio/mpeg")).toBe(pathOf({}))
    })
  )
})

describe("the laws of paths", () => {
  const templates = [
    defaultTemplate,
    "{source}/{id}.{ext}",
    "{source}/{direction}{id}{direction}.{ext}",
    "{source}/{yyyy}-{mm}/{id}{start}.{ext}",
    "{source}/{start}/{dd}{id}_{source}.{ext}"
  ]
  const template = fc.constantFrom(...templates)
  const mediaType = fc.constantFrom("audio/mpeg", "audio/wav", "application/json", "audio/vcon.json")
  // Ids that are near each other: the same but for case, escapes, fingerprints, surrogates and what follows 100 characters.
  const part = fc.constantFrom(
    "a",
    "A",
    "_",
    "_x",
    "61",
    "_2f",
    "/",
    ".",
    "..",
    "\ud800",
    "\ud801",
    "é",
    "é",
    "T",
    "z",
    "0",
    "-",
    "con",
    "l".repeat(99)
  )
  const id = fc.oneof(
    fc.array(part, { maxLength: 5 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary", maxLength: 300 })
  )
  const source = fc.constantFrom("us", "u", "us-1", "us1", "proofs", "undated", "2026", "a".repeat(63))
  const date = fc.date({
    min: new Date("0000-01-01T00:00:00Z"),
    max: new Date("9999-12-31T23:59:59Z"),
    noInvalidDate: true
  })
  const direction = fc.constantFrom(...Object.keys(Direction.keys).filter(Direction.is))
  const anyFacts: fc.Arbitrary<PathFacts> = fc.oneof(
    fc.record({ source, id }),
    fc.record({
      source,
      id,
      call: fc.record({ id: fc.constant("c"), direction, outcome: fc.constant("answered" as const), startedAt: date })
    })
  )

  // Ids that a careless rule takes for each other.
  const twins = fc.constantFrom<readonly [one: (id: string) => string, two: (id: string) => string]>(
    [(text) => text, (text) => text.toUpperCase()],
    [(text) => text.toLowerCase(), (text) => text.toUpperCase()],
    [(text) => `${"l".repeat(150)}${text}1`, (text) => `${"l".repeat(150)}${text}2`],
    [(text) => `A\ud800${text}`, (text) => `A\ud801${text}`],
    [(text) => text, (text) => safeFileName(text)],
    [(text) => text, (text) => `.${text}`]
  )
  // Mostly of the same call, so that nothing but the id tells them apart.
  const pair = fc.oneof(
    fc.tuple(anyFacts, id).map(([left, other]) => [left, { ...left, id: other }] as const),
    fc.tuple(anyFacts, twins).map(([left, [one, two]]) => [
      { ...left, id: one(left.id) },
      { ...left, id: two(left.id) }
    ]),
    fc.tuple(anyFacts, anyFacts)
  )

  it("another source or id has another path and sidecar", () => {
    fc.assert(
      fc.property(template, pair, mediaType, mediaType, (text, [left, right], leftType, rightType) => {
        fc.pre(left.source !== right.source || left.id !== right.id)
        const layout = layoutBy(text)
        const ofLeft = [layout.pathOf(left, leftType), layout.sidecarPathOf(left)]
        const ofRight = [layout.pathOf(right, rightType), layout.sidecarPathOf(right)]
        expect(new Set([...ofLeft, ...ofRight]).size).toBe(4)
      }),
      { numRuns: 2_000 }
    )
  })

  it("no path leaves the archive, its own folders included, or has a name that file systems refuse", () => {
    fc.assert(
      fc.property(template, anyFacts, mediaType, (text, given, type) => {
        const layout = layoutBy(text)
        for (const path of [layout.pathOf(given, type), layout.sidecarPathOf(given)]) {
          expect(posix.normalize(path)).toBe(path)
          expect(path.length).toBeLessThan(1_000)
          const segments = path.split("/")
          expect(segments.length).toBeGreaterThanOrEqual(2)
          expect(segments[0]?.toLowerCase()).not.toBe("proofs")
          for (const segment of segments) {
            expect(segment).toMatch(/^[A-Za-z0-9_=-][A-Za-z0-9._=-]{0,254}$/)
            expect(segment).not.toMatch(/\.$/)
          }
        }
      }),
      { numRuns: 1_000 }
    )
  })

  it("the same facts have the same path, and the sidecar is beside the audio", () => {
    fc.assert(
      fc.property(template, anyFacts, mediaType, (text, given, type) => {
        const path = layoutBy(text).pathOf(given, type)
        expect(layoutBy(text).pathOf(structuredClone(given), type)).toBe(path)
        expect(sidecarOf(path)).toBe(layoutBy(text).sidecarPathOf(given))
      })
    )
  })
})
