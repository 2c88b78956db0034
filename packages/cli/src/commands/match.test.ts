import { Unavailable } from "@callreel/recording"
import { beforeEach, describe, expect, it } from "vitest"
import { type ArchiveFolder, makeArchiveFolder } from "../testing/archiveFolder.ts"
import { makeWorld, recordingAt, type World } from "../testing/memoryProvider.ts"

let world: World
let at: ArchiveFolder
beforeEach(async () => {
  world = makeWorld()
  world.recordings.push(
    recordingAt("office", "a", "2026-03-01T10:00:00Z", { durationSeconds: 60 }),
    recordingAt("us", "b", "2026-03-01T10:00:30Z", { durationSeconds: 62 })
  )
  at = await makeArchiveFolder(world, { sources: { office: { provider: "memory" }, us: { provider: "memory" } } })
})
const march = ["--from", "2026-03-01", "--to", "2026-04-01"]
const match = (...argv: ReadonlyArray<string>) => at.run("match", "office", "us", ...march, ...argv)

describe("match", () => {
  it("has one line a pair, and needs no archive", async () => {
    const run = await match("--json")
    expect(run).toMatchObject({ code: 0, err: "1 pairs, 0 only in office, 0 only in us\n" })
    expect(run.json).toEqual([
      {
        match: "pair",
        left: { source: "office", id: "a" },
        right: { source: "us", id: "b" },
        differences: expect.objectContaining({ startSeconds: 30 })
      }
    ])
    expect((await match()).out).toBe("pair: office a = us b\n")
  })

  it("has one line for what only one side has, and ends with 7", async () => {
    world.recordings.push(
      recordingAt("office", "c", "2026-03-02T10:00:00Z"),
      recordingAt("us", "d", "2026-03-03T10:00:00Z")
    )
    const run = await match("--json")
    expect(run).toMatchObject({ code: 7, err: "1 pairs, 1 only in office, 1 only in us\n" })
    expect(run.json).toMatchObject([
      { match: "pair" },
      { match: "only-left", recording: { source: "office", id: "c" } },
      { match: "only-right", recording: { source: "us", id: "d" } }
    ])
    expect(await match()).toMatchObject({ code: 7, out: "pair: office a = us b\nonly in office: c\nonly in us: d\n" })
  })

  it.each([
    [["--start-tolerance", "10"], 7],
    [["--start-tolerance", "30"], 0]
  ])("%j ends with %i", async (argv, code) => {
    expect((await match(...argv)).code).toBe(code)
  })

  it("prints nobody's number", async () => {
    world.recordings.push(recordingAt("us", "d", "2026-03-03T10:00:00Z"))
    const { err, out } = await match("--json")
    expect(out + err).not.toContain("4951234567")
  })

  it.each([
    [["match", "office", ...march], "B is missing"],
    [["match", "office", "uk", ...march], 'no source "uk" is configured'],
    [["match", "office", "us", "--from", "2026-03-01"], "--to is missing"],
    [["match", "office", "us", ...march, "--start-tolerance", "-1"], "--start-tolerance: must be a number of seconds"],
    [["match", "office", "us", ...march, "--star-tolerance", "1"], "did you mean --start-tolerance?"]
  ])("refuses %j", async (argv, message) => {
    const run = await at.run(...argv, "--json")
    expect(run).toMatchObject({ code: 2, out: "", errors: [{ error: { reason: "InvalidQuery", operation: "match" } }] })
    expect(run.errors[0]).toHaveProperty("error.message", expect.stringContaining(message))
  })

  it("ends with the code of a source that fails", async () => {
    world.failures.set("us:list", new Unavailable({ detail: "the vendor answers 503" }))
    const run = await match("--json")
    expect(run).toMatchObject({ code: 5, errors: [{ error: { reason: "Unavailable", source: "us" } }] })
  })
})
