import { describe, expect, it } from "vitest"
import { flag, int64, list, makeWrite, message, number, text } from "./wire.ts"

const unset = {
  at: int64(undefined),
  seconds: number(0),
  name: text(undefined),
  next: flag(false),
  items: list([]),
  user: message(undefined)
}

describe("what is not set", () => {
  it.each([
    ["zero-string", { at: "0", seconds: 0, name: "", next: false, items: [], user: null }],
    ["empty-string", { at: "", seconds: 0, name: "", next: false, items: [], user: null }],
    ["null", { at: null, seconds: null, name: null, next: null, items: null, user: null }],
    ["absent", {}]
  ] as const)("is written as %s", (style, written) => {
    expect(makeWrite(style, "string")("row", unset)).toEqual(written)
  })

  it("is written in every way where the ways are mixed, and each time in the same", () => {
    const write = makeWrite("mixed", "string")
    const of = (row: number) => JSON.stringify(write(`row ${row}`, { at: int64(0) }))
    const rows = Array.from({ length: 100 }, (_, row) => of(row))
    expect(new Set(rows)).toEqual(new Set(['{"at":"0"}', '{"at":""}', '{"at":null}', "{}"]))
    expect(rows).toEqual(Array.from({ length: 100 }, (_, row) => of(row)))
  })
})

describe("64-bit integers", () => {
  it.each([
    ["string", { at: "1782900000000", none: "0" }],
    ["number", { at: 1782900000000, none: 0 }]
  ] as const)("are written as %s", (style, written) => {
    const write = makeWrite("zero-string", style)
    expect(write("row", { at: int64(1782900000000), none: int64(undefined) })).toEqual(written)
  })
})

it("only the fields that are wanted are written", () => {
  const write = makeWrite("zero-string", "string")
  expect(write("row", unset, (name) => name === "name" || name === "next")).toEqual({ name: "", next: false })
})
