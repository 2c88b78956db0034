import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { fileExtensionOf, normaliseMediaType, safeFileName } from "./MediaType.ts"

describe("normaliseMediaType", () => {
  it.each([
    ["audio/mp3; x=y", "audio/mpeg"],
    ["Audio/MPEG", "audio/mpeg"],
    ["audio/x-wav", "audio/wav"],
    ["audio/wave", "audio/wav"],
    ["audio/vnd.wave;codec=1", "audio/wav"],
    ["application/ogg", "audio/ogg"],
    [" audio/x-m4a ", "audio/mp4"],
    ["application/octet-stream", "application/octet-stream"],
    ["constructor", "constructor"],
    ["", ""]
  ])("%s → %s", (given, expected) => {
    expect(normaliseMediaType(given)).toBe(expected)
  })
})

describe("fileExtensionOf", () => {
  it.each([
    ["audio/mpeg", "mp3"],
    ["audio/mp3", "mp3"],
    ["audio/x-wav", "wav"],
    ["audio/ogg; codecs=opus", "ogg"],
    ["audio/x-m4a", "m4a"],
    ["audio/flac", "flac"],
    ["application/octet-stream", "bin"],
    ["toString", "bin"],
    ["", "bin"]
  ])("%s → %s", (given, expected) => {
    expect(fileExtensionOf(given)).toBe(expected)
  })
})

describe("safeFileName", () => {
  it.each([
    ["468944-C7C39313", "468944-C7C39313"],
    ["44444444", "44444444"],
    ["a.b", "a.b"],
    ["", "_"],
    [".", "_2e"],
    ["..", "_2e_2e"],
    [".hidden", "_2ehidden"],
    ["name.", "name_2e"],
    ["../../etc/passwd", "_2e_2e_2f.._2fetc_2fpasswd"],
    ["a\\b", "a_5cb"],
    ["a_b", "a_5fb"],
    ["a b", "a_20b"],
    ["a\u0000\n", "a_00_0a"],
    ["CON", "_43ON"],
    ["nul.mp3", "_6eul.mp3"],
    ["com1", "_63om1"],
    ["console", "console"],
    ["звонок", "_d0_b7_d0_b2_d0_be_d0_bd_d0_be_d0_ba"]
  ])("%j → %s", (given, expected) => {
    expect(safeFileName(given)).toBe(expected)
  })

  it("is a name that every file system takes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (id) => {
        const name = safeFileName(id)
        expect(name).toMatch(/^[\w-](?:[\w.-]*[\w-])?$/)
        expect(name.length).toBeLessThanOrEqual(120)
      })
    )
  })

  it("keeps different ids apart", () => {
    const alphabet = fc.constantFrom("_", "5", "f", "F", ".", "/", "c", "o", "n", "é")
    const ids = fc.string({ unit: alphabet, maxLength: 12 })
    fc.assert(
      fc.property(ids, ids, (left, right) => {
        fc.pre(left !== right)
        expect(safeFileName(left)).not.toBe(safeFileName(right))
      }),
      { numRuns: 2_000 }
    )
  })

  it("keeps halves of surrogate pairs apart", () => {
    expect(safeFileName("\ud800")).not.toBe(safeFileName("\ud801"))
  })

  it("keeps long ids apart that begin alike", () => {
    const long = "a".repeat(200)
    expect(safeFileName(`${long}1`)).not.toBe(safeFileName(`${long}2`))
    expect(safeFileName(`${long}1`)).toHaveLength(120)
  })
})
