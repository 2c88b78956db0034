import { Effect } from "effect"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openDestination } from "../../src/openDestination.ts"
import { destinationSuite } from "./destinationSuite.ts"

const temporaryFolder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "callreel-archive-"))),
  (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true }))
)

destinationSuite(
  "a folder",
  Effect.flatMap(temporaryFolder, (base) => openDestination("file:./archive", base))
)
