/** Examples run against a simulator, so that everybody can; with your own PBX, these settings are all that changes. */
import { startVirtualPbx, type VirtualPbxSimulator } from "@callreel/testkit/virtual-pbx"

/** A simulated PBX with three months of calls, and the settings of its source. */
export const simulatedPbx = async () => {
  const pbx = await startVirtualPbx({ seed: "examples" })
  return { pbx, settings: settingsOf(pbx), window: { from: new Date("2026-01-01"), to: new Date("2026-04-01") } }
}

const settingsOf = ({ apps, baseUrl, storageOrigin }: VirtualPbxSimulator) => ({
  name: "office",
  baseUrl,
  clientId: apps.client.clientId,
  clientSecret: apps.client.clientSecret,
  storageOrigins: [storageOrigin],
  region: "RU"
})
