/** Lists a month of a Webitel domain: each recording once, although every child leg of a call repeats it. */
import type { Recording } from "@callreel/recording"
import { startWebitel } from "@callreel/testkit/webitel"
import { connect } from "@callreel/webitel"

const webitel = await startWebitel({ seed: "examples" })
const centre = await connect({
  name: "centre",
  baseUrl: webitel.baseUrl,
  accessToken: webitel.token,
  region: "RU"
})

const from = new Date("2026-02-01")
const to = new Date("2026-03-01")

let listed = 0
let shownByLegs = 0
let queued: Recording | undefined
for await (const recording of centre.list({ from, to })) {
  const legs = recording.call?.legIds?.length ?? 0
  listed += 1
  shownByLegs += legs
  if (recording.call?.queue !== undefined && legs > 1) queued ??= recording
}
console.log(`listed: ${listed} recordings, which ${shownByLegs} legs show`)
console.log(`${webitel.counts.historyRequests} requests of the call history`)

const { audio, call, durationSeconds, id } = queued ?? {}
console.log(`recording ${id}, ${audio?.mediaType}, ${audio?.bytes} bytes, ${durationSeconds} s`)
console.log(`  ${call?.startedAt.toISOString()} ${call?.from?.e164 ?? call?.from?.number} → ${call?.to?.number}`)
console.log(`  queue ${call?.queue?.name}, ${call?.outcome}`)
for (const leg of call?.legIds ?? []) console.log(`  leg ${leg}${leg === call?.id ? ", the first" : ""}`)

await centre.close()
await webitel.close()
const notThere = new Set(["not-ready", "expired", "removed"])
const expected = webitel.truth.filter(
  ({ startedAt, state }) => startedAt >= from && startedAt < to && !notThere.has(state)
).length
if (listed !== expected) throw new Error(`${listed} listed, the domain has ${expected}`)
if (queued === undefined) throw new Error("no recording of a queue's call has several legs")
