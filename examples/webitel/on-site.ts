/**
 * On the server's own site: lists from Webitel's PostgreSQL in place of its API, and plays a recording from the storage's
 * folder. On your site `database.url` and `files` are what you have; here both are made of a simulator's data.
 */
import type { Recording } from "@callreel/recording"
import { startWebitel } from "@callreel/testkit/webitel"
import { connect } from "@callreel/webitel"
import { Redacted } from "effect"
import { createHash } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { startDatabase } from "../../packages/webitel/test/databaseServer.ts"

const webitel = await startWebitel({ seed: "examples" })
const storage = await mkdtemp(join(tmpdir(), "callreel-storage-"))
const [database] = await Promise.all([startDatabase(), webitel.writeFiles(storage)])
await database.load(webitel.dataSet())

const centre = await connect({
  name: "centre",
  baseUrl: webitel.baseUrl,
  accessToken: webitel.token,
  database: { url: Redacted.value(database.url()) },
  // The files of the storage's default profile. Those of another stand under its id.
  files: { default: pathToFileURL(storage).href },
  region: "RU"
})

const { permissions } = await centre.check()
for (const { granted, name } of permissions) console.log(`${granted ? "may" : "MAY NOT"} use ${name}`)

const recordings: Array<Recording> = []
for await (const recording of centre.list({ from: new Date("2026-02-01"), to: new Date("2026-03-01") })) {
  recordings.push(recording)
}
const inQueues = recordings.filter(({ call }) => call?.queue !== undefined)
console.log(`${recordings.length} recordings of February, ${inQueues.length} of them of calls in queues`)

const chosen = inQueues.find(({ availability }) => availability.state === "available")
if (chosen === undefined) throw new Error("no queue has a recording")
const askedBefore = webitel.counts.streamRequests
const { bytes, mediaType, stream } = await centre.audio(chosen)
// A player would read this stream.
const hash = createHash("sha512")
for await (const piece of stream) hash.update(piece)
const digest = hash.digest("hex")
const asked = webitel.counts.streamRequests - askedBefore
console.log(
  `played ${chosen.id} of ${chosen.call?.queue?.name}: ${mediaType}, ${bytes} bytes, ${asked} of them over HTTP`
)
console.log(`${webitel.counts.historyRequests} requests of the call history's API`)

await centre.close()
await Promise.all([database.stop(), webitel.close(), rm(storage, { recursive: true })])

const expected = webitel.truth.find(({ fileId }) => fileId === chosen.id)
if (digest !== expected?.sha512()) throw new Error("what was played is not what was recorded")
if (asked + webitel.counts.historyRequests > 0) throw new Error("the API was asked for what is on site")
