/**
 * The main job, from nothing: a simulated PBX, RingCentral account and Webitel domain with three months of calls each, where
 * every tenth request meets a fault, are archived side by side by the command `callreel sync`. It is killed on its way and
 * run again; then everything is verified, proved, and exported as a bag. Leaves `callreel.json`, `archive/` and `bag/` in
 * the working folder; what an earlier run left of these is removed first.
 *
 * What the command did is compared with what the simulators know. Exit code 1 where anything is not as it must be.
 */
import { Proof, sentenceOf } from "@callreel/archive"
import { Schema } from "effect"
import { rmSync } from "node:fs"
import { mkdtemp, readFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { archivedFiles, filesIn } from "./support/archivedFiles.ts"
import { callreelCommand } from "./support/callreelCommand.ts"
import { checkBag } from "./support/checkBag.ts"
import * as check from "./support/checkArchive.ts"
import { folderTree } from "./support/folderTree.ts"
import { followed, killWhen, Status } from "./support/interruptedSync.ts"
import { startVendors, window } from "./support/simulatedVendors.ts"
import { made, prepareFolder } from "./support/workingFolder.ts"

const began = performance.now()
const vendors = await startVendors()
const configuration = { sources: vendors.sources, archive: { url: `file:./${made.archive}` } }
await prepareFolder(`${JSON.stringify(configuration, null, 2)}\n`)
console.log(`simulated: ${vendors.places}`)
console.log(`${made.configuration} names all three, and the archive`)

// Tokens of servers that are gone tomorrow do not belong into the user's own cache.
const cache = await mkdtemp(join(tmpdir(), "callreel-main-job-"))
process.on("exit", () => rmSync(cache, { recursive: true, force: true }))
const callreel = callreelCommand({ ...vendors.env, CALLREEL_CACHE_DIR: cache })
const sync = ["sync", "--from", window.from, "--to", window.to]

const halfWay = await followed(callreel, () => killWhen(callreel.start(...sync), made.archive, 150))
const before = await archivedFiles(made.archive)
const askedBefore = Object.fromEntries(Object.entries(vendors.requests).map(([name, all]) => [name, all.length]))
console.log(`\nkilled (SIGKILL): ${before.length} recordings were archived, ${halfWay} files half-way`)

await followed(callreel, () => callreel.run(...sync))
await callreel.run("verify")
const proofs = filesIn(join(made.archive, "proofs")).map((path) => join(made.archive, "proofs", path))
for (const path of proofs) await callreel.run("verify", "--proof", path)
await callreel.run("export", "--bagit", `./${made.bag}`)
await callreel.run("status")

console.log(`\n${folderTree(made.archive, 3)}\n\n${folderTree(made.bag, 2)}\n`)

const files = await archivedFiles(made.archive)
const status = Schema.decodeUnknownSync(Status)(await callreel.read("status", "--json"))
const bag = await checkBag(made.bag)
const checks: Record<string, ReadonlyArray<string>> = {
  "every recording that can be had is archived once, with the vendor's bytes": check.checkFiles(files, vendors.truth),
  "every other one is told with its reason": check.checkStates(
    await callreel.read("export", "--ndjson", "-"),
    vendors.truth
  ),
  [`none of the ${before.length} that were archived before the kill was fetched again`]: check.checkFetchedOnce(
    before,
    askedBefore,
    vendors.requests
  ),
  "nothing is left half-way": filesIn(made.archive).filter((path) => /\.(partial|tmp)$/.test(path)),
  "the figures add up": check.checkFigures(status, files),
  "the bag's manifests hold, and it has the archive's files": [
    ...bag.problems,
    ...check.checkPayload(bag.payload, files)
  ]
}
for (const path of proofs) {
  const proof: unknown = JSON.parse(await readFile(path, "utf8"))
  if (!Proof.is(proof)) throw new Error(`${path} is no proof`)
  console.log(`${path}\n  proves: ${sentenceOf(proof)}`)
  checks[`the proof of ${proof.source} says what is in the archive`] = check.checkProof(proof, status)
}
console.log()
for (const [name, problems] of Object.entries(checks)) {
  console.log(`${problems.length === 0 ? "yes" : "NO "}  ${name}`)
  for (const problem of problems.slice(0, 20)) console.error(`     ${problem}`)
}
for (const [name, requests] of Object.entries(vendors.requests)) {
  const faults = requests.filter(({ fault }) => fault !== undefined).length
  console.log(`${name} answered ${requests.length} requests, ${faults} of them with a fault`)
}
await vendors.close()
console.log(`${((performance.now() - began) / 1000).toFixed(0)} s in all`)
process.exitCode = Object.values(checks).every((problems) => problems.length === 0) ? 0 : 1
