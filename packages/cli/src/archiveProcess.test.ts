import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { beforeEach, describe, expect, it } from "vitest"
import { archiveConfiguration, filesBelow } from "./testing/archiveFolder.ts"
import { memoryProviders } from "./testing/memoryProvider.ts"
import { makeFolder, runInFolder } from "./testing/runInFolder.ts"
import { slowWorld } from "./testing/slowWorld.ts"

const main = fileURLToPath(new URL("./testing/archiveMain.ts", import.meta.url))

let folder: string
beforeEach(async () => {
  folder = await makeFolder(archiveConfiguration)
})

const start = (...argv: ReadonlyArray<string>) =>
  spawn(process.execPath, [main, ...argv, "--no-cache"], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] })
const endOf = async (child: ChildProcess): Promise<readonly [unknown, unknown]> => {
  const [code, signal] = await once(child, "exit")
  return [code, signal]
}
const finish = async (child: ReturnType<typeof start>) => {
  const [out, err, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), endOf(child)])
  const json = out.split("\n").flatMap((line): ReadonlyArray<unknown> => (line === "" ? [] : [JSON.parse(line)]))
  return { out, err, code, signal, json }
}
/** The same command in this process. */
const run = (...argv: ReadonlyArray<string>) =>
  runInFolder(folder, memoryProviders(slowWorld(join(folder, "fetches.log"))), [...argv, "--json"])

/** How often the audio of each recording was fetched. */
const fetches = async (): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>()
  const log = await readFile(join(folder, "fetches.log"), "utf8").catch(() => "")
  for (const id of log.split("\n").filter((line) => line !== "")) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
/** Waits until so many recordings were fetched or are being fetched. */
const fetching = async (least: number): Promise<void> => {
  while ((await fetches()).size < least) await pause(10)
}
const audioFiles = async () =>
  Object.keys(await filesBelow(join(folder, "archive"))).filter((path) => path.endsWith(".mp3"))
const halfFiles = async () =>
  Object.keys(await filesBelow(join(folder, "archive"))).filter((path) => path.includes(".partial"))

describe("sync as a process", { timeout: 60_000 }, () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143]
  ] as const)("on %s finishes what is under way, prints how far it came, and ends with %i", async (signal, code) => {
    const child = start("sync", "--json", "--transfers", "2")
    const ended = finish(child)
    await fetching(5)
    child.kill(signal)
    const stopped = await ended
    expect(stopped.code).toBe(code)
    expect(stopped.json).toMatchObject([{ listed: 30, failed: 0, stopped: "stopped" }])
    const begun = (await fetches()).size
    expect(begun).toBeLessThan(30)
    expect(stopped.json).toMatchObject([{ archived: begun, fetched: begun, pending: 30 - begun }])
    expect(stopped.err).toBe(`30 listed: ${begun} archived, 0 unavailable, ${30 - begun} pending, 0 failed\n`)
    expect(await audioFiles()).toHaveLength(begun)
    expect(await halfFiles()).toEqual([])
    expect(await run("verify")).toMatchObject({ code: 0, json: [{ checked: begun, good: begun, problems: [] }] })
    expect(await run("sync")).toMatchObject({ code: 0, json: [{ archived: 30, fetched: 30 - begun }] })
    expect(new Set((await fetches()).values())).toEqual(new Set([1]))
  })

  it("ends at once when it is asked twice, and goes on with the next run", async () => {
    const child = start("sync", "--json", "--bwlimit", "1")
    const ended = finish(child)
    await fetching(1)
    child.kill("SIGINT")
    await pause(200)
    child.kill("SIGINT")
    expect(await ended).toMatchObject({ code: 130, out: "" })
    expect(await run("sync")).toMatchObject({ code: 0, json: [{ archived: 30 }] })
  })

  it("goes on after kill -9: nothing is lost, nothing is there twice or half", async () => {
    for (const least of [1, 15]) {
      const child = start("sync", "--json", "--transfers", "2")
      const ended = finish(child)
      await fetching(least)
      child.kill("SIGKILL")
      expect(await ended).toMatchObject({ signal: "SIGKILL", out: "" })
    }
    const last = await run("sync")
    expect(last).toMatchObject({ code: 0, json: [{ listed: 30, archived: 30, pending: 0, failed: 0 }] })
    expect(await run("verify")).toMatchObject({ code: 0, json: [{ checked: 30, good: 30, problems: [] }] })
    expect(await audioFiles()).toHaveLength(30)
    expect(await halfFiles()).toEqual([])
    const counts = await fetches()
    expect(counts.size).toBe(30)
    // Two kills, each of which hit at most two fetches of each of two sources, and two whose bytes were being stored.
    const again = [...counts.values()].reduce((sum, count) => sum + count - 1, 0)
    expect(again).toBeLessThanOrEqual(16)
  })

  it("holds the archive: a second one says who does, and the first goes on", async () => {
    const first = start("sync", "--json", "--transfers", "1")
    const ended = finish(first)
    await fetching(1)
    const second = await run("sync")
    expect(second).toMatchObject({ code: 5, out: "", errors: [{ error: { reason: "Locked" } }] })
    expect(second.err).toContain(`process ${first.pid} on `)
    expect(await run("status")).toMatchObject({ code: 0, json: [{ listed: 30 }] })
    expect(await ended).toMatchObject({ code: 0, json: [{ archived: 30 }] })
    expect(new Set((await fetches()).values())).toEqual(new Set([1]))
  })
})
