/** What a file system refuses, in words for people. Pure. */
import { ArchiveError } from "../ArchiveError.ts"

/** The code (`ENOSPC`) of a system error. */
export const systemErrorCode = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined

interface Meaning {
  readonly says: string
  readonly remedy?: string
  /** It is so for the whole archive, not for one file of it. */
  readonly everywhere?: true
}

const moreSpace = "free some space and run it again: what is archived stays archived"
const moreRights = "let this user read and write there, or run it as the user who may"

const meanings: Readonly<Record<string, Meaning>> = {
  EACCES: { says: "permission denied", remedy: moreRights },
  EBUSY: { says: "it is in use" },
  EDQUOT: { says: "the disk quota is used up", remedy: moreSpace, everywhere: true },
  EFBIG: { says: "the file system takes no file of this size" },
  EIO: { says: "the device reports an error", remedy: "check the disk before anything else", everywhere: true },
  EISDIR: { says: "it is a folder" },
  ELOOP: { says: "its symbolic links go round in a circle" },
  EMFILE: { says: "this process has too many files open", everywhere: true },
  ENAMETOOLONG: { says: "its name is too long" },
  ENFILE: { says: "the system has too many files open", everywhere: true },
  ENODEV: { says: "the device is gone", everywhere: true },
  ENOENT: { says: "it does not exist" },
  ENOSPC: { says: "no space is left on the device", remedy: moreSpace, everywhere: true },
  ENOTDIR: { says: "a part of its path is not a folder" },
  EPERM: { says: "the system does not permit it", remedy: moreRights },
  EROFS: { says: "the file system is read-only", remedy: "mount it for writing", everywhere: true },
  ESTALE: { says: "the network file system was mounted anew", everywhere: true },
  ETIMEDOUT: { says: "the network file system does not answer", everywhere: true }
}

/**
 * The place `archive` cannot be used, and why; `path` is the file in it that it was about. Nothing of the system's own
 * error is kept.
 */
export const destinationError = (
  archive: string,
  use: "written" | "read",
  error: unknown,
  path: string = ""
): ArchiveError => {
  const code = systemErrorCode(error)
  const meaning = (code === undefined ? undefined : meanings[code]) ?? {
    says: `the system refuses (${code ?? "no reason given"})`
  }
  const file = path === "" || meaning.everywhere === true ? "" : ` (${path})`
  return new ArchiveError({
    reason: "Destination",
    detail: `the archive ${archive} cannot be ${use}: ${meaning.says}${file}`,
    ...(meaning.remedy !== undefined && { remedy: meaning.remedy })
  })
}
