import { InvalidOptions, Unauthorized } from "@callreel/recording"
import { Duration, Effect, Stream } from "effect"
import { readdir } from "node:fs/promises"
import { beforeEach, describe, expect, it } from "vitest"
import { type ArchiveFolder, filesBelow, fillWorld, makeArchiveFolder } from "../testing/archiveFolder.ts"
import { makeWorld, recordingAt, type World } from "../testing/memoryProvider.ts"

let world: World
let at: ArchiveFolder
beforeEach(async () => {
  world = makeWorld()
  fillWorld(world)
  at = await makeArchiveFolder(world)
})

const march = ["--from", "2026-03-01", "--to", "2026-04-01"]

describe("sync --dry-run", () => {
  it("says what a run would do, and leaves no trace of an archive that is not there", async () => {
    const run = await at.run("sync", "--dry-run", "--json", "--no-cache")
    const summary = "5 listed, 5 would be fetched"
    expect(run).toMatchObject({ code: 0, err: `${summary}\n` })
    expect(run.json).toEqual([
      {
        listed: 5,
        fetches: 5,
        bytes: 0,
        requests: 5,
        summary,
        sources: [
          { source: "office", listed: 3, fetches: 3, bytes: 0, requests: 3 },
          { source: "us", listed: 2, fetches: 2, bytes: 0, requests: 2 }
        ]
      }
    ])
    expect(await readdir(at.folder)).toEqual(["callreel.json"])
    expect(world.asked.map(({ operation }) => operation)).toEqual(["changes", "changes"])
  })

  it("changes nothing in one that is there, and its numbers come true", async () => {
    world.failures.set("office:audio:c", new InvalidOptions({ option: "x", detail: "no way to it" }))
    await at.run("sync", "--json")
    world.failures.clear()
    world.recordings.push(
      recordingAt("us", "f", "2026-03-06T10:00:00Z", { audio: { bytes: 23 } }),
      recordingAt("us", "gone", "2026-03-06T11:00:00Z", { availability: { state: "unavailable", reason: "too-short" } })
    )
    const before = await filesBelow(at.archive)
    const dry = await at.run("sync", "--dry-run", "--json")
    expect(dry.json).toMatchObject([{ listed: 2, fetches: 2, bytes: 23 }])
    expect(await filesBelow(at.archive)).toEqual(before)
    const run = await at.run("sync", "--json")
    expect(run.json).toMatchObject([{ fetched: 2, archived: 6, unavailable: { "too-short": 1 } }])
  })

  it("takes windows and filters, and tells people a line a source", async () => {
    const run = await at.run("sync", "--dry-run", ...march, "--extension", "101", "--source", "us")
    expect(run).toMatchObject({ code: 0, err: "" })
    expect(run.out).toBe("us: 2 listed, 2 to fetch, about 2 requests\n2 listed, 2 would be fetched\n")
  })

  it("ends a window without an end now, as a run does", async () => {
    world.recordings.push(recordingAt("us", "future", "2040-01-01T00:00:00Z"))
    const dry = await at.run("sync", "--dry-run", "--from", "2026-03-03", "--json")
    expect(dry.json).toMatchObject([{ listed: 3, fetches: 3 }])
    expect(world.asked.map(({ operation }) => operation)).toEqual(["list", "list"])
    expect((await at.run("sync", "--from", "2026-03-03", "--json")).json).toMatchObject([{ listed: 3, fetched: 3 }])
  })

  it("tells how long it takes within the vendor's limit", async () => {
    world.capability = { requestsPerMinute: 2, audioRequests: 2 }
    const run = await at.run("sync", "--dry-run", "--json")
    expect(run.json).toMatchObject([{ requests: 10, sources: [{ requests: 6, seconds: 180 }, { seconds: 120 }] }])
  })

  it("ends with the code of a source that fails, named", async () => {
    world.failures.set("us:changes", new Unauthorized({ detail: "the token is refused" }))
    const run = await at.run("sync", "--dry-run", "--json")
    expect(run.code).toBe(3)
    expect(run.errors).toMatchObject([{ error: { reason: "Unauthorized", source: "us", operation: "changes" } }])
    expect(run.json).toMatchObject([{ fetches: 3 }])
  })
})

describe("sync ends early", () => {
  it("at --max-transfer, and goes on with the next run", async () => {
    const argv = ["sync", "--source", "office", "--transfers", "1"]
    const first = await at.run(...argv, "--max-transfer", "1")
    expect(first.code).toBe(0)
    expect(first.out).toContain("stopped early (max-transfer); run it again to go on\n1 fetched now, 23 bytes\n")
    const second = await at.run(...argv, "--max-transfer", "23", "--json")
    expect(second.code).toBe(0)
    const counts = { listed: 3, archived: 2, pending: 1, fetched: 1, bytesFetched: 23, stopped: "max-transfer" }
    expect(second.json).toMatchObject([{ ...counts, notObtained: [{ id: "e", state: "pending" }] }])
    expect(first.out + second.out).not.toContain("proofs/")
    const third = await at.run(...argv, "--json")
    expect(third.json).toMatchObject([{ archived: 3, fetched: 1 }])
    expect(third.json[0]).not.toHaveProperty("stopped")
  })

  it("at --max-duration, with what is under way finished", async () => {
    const slow = Stream.fromEffect(Effect.as(Effect.sleep(Duration.millis(1200)), new Uint8Array([1, 2])))
    for (const id of ["a", "c", "e"]) world.audioOf.set(id, slow)
    const argv = ["sync", "--source", "office", "--transfers", "1", "--max-duration", "1", "--json"]
    const run = await at.run(...argv)
    expect(run.code).toBe(0)
    expect(run.json).toMatchObject([{ listed: 3, archived: 1, pending: 2, stopped: "max-duration" }])
  })
})

describe("sync goes", () => {
  it.each([
    [[], 4],
    [["--transfers", "1"], 1],
    [["--transfers", "6"], 6]
  ])("%j: so many fetches at once", async (argv, most) => {
    let open = 0
    let seen = 0
    // Waits for others to be open too, half a second at most, and then whether there is one too many.
    const others = (turns: number): Effect.Effect<void> =>
      turns === 0 || seen >= most
        ? Effect.sleep(Duration.millis(50))
        : Effect.andThen(
            Effect.sleep(Duration.millis(5)),
            Effect.suspend(() => others(turns - 1))
          )
    const audio = Effect.gen(function* () {
      open += 1
      seen = Math.max(seen, open)
      yield* others(100)
      open -= 1
      return new Uint8Array([1, 2, 3])
    })
    for (let index = 0; index < 12; index++) {
      world.recordings.push(recordingAt("office", `x${index}`, "2026-03-07T10:00:00Z"))
      world.audioOf.set(`x${index}`, Stream.fromEffect(audio))
    }
    expect((await at.run("sync", "--source", "office", ...argv, "--json")).code).toBe(0)
    expect(seen).toBe(most)
  })

  it("no faster than --bwlimit", async () => {
    const begun = performance.now()
    const run = await at.run("sync", "--source", "office", "--bwlimit", "46", "--json")
    expect(run.json).toMatchObject([{ fetched: 3, bytesFetched: 69 }])
    // 69 bytes at 46 a second are a second and a half.
    expect(performance.now() - begun).toBeGreaterThan(1400)
  })
})

describe("sync refuses", () => {
  it.each([
    [["--max-transfer", "much"], "--max-transfer: must be a size such as 500MB"],
    [["--max-transfer", "0"], "--max-transfer: must be a size"],
    [["--max-duration", "soon"], "--max-duration: must be a duration such as 90m"],
    [["--max-duration", "1h30"], "--max-duration: must be a duration"],
    [["--bwlimit", "-1"], "--bwlimit: must be a size"],
    [["--transfers", "0"], "--transfers: must be a whole number"],
    [["--transfers", "1.5"], "--transfers: must be"],
    [["--from", "yesterday"], "--from: must be an ISO 8601 time"],
    [["--to", "2026-04-01"], "a window needs a beginning: --from"],
    [["--from", "2026-04-01", "--to", "2026-03-01"], "--from must be before --to"],
    [["--from", "2040-01-01"], "--from must be before --to"],
    [["--dry-run", "--to", "2026-04-01"], "a window needs a beginning: --from"],
    [["--source", "uk"], 'no source "uk" is configured'],
    [["--dry-rn"], "unknown option --dry-rn; did you mean --dry-run?"]
  ])("%j", async (argv, message) => {
    const run = await at.run("sync", ...argv, "--json")
    expect(run).toMatchObject({ code: 2, out: "", errors: [{ error: { reason: "InvalidQuery", operation: "sync" } }] })
    expect(run.errors[0]).toHaveProperty("error.message", expect.stringContaining(message))
    expect(world.asked).toEqual([])
  })
})
