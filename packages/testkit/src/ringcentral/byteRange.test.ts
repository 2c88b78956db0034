import { describe, expect, it } from "vitest"
import { parseRange } from "./byteRange.ts"

describe("parseRange", () => {
  it.each([
    ["bytes=0-9", [0, 9]],
    ["bytes=10-", [10, 99]],
    ["bytes=90-500", [90, 99]],
    ["bytes=-10", [90, 99]],
    ["bytes=-500", [0, 99]],
    ["bytes=100-", [100, 99]],
    ["bytes=-0", [100, 99]]
  ])("of a file of 100 bytes reads %s", (header, expected) => {
    expect(parseRange(header, 100)).toEqual(expected)
  })

  it.each([undefined, "", "bytes=", "bytes=-", "bytes=9-1", "bytes=0-1,5-6", "items=0-1", "bytes=a-b"])(
    "ignores %s",
    (header) => {
      expect(parseRange(header, 100)).toBeUndefined()
    }
  )
})
