import { startWebitel } from "@callreel/testkit/webitel"
import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { providers } from "./providers.ts"
import { makeFolder, runInFolder } from "./testing/runInFolder.ts"

const webitel = await startWebitel({ seed: "command" })
afterAll(() => webitel.close())

const source = (name: string) => ({
  provider: "webitel",
  baseUrl: webitel.baseUrl,
  accessToken: { env: name },
  region: "UA",
  since: "2025-12-01"
})
const folder = await makeFolder({
  sources: { centre: source("TOKEN"), deaf: source("DEAF_TOKEN"), closed: source("CLOSED_TOKEN") }
})
const env = {
  TOKEN: webitel.token,
  DEAF_TOKEN: webitel.tokens.withoutPlayback,
  CLOSED_TOKEN: webitel.tokens.withoutRecordFile,
  CALLREEL_CACHE_DIR: join(folder, "cache")
}
const run = (...argv: ReadonlyArray<string>) => runInFolder(folder, providers, argv, { env })
const months = ["--from", "2025-12-01", "--to", "2026-07-01", "--json"]

const idsIn = (values: ReadonlyArray<unknown>): ReadonlyArray<unknown> =>
  values.flatMap((value) => (typeof value === "object" && value !== null && "id" in value ? [value.id] : []))

describe("the command and Webitel", () => {
  it("fetches what it lists, with the token in no address", async () => {
    const listed = await run("list", "--source", "centre", ...months)
    expect(listed).toMatchObject({ code: 0, err: "" })
    const available = webitel.truth.filter(({ state }) => state === "available")
    const ids = new Set(idsIn(listed.json))
    expect(available.filter(({ fileId }) => !ids.has(fileId))).toEqual([])
    const [{ bytes, fileId, mediaType, sha512 } = available[0] ?? {}] = available
    const fetched = await run("fetch", "centre", fileId ?? "", "--json")
    const file = `${fileId}.${mediaType === "audio/wav" ? "wav" : "mp3"}`
    expect(fetched.json).toEqual([{ source: "centre", id: fileId, file, mediaType, bytes, sha512: sha512?.() }])
    const written = createHash("sha512").update(await readFile(join(folder, file)))
    expect(written.digest("hex")).toBe(sha512?.())
    expect(webitel.counts.tokensInUrl).toBe(0)
  })

  it("says 3 and names the permission where recordings would be left out, and never an empty list", async () => {
    const commands = [
      ["list", "--source", "deaf", ...months],
      ["find", "deaf", "--call", webitel.truth[0]?.rootId ?? "", "--json"],
      ["sources", "--check", "--json"]
    ]
    for (const command of commands) {
      const { code, err, out } = await run(...command)
      expect(code).toBe(3)
      expect(out + err).toContain("playback_record_file")
      expect(out + err).not.toContain(webitel.tokens.withoutPlayback)
    }
  })

  it("says 3 where the class of recordings is closed to the token", async () => {
    const { code, err } = await run("list", "--source", "closed", ...months)
    expect(code).toBe(3)
    expect(err).toContain("record_file")
  })

  it("treats hostile numbers, queues and extensions as text that matches nothing", async () => {
    for (const flag of ["--number", "--queue", "--extension"]) {
      for (const hostile of [".*", "' or '1'='1", "|", "(", "1); drop table calls;--"]) {
        const { code, json } = await run("list", "--source", "centre", flag, hostile, ...months)
        expect([code, json]).toEqual([0, []])
      }
    }
    expect(webitel.counts.rawSorts).toBe(0)
  })

  it("gives a link with the token only where one is asked for", async () => {
    const { fileId = "" } = webitel.truth.find(({ state }) => state === "available") ?? {}
    const { json } = await run("link", "centre", fileId, "--json")
    const url = `${webitel.baseUrl}/api/storage/recordings/${fileId}/stream?access_token=${webitel.token}`
    expect(json).toMatchObject([{ source: "centre", id: fileId, url, authentication: "none" }])
  })

  it("prints transcripts where the source includes them", async () => {
    const told = await makeFolder({ sources: { centre: { ...source("TOKEN"), include: ["transcripts"] } } })
    const { json } = await runInFolder(told, providers, ["list", "--source", "centre", ...months], { env })
    const transcribed = json.filter((recording) => /"phrases":\[\{"start_sec":0,/.test(JSON.stringify(recording)))
    expect(transcribed.length).toBeGreaterThan(20)
    const plain = await run("list", "--source", "centre", ...months)
    expect(JSON.stringify(plain.json)).not.toContain("phrases")
  })

  it.each([
    ["files", { files: { default: "file:///srv/calls" } }],
    ["files.main", { files: { main: "file:///srv/calls" }, database: { url: { env: "TOKEN" } } }],
    ["include", { include: ["everything"] }]
  ])("says 2 where the option %s is wrong, and names it", async (option, more) => {
    const wrong = await makeFolder({ sources: { centre: { ...source("TOKEN"), ...more } } })
    const { code, err } = await runInFolder(wrong, providers, ["list", "--source", "centre", ...months], { env })
    expect(code).toBe(2)
    expect(err).toContain(option)
    expect(err).not.toContain(webitel.token)
  })
})
