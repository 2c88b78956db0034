import { PassThrough } from "node:stream"
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
const march = ["--from", "2026-03-01", "--to", "2026-04-01"]
const window = { from: new Date("2026-03-01T00:00:00Z"), to: new Date("2026-04-01T00:00:00Z") }

describe("vendor operations", () => {
  it.each([
    [
      ["stats", "office", ...march],
      {
        source: "office",
        from: "2026-03-01T00:00:00.000Z",
        to: "2026-04-01T00:00:00.000Z",
        recordings: 3,
        bytes: 1234567
      },
      window
    ],
    [
      ["link", "office", "a"],
      {
        source: "office",
        id: "a",
        url: "https://storage.example/x?key=1",
        authentication: "none",
        permanent: false,
        expiresAt: "2026-04-01T00:00:00.000Z"
      },
      { id: "a" }
    ],
    [["remove", "office", "a", "--yes"], { source: "office", id: "a", removed: true }, { id: "a" }],
    [
      ["request-archive", "office", ...march, "--email", "a@b.example,c@d.example", "--email=e@f.example"],
      {
        source: "office",
        from: "2026-03-01T00:00:00.000Z",
        to: "2026-04-01T00:00:00.000Z",
        emails: ["a@b.example", "c@d.example", "e@f.example"],
        accepted: true
      },
      { ...window, emails: ["a@b.example", "c@d.example", "e@f.example"] }
    ]
  ])("%j", async (argv, form, what) => {
    const asJson = await run(...argv, "--json")
    expect(asJson).toMatchObject({ code: 0, err: "" })
    expect(asJson.json).toEqual([form])
    expect(world.asked[0]?.what).toEqual(what)
    const asText = await run(...argv)
    expect(asText.code).toBe(0)
    expect(asText.out).not.toBe("")
  })

  it.each([
    [["stats", "office"], "--from and --to are missing"],
    [["request-archive", "office", ...march], "--email is missing"],
    [["request-archive", "office", ...march, "--email", "ann"], "--email: must be e-mail addresses"],
    [["remove", "office", "a"], "nobody can be asked"]
  ])("%j is refused", async (argv, message) => {
    const { code, errors } = await run(...argv, "--json")
    expect(code).toBe(2)
    expect(errors[0]).toHaveProperty("error.message", expect.stringContaining(message))
    expect(world.asked).toEqual([])
  })

  it("that the source has not", async () => {
    world.capability = { link: false }
    expect(await run("link", "office", "a", "--json")).toMatchObject({
      code: 2,
      errors: [{ error: { reason: "Unsupported" } }]
    })
  })
})

describe("remove on a terminal", () => {
  const answer = (input: string) =>
    runInFolder(folder, memoryProviders(world), ["remove", "office", "a"], {
      input,
      isTerminal: { stdin: true, stderr: true }
    })

  it.each([
    ["y\n", 0],
    ["YES\n", 0],
    ["n\n", 2],
    ["\n", 2],
    ["", 2]
  ])("%j", async (input, code) => {
    const result = await answer(input)
    expect(result.code).toBe(code)
    expect(result.err).toContain("Delete recording a of office")
    expect(world.asked).toHaveLength(code === 0 ? 1 : 0)
  })

  it("can be interrupted while it asks", async () => {
    const interruption = new AbortController()
    const asking = runInFolder(folder, memoryProviders(world), ["remove", "office", "a"], {
      stdin: new PassThrough(),
      isTerminal: { stdin: true, stderr: true },
      signal: interruption.signal
    })
    setTimeout(() => interruption.abort(), 50)
    expect(await asking).toMatchObject({ code: 130, out: "" })
    expect(world.asked).toEqual([])
  })
})
