import { describe, expect, it } from "@effect/vitest"
import { isArchivePath } from "./archivePath.ts"

describe("isArchivePath", () => {
  it.each(["us/2026/03/01/a.mp3", "proofs/us/a.json", "a", "a/..b", "a/b..", ".hidden", "a/.callreel/b", "a/ü", "a/ "])(
    "takes %j",
    (path) => expect(isArchivePath(path)).toBe(true)
  )

  it.each([
    "",
    ".",
    "..",
    "/a",
    "a/",
    "a//b",
    "a/./b",
    "a/../b",
    "../a",
    "a/..",
    "a\0b",
    "a\\b",
    "C:/a",
    ".callreel",
    ".callreel/ledger.sqlite",
    ".CallReel/partial/x"
  ])("refuses %j", (path) => expect(isArchivePath(path)).toBe(false))
})
