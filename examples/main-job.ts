/**
 * The main job, from nothing: a simulated PBX with three months of calls, where every tenth request meets a fault, is
 * listed, everything fetched, and verified. Leaves `recordings/` in the working folder, with the `callreel.json` it used.
 */
import { faultPlan } from "@callreel/testkit"
import { startVirtualPbx } from "@callreel/testkit/virtual-pbx"
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
process.env["PBX_SECRET"] = pbx.apps.client.clientSecret

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
    }
  }
}
await mkdir(folder, { recursive: true })
await writeFile(config, `${JSON.stringify(configuration, null, 2)}\n`)
console.log(`a virtual PBX is simulated at ${pbx.baseUrl}; ${config} names it`)

const { failed } = await Effect.runPromise(fetchEverything({ config, window, folder }))
const faults = pbx.requests.entries.filter(({ fault }) => fault !== undefined).length
console.log(`the PBX answered ${pbx.requests.entries.length} requests, ${faults} of them with a fault`)

await pbx.close()
process.exitCode = failed > 0 ? 7 : 0
