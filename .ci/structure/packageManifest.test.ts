import { describe, expect, it } from "vitest"
import { packageManifest } from "./packageManifest.ts"
import { violationsOf } from "./violationsOf.ts"

const internal = { "./internal/*": null }

const library = {
  name: "@callreel/vcon",
  version: "0.1.0",
  license: "MIT",
  type: "module",
  sideEffects: false,
  files: ["dist", "!dist/**/*.test.*", "!dist/**/*.tsbuildinfo", "src", "!src/**/*.test.ts", "README.md", "LICENSE"],
  exports: { ".": "./src/index.ts", "./package.json": "./package.json", ...internal },
  publishConfig: {
    exports: {
      ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./package.json": "./package.json",
      ...internal
    }
  },
  engines: { node: ">=22" },
  scripts: { build: "tsc -b" },
  dependencies: { "@callreel/recording": "workspace:^", "io-ts": "catalog:" },
  peerDependencies: { effect: "^4.1.0" },
  devDependencies: { effect: "catalog:", "@callreel/testkit": "workspace:*" }
}

const check = (change: object, folder = "vcon"): ReadonlyArray<string> =>
  violationsOf(packageManifest, {
    [`packages/${folder}/package.json`]: { ...library, ...change },
    [`packages/${folder}/README.md`]: "# vcon"
  })

describe("packageManifest", () => {
  it("accepts a library", () => {
    expect(check({})).toEqual([])
  })

  it("lets the command depend on effect and have no internals", () => {
    const { "./internal/*": _, ...exports } = library.exports
    const { "./internal/*": __, ...published } = library.publishConfig.exports
    const command = {
      exports,
      publishConfig: { exports: published },
      peerDependencies: {},
      dependencies: { effect: "catalog:" }
    }
    expect(check(command, "cli")).toEqual([])
    expect(check(command, "vcon")).toHaveLength(3)
  })

  it.each([
    ["type", { type: "commonjs" }, 'type: set it to "module"'],
    ["licence", { license: "ISC" }, 'license: set it to "MIT"'],
    ["engines", { engines: { node: ">=18" } }, "engines: set it to"],
    ["build", { scripts: {} }, "scripts: set it to"],
    ["tests in the package", { files: library.files.filter((file) => file !== "!dist/**/*.test.*") }, "files: add"],
    [
      "open internals",
      { exports: { ...library.exports, "./internal/*": "./src/internal/*.ts" } },
      '"./internal/*": null'
    ],
    ["built development exports", { exports: { ...library.exports, ".": "./dist/index.js" } }, "points at ./src/*.ts"],
    [
      "published sources",
      { publishConfig: { exports: { ...library.publishConfig.exports, ".": "./src/index.ts" } } },
      '"types": "./dist/*.d.ts"'
    ],
    ["an unpublished entry", { exports: { ...library.exports, "./a": "./src/a.ts" } }, "the same keys"],
    ["no peer", { peerDependencies: {} }, "add effect"],
    ["effect as dependency", { dependencies: { effect: "catalog:" } }, "move effect to peerDependencies"],
    ["a version of its own", { dependencies: { "io-ts": "2.2.22" } }, 'write "catalog:"'],
    ["a range", { devDependencies: { vitest: "^5.0.0" } }, 'write "catalog:"']
  ])("refuses %s", (_, change, message) => {
    expect(check(change)).toEqual([expect.stringContaining(message)])
  })

  it("wants a README", () => {
    expect(violationsOf(packageManifest, { "packages/vcon/package.json": library })).toEqual([
      expect.stringContaining("write packages/vcon/README.md")
    ])
  })

  it("wants one version everywhere", () => {
    const violations = violationsOf(packageManifest, {
      "packages/vcon/package.json": library,
      "packages/vcon/README.md": "",
      "packages/archive/package.json": { ...library, name: "@callreel/archive", version: "0.2.0" },
      "packages/archive/README.md": ""
    })
    expect(violations).toEqual([expect.stringContaining("one version"), expect.stringContaining("one version")])
  })
})
