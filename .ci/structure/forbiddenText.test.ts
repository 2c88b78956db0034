import { describe, expect, it } from "vitest"
import { forbiddenText } from "./forbiddenText.ts"
import { violationsOf } from "./violationsOf.ts"

// Put together here, so that this file does not contain what it forbids
const outside = ["..", "shared", "design.md"].join("/")
const host = ["registry", "npmjs", "org"].join(".")
const otherHost = ["npm", "pkg", "github", "com"].join(".")
const machine = (...segments: ReadonlyArray<string>): string => ["", ...segments].join("/")

describe("forbiddenText", () => {
  it.each([
    ["README.md", `as ${outside} says`, "stands alone"],
    ["packages/a/src/a.ts", `const path = "../../${outside}"`, "stands alone"],
    ["pnpm-lock.yaml", `tarball: https://${host}/effect.tgz`, "registry"],
    [".npmrc", `@callreel:${["registry", "https://example.test/"].join("=")}`, "registry"],
    [".ci/run", `npm install --registry https://${otherHost}`, "registry"],
    ["packages/a/src/a.ts", `const path = "${machine("root", "a.wav")}"`, "absolute path"],
    ["docs/a.md", `see ${machine("work", "main")}`, "absolute path"],
    ["a.json", `{ "a": "${machine("home", "me")}" }`, "absolute path"]
  ])("forbids in %s: %s", (path, text, message) => {
    expect(violationsOf(forbiddenText, { [path]: path.endsWith(".json") ? text : `\n${text}` })).toEqual([
      expect.stringContaining(message)
    ])
  })

  it.each([
    ["a.ts", 'import { a } from "../sharedLink.ts"'],
    ["a.ts", "const url = `https://pbx.example/home/page`"],
    ["a.ts", "const url = `${base}/work/items`"],
    ["a.ts", 'const path = "./home/a" + "node/root/a"'],
    ["README.md", "the package registries, npm's or your own"]
  ])("allows in %s: %s", (path, text) => {
    expect(violationsOf(forbiddenText, { [path]: text })).toEqual([])
  })
})
