import { describe, expect, it } from "vitest"
import { packageArrows } from "./packageArrows.ts"
import { packages, violationsOf } from "./violationsOf.ts"

const workspace = packages("recording", "transport", "testkit", "archive", "vcon", "cli", "virtual-pbx", "webitel")

const importing = (path: string, specifier: string): ReadonlyArray<string> =>
  violationsOf(packageArrows, { ...workspace, [path]: `\nimport { a } from "${specifier}"\n` })

describe("packageArrows", () => {
  it.each([
    ["packages/transport/src/a.ts", "@callreel/recording"],
    ["packages/virtual-pbx/src/a.ts", "@callreel/recording"],
    ["packages/virtual-pbx/src/a.ts", "@callreel/transport"],
    ["packages/testkit/src/a.ts", "@callreel/recording"],
    ["packages/archive/src/a.ts", "@callreel/recording"],
    ["packages/vcon/src/a.ts", "@callreel/recording"],
    ["packages/cli/src/a.ts", "@callreel/archive"],
    ["packages/cli/src/a.ts", "@callreel/vcon"],
    ["packages/cli/src/a.ts", "@callreel/virtual-pbx"],
    ["packages/virtual-pbx/src/a.test.ts", "@callreel/testkit"],
    ["packages/recording/test/a.ts", "@callreel/testkit"],
    ["packages/cli/src/a.test.ts", "@callreel/testkit"],
    ["packages/archive/src/a.test.ts", "@callreel/virtual-pbx"],
    ["packages/recording/src/a.test.ts", "@callreel/recording"],
    ["packages/recording/src/a.ts", "effect"],
    ["packages/recording/src/a.ts", "./internal/b.ts"],
    ["examples/list.ts", "@callreel/virtual-pbx"]
  ])("lets %s import %s", (path, specifier) => {
    expect(importing(path, specifier)).toEqual([])
  })

  it.each([
    ["packages/recording/src/a.ts", "@callreel/transport", "recording (recording) must not depend on transport"],
    ["packages/recording/src/a.ts", "@callreel/testkit", "it may use no other package"],
    ["packages/transport/src/a.ts", "@callreel/virtual-pbx", "virtual-pbx (adapter)"],
    ["packages/transport/src/a.ts", "@callreel/testkit", "testkit (testkit)"],
    ["packages/testkit/src/a.ts", "@callreel/transport", "transport (transport)"],
    ["packages/testkit/src/a.ts", "@callreel/virtual-pbx", "virtual-pbx (adapter)"],
    ["packages/archive/src/a.ts", "@callreel/virtual-pbx", "virtual-pbx (adapter)"],
    ["packages/archive/src/a.ts", "@callreel/transport", "transport (transport)"],
    ["packages/vcon/src/a.ts", "@callreel/archive", "archive (archive)"],
    ["packages/virtual-pbx/src/a.ts", "@callreel/webitel", "webitel (adapter)"],
    ["packages/virtual-pbx/src/a.test.ts", "@callreel/webitel", "webitel (adapter)"],
    ["packages/virtual-pbx/src/a.ts", "@callreel/testkit", "testkit (testkit)"],
    ["packages/virtual-pbx/src/a.ts", "callreel", "cli (cli)"],
    ["packages/cli/src/a.ts", "@callreel/testkit", "testkit (testkit)"],
    ["packages/cli/src/a.ts", "../../archive/src/index.ts", "leaves the package cli"]
  ])("forbids %s to import %s", (path, specifier, message) => {
    const violations = importing(path, specifier)
    expect(violations).toHaveLength(1)
    expect(violations[0]).toContain(`${path}:2: `)
    expect(violations[0]).toContain(message)
  })

  it.each([
    ['export * from "@callreel/transport"'],
    ['export { a } from "@callreel/transport"'],
    ['import type { A } from "@callreel/transport"'],
    ['const a = await import("@callreel/transport")'],
    ['type A = import("@callreel/transport").A']
  ])("sees every way to import: %s", (text) => {
    expect(violationsOf(packageArrows, { ...workspace, "packages/vcon/src/a.ts": text })).toHaveLength(1)
  })

  it.each([
    ['// import { a } from "@callreel/transport"'],
    ['/* import { a } from "@callreel/transport" */'],
    ["const text = 'import { a } from \"@callreel/transport\"'"],
    ['const text = `import { a } from "@callreel/transport"`']
  ])("is not misled by comments and strings: %s", (text) => {
    expect(violationsOf(packageArrows, { ...workspace, "packages/vcon/src/a.ts": text })).toEqual([])
  })

  it.each([
    ["dependencies", "@callreel/transport", 1],
    ["peerDependencies", "@callreel/transport", 1],
    ["dependencies", "@callreel/testkit", 1],
    ["devDependencies", "@callreel/testkit", 0],
    ["devDependencies", "@callreel/transport", 1],
    ["dependencies", "@callreel/recording", 0]
  ])("checks the manifest's %s on %s", (field, name, count) => {
    const manifest = { name: "@callreel/vcon", [field]: { [name]: "workspace:^" } }
    const violations = violationsOf(packageArrows, { ...workspace, "packages/vcon/package.json": manifest })
    expect(violations).toHaveLength(count)
    for (const violation of violations) expect(violation).toContain(`packages/vcon/package.json:4: ${field}: vcon`)
  })
})
