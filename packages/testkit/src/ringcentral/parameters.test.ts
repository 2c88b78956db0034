import { describe, expect, it } from "vitest"
import { booleanIn, countIn, instantIn, parseInstant, wordIn, wordsIn } from "./parameters.ts"

const query = (text: string): URLSearchParams => new URLSearchParams(text)
const refused = expect.objectContaining({ ok: false })

describe("parseInstant", () => {
  it.each([
    ["2026-03-10T18:07:52.534Z", "2026-03-10T18:07:52.534Z"],
    ["2026-03-10T18:07:52Z", "2026-03-10T18:07:52.000Z"],
    ["2026-03-10T18:07Z", "2026-03-10T18:07:00.000Z"],
    ["2026-03-10T18:07:52+03:00", "2026-03-10T15:07:52.000Z"],
    ["2026-03-10T18:07:52-0530", "2026-03-10T23:37:52.000Z"],
    ["2026-03-10T18:07:52.123456Z", "2026-03-10T18:07:52.123Z"]
  ])("reads %s", (text, expected) => {
    expect(new Date(parseInstant(text) ?? 0).toISOString()).toBe(expected)
  })

  it.each(["", "2026-03-10", "2026-03-10T18:07:52", "2026-03-10T18:07:52 03:00", "2026-13-10T18:07:52Z", "5"])(
    "refuses %j",
    (text) => {
      expect(parseInstant(text)).toBeUndefined()
    }
  )
})

describe("parameters", () => {
  it.each([
    [instantIn(query(""), "at"), { ok: true, value: undefined }],
    [instantIn(query("at=now"), "at"), refused],
    [booleanIn(query(""), "on", true), { ok: true, value: true }],
    [booleanIn(query("on=false"), "on", true), { ok: true, value: false }],
    [booleanIn(query("on=FALSE"), "on", true), refused],
    [countIn(query("n=7"), "n", 10), { ok: true, value: 7 }],
    [countIn(query("n=70"), "n", 10), { ok: true, value: 10 }],
    [countIn(query("n=0"), "n", 10), refused],
    [countIn(query("n=1.5"), "n", 10), refused],
    [wordIn(query("w=b"), "w", ["a", "b"]), { ok: true, value: "b" }],
    [wordIn(query("w=B"), "w", ["a", "b"]), refused],
    [wordsIn(query(""), "w", ["a", "b"]), { ok: true, value: [] }],
    [wordsIn(query("w=b&w=a"), "w", ["a", "b"]), { ok: true, value: ["b", "a"] }],
    [wordsIn(query("w=a,b"), "w", ["a", "b"]), refused]
  ])("are read or refused: %#", (parsed, expected) => {
    expect(parsed).toEqual(expected)
  })
})
