import { Lane, type LaneName } from "@callreel/recording"
import { Duration, Effect, Stream } from "effect"
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { beforeEach, describe, expect, it } from "vitest"
import { makeWorld, memoryProviders, recordingAt, type World } from "./testing/memoryProvider.ts"
import { makeFolder, runInFolder } from "./testing/runInFolder.ts"

let world: World
let folder: string
beforeEach(async () => {
  world = makeWorld()
  world.recordings.push(recordingAt("office", "1", "2026-03-01T00:00:00Z"))
  folder = await makeFolder()
})
const march = ["--from", "2026-03-01", "--to", "2026-04-01"]

describe("requests to vendors", () => {
  it.each([
    [["get", "office", "1"], { lane: "interactive", maxWaitSeconds: 120 }],
    [["find", "office", "--call", "1", "--max-wait", "0"], { lane: "interactive", maxWaitSeconds: 0 }],
    [["fetch", "office", "1"], { lane: "interactive", maxWaitSeconds: 120 }],
    [["link", "office", "1"], { lane: "interactive", maxWaitSeconds: 120 }],
    [["list", "--source", "office", ...march, "--max-wait=600.5"], { lane: "bulk", maxWaitSeconds: 600.5 }],
    [["stats", "office", ...march], { lane: "bulk", maxWaitSeconds: 120 }]
  ])("%j", async (argv, context) => {
    const run = await runInFolder(folder, memoryProviders(world), argv)
    expect(run.code).toBe(0)
    expect(world.contexts).toEqual([context])
  })

  it("that the audio makes while it is read are interactive, too", async () => {
    let lane: LaneName | undefined
    world.audioBytes = undefined
    world.audio = Stream.fromEffect(
      Effect.map(Effect.service(Lane), (chosen) => {
        lane = chosen
        return new Uint8Array([1])
      })
    )
    const run = await runInFolder(folder, memoryProviders(world), ["fetch", "office", "1"])
    expect(run.code).toBe(0)
    expect(lane).toBe("interactive")
  })

  it("show a wait on a terminal, and nowhere else", async () => {
    world.wait = { group: "api", duration: Duration.millis(36_500) }
    const isTerminal = { stderr: true }
    const shown = await runInFolder(folder, memoryProviders(world), ["get", "office", "1"], { isTerminal })
    expect(shown.err).toBe("waiting 37 s for the limit of group api\n")
    const silent = await runInFolder(folder, memoryProviders(world), ["get", "office", "1"])
    expect(silent.err).toBe("")
  })

  it("remember between runs in the cache folder, unless told not to", async () => {
    const get = (...more: ReadonlyArray<string>) =>
      runInFolder(folder, memoryProviders(world), ["get", "office", "1", ...more])
    await get()
    await get()
    expect(world.remembered).toBe(2)
    expect(await readdir(join(folder, "cache"))).toHaveLength(1)
    await get("--no-cache")
    expect(world.remembered).toBe(1)
    await get("--no-cache")
    await get()
    expect(world.remembered).toBe(3)
  })
})
