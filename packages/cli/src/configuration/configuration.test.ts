import { Redacted } from "effect"
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { makeWorld, memoryProviders } from "../testing/memoryProvider.ts"
import { makeFolder, runInFolder } from "../testing/runInFolder.ts"

const office = (options: object) => ({ sources: { office: { provider: "memory", ...options } } })

const list = ["list", "--from", "2026-03-01", "--to", "2026-04-01", "--json"]

const runWith = async (configuration: unknown, env: Record<string, string> = {}) => {
  const world = makeWorld()
  const folder = await makeFolder(configuration)
  const run = await runInFolder(folder, memoryProviders(world), list, {
    env: { CALLREEL_CACHE_DIR: join(folder, "c"), ...env }
  })
  return { run, world, folder }
}

describe("what is wrong with a configuration", () => {
  it.each([
    ["is missing", null, undefined, /there is no configuration at .*callreel\.json/],
    ["has a syntax error", '{\n  "sources": {,\n}', undefined, /callreel\.json: line 2, column 15: not JSON/],
    ["is no object", "5", undefined, /must be an object/],
    ["has no sources", {}, undefined, /sources: is missing/],
    ["has none in sources", { sources: {} }, undefined, /sources: has no source/],
    ["has an unknown key", { ...office({}), archiv: {} }, undefined, /archiv: is not an option; did you mean archive/],
    [
      "has an unknown key in archive",
      { ...office({}), archive: { url: "file:.", uri: 1 } },
      undefined,
      /archive\.uri: .*did you mean url/
    ],
    [
      "has a source with a bad name",
      { sources: { "Main Office": { provider: "memory" } } },
      "Main Office",
      /sources\.Main Office: a source's name/
    ],
    ["has a source without provider", { sources: { office: {} } }, "office", /sources\.office\.provider: must be text/],
    [
      "has a source that is no object",
      { sources: { office: 5 } },
      "office",
      /sources\.office: must be an object with a provider/
    ],
    [
      "names an unknown provider",
      { sources: { office: { provider: "pbx" } } },
      "office",
      /sources\.office\.provider: "pbx" is not known; known: memory/
    ],
    [
      "names a method of objects",
      { sources: { office: { provider: "toString" } } },
      "office",
      /"toString" is not known/
    ],
    [
      "has an unknown option",
      office({ regoin: "RU" }),
      "office",
      /sources\.office\.regoin: is not an option; did you mean region/
    ],
    ["has an option of another type", office({ region: 5 }), "office", /sources\.office\.region: must be string/],
    [
      "has a secret in plain text",
      office({ secret: "hunter2" }),
      "office",
      /sources\.office\.secret: must be a secret/
    ],
    [
      "names an unset variable",
      office({ secret: { env: "NOPE" } }),
      "office",
      /sources\.office\.secret: the environment variable NOPE is not set/
    ],
    ["names an empty variable", office({ secret: { env: "EMPTY" } }), "office", /variable EMPTY is empty/],
    [
      "names an absent file",
      office({ secret: { file: "nope" } }),
      "office",
      /sources\.office\.secret: the file .*\/nope cannot be read/
    ],
    [
      "names an unset variable deep inside",
      office({ deep: [{ secret: { env: "NOPE" } }] }),
      "office",
      /sources\.office\.deep\.0\.secret: .* NOPE/
    ]
  ])("%s", async (_, configuration, source, message) => {
    const { run, world } = await runWith(configuration, { EMPTY: "\n" })
    expect(run.code).toBe(2)
    expect(run.out).toBe("")
    expect(run.errors).toHaveLength(1)
    expect(run.errors[0]).toEqual({
      error: {
        reason: "InvalidOptions",
        operation: expect.stringMatching(/^(configure|make)$/),
        message: expect.stringMatching(message),
        ...(source === undefined ? {} : { source })
      }
    })
    expect(run.err).not.toContain("hunter2")
    expect(world.asked).toEqual([])
  })
})

describe("secrets", () => {
  it("come from the environment, without the line's end", async () => {
    const { run, world } = await runWith(office({ secret: { env: "PBX" } }), { PBX: "hunter2\n" })
    expect(run.code).toBe(0)
    expect(world.secrets.map((secret) => secret && Redacted.value(secret))).toEqual(["hunter2"])
  })

  it("come from files beside the configuration, wherever the command runs", async () => {
    const world = makeWorld()
    const folder = await makeFolder(null)
    await mkdir(join(folder, "etc"))
    await writeFile(
      join(folder, "etc", "own.json"),
      `\ufeff${JSON.stringify(office({ secret: { file: "pbx.secret" } }))}`
    )
    await writeFile(join(folder, "etc", "pbx.secret"), "two\nlines\r\n")
    const run = await runInFolder(folder, memoryProviders(world), [...list, "--config", "etc/own.json"])
    expect(run.code).toBe(0)
    expect(world.secrets.map((secret) => secret && Redacted.value(secret))).toEqual(["two\nlines"])
  })

  it("of sources that are not used are not read", async () => {
    const world = makeWorld()
    const folder = await makeFolder({
      sources: { office: { provider: "memory" }, us: { provider: "ringcentral", secret: { env: "NOPE" } } },
      archive: { url: "file:./archive", ledger: "ledger.sqlite" }
    })
    const run = await runInFolder(folder, memoryProviders(world), [...list, "--source", "office"])
    expect(run.code).toBe(0)
    expect(world.asked).toHaveLength(1)
  })
})
