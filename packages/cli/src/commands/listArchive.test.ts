import { Gone, Unavailable } from "@callreel/recording"
import { beforeEach, describe, expect, it } from "vitest"
import { type ArchiveFolder, fillWorld, makeArchiveFolder } from "../testing/archiveFolder.ts"
import { makeWorld, recordingAt, type World } from "../testing/memoryProvider.ts"

let world: World
let at: ArchiveFolder
beforeEach(async () => {
  world = makeWorld()
  fillWorld(world)
  world.recordings.push(
    recordingAt("us", "short", "2026-03-06T10:00:00Z", { availability: { state: "unavailable", reason: "too-short" } })
  )
  world.failures.set("office:audio:c", new Gone({ why: "expired", detail: "kept for 90 days" }))
  at = await makeArchiveFolder(world)
})
const march = ["--from", "2026-03-01", "--to", "2026-04-01"]

describe("list --archive", () => {
  it.each([
    [[]],
    [["--order", "oldest-first"]],
    [["--limit", "2"]],
    [["--source", "us"]],
    [["--source", "us", "--source", "office", "--order", "oldest-first", "--limit", "3"]],
    [["--number", "+74951234567"]],
    [["--number", "+74951234560"]],
    [["--extension", "101"]],
    [["--queue", "Sales"]],
    [["--direction", "outbound"]],
    [["--from", "2026-03-02T10:00:00Z", "--to", "2026-03-05T10:00:00Z"]]
  ])("%j prints what list prints, byte for byte, and asks no vendor", async (argv) => {
    const window = argv.includes("--from") ? [] : march
    await at.run("sync")
    const listed = await at.run("list", ...window, ...argv, "--json")
    world.asked.length = 0
    world.failures.set("changes", new Unavailable({ detail: "switched off" }))
    world.failures.set("list", new Unavailable({ detail: "switched off" }))
    const archived = await at.run("list", "--archive", ...window, ...argv, "--json")
    expect(listed.code).toBe(0)
    expect(archived).toMatchObject({ code: 0, err: "" })
    expect(archived.out).toBe(listed.out)
    expect(world.asked).toEqual([])
  })

  it("has all of it where no window is named, also what was not obtained", async () => {
    await at.run("sync")
    const { json } = await at.run("list", "--archive", "--json")
    expect(json).toMatchObject([{ id: "short" }, { id: "e" }, { id: "d" }, { id: "c" }, { id: "b" }, { id: "a" }])
    expect(json[0]).toHaveProperty("availability", { state: "unavailable", reason: "too-short" })
  })

  it("is the same table on a terminal", async () => {
    await at.run("sync")
    const options = { isTerminal: { stdout: true }, columns: 80 }
    const listed = await at.runWith(options, "list", ...march)
    const archived = await at.runWith(options, "list", "--archive", ...march)
    expect(archived.out).toBe(listed.out)
    expect(archived.out.split("\n")).toHaveLength(8)
  })

  it("needs no secret and no provider of a source", async () => {
    await at.run("sync")
    const run = await at.runWith({ providers: {} }, "list", "--archive", ...march, "--json")
    expect(run.code).toBe(0)
    expect(run.json).toHaveLength(6)
  })

  it("says where there is nothing, and refuses a source that nobody knows", async () => {
    expect(await at.run("list", "--archive", "--json")).toMatchObject({
      code: 4,
      errors: [{ error: { reason: "NotFound", operation: "list" } }]
    })
    await at.run("sync", "--from", "2001-01-01", "--to", "2001-01-02")
    const unknown = await at.run("list", "--archive", "--source", "uk", "--json")
    expect(unknown).toMatchObject({
      code: 2,
      out: "",
      errors: [{ error: { reason: "InvalidQuery", operation: "list" } }]
    })
    expect(await at.run("list", "--archive")).toMatchObject({ code: 0, out: "", err: "no recordings\n" })
    expect(await at.run("list", "--archive", ...march)).toMatchObject({ code: 0, out: "", err: "no recordings\n" })
  })
})
