import { execFile } from "node:child_process"
import { chmod, mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"
import { archiveConfiguration } from "./testing/archiveFolder.ts"
import { makeFolder } from "./testing/runInFolder.ts"

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url))

/** What a run loads of all that takes long to load, each once. */
const loadedBy = async (
  main: string,
  argv: ReadonlyArray<string>,
  before: ReadonlyArray<string> = []
): Promise<ReadonlyArray<string>> => {
  const folder = await makeFolder(archiveConfiguration)
  if (before.length > 0) await promisify(execFile)(process.execPath, [pathOf(main), ...before], { cwd: folder })
  const words = ["--import", pathOf("./testing/recordModules.ts"), pathOf(main), ...argv]
  await promisify(execFile)(process.execPath, words, { cwd: folder })
  const addresses = (await readFile(join(folder, "modules.log"), "utf8")).split("\n")
  const large =
    /(packages\/(?:archive|vcon)|node_modules\/(?:music-metadata|@aws-sdk|@flystorage|@effect\/sql-pg|cli-progress|string-width)|node:sqlite)(?=\/|$)/
  expect(addresses.length).toBeGreaterThan(1)
  return [...new Set(addresses.flatMap((address) => large.exec(address)?.[1] ?? []))].toSorted()
}

const march = ["--from", "2026-03-01", "--to", "2026-04-01"]

describe("a command loads only what it needs", { timeout: 60_000 }, () => {
  it.each([
    ["./main.ts", ["--version"], []],
    ["./main.ts", ["--help"], []],
    ["./testing/archiveMain.ts", ["list", ...march, "--json"], []],
    ["./testing/archiveMain.ts", ["fetch", "office", "office-1", "-o", "x.mp3"], []],
    ["./testing/archiveMain.ts", ["status", "--json"], ["node:sqlite", "packages/archive", "packages/vcon"]]
  ])("%s %j", async (main, argv, modules) => {
    const before = argv[0] === "status" ? ["sync", ...march] : []
    expect(await loadedBy(main, argv, before)).toEqual(modules)
  })

  it("sync into a folder: no client of a bucket, no other database, no progress bar", async () => {
    const loaded = await loadedBy("./testing/archiveMain.ts", ["sync", ...march, "--json"])
    expect(loaded).toContain("packages/archive")
    expect(loaded).not.toContain("node_modules/@aws-sdk")
    expect(loaded).not.toContain("node_modules/@effect/sql-pg")
    expect(loaded).not.toContain("node_modules/cli-progress")
  })
})

describe("compiled code is kept for the next run", { timeout: 60_000 }, () => {
  const help = async (folder: string, cache: string) => {
    const temporary = join(folder, "temporary")
    await mkdir(temporary)
    const env = { ...process.env, CALLREEL_CACHE_DIR: cache, TMPDIR: temporary, NODE_COMPILE_CACHE: undefined }
    const { stderr, stdout } = await promisify(execFile)(process.execPath, [pathOf("./main.ts"), "--help"], { env })
    return { stderr, stdout, inTemporary: await readdir(temporary) }
  }

  it("in callreel's own cache folder, and nowhere else", async () => {
    const folder = await makeFolder(null)
    const { inTemporary } = await help(folder, join(folder, "cache"))
    expect(await readdir(join(folder, "cache", "compiled"))).toHaveLength(1)
    expect(inTemporary).toEqual([])
  })

  it("and where that folder cannot be one, the command does the same", async () => {
    const folder = await makeFolder(null)
    await writeFile(join(folder, "file"), "")
    const { inTemporary, stderr, stdout } = await help(folder, join(folder, "file", "cache"))
    expect(stdout).toContain("Every phone system's call recordings")
    expect({ inTemporary, stderr }).toEqual({ inTemporary: [], stderr: "" })
  })

  it("but not in a folder where others might put code of theirs", async () => {
    const folder = await makeFolder(null)
    const cache = join(folder, "cache")
    await mkdir(cache)
    await chmod(cache, 0o777)
    const { stderr, stdout } = await help(folder, cache)
    expect(stdout).toContain("Every phone system's call recordings")
    expect({ stderr, kept: await readdir(join(cache, "compiled")) }).toEqual({ stderr: "", kept: [] })
  })

  it("in a folder that is its owner's alone, where it has to be made", async () => {
    const folder = await makeFolder(null)
    await help(folder, join(folder, "cache"))
    const modes = [join(folder, "cache"), join(folder, "cache", "compiled")].map(
      async (made) => (await stat(made)).mode
    )
    expect((await Promise.all(modes)).map((mode) => mode & 0o777)).toEqual([0o700, 0o700])
  })
})
