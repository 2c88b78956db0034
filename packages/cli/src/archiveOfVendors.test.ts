import { generateCalls } from "@callreel/testkit"
import { startRingCentral } from "@callreel/testkit/ringcentral"
import { startVirtualPbx } from "@callreel/testkit/virtual-pbx"
import { startWebitel } from "@callreel/testkit/webitel"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { providers } from "./providers.ts"
import { makeFolder, runInFolder } from "./testing/runInFolder.ts"

const year = ["--from", "2025-12-01", "--to", "2026-05-01"]
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
const pbx = await startVirtualPbx({ seed: "archive", world: world("pbx"), listing: { storageUrl: "all" } })
const ringCentral = await startRingCentral({
  seed: "archive",
  world: world("us"),
  limits: { heavy: generous, medium: generous, light: generous, auth: generous }
})
const webitel = await startWebitel({ seed: "archive", world: world("centre") })
const vendors = [pbx, ringCentral, webitel]
afterAll(() => Promise.all(vendors.map((vendor) => vendor.close())))

const folder = await makeFolder({
  sources: {
    office: {
      provider: "virtual-pbx",
      baseUrl: pbx.baseUrl,
      clientId: pbx.apps.client.clientId,
      clientSecret: { env: "PBX_SECRET" },
      storageOrigins: [pbx.storageOrigin],
      region: "RU",
      since: "2025-12-01"
    },
    us: {
      provider: "ringcentral",
      serverUrl: ringCentral.serverUrl,
      mediaUrl: ringCentral.mediaUrl,
      clientId: ringCentral.app.clientId,
      clientSecret: { env: "RC_SECRET" },
      jwt: { env: "RC_JWT" },
      region: "US",
      since: "2025-12-01"
    },
    centre: {
      provider: "webitel",
      baseUrl: webitel.baseUrl,
      accessToken: { env: "TOKEN" },
      region: "UA",
      since: "2025-12-01"
    }
  },
  archive: { url: "file:./archive" }
})
const env = {
  PBX_SECRET: pbx.apps.client.clientSecret,
  RC_SECRET: ringCentral.app.clientSecret,
  RC_JWT: ringCentral.app.jwt,
  TOKEN: webitel.token,
  CALLREEL_CACHE_DIR: join(folder, "cache")
}
const run = (...argv: ReadonlyArray<string>) => runInFolder(folder, providers, argv, { env })

describe("the archive of three vendors", () => {
  it("x", async () => {
    console.log(folder)
    const t0 = Date.now()
    const synced = await run("sync", "--json", ...year)
    console.log(Date.now() - t0, synced.code, synced.err, JSON.stringify(synced.json, null, 1).slice(0, 5000))
    for (const s of ["office", "us", "centre"]) {
      const a = await run("list", "--source", s, "--json", ...year)
      const b = await run("list", "--source", s, "--json", "--archive", ...year)
      console.log(s, a.json.length, b.json.length, a.out === b.out, b.err)
      const al = a.out.split("\n"), bl = b.out.split("\n")
      let n = 0
      al.forEach((l, i) => { if (l !== bl[i] && n++ < 2) console.log(l + "\n" + bl[i]) })
    }
    const s = await run("status", "--json"); console.log(s.out, s.err)
    const s2 = await run("status"); console.log(s2.out, s2.err)
    const v = await run("verify", "--json"); console.log(v.out, v.err, v.code)
  }, 60_000)
})
