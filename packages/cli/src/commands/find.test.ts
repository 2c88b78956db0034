import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { beforeEach, describe, expect, it } from "vitest"
import { makeWorld, memoryProviders, recordingAt, type World } from "../testing/memoryProvider.ts"
import { makeFolder, runInFolder } from "../testing/runInFolder.ts"

let world: World
let folder: string
beforeEach(async () => {
  world = makeWorld()
  world.recordings.push(
    recordingAt("office", "a", "2026-03-01T00:00:00Z"),
    recordingAt("office", "#? /%2f", "2026-03-02T00:00:00Z"),
    recordingAt("office", "-5", "2026-03-02T00:00:00Z"),
    recordingAt("office", "true", "2026-03-02T00:00:00Z")
  )
  folder = await makeFolder()
})
const run = (...argv: ReadonlyArray<string>) => runInFolder(folder, memoryProviders(world), argv)

describe("find", () => {
  const asked = () => world.asked.map(({ what }) => what)

  it("by call id, as lines", async () => {
    const { code, json } = await run("find", "office", "--call", "-x=1", "--json")
    expect(code).toBe(0)
    expect(json).toHaveLength(4)
    expect(asked()).toEqual([{ id: "-x=1" }])
  })

  it.each([
    ['{"EventType":"hangup","CallID":7}\n', { EventType: "hangup", CallID: 7 }],
    ["[1]", [1]],
    ["EventType=hangup&CallID=%7B7%7D\r\n", "EventType=hangup&CallID=%7B7%7D"],
    ["{not JSON", "{not JSON"],
    ["Имя=Анна", "Имя=Анна"]
  ])("by the event %j", async (text, event) => {
    await writeFile(join(folder, "event"), text)
    await run("find", "office", "--event", "event", "--json")
    await runInFolder(folder, memoryProviders(world), ["find", "office", "--event", "-"], { input: text })
    expect(asked()).toEqual([{ event }, { event }])
  })

  it.each([
    [["find", "office"], "--call or --event is missing"],
    [["find", "office", "--call", "1", "--event", "x"], "exclude each other"],
    [["find", "office", "--event", "nope"], "--event: nope cannot be read: it does not exist"],
    [["find", "office", "--event", "-"], "--event: - is empty"]
  ])("%j is refused", async (argv, message) => {
    const { code, errors } = await run(...argv, "--json")
    expect(code).toBe(2)
    expect(errors[0]).toHaveProperty("error.message", expect.stringContaining(message))
    expect(world.asked).toEqual([])
  })
})
