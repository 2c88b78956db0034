import { ArchiveError } from "../../ArchiveError.ts"
import { systemErrorCode } from "../systemError.ts"

const meanings: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EDQUOT: "the disk quota is used up",
  EEXIST: "it exists already",
  EIO: "the device reports an error",
  ENOSPC: "no space is left on the device",
  ENOTDIR: "a part of its path is not a folder",
  EPERM: "the system does not permit it",
  EROFS: "the file system is read-only"
}

/** A place outside the archive cannot be written, and why. Nothing of the system's own error is kept. */
export const outputError = (path: string, error: unknown): ArchiveError => {
  const code = systemErrorCode(error) ?? "no reason given"
  return new ArchiveError({
    reason: "Destination",
    detail: `${path} cannot be written: ${meanings[code] ?? `the system refuses (${code})`}`
  })
}
