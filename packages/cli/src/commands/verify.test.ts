import { appendFile, readFile, rename, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { generateKeyPairSync } from "node:crypto"
import { beforeEach, describe, expect, it } from "vitest"
import { archiveConfiguration, type ArchiveFolder, fillWorld, makeArchiveFolder } from "../testing/archiveFolder.ts"
import { makeWorld, type World } from "../testing/memoryProvider.ts"

const march = ["--from", "2026-03-01", "--to", "2026-04-01"]
const audioA = "office/2026/03/01/20260301T100000Z_inbound_a.mp3"
const sidecarB = "us/2026/03/02/20260302T100000Z_inbound_b.vcon.json"
const audioC = "office/2026/03/03/20260303T100000Z_inbound_c.mp3"
const audioD = "us/2026/03/04/20260304T100000Z_inbound_d.mp3"
const proof = "proofs/us/20260301T000000Z_20260401T000000Z.json"

let world: World
let at: ArchiveFolder
beforeEach(async () => {
  world = makeWorld()
  fillWorld(world)
  at = await makeArchiveFolder(world)
  await at.run("sync", ...march)
  world.asked.length = 0
})
const pathOf = (file: string) => join(at.archive, file)

/** Every kind of damage there is. */
const damage = async () => {
  await rm(pathOf(audioA))
  await appendFile(pathOf(audioC), "x")
  await writeFile(pathOf(audioD), "first part, second pArt")
  await writeFile(pathOf(sidecarB), "{}")
  await writeFile(pathOf("us/note.txt"), "hello")
}

describe("verify", () => {
  it("says that all is good, without asking a vendor", async () => {
    const run = await at.run("verify", "--json")
    expect(run).toMatchObject({ code: 0, err: "5 checked: 5 good, 0 problems\n" })
    expect(run.json).toEqual([{ checked: 5, good: 5, problems: [] }])
    expect(await at.run("verify")).toMatchObject({ code: 0, out: "5 checked: 5 good, 0 problems\n", err: "" })
    expect(world.asked).toEqual([])
  })

  it("finds what is missing, changed, not the recording's or nobody's, and ends with 6", async () => {
    await damage()
    const run = await at.run("verify", "--json")
    expect(run).toMatchObject({ code: 6, err: "5 checked: 1 good, 5 problems\n" })
    const hash = expect.stringMatching(/^[0-9a-f]{128}$/)
    expect(run.json).toEqual([
      {
        checked: 5,
        good: 1,
        problems: expect.toSatisfy((problems: ReadonlyArray<unknown>) => problems.length === 5)
      }
    ])
    expect(run.json[0]).toHaveProperty(
      "problems",
      expect.arrayContaining([
        { source: "office", id: "a", path: audioA, problem: "missing", expected: "23 bytes", actual: "no file" },
        { source: "office", id: "c", path: audioC, problem: "size", expected: "23 bytes", actual: "24 bytes" },
        { source: "us", id: "d", path: audioD, problem: "checksum", expected: hash, actual: hash },
        {
          source: "us",
          id: "b",
          path: sidecarB,
          problem: "sidecar",
          expected: expect.any(String),
          actual: expect.any(String)
        },
        { path: "us/note.txt", problem: "extra", expected: "no file", actual: "5 bytes" }
      ])
    )
    const text = await at.run("verify")
    expect(text).toMatchObject({ code: 6, err: "" })
    expect(text.out.trimEnd().split("\n")).toHaveLength(6)
    expect(text.out).toContain(`missing: ${audioA} (office a): no file instead of 23 bytes\n`)
    expect(text.out).toContain(`extra: us/note.txt: 5 bytes instead of no file\n`)
    expect(text.out).toMatch(/\n5 checked: 1 good, 5 problems\n$/)
  })

  it("--repair has the next sync fetch anew what was lost", async () => {
    await damage()
    await rm(pathOf("us/note.txt"))
    expect((await at.run("verify", "--repair")).code).toBe(6)
    const run = await at.run("sync", ...march, "--json")
    expect(run.json).toMatchObject([{ listed: 5, archived: 5, fetched: 3 }])
    expect((await at.run("verify", "--json")).json).toEqual([{ checked: 5, good: 5, problems: [] }])
  })

  it.each([
    [["--source", "us"], 2],
    [["--source", "us", "--source", "office"], 5],
    [["--since", "2026-03-01"], 5],
    [["--since", "2040-01-01"], 0],
    [["--sample", "100%"], 5],
    [["--sample", "1"], 5],
    [["--sample", "0.0001%"], 0]
  ])("%j reads %i again", async (argv, checked) => {
    const run = await at.run("verify", ...argv, "--json")
    expect(run.code).toBe(0)
    expect(run.json).toMatchObject([{ checked, good: checked }])
  })

  it.each([
    [["--sample", "200%"], "--sample: must be a part such as 5%"],
    [["--sample", "0"], "--sample: must be a part"],
    [["--sample", "some"], "--sample: must be a part"],
    [["--source", "uk"], 'no source "uk" is in the archive or configured'],
    [["--proof", "nope.json"], "--proof: nope.json cannot be read: it does not exist"],
    [["--key", "public.pem"], "--key goes with --proof"],
    [["--since", "soon"], "--since: must be an ISO 8601 time"],
    [["--reapir"], "unknown option --reapir; did you mean --repair?"]
  ])("refuses %j", async (argv, message) => {
    const run = await at.run("verify", ...argv, "--json")
    expect(run).toMatchObject({
      code: 2,
      out: "",
      errors: [{ error: { reason: "InvalidQuery", operation: "verify" } }]
    })
    expect(run.errors[0]).toHaveProperty("error.message", expect.stringContaining(message))
  })
})

describe("verify --proof", () => {
  const check = (...argv: ReadonlyArray<string>) => at.run("verify", "--proof", `archive/${proof}`, ...argv)
  const change = async (from: string | RegExp, to: string) =>
    writeFile(pathOf(proof), (await readFile(pathOf(proof), "utf8")).replace(from, to))

  it("says that it holds", async () => {
    expect((await check("--json")).json).toEqual([{ proof: `archive/${proof}`, good: true, problems: [] }])
    expect(await check()).toMatchObject({ code: 0, out: "the proof holds\n", err: "" })
  })

  it.each([
    [["unknown", "sums"], '"archived": 2', '"archived": 3'],
    [["unknown", "slice"], /"sha256": "[0-9a-f]{64}"/, `"sha256": "${"0".repeat(64)}"`],
    [["unknown"], /"bytes": \d+/, '"bytes": 1'],
    [["format"], "callreel/1", "callreel/2"],
    [["format"], "{", "["]
  ] as const)("says what is false of it: %j", async (names, from, to) => {
    await change(from, to)
    const run = await check("--json")
    expect(run.code).toBe(6)
    const problems = names.map((problem) => ({ problem, detail: expect.any(String) }))
    expect(run.json).toEqual([{ proof: `archive/${proof}`, good: false, problems }])
    expect((await check()).out).toMatch(new RegExp(`^${names.map((problem) => `${problem}: .+\\n`).join("")}$`))
  })

  it("follows the chain of proofs", async () => {
    await at.run("sync", "--from", "2026-03-02", "--to", "2026-04-01")
    const later = "archive/proofs/us/20260302T000000Z_20260401T000000Z.json"
    expect((await at.run("verify", "--proof", later)).code).toBe(0)
    await rm(pathOf(proof))
    const run = await at.run("verify", "--proof", later, "--json")
    expect(run).toMatchObject({ code: 6, json: [{ problems: [{ problem: "chain" }] }] })
  })

  it("checks who signed it, where a key is given", async () => {
    const unsigned = await generateKeys()
    const refused = await check("--key", "public.pem", "--json")
    expect(refused).toMatchObject({
      code: 6,
      json: [{ problems: [{ problem: "signature", detail: "it is not signed" }] }]
    })
    await writeFile(join(at.folder, "callreel.json"), JSON.stringify(signing))
    await at.run("sync", ...march)
    expect(await check("--key", "public.pem", "--json")).toMatchObject({ code: 0, json: [{ good: true }] })
    await generateKeys()
    expect(await check("--key", "public.pem")).toMatchObject({ code: 6 })
    await writeFile(join(at.folder, "public.pem"), unsigned)
    expect(await check("--key", "public.pem")).toMatchObject({ code: 0 })
    await change(/"at": "[^"]*"/, '"at": "2026-01-01T00:00:00.000Z"')
    expect(await check("--key", "public.pem")).toMatchObject({ code: 6 })
  })

  it.each([
    ["nope.pem", "--key: nope.pem cannot be read: it does not exist"],
    ["callreel.json", "is no public key in PEM"]
  ])("refuses the key %s", async (file, message) => {
    await generateKeys()
    await writeFile(join(at.folder, "callreel.json"), JSON.stringify(signing))
    await at.run("sync", ...march)
    const run = await check("--key", file, "--json")
    expect(run.code).toBe(2)
    expect(run.errors[0]).toHaveProperty("error.message", expect.stringContaining(message))
  })

  it("needs no proof to be in the archive", async () => {
    await rename(pathOf(proof), join(at.folder, "kept.json"))
    expect((await at.run("verify", "--proof", "kept.json")).code).toBe(0)
  })
})

const signing = { ...archiveConfiguration, archive: { url: "file:./archive", proofKey: { file: "private.pem" } } }

/** A fresh pair of keys beside the configuration; gives the public one. */
const generateKeys = async (): Promise<string> => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519", {
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" }
  })
  await writeFile(join(at.folder, "private.pem"), privateKey)
  await writeFile(join(at.folder, "public.pem"), publicKey)
  return publicKey
}
