/**
 * The main job, from nothing: a simulated PBX, RingCentral account and Webitel domain with three months of calls each, where
 * every tenth request meets a fault, are archived side by side by the command `callreel sync`. It is killed on its way and
 * run again; then everything is verified, proved, and exported as a bag. Leaves `callreel.json`, `archive/` and `bag/` in
 * the working folder; what an earlier run left of these is removed first.
 *
 * What the command did is compared with what the simulators know. Exit code 1 where anything is not as it must be.
 */
import { rmSync } from "node:fs"
import { mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { archivedFiles } from "./support/archivedFiles.ts"
import { type CallreelCommand, callreelCommand } from "./support/callreelCommand.ts"
import { checkEverything } from "./support/checkEverything.ts"
import { folderTree } from "./support/folderTree.ts"
import { followed, killWhen } from "./support/interruptedSync.ts"
import { proofsIn, proofText } from "./support/proofs.ts"
import { type SimulatedVendors, startVendors, window } from "./support/simulatedVendors.ts"
import { made, prepareFolder } from "./support/workingFolder.ts"

const mainJob = async (vendors: SimulatedVendors, callreel: CallreelCommand): Promise<boolean> => {
  const sync = ["sync", "--from", window.from, "--to", window.to]

  const halfWay = await followed(callreel, () => killWhen(callreel.start(...sync), made.archive, 150))
  const before = { files: await archivedFiles(made.archive), requests: vendors.requestCounts() }
  console.log(`\nkilled (SIGKILL): ${before.files.length} recordings were archived, ${halfWay} files half-way`)

  await followed(callreel, () => callreel.run(...sync))
  await callreel.run("verify")
  for (const { path } of proofsIn(made.archive)) await callreel.run("verify", "--proof", path)
  await callreel.run("export", "--bagit", `./${made.bag}`)
  await callreel.run("status")

  console.log(`\n${folderTree(made.archive, 3)}\n\n${folderTree(made.bag, 2)}\n`)
  for (const proof of proofsIn(made.archive)) console.log(proofText(proof))
  console.log()
  return checkEverything(vendors, callreel, before)
}

const began = performance.now()
const vendors = await startVendors()
// Tokens of servers that are gone soon do not belong into the user's own cache.
const cache = await mkdtemp(join(tmpdir(), "callreel-main-job-"))
try {
  const configuration = { sources: vendors.sources, archive: { url: `file:./${made.archive}` } }
  await prepareFolder(`${JSON.stringify(configuration, null, 2)}\n`)
  console.log(`simulated: ${vendors.places}`)
  console.log(`${made.configuration} names all three, and the archive`)
  const isRight = await mainJob(vendors, callreelCommand({ ...vendors.env, CALLREEL_CACHE_DIR: cache }))
  process.exitCode = isRight ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await vendors.close()
  rmSync(cache, { recursive: true, force: true })
}
console.log(`${((performance.now() - began) / 1000).toFixed(0)} s in all`)
