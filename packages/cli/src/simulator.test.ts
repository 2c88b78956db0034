import { startVirtualPbx } from "@callreel/testkit/virtual-pbx"
import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { providers } from "./providers.ts"
import { makeFolder, runInFolder } from "./testing/runInFolder.ts"

const pbx = await startVirtualPbx()
afterAll(() => pbx.close())
const { clientId, clientSecret } = pbx.apps.client
const options = {
  baseUrl: pbx.baseUrl,
  clientId,
  clientSecret: { env: "PBX_SECRET" },
  storageOrigins: [pbx.storageOrigin]
}
const folder = await makeFolder({
  sources: { office: { provider: "virtual-pbx", ...options, scope: { client: "@me" }, region: "RU" } }
})
const run = (...argv: ReadonlyArray<string>) =>
  runInFolder(folder, providers, argv, {
    env: { PBX_SECRET: clientSecret, CALLREEL_CACHE_DIR: join(folder, "cache") }
  })

describe("the command and the virtual PBX", () => {
  it("fetches what it lists, and logs in once for all its runs", async () => {
    const listed = await run("list", "--from", "2025-12-01", "--to", "2027-01-01", "--json")
    expect(listed).toMatchObject({ code: 0, err: "" })
    expect(listed.json).toHaveLength(pbx.truth.filter(({ row }) => row !== undefined).length)
    for (const { bytes, recordUuid, sha512 } of pbx.truth.filter(({ state }) => state === "available").slice(0, 3)) {
      const { json } = await run("fetch", "office", recordUuid, "--json")
      const file = `${recordUuid}.mp3`
      const expected = { source: "office", id: recordUuid, file, mediaType: "audio/mpeg", bytes, sha512: sha512() }
      expect(json).toEqual([expected])
      const written = createHash("sha512").update(await readFile(join(folder, file)))
      expect(written.digest("hex")).toBe(sha512())
    }
    expect(pbx.counts.tokens).toBe(1)
  })

  it("says 3 and shows no secret where the login is refused", async () => {
    const refused = await runInFolder(folder, providers, ["sources", "--check", "--json"], {
      env: { PBX_SECRET: "wr0ng-secret", CALLREEL_CACHE_DIR: join(folder, "other") }
    })
    expect(refused.code).toBe(3)
    expect(refused.errors).toEqual([{ error: expect.objectContaining({ reason: "Unauthorized", source: "office" }) }])
    expect(refused.err).not.toContain("wr0ng-secret")
  })
})
