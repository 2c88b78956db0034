import { Forbidden } from "@callreel/recording"
import { rm } from "node:fs/promises"
import { join } from "node:path"
import { PassThrough } from "node:stream"
import { beforeEach, describe, expect, it } from "vitest"
import { type ArchiveFolder, fillWorld, makeArchiveFolder } from "../testing/archiveFolder.ts"
import { makeWorld, type World } from "../testing/memoryProvider.ts"

let world: World
let at: ArchiveFolder
beforeEach(async () => {
  world = makeWorld()
  fillWorld(world)
  at = await makeArchiveFolder(world)
  await at.run("sync", "--from", "2026-03-01", "--to", "2026-04-01")
})
const before = ["--archived-before", "2040-01-01"]
const prune = (...argv: ReadonlyArray<string>) => at.run("prune-source", "office", ...argv)
/** Ids that were deleted at the vendor. */
const removed = () =>
  world.asked.flatMap(({ operation, what }) =>
    operation === "remove" && typeof what === "object" && what !== null && "id" in what ? [what.id] : []
  )

describe("prune-source", () => {
  it("deletes only what is archived and was verified since", async () => {
    const unverified = await prune(...before, "--yes", "--json")
    expect(unverified.code).toBe(0)
    expect(unverified.json).toEqual([{ source: "office", recordings: 0, bytes: 0, unverified: 3, held: 0, deleted: 0 }])
    await at.run("verify")
    await at.run("hold", "office:c", "--reason", "case 17")
    const run = await prune(...before, "--yes", "--json")
    expect(run).toMatchObject({ code: 0, errors: [] })
    expect(run.json).toEqual([{ source: "office", recordings: 2, bytes: 46, unverified: 0, held: 1, deleted: 2 }])
    expect(run.err).toBe(
      "office: 2 recordings (46 bytes) are archived and verified; 0 not verified and 1 on hold stay\n"
    )
    expect(removed()).toEqual(["a", "e"])
  })

  it("names each in text, and deletes none twice", async () => {
    await at.run("verify")
    const run = await prune(...before, "--yes")
    expect(run).toMatchObject({ code: 0, out: "3 recordings of office deleted at the vendor\n" })
    expect(run.err).toMatch(/^to delete: a \(\S+\)\nto delete: c \(\S+\)\nto delete: e \(\S+\)\noffice: 3 recordings/)
    expect(run.err).toContain("\ndeleted a\ndeleted c\ndeleted e\n")
    expect(await prune(...before, "--yes")).toMatchObject({ out: "0 recordings of office deleted at the vendor\n" })
    expect(removed()).toEqual(["a", "c", "e"])
  })

  it("leaves what was archived later", async () => {
    await at.run("verify")
    const run = await prune("--archived-before", "2026-01-01", "--yes", "--json")
    expect(run).toMatchObject({ code: 0, json: [{ recordings: 0, deleted: 0 }] })
    expect(removed()).toEqual([])
  })

  it("stops at the first surprise: a file that is gone from the archive", async () => {
    await at.run("verify")
    await rm(join(at.archive, "office/2026/03/03/20260303T100000Z_inbound_c.mp3"))
    const run = await prune(...before, "--yes", "--json")
    expect(run).toMatchObject({
      code: 4,
      out: "",
      errors: [{ error: { reason: "NotFound", operation: "prune-source" } }]
    })
    expect(removed()).toEqual(["a"])
  })

  it("stops where the vendor refuses, and ends with 3", async () => {
    await at.run("verify")
    world.failures.set("office:remove:c", new Forbidden({ detail: "no", permission: "DeleteRecording" }))
    const run = await prune(...before, "--yes", "--json")
    expect(run).toMatchObject({
      code: 3,
      errors: [{ error: { reason: "Forbidden", source: "office", operation: "remove" } }]
    })
    expect(removed()).toEqual(["a", "c"])
  })

  it("says 2 where the vendor deletes nothing", async () => {
    await at.run("verify")
    world.capability = { remove: false }
    const run = await prune(...before, "--yes", "--json")
    expect(run).toMatchObject({ code: 2, errors: [{ error: { reason: "Unsupported", source: "office" } }] })
  })

  it.each([
    [["office", "--yes"], "--archived-before is missing"],
    [["uk", ...before, "--yes"], 'no source "uk" is configured'],
    [[...before, "--yes"], "S is missing"],
    [["office", ...before], "nobody can be asked"],
    [["office", "--archived-before", "soon", "--yes"], "--archived-before: must be an ISO 8601 time"]
  ])("refuses %j", async (argv, message) => {
    await at.run("verify")
    const run = await at.run("prune-source", ...argv, "--json")
    expect(run).toMatchObject({
      code: 2,
      out: "",
      errors: [{ error: { reason: "InvalidQuery", operation: "prune-source" } }]
    })
    expect(run.errors[0]).toHaveProperty("error.message", expect.stringContaining(message))
    expect(removed()).toEqual([])
  })
})

describe("prune-source on a terminal", () => {
  const terminal = { isTerminal: { stdin: true, stderr: true } }

  it.each([
    ["y\n", 0, ["a", "c", "e"]],
    ["n\n", 2, []],
    ["", 2, []]
  ])("%j ends with %i", async (input, code, ids) => {
    await at.run("verify")
    const run = await at.runWith({ ...terminal, input }, "prune-source", "office", ...before)
    expect(run.code).toBe(code)
    expect(run.err).toContain("Delete 3 recordings of office at the vendor, for good? [y/N]")
    expect(removed()).toEqual(ids)
  })

  it("can be interrupted while it asks, and asks nothing where there is nothing", async () => {
    expect((await at.runWith(terminal, "prune-source", "office", ...before)).code).toBe(0)
    await at.run("verify")
    const interruption = new AbortController()
    const options = { ...terminal, stdin: new PassThrough(), signal: interruption.signal }
    const asking = at.runWith(options, "prune-source", "office", ...before)
    setTimeout(() => interruption.abort(), 100)
    expect(await asking).toMatchObject({ code: 130, out: "" })
    expect(removed()).toEqual([])
  })
})
