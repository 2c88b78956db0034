import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

const root = join(import.meta.dirname, "..")
const folder = mkdtempSync(join(tmpdir(), "callreel-tools-"))

beforeAll(() => {
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"))
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }))
  const project = {
    extends: join(root, "tsconfig.base.json"),
    compilerOptions: { outDir: "dist", types: ["node"] },
    include: ["*.ts"]
  }
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(project))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Verdict {
  readonly status: number | null
  readonly output: string
}

/** What a tool with this repository's settings says of one file. */
const judge = (text: string, tool: string, ...parameters: ReadonlyArray<string>): Verdict => {
  writeFileSync(join(folder, "a.ts"), text)
  const { status, stdout, stderr } = spawnSync(join(root, "node_modules/.bin", tool), parameters, {
    cwd: folder,
    encoding: "utf8"
  })
  return { status, output: `${stdout}${stderr}` }
}

const accepted = `import { Effect } from "effect"

export const greet = (name: string): Effect.Effect<string> => Effect.succeed(\`hello \${name}\`)
`

describe.each([
  ["tsc", ["-b"]],
  ["oxlint", ["-c", join(root, ".oxlintrc.json"), "a.ts"]],
  ["oxfmt", ["-c", join(root, ".oxfmtrc.json"), "--check", "a.ts"]]
])("%s", (tool, parameters) => {
  it("accepts a file in the style of the house", () => {
    expect(judge(accepted, tool, ...parameters)).toMatchObject({ status: 0 })
  })
})

describe("tsc refuses", () => {
  it.each([
    ["floatingEffect", 'export const a = () => { Effect.log("lost") }'],
    ["tryCatchInEffectGen", "export const a = Effect.gen(function*() { try { yield* b } catch {} return 1 })"],
    ["missingReturnYieldStar", "export const a = Effect.gen(function*() { yield* b; yield* Effect.fail(1) })"],
    ["missingStarInYieldEffectGen", "export const a = Effect.gen(function*() { yield b; return 1 })"],
    ["missingEffectError", "export const a: Effect.Effect<never> = Effect.fail(1)"],
    ["globalTimersInEffect", "export const a = Effect.gen(function*() { yield* b; setTimeout(() => 1, 1) })"]
  ])("%s", (rule, text) => {
    const preamble = 'import { Effect } from "effect"\nexport const b = Effect.log("b")\n'
    const { status, output } = judge(`${preamble}${text}\n`, "tsc", "-b")
    expect(output).toContain(`effect(${rule})`)
    expect(status).not.toBe(0)
  })

  it.each([
    ["an index that may be missing", "export const a = (b: ReadonlyArray<number>): number => b[0]", "TS2322"],
    ["an optional key set to undefined", "export const a: { b?: number } = { b: undefined }", "TS2375"],
    ["syntax that cannot be stripped", "export enum A { b }", "TS1294"],
    ["a type imported as a value", 'import { Duration } from "effect/Duration"\nexport type A = Duration', "TS1484"]
  ])("%s", (_, text, code) => {
    const { status, output } = judge(text, "tsc", "-b")
    expect(output).toContain(code)
    expect(status).not.toBe(0)
  })
})

describe("oxlint refuses", () => {
  it.each([
    ["typescript(no-explicit-any)", "export const a = (b: any): number => Number(b)"],
    ["typescript(no-unnecessary-type-assertion)", "export const a = (b: string): string => b as string"],
    ["typescript(no-non-null-assertion)", "export const a = (b?: string): string => b!"],
    ["typescript(no-floating-promises)", "export const a = (b: Promise<void>): void => {\n  b\n}"],
    ["eslint(no-restricted-properties)", "export const a = Date.now()"],
    ["eslint(eqeqeq)", "export const a = (b: number): boolean => b == 1"],
    ["import(no-default-export)", "export default 1"]
  ])("%s", (rule, text) => {
    const { status, output } = judge(`${text}\n`, "oxlint", "-c", join(root, ".oxlintrc.json"), "a.ts")
    expect(output).toContain(rule)
    expect(status).not.toBe(0)
  })
})

describe("oxfmt refuses", () => {
  it.each([
    ["semicolons", "export const a = 1;\n"],
    ["single quotes", "export const a = 'a'\n"],
    [
      "trailing commas",
      'export const a = [\n  "a".repeat(60),\n  "b".repeat(60),\n  "c".repeat(60),\n  "d".repeat(60),\n]\n'
    ],
    ["lines over 120 columns", `export const a = call(${Array.from({ length: 30 }, () => "12345").join(", ")})\n`]
  ])("%s", (_, text) => {
    expect(judge(text, "oxfmt", "-c", join(root, ".oxfmtrc.json"), "--check", "a.ts").status).not.toBe(0)
  })
})
