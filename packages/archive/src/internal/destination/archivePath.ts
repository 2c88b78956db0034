import { Effect } from "effect"

/**
 * A path that may be one of the archive's files: relative, with `/`, without `.`, `..`, empty names or null bytes, and
 * not among the archive's own below `.callreel`.
 *
 * Paths come from `layout.ts`; another one is a mistake in this program and dies as a defect.
 */
export const checkPath = (path: string): Effect.Effect<string> =>
  isArchivePath(path)
    ? Effect.succeed(path)
    : Effect.die(new Error(`not a path in the archive: ${JSON.stringify(path)}`))

/** The same for the folder of a listing: `""` is the whole archive, and one `/` may stand at the end. */
export const checkFolder = (folder: string): Effect.Effect<string> => {
  const path = folder.endsWith("/") ? folder.slice(0, -1) : folder
  return path === "" && folder === "" ? Effect.succeed("") : checkPath(path)
}

/** The folder of what is the archive's own: the ledger, unfinished files. */
export const ownFolder = ".callreel"

/** Whether a path is one of the archive's files. Pure. */
export const isArchivePath = (path: string): boolean => {
  const [first = "", ...rest] = path.split("/")
  return (
    !/[\0\\]|^[A-Za-z]:/.test(path) &&
    first.toLowerCase() !== ownFolder &&
    [first, ...rest].every((name) => name !== "" && name !== "." && name !== "..")
  )
}
