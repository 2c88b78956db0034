import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { PassThrough } from "node:stream"
import { beforeEach, describe, expect, it } from "vitest"
import { type ArchiveFolder, filesBelow, fillWorld, makeArchiveFolder } from "../testing/archiveFolder.ts"
import { makeWorld, recordingAt, type World } from "../testing/memoryProvider.ts"

const march = ["--from", "2026-03-01", "--to", "2026-04-01"]

let world: World
let at: ArchiveFolder
beforeEach(async () => {
  world = makeWorld()
  fillWorld(world)
  at = await makeArchiveFolder(world)
  await at.run("sync", ...march)
})
const erase = (...argv: ReadonlyArray<string>) => at.run("erase", "office:a", "--reason", "request 17", ...argv)
const textsBelow = async (folder: string): Promise<ReadonlyArray<string>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "utf8")))
}
const filesOfA = async () => Object.keys(await filesBelow(at.archive)).filter((path) => path.includes("_a."))

describe("erase", () => {
  it("takes audio and vCon out of the archive, and later runs do not bring them back", async () => {
    expect(await filesOfA()).toHaveLength(2)
    const run = await erase("--yes", "--json")
    expect(run).toMatchObject({ code: 0, err: "" })
    expect(run.json).toEqual([{ source: "office", id: "a", erased: true }])
    expect(await filesOfA()).toEqual([])
    const again = await at.run("sync", ...march, "--json")
    expect(again.json).toMatchObject([{ listed: 4, archived: 4, fetched: 0 }])
    expect(await filesOfA()).toEqual([])
    expect((await at.run("list", "--archive", "--json")).json).toHaveLength(4)
    expect((await at.run("export", "--ndjson", "-")).json).toHaveLength(4)
    expect((await at.run("verify")).code).toBe(0)
  })

  it("leaves nothing of the people in it, not in the ledger's bytes either", async () => {
    world.recordings.push(
      recordingAt("office", "secret", "2026-03-06T10:00:00Z", { raw: { caller: "Marguerite Yourcenar" } })
    )
    await at.run("sync", ...march)
    const withName = async () =>
      (await textsBelow(at.archive)).filter((text) => text.includes("Marguerite Yourcenar")).length
    expect(await withName()).toBe(2)
    await at.run("erase", "office:secret", "--reason", "request 17", "--yes")
    expect(await withName()).toBe(0)
  })

  it("says it in text", async () => {
    expect(await erase("--yes")).toMatchObject({ code: 0, out: "erased office:a\n", err: "" })
  })

  it("finds ids with colons", async () => {
    const run = await at.run("erase", "office:a:b", "--reason", "x", "--yes", "--json")
    expect(run).toMatchObject({ code: 4, errors: [{ error: { reason: "NotFound", operation: "erase" } }] })
    expect(run.err).toContain("office:a:b")
  })

  it.each([
    [["office:zz", "--reason", "x", "--yes"], 4, "the archive has no recording office:zz"],
    [["office", "--reason", "x", "--yes"], 2, "KEY: must be SOURCE:ID"],
    [[":a", "--reason", "x", "--yes"], 2, "KEY: must be SOURCE:ID"],
    [["office:", "--reason", "x", "--yes"], 2, "KEY: must be SOURCE:ID"],
    [["office:a", "--yes"], 2, "--reason is missing"],
    [["--reason", "x", "--yes"], 2, "KEY is missing"],
    [["office:a", "--reason", "x"], 2, "nobody can be asked"],
    [["office:a", "--raeson", "x"], 2, "unknown option --raeson; did you mean --reason?"]
  ])("refuses %j with %i", async (argv, code, message) => {
    const run = await at.run("erase", ...argv, "--json")
    expect(run).toMatchObject({ code, out: "", errors: [{ error: { operation: "erase" } }] })
    expect(run.errors[0]).toHaveProperty("error.message", expect.stringContaining(message))
    expect(await filesOfA()).toHaveLength(2)
  })
})

describe("erase on a terminal", () => {
  const terminal = { isTerminal: { stdin: true, stderr: true } }

  it.each([
    ["y\n", 0],
    ["YES\n", 0],
    ["n\n", 2],
    ["\n", 2],
    ["", 2]
  ])("%j ends with %i", async (input, code) => {
    const run = await at.runWith({ ...terminal, input }, "erase", "office:a", "--reason", "request 17")
    expect(run.code).toBe(code)
    expect(run.err).toContain("Erase office:a from the archive, audio and personal data, for good? [y/N]")
    expect(await filesOfA()).toHaveLength(code === 0 ? 0 : 2)
  })

  it("can be interrupted while it asks", async () => {
    const interruption = new AbortController()
    const asking = at.runWith(
      { ...terminal, stdin: new PassThrough(), signal: interruption.signal },
      "erase",
      "office:a",
      "--reason",
      "request 17"
    )
    setTimeout(() => interruption.abort(), 50)
    expect(await asking).toMatchObject({ code: 130, out: "" })
    expect(await filesOfA()).toHaveLength(2)
  })
})

describe("hold", () => {
  const hold = (...argv: ReadonlyArray<string>) => at.run("hold", "office:a", ...argv)

  it("keeps a recording from being erased until it is released", async () => {
    const held = await hold("--reason", "case 17", "--json")
    expect(held).toMatchObject({ code: 0, err: "" })
    expect(held.json).toEqual([{ source: "office", id: "a", held: true }])
    const refused = await erase("--yes", "--json")
    expect(refused).toMatchObject({ code: 3, out: "", errors: [{ error: { reason: "OnHold", operation: "erase" } }] })
    expect(refused.err).toContain("on hold (case 17)")
    expect(await filesOfA()).toHaveLength(2)
    expect((await hold("--release", "--json")).json).toEqual([{ source: "office", id: "a", held: false }])
    expect((await erase("--yes")).code).toBe(0)
  })

  it("says it in text", async () => {
    expect(await hold("--reason", "case 17")).toMatchObject({ code: 0, out: "held office:a\n", err: "" })
    expect(await hold("--release")).toMatchObject({ code: 0, out: "released office:a\n", err: "" })
  })

  it.each([
    [["office:zz", "--reason", "x"], 4, "the archive has no recording office:zz"],
    [["office:zz", "--release"], 4, "the archive has no recording office:zz"],
    [["office:a"], 2, "--reason is missing"],
    [["a", "--reason", "x"], 2, "KEY: must be SOURCE:ID"]
  ])("refuses %j with %i", async (argv, code, message) => {
    const run = await at.run("hold", ...argv, "--json")
    expect(run).toMatchObject({ code, out: "", errors: [{ error: { operation: "hold" } }] })
    expect(run.errors[0]).toHaveProperty("error.message", expect.stringContaining(message))
  })
})
