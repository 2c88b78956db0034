import { Effect, FileSystem, type Scope } from "effect"
import { randomBytes } from "node:crypto"
import { basename, dirname, join } from "node:path"
import { CommandError } from "../failure/Failure.ts"
import { describeSystemError, systemErrorCode } from "./systemError.ts"

/** Where the bytes of one recording go. Nothing of them is there for others until `commit`. */
export interface Destination<E> {
  readonly write: (bytes: Uint8Array) => Effect.Effect<void, E>
  readonly commit: Effect.Effect<void, E>
}

/**
 * A file that appears whole or not at all: bytes go to `.<name>.<random>.partial` beside it, which becomes the file at
 * `commit` and is removed when the scope closes without one.
 *
 * Without `force` an existing file is never touched: it is looked for now, and once more by the file system itself at
 * `commit`. A device or pipe (`/dev/null`) is written to directly.
 */
export const openFileDestination = Effect.fnUntraced(function* (
  path: string,
  force: boolean
): Effect.fn.Return<Destination<CommandError>, CommandError, FileSystem.FileSystem | Scope.Scope> {
  const files = yield* FileSystem.FileSystem
  const existing = yield* kindOf(path)
  if (existing === "Directory") return yield* destinationError(path, "it is a folder", "name a file in it with -o")
  if (existing === "Other") {
    const device = yield* files.open(path, { flag: "r+" }).pipe(Effect.mapError(cannotWrite(path)))
    return { write: (bytes) => Effect.mapError(device.writeAll(bytes), cannotWrite(path)), commit: Effect.void }
  }
  if (existing === "File" && !force) return yield* existsAlready(path)
  // With force, what a symbolic link points at is replaced, not the link.
  const target = existing === "File" ? yield* Effect.mapError(files.realPath(path), cannotWrite(path)) : path
  const partial = join(dirname(target), partialName(basename(target)))
  yield* Effect.addFinalizer(() => Effect.ignore(files.remove(partial, { force: true })))
  const file = yield* files
    .open(partial, { flag: "wx" })
    .pipe(Effect.mapError((error) => (systemErrorCode(error) === "ENOENT" ? noFolder(path) : cannotWrite(path)(error))))
  return {
    write: (bytes) => Effect.mapError(file.writeAll(bytes), cannotWrite(path)),
    commit: file.sync.pipe(
      Effect.andThen(force ? files.rename(partial, target) : renameToNew(files, partial, target)),
      Effect.mapError((error) =>
        systemErrorCode(error) === "EEXIST" ? existsAlready(path) : cannotWrite(path)(error)
      ),
      Effect.uninterruptible
    )
  }
})

/** A rename that fails with `EEXIST` where the target exists: by a hard link, or where there are none, by reserving the name. */
const renameToNew = (files: FileSystem.FileSystem, partial: string, target: string) =>
  files.link(partial, target).pipe(
    Effect.catchIf(
      (error) => systemErrorCode(error) !== "EEXIST",
      () => Effect.andThen(files.writeFile(target, new Uint8Array(), { flag: "wx" }), files.rename(partial, target))
    )
  )

const kindOf = (
  path: string
): Effect.Effect<"File" | "Directory" | "Other" | "Absent", CommandError, FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const { type } = yield* (yield* FileSystem.FileSystem).stat(path)
    return type === "File" || type === "Directory" ? type : "Other"
  }).pipe(
    Effect.catch((error) =>
      systemErrorCode(error) === "ENOENT" ? Effect.succeed("Absent" as const) : Effect.fail(cannotWrite(path)(error))
    )
  )

// File systems take names of 255 bytes, and one character can have four of them.
const partialName = (name: string): string => `.${name.slice(0, 50)}.${randomBytes(6).toString("hex")}.partial`

const destinationError = (path: string, why: string, remedy?: string): CommandError =>
  new CommandError({
    reason: "Destination",
    operation: "fetch",
    detail: `${path} cannot be written: ${why}`,
    ...(remedy === undefined ? {} : { remedy })
  })

const existsAlready = (path: string): CommandError =>
  destinationError(path, "it exists already", "--force overwrites it, -o names another file")

const noFolder = (path: string): CommandError => destinationError(path, "its folder does not exist")

const cannotWrite =
  (path: string) =>
  (error: unknown): CommandError =>
    destinationError(path, describeSystemError(error))
