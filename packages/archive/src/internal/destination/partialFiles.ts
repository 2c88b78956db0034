/**
 * Files on their way into a folder archive: below `.callreel/partial`, on the same file system as the place they go to,
 * under the hash of their path. What of one is big enough stays when its try ends, and a later try goes on with it.
 *
 * What goes wrong rejects with the system's error.
 */
import { hash, randomUUID } from "node:crypto"
import { type FileHandle, readdir, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import { systemErrorCode } from "../systemError.ts"
import { ownFolder } from "./archivePath.ts"
import type { FileOperations } from "./fileOperations.ts"
import type { Folders } from "./folders.ts"

/** Less than this is not gone on with: it is not worth a request of its own. 1 MiB. */
export const leastKept = 1024 * 1024

/** What nobody went on with for so long is dropped, in milliseconds: 7 days. */
const longestKept = 7 * 24 * 60 * 60 * 1000

interface FoundBytes {
  readonly handle: FileHandle
  readonly bytes: number
}

/** A file on its way, of one receiver alone until it is released. */
export interface PartialFile {
  readonly location: string
  /** Whether a later try can find it. */
  readonly canBeKept: boolean
  /** What an earlier try left, open. */
  readonly found?: FoundBytes
}

export interface PartialFiles {
  /** The unfinished file of a path; nothing is made for it yet. Where it is claimed already, a temporary one. */
  readonly claim: (path: string) => Promise<PartialFile>
  /** A file that no later try can find. */
  readonly temporary: () => PartialFile
  readonly create: (partial: PartialFile) => Promise<FileHandle>
  /** Lets go of a file that is closed: it stays for a later try, is removed, or was renamed by its receiver. */
  readonly release: (partial: PartialFile, end: "stays" | "removed" | "renamed") => Promise<void>
  /** Removes what no later try will go on with; `now` in milliseconds since 1970. */
  readonly tidy: (now: number) => Promise<void>
}

export const makePartialFiles = (root: string, folders: Folders, operations: FileOperations): PartialFiles => {
  const folder = join(root, ownFolder, "partial")
  const claimed = new Set<string>()
  // Read once: only who holds the archive's lock writes there.
  let reading: Promise<Set<string>> | undefined
  const leftBehind = (): Promise<Set<string>> => {
    reading ??= namesIn(folder).then((names) => new Set(names.map((name) => join(folder, name))))
    reading.catch(() => (reading = undefined))
    return reading
  }

  const claim = async (path: string): Promise<PartialFile> => {
    const left = await leftBehind()
    const location = join(folder, `${hash("sha256", path)}.partial`)
    if (claimed.has(location)) return temporary()
    claimed.add(location)
    if (!left.has(location)) return { location, canBeKept: true }
    try {
      return { location, canBeKept: true, found: await openFound(location, operations) }
    } catch (error) {
      claimed.delete(location)
      return Promise.reject(error)
    }
  }

  const temporary = (): PartialFile => {
    const location = join(folder, `${randomUUID()}.tmp`)
    claimed.add(location)
    return { location, canBeKept: false }
  }

  const create = ({ location }: PartialFile): Promise<FileHandle> =>
    folders.inFolder(folder, () => operations.open(location, "wx+"))

  const release = async ({ location }: PartialFile, end: "stays" | "removed" | "renamed"): Promise<void> => {
    const left = await leftBehind()
    try {
      left.add(location)
      if (end === "removed") await rm(location, { force: true })
      if (end !== "stays") left.delete(location)
    } finally {
      claimed.delete(location)
    }
  }

  const tidy = async (now: number): Promise<void> => {
    const left = await leftBehind()
    for (const name of await namesIn(folder)) {
      const location = join(folder, name)
      if (claimed.has(location) || (await isWorthKeeping(location, now))) continue
      await rm(location, { force: true, recursive: true })
      left.delete(location)
    }
  }

  return { claim, temporary, create, release, tidy }
}

const openFound = async (location: string, operations: FileOperations): Promise<FoundBytes> => {
  const handle = await operations.open(location, "r+")
  try {
    const { size } = await handle.stat()
    if (size >= leastKept) return { handle, bytes: size }
    await handle.truncate(0)
    return { handle, bytes: 0 }
  } catch (error) {
    await handle.close()
    return Promise.reject(error)
  }
}

const isWorthKeeping = async (location: string, now: number): Promise<boolean> => {
  const found = await stat(location)
  return location.endsWith(".partial") && found.size >= leastKept && found.mtimeMs > now - longestKept
}

const namesIn = (folder: string): Promise<ReadonlyArray<string>> =>
  readdir(folder).catch((error: unknown) => (systemErrorCode(error) === "ENOENT" ? [] : Promise.reject(error)))
