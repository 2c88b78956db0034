/** The code (`ENOSPC`) of a system error, also where another error wraps it. */
export const systemErrorCode = (error: unknown): string | undefined => {
  if (!(error instanceof Error)) return undefined
  if ("code" in error && typeof error.code === "string") return error.code
  return systemErrorCode(error.cause)
}

const descriptions: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EBUSY: "it is in use",
  EDQUOT: "the disk quota is used up",
  EEXIST: "it exists already",
  EFBIG: "the file system takes no file of this size",
  EIO: "the device reports an error",
  EISDIR: "it is a folder",
  ELOOP: "its symbolic links go round in a circle",
  ENAMETOOLONG: "its name is too long",
  ENOENT: "it does not exist",
  ENOSPC: "no space is left on the device",
  ENOTDIR: "a part of its path is not a folder",
  EPERM: "the system does not permit it",
  EROFS: "the file system is read-only"
}

/** What a system error means, in words. */
export const describeSystemError = (error: unknown): string => {
  const code = systemErrorCode(error)
  return (code === undefined ? undefined : descriptions[code]) ?? `the system refuses (${code ?? "no reason given"})`
}
