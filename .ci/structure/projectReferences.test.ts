import { expect, it } from "vitest"
import { projectReferences } from "./projectReferences.ts"
import { packages, violationsOf } from "./violationsOf.ts"

const reference = (path: string): string => JSON.stringify({ references: [{ path }] })

it("accepts packages that both projects refer to", () => {
  expect(
    violationsOf(projectReferences, {
      ...packages("vcon"),
      "tsconfig.json": reference("packages/vcon"),
      ".ci/tsconfig.json": reference("../packages/vcon")
    })
  ).toEqual([])
})

it("finds a package that nobody would check", () => {
  expect(violationsOf(projectReferences, { ...packages("vcon"), "tsconfig.json": reference("packages/cli") })).toEqual([
    expect.stringContaining("tsconfig.json:1: packages/vcon is not checked"),
    expect.stringContaining(".ci/tsconfig.json:1: packages/vcon is not checked")
  ])
})
