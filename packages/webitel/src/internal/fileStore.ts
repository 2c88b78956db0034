/** Files of a storage on this machine's disk. */
import { Forbidden, NotFound, type Reason, Unavailable } from "@callreel/recording"
import { Effect } from "effect"
import { constants } from "node:fs"
import { access, type FileHandle, open, realpath, stat } from "node:fs/promises"
import { isAbsolute, relative, sep } from "node:path"
import type { StoredBytes } from "./storedBytes.ts"

/** Bytes of one read. */
const pieceLength = 64 * 1024

// A link that took the file's place after it was checked is not followed, and a pipe not waited for.
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** The file at a path below the folder `root`; links that lead out of it are not followed. */
export const fileBytes = (root: string, path: string): StoredBytes => ({
  from: (start) =>
    Effect.gen(function* () {
      const real = yield* Effect.map(
        attempt(() => Promise.all([realpath(root), realpath(path)])),
        ([base, target]) => (isBelow(base, target) ? target : undefined)
      )
      if (real === undefined) return yield* new NotFound({ what: "the file below the storage's folder" })
      const handle = yield* Effect.acquireRelease(
        attempt(() => open(real, flags)),
        (opened) => Effect.promise(() => opened.close().catch(() => undefined))
      )
      const facts = yield* attempt(() => handle.stat())
      if (!facts.isFile()) return yield* new NotFound({ what: "the file in the storage's folder" })
      let position = start
      const read = Effect.map(
        pieceAt(handle, () => position),
        (bytes) => {
          position += bytes.length
          return bytes.length === 0 ? undefined : bytes
        }
      )
      return { total: facts.size, segment: { read, end: undefined } }
    })
})

const pieceAt = (handle: FileHandle, position: () => number): Effect.Effect<Uint8Array, Reason> =>
  attempt(async () => {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(pieceLength), 0, pieceLength, position())
    return buffer.subarray(0, bytesRead)
  })

/** Whether the folder is there and can be read. */
export const isReadableFolder = (root: string): Effect.Effect<boolean> =>
  Effect.promise(async () => {
    try {
      await access(root, constants.R_OK | constants.X_OK)
      return (await stat(root)).isDirectory()
    } catch {
      return false
    }
  })

const isBelow = (base: string, target: string): boolean => {
  const way = relative(base, target)
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

const attempt = <A>(run: () => Promise<A>): Effect.Effect<A, Reason> =>
  Effect.tryPromise({ try: () => run(), catch: (error) => reasonOfDisk(codeOf(error)) })

/** Why the disk failed, by the system's error code. Paths hold phone numbers and are left out. */
export const reasonOfDisk = (code: string): Reason => {
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
    case "ELOOP":
    case "ENAMETOOLONG":
    case "EISDIR":
      return new NotFound({ what: "the file in the storage's folder" })
    case "EACCES":
    case "EPERM":
      return new Forbidden({ detail: "this process may not read the storage's folder" })
    default:
      return new Unavailable({ detail: `the storage's folder could not be read${code && ` (${code})`}` })
  }
}

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return ""
  const code: unknown = Reflect.get(error, "code")
  return typeof code === "string" ? code : ""
}
