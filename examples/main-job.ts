/**
 * The main job, from nothing: a simulated PBX, RingCentral account and Webitel domain with three months of calls each,
 * where every tenth request meets a fault, are listed side by side, everything fetched, and verified. Leaves `recordings/`
 * in the working folder, with the `callreel.json` it used.
 */
import { faultKinds, faultPlan, generateCalls } from "@callreel/testkit"
import { startRingCentral } from "@callreel/testkit/ringcentral"
import { startVirtualPbx } from "@callreel/testkit/virtual-pbx"
import { startWebitel } from "@callreel/testkit/webitel"
import { Effect } from "effect"
import { mkdir, writeFile } from "node:fs/promises"
import { fetchEverything } from "./support/fetchEverything.ts"

const folder = "recordings"
const config = `${folder}/callreel.json`
const window = { from: new Date("2026-01-01"), to: new Date("2026-04-01") }

const pbx = await startVirtualPbx({
  seed: "main job",
  faults: faultPlan({ seed: "main job", rate: 0.1, retryAfterSeconds: 0 })
})
const ringCentral = await startRingCentral({
  seed: "main job",
  world: generateCalls({ seed: "main job: RingCentral", ...window, count: 150 }),
  // Ten Heavy requests a minute, and a minute that passes in a second.
  timeScale: 60,
  faults: faultPlan({
    seed: "main job",
    rate: 0.1,
    retryAfterSeconds: 0,
    // Audio cut short with a length that agrees: nothing at this vendor tells how long it should be.
    kinds: faultKinds.filter((kind) => kind !== "short-body")
  })
})
const webitel = await startWebitel({
  seed: "main job",
  world: generateCalls({ seed: "main job: Webitel", ...window, count: 150 }),
  faults: faultPlan({
    seed: "main job",
    rate: 0.1,
    retryAfterSeconds: 0,
    // A fixed token that is refused stays refused, and a proxy's refusal names no time to wait for.
    kinds: faultKinds.filter((kind) => kind !== "expired-token" && kind !== "refusal")
  })
})
process.env["PBX_SECRET"] = pbx.apps.client.clientSecret
process.env["RC_SECRET"] = ringCentral.app.clientSecret
process.env["RC_JWT"] = ringCentral.app.jwt
process.env["WEBITEL_TOKEN"] = webitel.token

const configuration = {
  sources: {
    office: {
      provider: "virtual-pbx",
      baseUrl: pbx.baseUrl,
      clientId: pbx.apps.client.clientId,
      clientSecret: { env: "PBX_SECRET" },
      storageOrigins: [pbx.storageOrigin],
      region: "RU",
      idleTimeout: "1 second"
    },
    us: {
      provider: "ringcentral",
      serverUrl: ringCentral.serverUrl,
      mediaUrl: ringCentral.mediaUrl,
      clientId: ringCentral.app.clientId,
      clientSecret: { env: "RC_SECRET" },
      jwt: { env: "RC_JWT" },
      include: ["voicemail"],
      region: "US",
      idleTimeout: "1 second"
    },
    centre: {
      provider: "webitel",
      baseUrl: webitel.baseUrl,
      accessToken: { env: "WEBITEL_TOKEN" },
      region: "UA",
      idleTimeout: "1 second"
    }
  }
}
await mkdir(folder, { recursive: true })
await writeFile(config, `${JSON.stringify(configuration, null, 2)}\n`)
console.log(
  `simulated: a virtual PBX at ${pbx.baseUrl}, RingCentral at ${ringCentral.serverUrl}, Webitel at ${webitel.baseUrl}`
)
console.log(`${config} names all three`)

const { failed } = await Effect.runPromise(fetchEverything({ config, window, folder }))
const vendors = { "the PBX": pbx, RingCentral: ringCentral, Webitel: webitel }
for (const [name, { requests }] of Object.entries(vendors)) {
  const faults = requests.entries.filter(({ fault }) => fault !== undefined).length
  console.log(`${name} answered ${requests.entries.length} requests, ${faults} of them with a fault`)
}

await Promise.all(Object.values(vendors).map((vendor) => vendor.close()))
process.exitCode = failed > 0 ? 7 : 0
