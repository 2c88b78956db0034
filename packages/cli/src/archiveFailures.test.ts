import { openArchive } from "@callreel/archive"
import { Effect } from "effect"
import { mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { hostname } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import {
  archiveConfiguration,
  type ArchiveFolder,
  filesBelow,
  fillWorld,
  makeArchiveFolder
} from "./testing/archiveFolder.ts"
import { makeWorld, memoryProviders } from "./testing/memoryProvider.ts"
import { makeFolder, runInFolder } from "./testing/runInFolder.ts"

const march = ["--from", "2026-03-01", "--to", "2026-04-01"]

/** Every command that needs an archive. */
const commands: ReadonlyArray<ReadonlyArray<string>> = [
  ["sync", ...march],
  ["sync", ...march, "--dry-run"],
  ["status"],
  ["verify"],
  ["verify", "--proof", "callreel.json"],
  ["export", "--bagit", "bag"],
  ["export", "--ndjson", "-"],
  ["erase", "office:a", "--reason", "x", "--yes"],
  ["hold", "office:a", "--reason", "x"],
  ["prune-source", "office", "--archived-before", "2026-01-01", "--yes"],
  ["list", "--archive"]
]

/** Commands that change the archive, or vouch for it. */
const writers: ReadonlyArray<ReadonlyArray<string>> = [
  ["sync", ...march],
  ["verify"],
  ["erase", "office:a", "--reason", "x", "--yes"],
  ["hold", "office:a", "--reason", "x"],
  ["prune-source", "office", "--archived-before", "2040-01-01", "--yes"]
]

const withArchive = (archive: unknown) => ({ sources: archiveConfiguration.sources, archive })

const makeAt = async (configuration: unknown) => {
  const world = makeWorld()
  fillWorld(world)
  return { world, at: await makeArchiveFolder(world, configuration) }
}

const refusesAll = async (at: ArchiveFolder, code: number, reason: string, message: RegExp) => {
  for (const argv of commands) {
    const run = await at.run(...argv, "--json")
    expect({ argv, code: run.code, out: run.out, lines: run.errors.length }).toEqual({ argv, code, out: "", lines: 1 })
    expect(run.errors).toMatchObject([{ error: { reason, message: expect.stringMatching(message) } }])
  }
}

describe("every command of the archive ends with 2", () => {
  it.each([
    ["where none is configured", undefined, /^no archive is configured$/],
    ["where its address is of no kind that is known", { url: "ftp://host/archive" }, /archive\.url: ftp: is not known/],
    [
      "where it has an unknown option",
      { url: "file:./archive", legder: "x" },
      /archive\.legder: .*did you mean ledger/
    ],
    [
      "where the ledger's variable is not set",
      { url: "file:./archive", ledger: { env: "NOPE" } },
      /archive\.ledger: .*NOPE/
    ],
    [
      "where the key's file is not there",
      { url: "file:./archive", proofKey: { file: "nope.pem" } },
      /archive\.proofKey: .*nope\.pem/
    ],
    [
      "where the key is none",
      { url: "file:./archive", proofKey: { file: "callreel.json" } },
      /proofKey: is no private key/
    ],
    [
      "where the ledger is of no kind that is known",
      { url: "file:./archive", ledger: 5 },
      /archive\.ledger: must be a text/
    ],
    [
      "where the ledger is another database",
      { url: "file:./archive", ledger: "mysql://host/x" },
      /archive\.ledger: is neither a path/
    ],
    ["where a bucket has no ledger", { url: "s3://bucket/prefix" }, /archive\.ledger: is missing/],
    [
      "where the template is not unique",
      { url: "file:./archive", template: "{source}/{start}.{ext}" },
      /archive\.template: \{id\}/
    ]
  ] as const)("%s", async (_, archive, message) => {
    const { at, world } = await makeAt(withArchive(archive))
    await refusesAll(at, 2, "InvalidOptions", message)
    expect(world.asked).toEqual([])
  })
})

describe("every command of the archive ends with 8", () => {
  it("where its place is a file", async () => {
    const { at } = await makeAt(archiveConfiguration)
    await writeFile(at.archive, "mine")
    await refusesAll(at, 8, "Destination", /archive/)
    expect(await readFile(at.archive, "utf8")).toBe("mine")
  })

  it("where its place cannot be made", async () => {
    const { at } = await makeAt(withArchive({ url: "file:./callreel.json/archive" }))
    await refusesAll(at, 8, "Destination", /archive/)
  })

  it.each([
    ["is a text", Buffer.from("my dear diary, ".repeat(500)), /its file is no ledger/],
    ["is damaged", Buffer.concat([Buffer.from("SQLite format 3\0"), Buffer.alloc(8176, 0xa5)]), /cannot be used/]
  ])("where the ledger %s, and leaves it as it is", async (_, bytes, message) => {
    const { at } = await makeAt(archiveConfiguration)
    await mkdir(join(at.archive, ".callreel"), { recursive: true })
    const ledger = join(at.archive, ".callreel", "ledger.sqlite")
    await writeFile(ledger, bytes)
    await refusesAll(at, 8, "Ledger", message)
    expect(Buffer.compare(await readFile(ledger), bytes)).toBe(0)
  })

  it("where the ledger is a folder", async () => {
    const { at } = await makeAt(archiveConfiguration)
    await mkdir(join(at.archive, ".callreel", "ledger.sqlite"), { recursive: true })
    await refusesAll(at, 8, "Ledger", /ledger/)
  })

  it("where the ledger's database does not answer, and shows neither its user nor its password", async () => {
    const { at } = await makeAt(withArchive({ url: "file:./archive", ledger: { env: "LEDGER" } }))
    const env = { LEDGER: "postgres://clerk:hunter2@127.0.0.1:1/ledger?sslmode=disable" }
    for (const argv of [["sync", ...march], ["status"], ["verify"]]) {
      const run = await at.runWith({ env: { ...env, CALLREEL_CACHE_DIR: join(at.folder, "cache") } }, ...argv, "--json")
      expect(run).toMatchObject({ code: 8, out: "", errors: [{ error: { reason: "Ledger" } }] })
      expect(run.err).toContain("postgres://127.0.0.1:1/ledger")
      expect(run.err).not.toMatch(/hunter2|clerk/)
    }
  })

  it("where a recording's folder cannot be made, and archives the rest once it can", async () => {
    const { at } = await makeAt(archiveConfiguration)
    await mkdir(at.archive)
    await writeFile(join(at.archive, "us"), "mine")
    const run = await at.run("sync", ...march, "--json")
    expect(run).toMatchObject({ code: 8, out: "", errors: [{ error: { reason: "Destination", operation: "sync" } }] })
    await rm(join(at.archive, "us"))
    expect((await at.run("sync", ...march, "--json")).json).toMatchObject([{ listed: 5, archived: 5 }])
    expect((await at.run("verify")).code).toBe(0)
  })
})

describe("an archive that another process writes to", () => {
  it("is told with host and process, and ends with 5; reading goes on", async () => {
    const { at } = await makeAt(archiveConfiguration)
    await at.run("sync", ...march)
    const before = await filesBelow(at.archive)
    const runs = await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const { ledger } = yield* openArchive({ url: at.archive })
          yield* ledger.lock
          return yield* Effect.forEach([...writers, ["status"], ["list", "--archive"]], (argv) =>
            Effect.promise(() => at.run(...argv, "--json"))
          )
        })
      )
    )
    for (const run of runs.slice(0, writers.length)) {
      expect(run).toMatchObject({ code: 5, out: "", errors: [{ error: { reason: "Locked" } }] })
      expect(run.err).toContain(`process ${process.pid} on ${hostname()} writes to the archive`)
    }
    expect(runs.slice(writers.length)).toMatchObject([{ code: 0 }, { code: 0 }])
    const { ".callreel/ledger.sqlite": _, ...files } = await filesBelow(at.archive)
    expect(before).toMatchObject(files)
    expect((await at.run("verify")).code).toBe(0)
  })
})

describe("paths of an archive", () => {
  it("are relative to the configuration, wherever the command runs; those on the command line to the working folder", async () => {
    const world = makeWorld()
    fillWorld(world)
    const folder = await makeFolder(null)
    await mkdir(join(folder, "etc"))
    await mkdir(join(folder, "work"))
    const archive = { url: "file:../store", ledger: "own/ledger.db" }
    await writeFile(join(folder, "etc", "own.json"), JSON.stringify(withArchive(archive)))
    const run = (...argv: ReadonlyArray<string>) =>
      runInFolder(join(folder, "work"), memoryProviders(world), [...argv, "--config", "../etc/own.json", "--no-cache"])
    expect((await run("sync", ...march)).code).toBe(0)
    expect((await run("export", "--vcon", "vcons")).code).toBe(0)
    expect((await run("verify", "--proof", "../store/proofs/us/20260301T000000Z_20260401T000000Z.json")).code).toBe(0)
    const paths = Object.keys(await filesBelow(folder))
    expect(paths).toContain("etc/own/ledger.db")
    expect(paths).toContain("store/office/2026/03/01/20260301T100000Z_inbound_a.mp3")
    expect(paths).toContain("work/vcons/office/2026/03/01/20260301T100000Z_inbound_a.vcon.json")
    expect(paths.filter((path) => path.startsWith("work/")).every((path) => path.startsWith("work/vcons/"))).toBe(true)
  })
})
