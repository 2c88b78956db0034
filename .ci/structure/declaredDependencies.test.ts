import { describe, expect, it } from "vitest"
import { declaredDependencies } from "./declaredDependencies.ts"
import { violationsOf } from "./violationsOf.ts"

const manifest = {
  name: "@callreel/vcon",
  dependencies: { "io-ts": "catalog:" },
  peerDependencies: { effect: "^4.1.0" },
  devDependencies: { vitest: "catalog:" }
}

const importing = (file: string, specifier: string): ReadonlyArray<string> =>
  violationsOf(declaredDependencies, {
    "packages/vcon/package.json": manifest,
    [`packages/vcon/${file}`]: `import { a } from "${specifier}"`
  })

describe("declaredDependencies", () => {
  it.each([
    ["src/a.ts", "io-ts/lib/PathReporter.js"],
    ["src/a.ts", "effect/testing"],
    ["src/a.ts", "node:fs"],
    ["src/a.ts", "fs"],
    ["src/a.ts", "@callreel/vcon"],
    ["src/a.ts", "./b.ts"],
    ["src/a.test.ts", "vitest"],
    ["bench/a.ts", "vitest"]
  ])("lets %s import %s", (file, specifier) => {
    expect(importing(file, specifier)).toEqual([])
  })

  it.each([
    ["src/a.ts", "vitest"],
    ["src/internal/a.ts", "fp-ts/lib/Either.js"],
    ["src/a.ts", "@callreel/recording"]
  ])("forbids %s to import %s", (file, specifier) => {
    expect(importing(file, specifier)).toEqual([expect.stringContaining("is not in the dependencies of packages/vcon")])
  })
})
