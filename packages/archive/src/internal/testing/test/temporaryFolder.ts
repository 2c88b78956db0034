import { Effect, type Scope } from "effect"
import { mkdtemp, realpath, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** An empty folder outside the project, gone with the scope. */
export const temporaryFolder: Effect.Effect<string, never, Scope.Scope> = Effect.acquireRelease(
  Effect.promise(async () => realpath(await mkdtemp(join(tmpdir(), "callreel-archive-")))),
  (folder) => Effect.promise(() => rm(folder, { recursive: true, force: true }))
)
