import { describe, expect, it } from "vitest"
import { circularImports } from "./circularImports.ts"
import { violationsOf } from "./violationsOf.ts"

describe("circularImports", () => {
  it("finds two files that import each other", () => {
    expect(
      violationsOf(circularImports, {
        "packages/a/src/a.ts": 'import { b } from "./b.ts"',
        "packages/a/src/b.ts": '\nimport { a } from "./a.ts"'
      })
    ).toEqual([
      "packages/a/src/b.ts:2: circular import packages/a/src/a.ts → packages/a/src/b.ts → packages/a/src/a.ts: move what both need into a third file"
    ])
  })

  it.each([
    ["types", 'import type { A } from "./a.ts"'],
    ["inline types", 'import { type A } from "./a.ts"'],
    ["re-exports", 'export * from "./a.ts"'],
    ["dynamic imports", 'const a = await import("./a.ts")']
  ])("counts %s, also by way of a third file", (_, text) => {
    expect(
      violationsOf(circularImports, {
        "packages/a/src/a.ts": 'import { b } from "./internal/b.ts"',
        "packages/a/src/internal/b.ts": 'import { c } from "../c.ts"',
        "packages/a/src/c.ts": text
      })
    ).toHaveLength(1)
  })

  it("finds a file that imports itself", () => {
    expect(violationsOf(circularImports, { "a.ts": 'import { a } from "./a.ts"' })).toHaveLength(1)
  })

  it("finds each of two separate circles once", () => {
    expect(
      violationsOf(circularImports, {
        "a.ts": 'import "./b.ts"; import "./c.ts"',
        "b.ts": 'import "./a.ts"',
        "c.ts": 'import "./d.ts"',
        "d.ts": 'import "./c.ts"'
      })
    ).toHaveLength(2)
  })

  it("accepts a file imported by two others", () => {
    expect(
      violationsOf(circularImports, {
        "a.ts": 'import "./b.ts"; import "./c.ts"',
        "b.ts": 'import "./d.ts"',
        "c.ts": 'import "./d.ts"',
        "d.ts": 'import "effect"'
      })
    ).toEqual([])
  })
})
