import { describe, expect, it } from "vitest"
import { parseRange } from "./byteRange.ts"

describe("a Range header for a file of 100 bytes", () => {
  it.each([
    [undefined, "whole"],
    ["bytes=0-9", [0, 10]],
    ["bytes=90-", [90, 100]],
    ["bytes=90-500", [90, 100]],
    ["bytes=-10", [90, 100]],
    ["bytes=-500", [0, 100]],
    ["bytes=0-9,20-29", "whole"],
    ["bytes=100-", "beyond"],
    ["bytes=500-600", "beyond"],
    ["bytes=500-,0-9", [0, 10]],
    ["bytes=9-0", "malformed"],
    ["bytes=a-b", "malformed"],
    ["items=0-9", "malformed"],
    ["bytes", "malformed"]
  ])("%s: %j", (header, range) => {
    expect(parseRange(header, 100)).toEqual(range)
  })
})
