import { lstat, mkdir, stat } from "node:fs/promises"
import { dirname } from "node:path"
import { systemErrorCode } from "../systemError.ts"
import type { FileOperations } from "./fileOperations.ts"
import { shareRuns } from "./shareRuns.ts"

/**
 * The folders of a local archive. All are made for their owner alone, and are on the disk when they are made. What goes
 * wrong rejects with the system's error.
 */
export interface Folders {
  /** Runs what needs a folder below the root; makes it, and those above it, where it is not there. */
  readonly inFolder: <A>(folder: string, run: () => Promise<A>) => Promise<A>
  /** Brings a folder's names to the disk; files that are renamed into it at the same moment share that. */
  readonly sync: (folder: string) => Promise<void>
}

/** So many known folders are remembered: the days of ten years, of some sources. */
const mostKnown = 20_000

export const makeFolders = (root: string, operations: FileOperations): Folders => {
  const made = new Map<string, Promise<void>>()
  const sync = shareRuns((folder: string) => syncFolder(folder, operations))

  const make = (folder: string): Promise<void> => {
    if (folder === root) return Promise.resolve()
    const known = made.get(folder)
    if (known !== undefined) return known
    if (made.size >= mostKnown) made.clear()
    const making = makeMissing(folder)
    made.set(folder, making)
    making.catch(() => made.delete(folder))
    return making
  }

  const makeMissing = async (folder: string): Promise<void> => {
    await make(dirname(folder))
    await makeOne(folder, operations)
    // Also where it was there before: whoever made it may have been killed before this.
    await sync(dirname(folder))
  }

  const inFolder = async <A>(folder: string, run: () => Promise<A>): Promise<A> => {
    await make(folder)
    return run().catch(async (error: unknown) => {
      if (systemErrorCode(error) !== "ENOENT") return Promise.reject(error)
      // Somebody removed a folder that was there.
      made.clear()
      await make(folder)
      return run()
    })
  }

  return { inFolder, sync }
}

/** Makes the root of an archive, with the folders above it, where it is not there. */
export const makeRoot = async (root: string, operations: FileOperations): Promise<void> => {
  const first = await mkdir(root, { recursive: true, mode: 0o700 }).catch(async (error: unknown) =>
    systemErrorCode(error) === "EEXIST" && !(await stat(root)).isDirectory()
      ? Promise.reject(notAFolder)
      : Promise.reject(error)
  )
  if (first === undefined) return
  for (let made = root; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made), operations)
}

/** A folder, or what is one already; never what a symbolic link leads to. */
const makeOne = (folder: string, operations: FileOperations): Promise<void> =>
  operations.mkdir(folder).catch(async (error: unknown) => {
    if (systemErrorCode(error) !== "EEXIST") return Promise.reject(error)
    if (!(await lstat(folder)).isDirectory()) return Promise.reject(notAFolder)
  })

const notAFolder = Object.assign(new Error("not a folder"), { code: "ENOTDIR" })

const syncFolder = async (folder: string, operations: FileOperations): Promise<void> => {
  // Windows opens no folder, and brings names to the disk by itself.
  if (process.platform === "win32") return
  const handle = await operations.open(folder, "r")
  try {
    await operations.sync(handle).catch((error: unknown) => (hasNoSync(error) ? undefined : Promise.reject(error)))
  } finally {
    await handle.close()
  }
}

/** Some network file systems know no sync of a folder: there is nothing more to be done. */
const hasNoSync = (error: unknown): boolean => ["EINVAL", "ENOTSUP", "ENOSYS"].includes(systemErrorCode(error) ?? "")
