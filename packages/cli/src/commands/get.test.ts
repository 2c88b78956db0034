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

describe("get", () => {
  it.each([["a"], ["#? /%2f"], ["-5"], ["true"]])("%j as one JSON object", async (id) => {
    const { code, json, out } = await run("get", "office", "--json", id)
    expect(code).toBe(0)
    expect(json).toHaveLength(1)
    expect(json[0]).toMatchObject({ source: "office", id, availability: { state: "available" } })
    expect(out).not.toContain("storage.example/secret")
  })

  it("as text for people", async () => {
    const { code, out } = await run("get", "office", "a")
    expect(code).toBe(0)
    expect(out).toContain("Анна Петрова +74951234567")
    expect(out).toContain("2026-03-01 00:00:00 UTC")
  })

  it.each([
    [["get", "office", "zzz"], 4, "NotFound"],
    [["get", "office", ""], 2, "InvalidQuery"],
    [["get", "office"], 2, "InvalidQuery"],
    [["get", "office", "a", "b"], 2, "InvalidQuery"],
    [["get", "office", "-abc"], 2, "InvalidQuery"]
  ])("%j", async (argv, code, reason) => {
    const result = await run(...argv, "--json")
    expect(result.code).toBe(code)
    expect(result.errors).toHaveLength(1)
    expect(result.errors[0]).toHaveProperty("error.reason", reason)
  })
})
