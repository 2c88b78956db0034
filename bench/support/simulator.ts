/**
 * Started by the benchmarks: a PBX with so many calls, and one recording of so many bytes. Tells its settings; told anything,
 * when each request came since it was last asked.
 */
import { generateCalls } from "@callreel/testkit"
import { startVirtualPbx } from "@callreel/testkit/virtual-pbx"

const [calls = "0", bytes = "0"] = process.argv.slice(2)
const window = { from: new Date("2026-01-01"), to: new Date("2026-04-01") }
const pbx = await startVirtualPbx({
  world: generateCalls({ seed: "bench", ...window, count: Number(calls) }),
  requestsPerHour: 10_000_000,
  ...(bytes !== "0" && {
    extraRecordings: [{ startedAt: new Date("2026-02-01T12:00:00Z"), bytes: Number(bytes), number: "+74990000001" }]
  })
})
process.send?.({
  baseUrl: pbx.baseUrl,
  clientId: pbx.apps.client.clientId,
  clientSecret: pbx.apps.client.clientSecret,
  storageOrigins: [pbx.storageOrigin],
  // Where there is an extra recording, it is the only one.
  recordUuid: pbx.size === 1 ? pbx.truth[0]?.recordUuid : ""
})

process.on("message", () => {
  process.send?.({ requests: pbx.requests.entries.map(({ time }) => time.getTime()) })
  pbx.requests.clear()
})
