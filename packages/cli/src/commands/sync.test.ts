import { Forbidden, Gone, InvalidOptions, NotFound, Pending, Unauthorized, Unavailable } from "@callreel/recording"
import { Duration, Effect, Stream } from "effect"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { beforeEach, describe, expect, it } from "vitest"
import { archiveConfiguration, type ArchiveFolder, fillWorld, makeArchiveFolder } from "../testing/archiveFolder.ts"
import { collector } from "../testing/runInFolder.ts"
import { makeWorld, recordingAt, type World } from "../testing/memoryProvider.ts"

let world: World
let at: ArchiveFolder
beforeEach(async () => {
  world = makeWorld()
  fillWorld(world)
  at = await makeArchiveFolder(world)
})

const march = ["--from", "2026-03-01", "--to", "2026-04-01"]
/** Ids of the recordings whose audio was asked for, in order of the ids. */
const fetched = (): ReadonlyArray<string> =>
  world.asked
    .flatMap(({ operation, what }) =>
      operation === "audio" && typeof what === "object" && what !== null && "id" in what ? [String(what.id)] : []
    )
    .toSorted()

describe("sync --json", () => {
  it("is one object of the counts, each source and its proof, and what was not obtained", async () => {
    world.failures.set("office:audio:c", new Gone({ why: "expired", detail: "kept for 90 days" }))
    world.failures.set("us:audio:d", new Pending({ retryAt: new Date("2030-01-01"), detail: "not ready" }))
    world.failures.set("office:audio:e", new InvalidOptions({ option: "x", detail: "no way to it" }))
    const run = await at.run("sync", ...march, "--json")
    const summary = "5 listed: 2 archived, 1 unavailable (1 expired), 1 pending, 1 failed"
    expect(run.code).toBe(7)
    expect(run.out.trimEnd().split("\n")).toHaveLength(1)
    expect(run.err).toBe(`${summary}\n`)
    const window = { from: "2026-03-01T00:00:00.000Z", to: "2026-04-01T00:00:00.000Z" }
    const proof = (source: string) => `proofs/${source}/20260301T000000Z_20260401T000000Z.json`
    expect(run.json).toEqual([
      {
        listed: 5,
        archived: 2,
        unavailable: { expired: 1 },
        pending: 1,
        failed: 1,
        fetched: 2,
        bytesFetched: 46,
        suspect: 0,
        summary,
        sources: [
          {
            source: "office",
            ...window,
            listed: 3,
            archived: 1,
            unavailable: { expired: 1 },
            pending: 0,
            failed: 1,
            proof: proof("office")
          },
          {
            source: "us",
            ...window,
            listed: 2,
            archived: 1,
            unavailable: {},
            pending: 1,
            failed: 0,
            proof: proof("us")
          }
        ],
        notObtained: [
          {
            source: "office",
            id: "e",
            state: "failed",
            reason: "InvalidOptions",
            attempts: 1,
            retryAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
          },
          {
            source: "us",
            id: "d",
            state: "pending",
            reason: "Pending",
            attempts: 0,
            retryAt: "2030-01-01T00:00:00.000Z"
          },
          { source: "office", id: "c", state: "unavailable", reason: "expired", attempts: 0 }
        ]
      }
    ])
  })

  it("ends with 0 where the rest is pending or unavailable, each with its true reason", async () => {
    world.failures.set("office:audio:a", new NotFound({ what: "the audio" }))
    world.failures.set("office:audio:c", new NotFound({ what: "the audio" }))
    world.failures.set("office:get:c", new NotFound({ what: "the recording" }))
    world.failures.set("us:audio:b", new Forbidden({ detail: "no", permission: "ReadCallRecording" }))
    world.failures.set("us:audio:d", new Pending({ retryAt: new Date("2030-01-01"), detail: "not ready" }))
    const run = await at.run("sync", ...march, "--json")
    expect(run.code).toBe(0)
    expect(run.json).toMatchObject([
      { listed: 5, archived: 1, unavailable: { absent: 1, deleted: 1, forbidden: 1 }, pending: 1, failed: 0 }
    ])
  })

  it("counts what differs from the vendor's figures as suspect, and archives it", async () => {
    world.recordings.push(recordingAt("us", "f", "2026-03-06T10:00:00Z", { audio: { bytes: 99 } }))
    world.audioOf.set("f", Stream.make(new Uint8Array(50)))
    const run = await at.run("sync", ...march, "--json")
    expect(run.code).toBe(0)
    expect(run.json).toMatchObject([{ archived: 6, suspect: 1 }])
  })
})

describe("the proof of a sync", () => {
  const proofOfUs = async (): Promise<unknown> =>
    JSON.parse(await readFile(join(at.archive, "proofs/us/20260301T000000Z_20260401T000000Z.json"), "utf8"))
  const sha256 = expect.stringMatching(/^[0-9a-f]{64}$/)
  const day = (date: string, next: string) => ({
    from: `${date}T00:00:00.000Z`,
    to: `${next}T00:00:00.000Z`,
    listed: 1,
    sha256
  })

  it("has the counts, a slice a day, the vendor's own figures, and the hash of the one before", async () => {
    await at.run("sync", ...march)
    const first = await proofOfUs()
    expect(first).toMatchObject({
      source: "us",
      from: "2026-03-01T00:00:00.000Z",
      to: "2026-04-01T00:00:00.000Z",
      tool: "callreel 0.1.0",
      listed: 2,
      archived: 2,
      unavailable: {},
      pending: 0,
      failed: 0,
      slices: [day("2026-03-02", "2026-03-03"), day("2026-03-04", "2026-03-05")],
      vendor: { recordings: 3, bytes: 1_234_567, difference: { recordings: 1, bytes: 1_234_521 } }
    })
    expect(first).not.toHaveProperty("previous")
    await at.run("sync", ...march)
    expect(await proofOfUs()).toMatchObject({ listed: 2, previous: sha256 })
  })
})

describe("sync in text", () => {
  it("says what is missing and why, then the sentence, on stdout alone", async () => {
    world.failures.set("office:audio:c", new Gone({ why: "expired", detail: "kept for 90 days" }))
    world.failures.set("us:audio:d", new Pending({ retryAt: new Date("2030-01-01"), detail: "not ready" }))
    const run = await at.run("sync", ...march)
    expect(run).toMatchObject({ code: 0, err: "" })
    expect(run.out.split("\n")).toEqual([
      "pending: us d (Pending), next try 2030-01-01T00:00:00.000Z",
      "unavailable: office c (expired)",
      "proof: proofs/office/20260301T000000Z_20260401T000000Z.json",
      "proof: proofs/us/20260301T000000Z_20260401T000000Z.json",
      "3 fetched now, 69 bytes",
      "5 listed: 3 archived, 1 unavailable (1 expired), 1 pending, 0 failed",
      ""
    ])
  })

  it("has a line a source on a terminal, ended before the result, and none elsewhere", async () => {
    const { bytes, stream } = collector()
    const terminal = Object.assign(stream, { isTTY: true, columns: 80 })
    const { code } = await at.runWith({ stdout: terminal, stderr: terminal }, "sync", ...march)
    expect(code).toBe(0)
    const shown = new TextDecoder().decode(bytes())
    expect(shown).toMatch(/office .*done: 3 listed, 3 archived/)
    expect(shown).toMatch(/us .*done: 2 listed, 2 archived/)
    const summary = "5 fetched now, 115 bytes\n5 listed: 5 archived, 0 unavailable, 0 pending, 0 failed\n"
    expect(shown.endsWith(summary)).toBe(true)
    expect((await at.run("sync", ...march)).err).toBe("")
  })
})

describe("sync run again", () => {
  it("fetches nothing twice, and late recordings with the next run", async () => {
    await at.run("sync", "--json")
    expect(fetched()).toEqual(["a", "b", "c", "d", "e"])
    const again = await at.run("sync", "--json")
    expect(again.json).toMatchObject([{ listed: 5, archived: 5, fetched: 0, bytesFetched: 0 }])
    world.recordings.push(recordingAt("us", "late", "2026-03-01T12:00:00Z"))
    const third = await at.run("sync", "--json")
    expect(third.json).toMatchObject([{ listed: 6, archived: 6, fetched: 1 }])
    expect(fetched()).toEqual(["a", "b", "c", "d", "e", "late"])
  })

  it("begins at since, and a window that has no end ends now", async () => {
    world.recordings.push(
      recordingAt("office", "before", "2026-02-28T23:59:59Z"),
      recordingAt("office", "future", "2040-01-01T00:00:00Z")
    )
    const window = await at.run("sync", "--from", "2026-03-03", "--json")
    expect(window.json).toMatchObject([{ listed: 3, archived: 3 }])
    expect(fetched()).toEqual(["c", "d", "e"])
    const changes = await at.run("sync", "--source", "office", "--json")
    expect(changes.json).toMatchObject([
      { listed: 4, sources: [{ source: "office", from: "2026-03-01T00:00:00.000Z" }] }
    ])
    expect(fetched()).not.toContain("before")
  })

  it("--retry-failed lists nothing and tries what failed or was refused, and nothing else", async () => {
    world.failures.set("office:audio:a", new InvalidOptions({ option: "x", detail: "no way to it" }))
    world.failures.set("us:audio:b", new Forbidden({ detail: "no" }))
    expect((await at.run("sync")).code).toBe(7)
    world.failures.clear()
    world.asked.length = 0
    world.recordings.push(recordingAt("us", "new", "2026-03-09T12:00:00Z"))
    const again = await at.run("sync", "--retry-failed", "--json")
    expect(again.code).toBe(0)
    expect(again.json).toMatchObject([{ listed: 5, archived: 5, fetched: 2, failed: 0, unavailable: {} }])
    expect(world.asked.map(({ operation }) => operation)).toEqual(["audio", "audio"])
    expect(fetched()).toEqual(["a", "b"])
  })
})

describe("sync of several sources", () => {
  it.each([
    ["list", new Unauthorized({ detail: "the token is refused" }), 3, "Unauthorized"],
    ["list", new Unavailable({ detail: "the vendor answers 503" }), 5, "Unavailable"],
    ["audio", new Unauthorized({ detail: "the token is refused" }), 3, "Unauthorized"],
    ["list-end", new Unavailable({ detail: "the connection broke" }), 5, "Unavailable"]
  ] as const)("archives the others where %s of one fails, and ends with its code", async (what, reason, code, name) => {
    world.failures.set(`us:${what}`, reason)
    const run = await at.run("sync", ...march, "--json")
    expect(run.code).toBe(code)
    expect(run.errors).toEqual([
      { error: expect.objectContaining({ reason: name, source: "us", operation: what === "audio" ? "audio" : "list" }) }
    ])
    expect(run.json).toHaveLength(1)
    expect(run.json[0]).toHaveProperty(
      "sources.0",
      expect.objectContaining({ source: "office", archived: 3, failed: 0 })
    )
    expect(run.json[0]).toHaveProperty("sources.0.proof")
    expect(run.json[0]).not.toHaveProperty("sources.1.proof")
    world.failures.clear()
    expect((await at.run("sync", ...march, "--json")).json).toMatchObject([{ listed: 5, archived: 5 }])
  })

  it("archives only those that are named", async () => {
    const run = await at.run("sync", "--source", "us", "--json")
    expect(run.json).toMatchObject([{ listed: 2, sources: [{ source: "us" }] }])
    expect(fetched()).toEqual(["b", "d"])
  })

  it("asks each as bulk work that waits as long as it must", async () => {
    await at.run("sync")
    const contexts = world.contexts.map(({ lane, maxWaitSeconds }) => `${lane} ${maxWaitSeconds}`)
    expect(new Set(contexts)).toEqual(new Set(["bulk Infinity"]))
  })

  it("says 2 and since where one has neither a window nor a beginning", async () => {
    const { sources, archive } = archiveConfiguration
    at = await makeArchiveFolder(world, { sources: { ...sources, us: { provider: "memory" } }, archive })
    const run = await at.run("sync", "--json")
    expect(run.code).toBe(2)
    expect(run.errors).toMatchObject([{ error: { reason: "InvalidOptions", source: "us" } }])
    expect(run.errors[0]).toHaveProperty("error.message", expect.stringContaining("since"))
    expect(run.json).toMatchObject([{ archived: 3 }])
  })
})

describe("sync with filters", () => {
  it.each([
    [["--direction", "outbound"], []],
    [
      ["--direction", "inbound"],
      ["a", "b", "c", "d", "e"]
    ],
    [["--number", "+74950000000"], []],
    [
      ["--extension", "101", "--source", "us"],
      ["b", "d"]
    ],
    [["--queue", "Sales"], []]
  ])("%j fetches %j and proves nothing", async (filter, ids) => {
    const run = await at.run("sync", ...march, ...filter, "--json")
    expect(run.code).toBe(0)
    expect(fetched()).toEqual(ids)
    expect(run.out).not.toContain("proofs/")
  })

  it("refuses them without a window, as what is new is read unfiltered", async () => {
    const run = await at.run("sync", "--direction", "inbound", "--json")
    expect(run).toMatchObject({ code: 2, out: "", errors: [{ error: { reason: "InvalidQuery", operation: "sync" } }] })
    expect(world.asked).toEqual([])
  })
})

describe("interrupting sync", () => {
  it("finishes what is under way, prints the result and ends with 130", async () => {
    const interruption = new AbortController()
    const slow = Stream.fromEffect(
      Effect.sync(() => interruption.abort()).pipe(
        Effect.andThen(Effect.sleep(Duration.millis(100))),
        Effect.as(new Uint8Array([1, 2, 3]))
      )
    )
    world.audioOf.set("a", slow)
    const argv = ["sync", "--source", "office", "--transfers", "1", "--json"]
    const run = await at.runWith({ signal: interruption.signal }, ...argv)
    expect(run.code).toBe(130)
    expect(run.json).toMatchObject([{ listed: 3, archived: 1, pending: 2, fetched: 1, stopped: "stopped" }])
    expect(run.err).toBe("3 listed: 1 archived, 0 unavailable, 2 pending, 0 failed\n")
    expect(run.out).not.toContain("proofs/")
    expect((await at.run("sync", "--json")).json).toMatchObject([{ listed: 5, archived: 5, fetched: 4 }])
    expect(fetched()).toEqual(["a", "b", "c", "d", "e"])
  })
})
