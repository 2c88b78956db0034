/** Lists a RingCentral account's calls that left audio, voicemail included, and what the listing cost. */
import type { Kind, Party } from "@callreel/recording"
import { connect } from "@callreel/ringcentral"
import { startRingCentral } from "@callreel/testkit/ringcentral"

const ringCentral = await startRingCentral({ seed: "examples" })
const { clientId, clientSecret, jwt } = ringCentral.app
const us = await connect({
  name: "us",
  serverUrl: ringCentral.serverUrl,
  mediaUrl: ringCentral.mediaUrl,
  clientId,
  clientSecret,
  jwt,
  include: ["voicemail"],
  region: "RU"
})

const nameOf = (party: Party | undefined): string => party?.e164 ?? party?.number ?? party?.name ?? "unknown"

const shownOfEach = 3
const counts = new Map<Kind, number>()
for await (const { availability, call, kind } of us.list({
  from: new Date("2026-01-01"),
  to: new Date("2026-04-01")
})) {
  const count = (counts.get(kind) ?? 0) + 1
  counts.set(kind, count)
  if (count > shownOfEach) continue
  const parties = `${nameOf(call?.from)} → ${nameOf(call?.to)}`
  console.log(call?.startedAt.toISOString(), kind.padEnd(9), parties, call?.outcome, availability.state)
}

console.log("listed:", [...counts].map(([kind, count]) => `${count} ${kind}`).join(", "))
console.log(`${ringCentral.counts.heavy} request of the ten Heavy ones in a minute: a page holds 1000 calls`)

await us.close()
await ringCentral.close()
const expected = ringCentral.truth.filter(({ state }) => state !== "too-short").length
const listed = [...counts.values()].reduce((sum, count) => sum + count, 0)
if (listed !== expected) throw new Error(`${listed} listed, the account has ${expected}`)
