import { expect, it } from "vitest"
import { parseSeconds, parseSize } from "./quantities.ts"

it.each([
  ["500", 500],
  ["64k", 64_000],
  ["10MB", 10_000_000],
  ["1.5 GiB", 1_610_612_736],
  ["2tb", 2e12],
  ["0", undefined],
  ["-1", undefined],
  ["1e3", undefined],
  ["MB", undefined],
  ["10 apples", undefined],
  ["", undefined]
])("a size of %j is %j bytes", (text, bytes) => {
  expect(parseSize(text)).toBe(bytes)
})

it.each([
  ["90", 90],
  ["90s", 90],
  ["30m", 1800],
  ["1h30m", 5400],
  ["0.5h", 1800],
  ["2d", 172_800],
  ["0", undefined],
  ["h", undefined],
  ["1h30", undefined],
  ["soon", undefined],
  ["", undefined]
])("a duration of %j is %j seconds", (text, seconds) => {
  expect(parseSeconds(text)).toBe(seconds)
})
