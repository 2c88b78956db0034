import { describe, expect, it } from "vitest"
import { moduleSpecifiers } from "./moduleSpecifiers.ts"
import { violationsOf } from "./violationsOf.ts"

const importing = (specifier: string): ReadonlyArray<string> =>
  violationsOf(moduleSpecifiers, { "packages/a/src/a.ts": `import { a } from "${specifier}"` }, [
    "fp-ts",
    "io-ts",
    "@x/y"
  ])

describe("moduleSpecifiers", () => {
  it.each([
    ["fp-ts/Either", "fp-ts/lib/Either.js"],
    ["io-ts/PathReporter", "io-ts/lib/PathReporter.js"],
    ["fp-ts/lib/Either", "name the file"],
    ["@x/y/deep", "@x/y/lib/deep.js"],
    ["./b", "write ./name.ts"],
    ["./b.js", "write ./name.ts"],
    ["..", "write ./name.ts"],
    ["../internal", "write ./name.ts"]
  ])("forbids %s", (specifier, message) => {
    expect(importing(specifier)).toEqual([expect.stringContaining(message)])
  })

  it.each([
    ["fp-ts/lib/Either.js"],
    ["io-ts/lib/PathReporter.js"],
    ["io-ts"],
    ["@x/y"],
    ["effect/testing"],
    ["node:fs/promises"],
    ["./b.ts"],
    ["../internal/b.ts"],
    ["./data.json"]
  ])("allows %s", (specifier) => {
    expect(importing(specifier)).toEqual([])
  })
})
