import { generateCalls } from "@callreel/testkit"
import { startRingCentral } from "@callreel/testkit/ringcentral"
import { startVirtualPbx } from "@callreel/testkit/virtual-pbx"
import { startWebitel } from "@callreel/testkit/webitel"
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { providers } from "./providers.ts"
import { makeFolder, type Run, runInFolder } from "./testing/runInFolder.ts"

const world = (seed: string) =>
  generateCalls({
    seed,
    from: new Date("2026-01-01"),
    to: new Date("2026-04-01"),
    count: 40,
    talkSeconds: [1, 5],
    longTalkSeconds: 0
  })

const generous = { limit: 10_000, windowSeconds: 60, penaltySeconds: 1 }

/**
 * A simulator of each vendor with forty short calls of the first quarter of 2026, without faults and limits; the
 * configuration that reads them, and the environment with its secrets.
 */
const startVendors = async (seed: string) => {
  const pbx = await startVirtualPbx({ seed, world: world(`${seed} office`), listing: { storageUrl: "all" } })
  const ringCentral = await startRingCentral({
    seed,
    world: world(`${seed} us`),
    limits: { heavy: generous, medium: generous, light: generous, auth: generous }
  })
  const webitel = await startWebitel({ seed, world: world(`${seed} centre`) })
  const since = "2025-12-01"
  return {
    pbx,
    ringCentral,
    webitel,
    env: {
      PBX_SECRET: pbx.apps.client.clientSecret,
      RC_SECRET: ringCentral.app.clientSecret,
      RC_JWT: ringCentral.app.jwt,
      WEBITEL_TOKEN: webitel.token
    },
    configuration: {
      sources: {
        office: {
          provider: "virtual-pbx",
          baseUrl: pbx.baseUrl,
          clientId: pbx.apps.client.clientId,
          clientSecret: { env: "PBX_SECRET" },
          storageOrigins: [pbx.storageOrigin],
          region: "RU",
          since
        },
        us: {
          provider: "ringcentral",
          serverUrl: ringCentral.serverUrl,
          mediaUrl: ringCentral.mediaUrl,
          clientId: ringCentral.app.clientId,
          clientSecret: { env: "RC_SECRET" },
          jwt: { env: "RC_JWT" },
          region: "US",
          since
        },
        centre: {
          provider: "webitel",
          baseUrl: webitel.baseUrl,
          accessToken: { env: "WEBITEL_TOKEN" },
          region: "UA",
          since
        }
      },
      archive: { url: "file:./archive" }
    },
    /** Switches all of them off. */
    close: async (): Promise<void> => {
      await Promise.all([pbx.close(), ringCentral.close(), webitel.close()])
    }
  }
}

const vendors = await startVendors("archive of vendors")
const folder = await makeFolder(vendors.configuration)
const run = (...argv: ReadonlyArray<string>) =>
  runInFolder(folder, providers, argv, { env: { ...vendors.env, CALLREEL_CACHE_DIR: join(folder, "cache") } })

const months = ["--from", "2025-12-01", "--to", "2026-05-01"]
const numberIn = (listed: Run): string => /"e164":"(\+\d+)"/.exec(listed.out)?.[1] ?? "none"

// Everything is asked of the vendors first, then they are switched off.
const synced = await run("sync", ...months, "--json")
const again = await run("sync", ...months, "--json")
const { office, us, centre } = {
  office: await run("list", "--source", "office", ...months, "--json"),
  us: await run("list", "--source", "us", ...months, "--json"),
  centre: await run("list", "--source", "centre", ...months, "--json")
}
const questions: ReadonlyArray<ReadonlyArray<string>> = [
  months,
  [...months, "--order", "oldest-first"],
  [...months, "--source", "office", "--direction", "inbound"],
  [...months, "--source", "us", "--direction", "outbound"],
  [...months, "--source", "office", "--number", numberIn(office)],
  [...months, "--source", "office", "--number", numberIn(office).replace("+7", "8")],
  [...months, "--source", "us", "--number", numberIn(us)],
  [...months, "--source", "centre", "--number", numberIn(centre)],
  [...months, "--extension", "0544"],
  ["--from", "2026-02-01", "--to", "2026-03-01"]
]
const listed: Array<{ readonly argv: ReadonlyArray<string>; readonly online: Run }> = []
for (const argv of questions) listed.push({ argv, online: await run("list", ...argv, "--json") })
const texts = [await run("sync"), await run("sync", "--dry-run")]
await vendors.close()

/** Lines in the order of calls; those that began at the same instant come in an order of each vendor's own. */
const inOrder = ({ out }: Run): ReadonlyArray<string> => {
  const startOf = (line: string): string => /"startedAt":"([^"]+)"/.exec(line)?.[1] ?? ""
  const lines = out.trimEnd().split("\n")
  const groups = new Map<string, Array<string>>()
  for (const line of lines) groups.set(startOf(line), [...(groups.get(startOf(line)) ?? []), line])
  return [...groups.values()].flatMap((group) => group.toSorted())
}

describe("the archive of three vendors", () => {
  it("has all that they had, each with its true reason where it is missing", () => {
    expect(synced.code).toBe(0)
    expect(synced.json).toMatchObject([{ pending: 0, failed: 0 }])
    const truths = [
      vendors.pbx.truth.filter(({ state }) => state === "available"),
      vendors.ringCentral.truth.filter(({ kind, state }) => kind !== "voicemail" && state === "available"),
      vendors.webitel.truth.filter(({ state }) => state === "available")
    ]
    expect(truths.map(({ length }) => length > 30)).toEqual([true, true, true])
    expect(synced.json[0]).toHaveProperty("archived", truths.flat().length)
    expect(again.json).toMatchObject([{ fetched: 0, bytesFetched: 0 }])
  })

  it.each(listed)("lists $argv as the vendors did, byte for byte, when they are switched off", async (asked) => {
    const offline = await run("list", "--archive", ...asked.argv, "--json")
    expect(asked.online).toMatchObject({ code: 0, err: "" })
    expect(offline).toMatchObject({ code: 0, err: "" })
    expect(inOrder(asked.online).length).toBeGreaterThan(0)
    expect(inOrder(offline)).toEqual(inOrder(asked.online))
  })

  it("is verified and exported without them", async () => {
    const checked = await run("verify", "--json")
    expect(checked).toMatchObject({ code: 0, json: [{ problems: [] }] })
    expect(await run("export", "--bagit", "bag", "--json")).toMatchObject({ code: 0 })
    expect(await run("export", "--vcon", "vcons", "--json")).toMatchObject({ code: 0 })
    expect(await run("export", "--ndjson", "list.ndjson", "--json")).toMatchObject({ code: 0 })
    expect((await run("status")).code).toBe(0)
    texts.push(await run("verify"), await run("status"))
  })

  it("holds no secret: not in the ledger, the vCons, the proofs, the exports, nor in anything printed", async () => {
    const minted = (await filesOf("cache")).flatMap((text) => text.match(/(?<=")[\w.~-]{20,}(?=")/g) ?? [])
    const links = vendors.pbx.truth.flatMap(({ row }) => (row === undefined ? [] : [String(row["storage_url"])]))
    const secrets = [...Object.values(vendors.env), ...minted, ...links]
    expect(minted.length).toBeGreaterThan(0)
    expect(links.length).toBeGreaterThan(30)
    const written = [...(await filesOf("archive")), ...(await filesOf("bag")), ...(await filesOf("vcons"))]
    const printed = [synced, again, ...listed.map(({ online }) => online), ...texts].flatMap(({ err, out }) => [
      err,
      out
    ])
    const all = [...written, ...printed, await readFile(join(folder, "list.ndjson"), "latin1")]
    for (const secret of secrets) expect(all.filter((text) => text.includes(secret))).toEqual([])
    expect(written.some((text) => text.includes("<masked>"))).toBe(true)
  })

  it("shows nobody's number where it tells how it went", () => {
    const numbers = [office, us, centre].flatMap(({ out }) => out.match(/(?<="number":"\+?)\d{7,}/g) ?? [])
    expect(numbers.length).toBeGreaterThan(100)
    const told = [synced, again, ...texts].flatMap(({ err, out }) => [err, out])
    for (const number of new Set(numbers)) expect(told.filter((text) => text.includes(number))).toEqual([])
  })
})

/** Every file below a folder as text, a character a byte. */
const filesOf = async (name: string): Promise<ReadonlyArray<string>> => {
  const entries = await readdir(join(folder, name), { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  return Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "latin1")))
}
