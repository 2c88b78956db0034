import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { publint } from "publint"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { command } from "./command.ts"
import { installedVersion, packAll, publishedPackages, root } from "./tarballs.ts"

const oldestNode = "22.23.3"
const nodePackage = `node-${process.platform}-${process.arch}`

const folder = mkdtempSync(join(tmpdir(), "callreel-pack-"))
const project = join(folder, "project")
const libraries = publishedPackages.filter(({ isLibrary }) => isLibrary)

/** Imports every library and uses the contract: what a user's first ten lines do. */
const program = [
  ...libraries.map(({ name }, index) => `import * as library${index} from "${name}"`),
  'import { Recording } from "@callreel/recording"',
  `const libraries = [${libraries.map((_, index) => `library${index}`).join(", ")}]`,
  "const areEmpty = libraries.map((library) => Object.keys(library).length === 0)",
  'const decoded = Recording.decode({ source: "office", kind: "no such kind" })._tag',
  "console.log(JSON.stringify({ areEmpty, decoded }))"
].join("\n")

const someSecret = { env: "HOME" }

/** A source of every vendor. */
const configuration = {
  sources: {
    office: {
      provider: "virtual-pbx",
      baseUrl: "https://pbx.example",
      clientId: "1",
      clientSecret: someSecret
    },
    us: { provider: "ringcentral", clientId: "1", clientSecret: someSecret, jwt: someSecret },
    centre: { provider: "webitel", baseUrl: "https://webitel.example", accessToken: someSecret }
  }
}

const installProject = (): void => {
  const dependencies = Object.fromEntries([
    ...publishedPackages.map(({ name, tarball }) => [name, `file:${join(folder, tarball)}`]),
    ["effect", installedVersion("effect")],
    [nodePackage, oldestNode]
  ])
  mkdirSync(project)
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module", dependencies }))
  writeFileSync(join(project, "program.js"), program)
  writeFileSync(join(project, "program.ts"), program)
  writeFileSync(join(project, "callreel.json"), JSON.stringify(configuration))
  command(project, "npm", "install", "--no-audit", "--no-fund")
}

beforeAll(() => {
  packAll(folder)
  installProject()
}, 180_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(publishedPackages)("the package $name", ({ tarball }) => {
  const path = join(folder, tarball)

  it("contains licence, readme and build, and no tests", () => {
    const files = command(folder, "tar", "-tzf", path).trim().split("\n")
    const wanted = ["package.json", "LICENSE", "README.md", "dist/index.js", "dist/index.d.ts", "src/index.ts"]
    expect(wanted.filter((file) => !files.includes(`package/${file}`))).toEqual([])
    expect(files.filter((file) => /\.test\.|\/test\/|tsbuildinfo/.test(file))).toEqual([])
  })

  it("is accepted by publint", async () => {
    const { messages } = await publint({ pack: { tarball: new Uint8Array(readFileSync(path)).buffer }, strict: true })
    expect(messages).toEqual([])
  })

  it("resolves to its types for every importer (attw)", () => {
    const attw = join(root, "node_modules/.bin/attw")
    expect(command(root, attw, "--profile", "esm-only", "--format", "ascii", path)).toContain(
      "node16 (from ESM): 🟢 (ESM)"
    )
  })
})

describe("an empty project with all packages", () => {
  describe.each([
    ["the workspace's Node", process.execPath],
    [`Node ${oldestNode}`, join(project, "node_modules", nodePackage, "bin/node")]
  ])("under %s", (_, node) => {
    it("runs a program that imports every library", () => {
      const printed: unknown = JSON.parse(command(project, node, "program.js"))
      expect(printed).toEqual({ areEmpty: libraries.map(() => false), decoded: "Left" })
    })

    it.each(publishedPackages.filter(({ isLibrary }) => !isLibrary))("runs $name --version", ({ name, version }) => {
      expect(command(project, node, `node_modules/.bin/${name}`, "--version")).toContain(version)
    })

    it("runs the command with sources of every vendor", () => {
      const lines = command(project, node, "node_modules/.bin/callreel", "sources", "--json").trim().split("\n")
      const printed = lines.map((line): unknown => JSON.parse(line))
      expect(printed).toMatchObject([
        { source: "office", provider: "virtual-pbx" },
        { source: "us", provider: "ringcentral" },
        { source: "centre", provider: "webitel" }
      ])
    })
  })

  it("type-checks, the packages' declarations included", () => {
    const options = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2024", "--types", ""]
    expect(command(project, join(root, "node_modules/.bin/tsc"), ...options, "program.ts")).toBe("")
  })
})
