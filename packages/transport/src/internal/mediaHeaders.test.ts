import { describe, expect, it } from "vitest"
import { contentLengthOf, filenameOf, parseContentRange, strongTag } from "./mediaHeaders.ts"

describe("parseContentRange", () => {
  it.each([
    ["bytes 0-99/1234", { start: 0, end: 99, total: 1234 }],
    ["bytes 100-199/*", { start: 100, end: 199 }],
    ["BYTES 5-5/6", { start: 5, end: 5, total: 6 }],
    ["bytes */1234", undefined],
    ["bytes 5-4/10", undefined],
    ["bytes 0-10/10", undefined],
    ["bytes 0-99999999999999999999/*", undefined],
    ["items 0-1/2", undefined],
    ["", undefined],
    [null, undefined]
  ])("%s", (header, expected) => {
    expect(parseContentRange(header)).toEqual(expected)
  })
})

describe("filenameOf", () => {
  it.each([
    [`attachment; filename="2021-01-01_out_0541_ypgt.mp3"`, "2021-01-01_out_0541_ypgt.mp3"],
    [`attachment; filename=plain.mp3; size=5`, "plain.mp3"],
    [`attachment; filename="fallback.mp3"; filename*=UTF-8''%D0%B7%D0%B2.mp3`, "зв.mp3"],
    [`attachment; filename*=iso-8859-1'en'caf%E9.mp3`, "café.mp3"],
    [`attachment; filename*=UTF-8''%ff; filename="good.mp3"`, "good.mp3"],
    [`attachment; filename="../../etc/passwd"`, "passwd"],
    [`attachment; filename="C:\\temp\\call.mp3"`, "call.mp3"],
    [`attachment; filename*=UTF-8''..%2F..%2Fx.mp3`, "x.mp3"],
    [`attachment; filename="a\\"b;c.mp3"`, "a_b;c.mp3"],
    [`attachment; filename="01874*0541.mp3"`, "01874_0541.mp3"],
    [`attachment; filename="${Buffer.from("звонок.mp3").toString("latin1")}"`, "звонок.mp3"],
    [`attachment; filename="a\u0007b.mp3"`, "a_b.mp3"],
    [`attachment; filename=".."`, undefined],
    [`attachment; filename="dir/"`, undefined],
    [`attachment; filename=""`, undefined],
    ["attachment", undefined],
    [null, undefined]
  ])("%s → %s", (header, expected) => {
    expect(filenameOf(header)).toBe(expected)
  })
})

it("knows no length of an encoded body", () => {
  expect(contentLengthOf(new Headers({ "content-length": "12" }))).toBe(12)
  expect(contentLengthOf(new Headers({ "content-length": "12", "content-encoding": "gzip" }))).toBeUndefined()
  expect(contentLengthOf(new Headers({ "content-length": "-1" }))).toBeUndefined()
})

it("takes only strong entity tags", () => {
  expect(strongTag(new Headers({ etag: `"a"` }))).toBe(`"a"`)
  expect(strongTag(new Headers({ etag: `W/"a"` }))).toBeUndefined()
})
