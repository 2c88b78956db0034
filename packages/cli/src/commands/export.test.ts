import { Gone } from "@callreel/recording"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { beforeEach, describe, expect, it } from "vitest"
import { type ArchiveFolder, filesBelow, fillWorld, makeArchiveFolder } from "../testing/archiveFolder.ts"
import { makeWorld, type World } from "../testing/memoryProvider.ts"

const march = ["--from", "2026-03-01", "--to", "2026-04-01"]

let world: World
let at: ArchiveFolder
beforeEach(async () => {
  world = makeWorld()
  fillWorld(world)
  world.failures.set("us:audio:d", new Gone({ why: "expired", detail: "kept for 90 days" }))
  at = await makeArchiveFolder(world)
  await at.run("sync", ...march)
  world.asked.length = 0
})
const textOf = (file: string) => readFile(join(at.folder, file), "utf8")

describe("export --bagit", () => {
  it("makes a bag of the audio, the vCons and the proofs, and prints what is in it", async () => {
    const run = await at.run("export", "--bagit", "out/bag", "--json")
    expect(run.code).toBe(0)
    const files = await filesBelow(join(at.folder, "out/bag"))
    const payload = Object.keys(files).filter((path) => path.startsWith("data/"))
    expect(payload).toHaveLength(8)
    const bytes = Number(/^Payload-Oxum: (\d+)\.8$/m.exec(await textOf("out/bag/bag-info.txt"))?.[1])
    expect(run.json).toEqual([{ bag: "out/bag", recordings: 4, files: 8, bytes }])
    expect(run.err).toMatch(/^out\/bag: 4 recordings, 8 files, [\d.]+ kB\n$/)
    expect(bytes).toBeGreaterThan(4 * 23)
    expect(Object.keys(files)).toContain("proofs/us/20260301T000000Z_20260401T000000Z.json")
    expect(await textOf("out/bag/bag-info.txt")).toContain("callreel 0.1.0")
    expect(world.asked).toEqual([])
  })

  it("says in text how much it is", async () => {
    const run = await at.run("export", "--bagit", "bag", "--source", "us")
    expect(run).toMatchObject({ code: 0, err: "" })
    expect(run.out).toMatch(/^bag: 1 recordings, 2 files, [\d.]+ (bytes|kB)\n$/)
  })

  it("ends with 8 and names the file where the archive has not what it should", async () => {
    await writeFile(join(at.archive, "office/2026/03/01/20260301T100000Z_inbound_a.mp3"), "other")
    const run = await at.run("export", "--bagit", "bag", "--json")
    expect(run).toMatchObject({ code: 8, out: "", errors: [{ error: { reason: "Destination", operation: "export" } }] })
    expect(run.err).toContain("20260301T100000Z_inbound_a.mp3")
    expect(Object.keys(await filesBelow(at.folder)).filter((path) => path.startsWith("bag"))).toEqual([])
  })
})

describe("export --ndjson", () => {
  it("has a line a recording, with what the archive has of it", async () => {
    const run = await at.run("export", "--ndjson", "out/list.ndjson", "--json")
    expect(run).toMatchObject({ code: 0, json: [{ file: "out/list.ndjson", recordings: 5 }] })
    const lines = (await textOf("out/list.ndjson")).trimEnd().split("\n")
    const recordings = lines.map((line): unknown => JSON.parse(line))
    expect(recordings).toMatchObject([
      { source: "office", id: "a", archive: { state: "archived", bytes: 23, mediaType: "audio/mpeg" } },
      { source: "us", id: "b" },
      { source: "office", id: "c" },
      { source: "us", id: "d", archive: { state: "unavailable", reason: "expired" } },
      { source: "office", id: "e" }
    ])
  })

  it("goes to stdout with nothing else on it", async () => {
    const run = await at.run("export", "--ndjson", "-", ...march, "--source", "us", "--json")
    expect(run).toMatchObject({ code: 0, err: "" })
    expect(run.json).toMatchObject([{ id: "b" }, { id: "d" }])
    expect(run.out.trimEnd().split("\n")).toHaveLength(2)
  })

  it("says in text how many there are, and overwrites nothing", async () => {
    expect(await at.run("export", "--ndjson", "list")).toMatchObject({ code: 0, out: "list: 5 recordings\n", err: "" })
    const again = await at.run("export", "--ndjson", "list", "--json")
    expect(again).toMatchObject({ code: 8, out: "", errors: [{ error: { reason: "Destination" } }] })
    expect(again.err).toContain("it exists already")
  })
})

describe("export --vcon", () => {
  it("copies the vCons alone", async () => {
    const run = await at.run("export", "--vcon", "vcons", "--from", "2026-03-02", "--to", "2026-03-05", "--json")
    const files = Object.keys(await filesBelow(join(at.folder, "vcons")))
    expect(files).toEqual([
      "office/2026/03/03/20260303T100000Z_inbound_c.vcon.json",
      "us/2026/03/02/20260302T100000Z_inbound_b.vcon.json"
    ])
    const sizes = await Promise.all(files.map(async (file) => (await textOf(`vcons/${file}`)).length))
    expect(run).toMatchObject({ code: 0, err: expect.stringMatching(/^vcons: 2 vCons, [\d.]+ kB\n$/) })
    expect(run.json).toEqual([{ folder: "vcons", files: 2, bytes: expect.any(Number) }])
    expect(run.json[0]).toHaveProperty(
      "bytes",
      expect.toSatisfy((bytes: number) => bytes > Math.max(...sizes))
    )
    expect((await at.run("export", "--vcon", "all")).out).toMatch(/^all: 4 vCons, [\d.]+ kB\n$/)
  })
})

describe("export refuses", () => {
  it.each([
    [[], "name one of --bagit DIR, --ndjson FILE and --vcon DIR"],
    [["--bagit", "x", "--vcon", "y"], "name one of --bagit DIR"],
    [["--ndjson", "-", "--vcon", "y"], "name one of --bagit DIR"],
    [["--bagit"], "--bagit: needs a value"],
    [["--bagit", "x", "--source", "uk"], 'no source "uk" is in the archive or configured'],
    [["--bagit", "x", "--from", "soon"], "--from: must be an ISO 8601 time"],
    [["--bagti", "x"], "unknown option --bagti; did you mean --bagit?"]
  ])("%j", async (argv, message) => {
    const run = await at.run("export", ...argv, "--json")
    expect(run).toMatchObject({
      code: 2,
      out: "",
      errors: [{ error: { reason: "InvalidQuery", operation: "export" } }]
    })
    expect(run.errors[0]).toHaveProperty("error.message", expect.stringContaining(message))
  })

  it.each([["--bagit"], ["--vcon"]])("%s into a folder that is not empty, and leaves it as it is", async (form) => {
    await mkdir(join(at.folder, "full"))
    await writeFile(join(at.folder, "full", "mine.txt"), "mine")
    const run = await at.run("export", form, "full", "--json")
    expect(run).toMatchObject({
      code: 2,
      out: "",
      errors: [{ error: { reason: "InvalidOptions", operation: "export" } }]
    })
    expect(Object.keys(await filesBelow(join(at.folder, "full")))).toEqual(["mine.txt"])
  })
})
