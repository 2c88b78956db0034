import { describe, expect, it } from "vitest"
import { adapterFiles } from "./adapterFiles.ts"
import { packages, violationsOf } from "./violationsOf.ts"
import type { Files } from "./violationsOf.ts"

const source = "packages/virtual-pbx/src"

const adapter: Files = Object.fromEntries(
  [
    "VirtualPbxSource.ts",
    "VirtualPbxOptions.ts",
    "index.ts",
    "internal/wire.ts",
    "internal/map.ts",
    "internal/map.test.ts",
    "internal/errors.ts",
    "internal/errors.test.ts",
    "internal/api.ts"
  ].map((file) => [`${source}/${file}`, ""])
)

const check = (files: Files): ReadonlyArray<string> =>
  violationsOf(adapterFiles, { ...packages("virtual-pbx", "recording", "cli"), ...files })

const without = (file: string): Files =>
  Object.fromEntries(Object.entries(adapter).filter(([path]) => path !== `${source}/${file}`))

describe("adapterFiles", () => {
  it("accepts the common files, asks nothing of other packages", () => {
    expect(check(adapter)).toEqual([])
  })

  it("accepts one more file for a vendor's speciality", () => {
    expect(check({ ...adapter, [`${source}/internal/storageLink.ts`]: "" })).toEqual([])
  })

  it.each(Object.keys(adapter).map((path) => path.slice(source.length + 1)))("misses %s", (file) => {
    const violations = check(without(file))
    expect(violations).toHaveLength(1)
    expect(violations[0]).toContain(file === "VirtualPbxSource.ts" ? "<Vendor>Source.ts" : `${source}/${file}:1: `)
  })

  it("wants one vendor name in both files", () => {
    const violations = check({ ...without("VirtualPbxOptions.ts"), [`${source}/PbxOptions.ts`]: "" })
    expect(violations).toEqual([
      expect.stringContaining("VirtualPbxOptions.ts"),
      expect.stringContaining("PbxOptions.ts:1: every adapter has this file: rename it after VirtualPbxSource.ts")
    ])
  })

  it("wants one source per adapter", () => {
    expect(check({ ...adapter, [`${source}/OtherSource.ts`]: "" })).toEqual([expect.stringContaining("OtherSource.ts")])
  })

  it("wants the vendor in PascalCase", () => {
    expect(check({ ...without("VirtualPbxSource.ts"), [`${source}/virtualPbxSource.ts`]: "" })).toEqual([
      expect.stringContaining("PascalCase")
    ])
  })
})
