import { RateLimited, Recording, Unavailable } from "@callreel/recording"
import { Duration } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import { Writable } from "node:stream"
import stringWidth from "string-width"
import { beforeEach, describe, expect, it } from "vitest"
import { makeWorld, memoryProviders, recordingAt, type World } from "../testing/memoryProvider.ts"
import { makeFolder, type Run, runInFolder } from "../testing/runInFolder.ts"

let world: World
let folder: string
beforeEach(async () => {
  world = makeWorld()
  world.recordings.push(
    recordingAt("office", "a", "2026-03-01T00:00:00Z"),
    recordingAt("us", "b", "2026-03-05T10:00:00Z", { durationSeconds: 17.2 }),
    recordingAt("office", "c", "2026-03-09T10:00:00Z"),
    recordingAt("us", "d", "2026-04-01T00:00:00Z")
  )
  folder = await makeFolder()
})
const list = (...more: ReadonlyArray<string>) =>
  runInFolder(folder, memoryProviders(world), ["list", "--from", "2026-03-01", "--to", "2026-04-01", ...more])
const idsOf = ({ json }: Run) =>
  json.map((line) => (typeof line === "object" && line !== null && "id" in line ? line.id : undefined))

describe("list --json", () => {
  it.each([
    [[], ["c", "b", "a"]],
    [
      ["--order", "oldest-first"],
      ["a", "b", "c"]
    ],
    [["--source", "us"], ["b"]],
    [
      ["--source", "us", "--source=office", "--source", "us"],
      ["c", "b", "a"]
    ],
    [
      ["--limit", "2"],
      ["c", "b"]
    ],
    [["--to", "2026-03-09T10:00:00Z"], undefined],
    [
      ["--number", "+74951234567"],
      ["c", "b", "a"]
    ],
    [["--number", "+74951234560"], []],
    [["--number", "-x"], []],
    [
      ["--extension", "101"],
      ["c", "b", "a"]
    ],
    [["--queue", "Sales"], []],
    [["--direction", "outbound"], []]
  ])("%j", async (more, ids) => {
    const run = await list("--json", ...more)
    expect(run.code).toBe(ids === undefined ? 2 : 0)
    expect(idsOf(run)).toEqual(ids ?? [])
    expect(run.err === "").toBe(ids !== undefined)
  })

  it("prints what the codec of recordings reads, link secrets masked", async () => {
    const { json, out } = await list("--json")
    expect(out.endsWith("\n")).toBe(true)
    expect(json).toHaveLength(3)
    for (const line of json) expect(Either.isRight(Recording.decode(line))).toBe(true)
    expect(json[1]).toMatchObject({
      source: "us",
      id: "b",
      durationSeconds: 17.2,
      call: { startedAt: "2026-03-05T10:00:00.000Z" }
    })
    expect(out).not.toContain("storage.example/secret")
    expect(json[0]).toHaveProperty("raw.record_uuid", "c")
  })

  it("has options before and after, and before the command", async () => {
    const window = ["--from=2026-03-01", "--to=2026-04-01"]
    const run = await runInFolder(folder, memoryProviders(world), ["--json", "--source", "us", "list", ...window])
    expect(idsOf(run)).toEqual(["b"])
  })

  it("prints what came before a source failed, and its error", async () => {
    world.failures.set(
      "us:list-end",
      new Unavailable({ detail: "the vendor answers 503", retryAfter: Duration.seconds(9) })
    )
    const run = await list("--json")
    expect(run.code).toBe(5)
    expect(idsOf(run)).toEqual(["c", "b"])
    expect(run.errors).toEqual([
      {
        error: {
          reason: "Unavailable",
          source: "us",
          operation: "list",
          message: "us: list: the vendor answers 503; try again later",
          retryAfterSeconds: 9
        }
      }
    ])
  })

  it("waits for a slow reader, and ends quietly when the reader goes", async () => {
    for (let index = 0; index < 5_000; index++)
      world.recordings.push(recordingAt("us", `x${index}`, "2026-03-02T00:00:00Z"))
    let taken = 0
    const reader = new Writable({
      highWaterMark: 1,
      write: (chunk: Uint8Array, _encoding, done) => {
        taken += chunk.byteLength
        const closed: NodeJS.ErrnoException = Object.assign(new Error("write EPIPE"), { code: "EPIPE" })
        setTimeout(() => done(taken > 10_000 ? closed : null), 1)
      }
    })
    const run = await runInFolder(
      folder,
      memoryProviders(world),
      ["list", "--from", "2026-03-01", "--to", "2026-04-01", "--json"],
      {
        stdout: reader
      }
    )
    expect(run.code).toBe(0)
    expect(run.err).toBe("")
  })

  it("says 8 where the output cannot be written", async () => {
    const full = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error("write"), { code: "ENOSPC" }))
    })
    const argv = ["list", "--from", "2026-03-01", "--to", "2026-04-01", "--json"]
    const run = await runInFolder(folder, memoryProviders(world), argv, { stdout: full })
    expect(run.code).toBe(8)
    expect(run.errors).toEqual([
      {
        error: {
          reason: "Destination",
          operation: "print",
          message: "standard output cannot be written: no space is left on the device"
        }
      }
    ])
  })
})

describe("list as a table", () => {
  it("fits the terminal and names the sources", async () => {
    const run = await runInFolder(
      folder,
      memoryProviders(world),
      ["list", "--from", "2026-03-01", "--to", "2026-04-01"],
      {
        isTerminal: { stdout: true },
        columns: 72
      }
    )
    expect(run.code).toBe(0)
    const lines = run.out.trimEnd().split("\n")
    expect(lines).toHaveLength(4)
    expect(lines[0]).toMatch(/^STARTED \(UTC\) +SOURCE/)
    expect(lines[2]).toMatch(/^2026-03-05 10:00:00 +us .* b$/)
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(72)
  })

  it("says where there is nothing", async () => {
    const run = await list("--number", "1")
    expect(run).toMatchObject({ code: 0, out: "", err: "no recordings\n" })
  })
})

const refusals: ReadonlyArray<readonly [ReadonlyArray<string>, string]> = [
  [["list", "--to", "2026-04-01"], "--from is missing"],
  [["list"], "--from and --to are missing"],
  [["list", "--from", "yesterday", "--to", "2026-04-01"], "--from: must be an ISO 8601 time"],
  [["list", "--from", "2026-03-01", "--to"], "--to: needs a value"],
  [["list", "--from", "2026-03-01", "--to", "2026-04-01", "--from", "2026-03-02"], "--from: can be given once only"],
  [["list", "--from", "2026-03-02", "--to", "2026-03-01"], "office: list: "],
  [["list", "--from", "2026-03-01", "--to", "2026-04-01", "--source", "uk"], 'no source "uk" is configured'],
  [["list", "--from", "2026-03-01", "--to", "2026-04-01", "--direction", "in"], "--direction: must be"],
  [["list", "--from", "2026-03-01", "--to", "2026-04-01", "--order", "newest"], "--order: must be"],
  [["list", "--from", "2026-03-01", "--to", "2026-04-01", "--limit", "0"], "--limit: must be a whole number"],
  [["list", "--from", "2026-03-01", "--to", "2026-04-01", "--limit", "1.5"], "--limit: must be"],
  [
    ["list", "--from", "2026-03-01", "--to", "2026-04-01", "--max-wait", "-1"],
    "--max-wait: must be a number of seconds"
  ],
  [["list", "--from", "2026-03-01", "--to", "2026-04-01", "+74951234567"], "1 more argument(s) than list takes"],
  [["list", "--nmber", "1"], "unknown option --nmber; did you mean --number?"],
  [["ftch"], 'unknown command "ftch"; did you mean fetch?'],
  [["--jsn", "list"], "unknown option --jsn; did you mean --json?"]
]

describe("list refuses", () => {
  it.each(refusals)("%j in text", async (argv, message) => {
    const run = await runInFolder(folder, memoryProviders(world), argv)
    expect(run).toMatchObject({ code: 2, out: "" })
    expect(run.err).toContain(`callreel: ${message}`)
  })

  it.each([...refusals, [[], "a command is missing"] as const])("%j in JSON", async (argv, message) => {
    const run = await runInFolder(folder, memoryProviders(world), [...argv, "--json"])
    expect(run).toMatchObject({ code: 2, out: "" })
    expect(run.err.trimEnd().split("\n")).toHaveLength(1)
    expect(run.errors).toEqual([
      { error: expect.objectContaining({ reason: "InvalidQuery", message: expect.stringContaining(message) }) }
    ])
  })

  it("a capability that the source has not", async () => {
    world.capability = { listByQueue: "unsupported" }
    const run = await list("--queue", "7", "--json")
    expect(run.code).toBe(2)
    expect(run.errors[0]).toMatchObject({ error: { reason: "Unsupported", source: "office", operation: "list" } })
  })

  it("what a limit forbids for longer than --max-wait", async () => {
    world.failures.set("list", new RateLimited({ retryAfter: Duration.seconds(40), group: "api" }))
    const run = await list("--json", "--max-wait", "0.5")
    expect(run.code).toBe(5)
    expect(run.errors[0]).toMatchObject({ error: { reason: "RateLimited", retryAfterSeconds: 40 } })
  })
})
