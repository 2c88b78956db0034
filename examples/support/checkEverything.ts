/** All checks of the main job, one line each. */
import { Schema } from "effect"
import { type ArchivedFile, archivedFiles, filesIn } from "./archivedFiles.ts"
import type { CallreelCommand } from "./callreelCommand.ts"
import { checkFetchedOnce, checkFigures, checkFiles, checkPayload, checkProof, checkStates } from "./checkArchive.ts"
import { checkBag } from "./checkBag.ts"
import { Status } from "./interruptedSync.ts"
import { proofsIn } from "./proofs.ts"
import type { SimulatedVendors } from "./simulatedVendors.ts"
import { made } from "./workingFolder.ts"

/** What stood when the first run was killed. */
export interface AtKill {
  readonly files: ReadonlyArray<ArchivedFile>
  /** Requests that each vendor had got by then. */
  readonly requests: Readonly<Record<string, number>>
}

/** Compares what the command made with what is true, and tells; whether everything is as it must be. */
export const checkEverything = async (
  { requests, truth }: SimulatedVendors,
  callreel: CallreelCommand,
  before: AtKill
): Promise<boolean> => {
  const files = await archivedFiles(made.archive)
  const status = Schema.decodeUnknownSync(Status)(await callreel.read("status", "--json"))
  const known = await callreel.read("export", "--ndjson", "-")
  const bag = await checkBag(made.bag)
  const proofs = proofsIn(made.archive)

  const results = [
    tell("every recording that can be had is archived once, with the vendor's bytes", checkFiles(files, truth)),
    tell("every other one is told with its reason", checkStates(known, truth)),
    tell(
      `none of the ${before.files.length} that were archived before the kill was fetched again`,
      checkFetchedOnce(before.files, before.requests, requests)
    ),
    tell(
      "nothing is left half-way",
      filesIn(made.archive).filter((path) => /\.(partial|tmp)$/.test(path))
    ),
    tell("the figures add up", checkFigures(status, files)),
    tell(
      "the proofs say what is there",
      proofs.flatMap(({ proof }) => checkProof(proof, status))
    ),
    tell("the bag's manifests hold, and it has the archive's files", [
      ...bag.problems,
      ...checkPayload(bag.payload, files)
    ])
  ]
  for (const [name, entries] of Object.entries(requests)) {
    const faults = entries.filter(({ fault }) => fault !== undefined).length
    console.log(`${name} answered ${entries.length} requests, ${faults} of them with a fault`)
  }
  return results.every((isRight) => isRight)
}

const mostLines = 20

const tell = (claim: string, problems: ReadonlyArray<string>): boolean => {
  const isRight = problems.length === 0
  console.log(`${isRight ? "yes" : "NO "}  ${claim}`)
  for (const problem of problems.slice(0, mostLines)) console.log(`     ${problem}`)
  if (problems.length > mostLines) console.log(`     and ${problems.length - mostLines} more`)
  return isRight
}
