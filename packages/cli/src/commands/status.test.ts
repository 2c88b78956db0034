import { Gone, Pending } from "@callreel/recording"
import { beforeEach, describe, expect, it } from "vitest"
import { type ArchiveFolder, fillWorld, makeArchiveFolder } from "../testing/archiveFolder.ts"
import { makeWorld, type World } from "../testing/memoryProvider.ts"

let world: World
let at: ArchiveFolder
beforeEach(async () => {
  world = makeWorld()
  fillWorld(world)
  world.failures.set("office:audio:c", new Gone({ why: "expired", detail: "kept for 90 days" }))
  world.failures.set("us:audio:d", new Pending({ retryAt: new Date("2030-01-01"), detail: "not ready" }))
  at = await makeArchiveFolder(world)
})

const march = ["--from", "2026-03-01", "--to", "2026-04-01"]
const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)

describe("status", () => {
  it("--json is one object of the counts, whole and by source, with next tries and proofs", async () => {
    await at.run("sync", ...march)
    world.asked.length = 0
    const run = await at.run("status", "--json")
    const summary = "5 listed: 3 archived, 1 unavailable (1 expired), 1 pending, 0 failed"
    expect(run).toMatchObject({ code: 0, err: `${summary}\n` })
    const none = { failed: 0, suspect: 0, erased: 0 }
    expect(run.json).toEqual([
      {
        listed: 5,
        archived: 3,
        unavailable: { expired: 1 },
        pending: 1,
        ...none,
        bytes: 69,
        summary,
        sources: [
          {
            source: "office",
            listed: 3,
            archived: 2,
            unavailable: { expired: 1 },
            pending: 0,
            ...none,
            bytes: 46,
            proof: "proofs/office/20260301T000000Z_20260401T000000Z.json",
            provedAt: instant
          },
          {
            source: "us",
            listed: 2,
            archived: 1,
            unavailable: {},
            pending: 1,
            ...none,
            bytes: 23,
            nextRetryAt: "2030-01-01T00:00:00.000Z",
            proof: "proofs/us/20260301T000000Z_20260401T000000Z.json",
            provedAt: instant
          }
        ]
      }
    ])
    expect(world.asked).toEqual([])
  })

  it("is a line a source and the sentence in text", async () => {
    await at.run("sync", ...march)
    const run = await at.run("status")
    expect(run).toMatchObject({ code: 0, err: "" })
    expect(run.out.split("\n")).toEqual([
      expect.stringMatching(/^office: 2 archived \(46 bytes\), 0 pending, 0 failed; proved 2\d{3}-.*Z$/),
      expect.stringMatching(/^us: 1 archived \(23 bytes\), 1 pending, 0 failed; next try 2030-01-01T00:00:00.000Z; /),
      "5 listed: 3 archived, 1 unavailable (1 expired), 1 pending, 0 failed, 69 bytes",
      ""
    ])
  })

  it("counts only the sources that are named", async () => {
    await at.run("sync", ...march)
    const run = await at.run("status", "--source", "us", "--source", "us", "--json")
    expect(run.json).toMatchObject([{ listed: 2, bytes: 23, sources: [{ source: "us" }] }])
  })

  it("counts nothing of a source that was never synced, and refuses one that nobody knows", async () => {
    await at.run("sync", ...march, "--source", "us")
    expect((await at.run("status", "--source", "office", "--json")).json).toMatchObject([{ listed: 0 }])
    const unknown = await at.run("status", "--source", "uk", "--json")
    expect(unknown).toMatchObject({
      code: 2,
      out: "",
      errors: [{ error: { reason: "InvalidQuery", operation: "status" } }]
    })
    expect((await at.run("status", "--source", "uk")).err).toContain("there are: us, office\n")
  })

  it("counts what was erased apart", async () => {
    await at.run("sync", ...march)
    await at.run("erase", "office:a", "--reason", "request 17", "--yes")
    const { json } = await at.run("status", "--json")
    expect(json).toMatchObject([{ listed: 4, archived: 2, erased: 1, bytes: 46 }])
  })
})
