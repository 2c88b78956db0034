import { Clock, Effect, Option, Stream } from "effect"
import { type FileHandle, lstat, open, realpath, rm } from "node:fs/promises"
import { basename, dirname, join, resolve, sep } from "node:path"
import { ArchiveError } from "../../ArchiveError.ts"
import type { Destination, Receiver } from "../../Destination.ts"
import { destinationError, systemErrorCode } from "../systemError.ts"
import { checkFolder, checkPath } from "./archivePath.ts"
import { type FileOperations, nodeFileOperations } from "./fileOperations.ts"
import { makeFolders, makeRoot } from "./folders.ts"
import { makeGatheringBuffers } from "./gatheringBuffers.ts"
import { type FileStore, IncomingFile } from "./IncomingFile.ts"
import { makePartialFiles } from "./partialFiles.ts"
import { walkFolder } from "./walkFolder.ts"

/** Bytes read at once. */
const readSize = 256 * 1024

/**
 * An archive in a local folder, made where it is not there; nothing else is written before the first file comes.
 *
 * A file that is committed is on the disk, and so is its name: bytes, sync, rename, sync of the folder. That is why this
 * stands on `node:fs` and not on flystorage, whose local adapter writes to the file's own name and syncs nothing. Folders
 * and files are for their owner alone. Symbolic links below the folder lead nowhere: they are not listed, and neither
 * read nor written through where they leave it.
 *
 * Fails with `Destination`: where the place cannot be used, with what the system says in words.
 */
export const folderDestination = (
  folder: string,
  operations: FileOperations = nodeFileOperations
): Effect.Effect<Destination, ArchiveError> =>
  Effect.tryPromise({
    try: async () => {
      await makeRoot(resolve(folder), operations)
      return realpath(folder)
    },
    catch: (error) => destinationError(resolve(folder), "written", error)
  }).pipe(Effect.map((root) => destinationAt(root, operations)))

const destinationAt = (root: string, operations: FileOperations): Destination => {
  const folders = makeFolders(root, operations)
  const partials = makePartialFiles(root, folders, operations)
  const store: FileStore = { folders, partials, operations, buffers: makeGatheringBuffers() }
  const attemptTo =
    (use: "written" | "read") =>
    <A>(path: string, run: () => Promise<A>): Effect.Effect<A, ArchiveError> =>
      Effect.tryPromise({ try: run, catch: (error) => destinationError(root, use, error, path) })
  const toWrite = attemptTo("written")
  const toRead = attemptTo("read")

  const receive = (path: string) =>
    Effect.gen(function* () {
      yield* checkPath(path)
      const incoming = yield* Effect.acquireRelease(
        toWrite(path, async () => new IncomingFile(store, await partials.claim(path), join(root, path))),
        (file) => Effect.ignore(toWrite(path, () => file.end()))
      )
      // Each step to its end: nothing may be under way when the scope closes.
      const step = (run: () => Promise<void>) => Effect.uninterruptible(toWrite(path, run))
      // Once: the file has its name after it.
      const commit = yield* Effect.cached(step(() => incoming.commit()))
      return {
        kept: incoming.kept,
        keptBytes: pieces((position) => toRead(path, () => incoming.readKept(position))),
        restart: step(() => incoming.restart()),
        write: (bytes) => step(() => incoming.write(bytes)),
        commit
      } satisfies Receiver
    })

  const put = async (path: string, content: Uint8Array): Promise<void> => {
    const incoming = new IncomingFile(store, partials.temporary(), join(root, path))
    try {
      await incoming.write(content)
      await incoming.commit()
    } finally {
      await incoming.end()
    }
  }

  const read = (path: string): Stream.Stream<Uint8Array, ArchiveError> =>
    Stream.unwrap(
      Effect.gen(function* () {
        yield* checkPath(path)
        const found = yield* toRead(path, () => locate(root, path))
        if (found === undefined) return yield* notFound(root, path)
        const handle = yield* Effect.acquireRelease(
          toRead(path, () => open(found.location, "r")),
          (opened) => Effect.promise(() => opened.close())
        )
        return pieces((position) => toRead(path, () => readPiece(handle, position, found.bytes - position)))
      })
    )

  const remove = async (path: string): Promise<void> => {
    const parent = await realFolder(root, dirname(join(root, path)))
    if (parent === undefined) return
    await rm(join(parent, basename(path)), { force: true })
    await folders.sync(parent)
  }

  return {
    name: root,
    folder: root,
    receive,
    put: (path, content) =>
      Effect.andThen(checkPath(path), Effect.uninterruptible(toWrite(path, () => put(path, content)))),
    read,
    stat: (path) =>
      Effect.andThen(
        checkPath(path),
        toRead(path, async () => {
          const found = await locate(root, path)
          return found === undefined ? undefined : { path, bytes: found.bytes }
        })
      ),
    list: (folder) =>
      Stream.unwrap(
        Effect.gen(function* () {
          const path = yield* checkFolder(folder)
          const isThere = yield* toRead(path, () => isRealFolder(root, path))
          return isThere
            ? Stream.fromAsyncIterable(walkFolder(root, path), (error) => destinationError(root, "read", error, path))
            : Stream.empty
        })
      ),
    remove: (path) =>
      Effect.andThen(
        checkPath(path),
        toWrite(path, () => remove(path))
      ),
    tidy: Effect.flatMap(Clock.currentTimeMillis, (now) => toWrite("", () => partials.tidy(now)))
  }
}

/** A stream of pieces, each asked for by its position, until one is empty. */
const pieces = (
  pieceAt: (position: number) => Effect.Effect<Uint8Array, ArchiveError>
): Stream.Stream<Uint8Array, ArchiveError> =>
  Stream.paginate<number, Uint8Array, ArchiveError>(0, (position) =>
    Effect.map(pieceAt(position), (piece) =>
      piece.length === 0 ? [[], Option.none()] : [[piece], Option.some(position + piece.length)]
    )
  )

const readPiece = async (handle: FileHandle, position: number, left: number): Promise<Uint8Array> => {
  const size = Math.min(readSize, left)
  if (size <= 0) return new Uint8Array()
  const { buffer, bytesRead } = await handle.read(new Uint8Array(size), 0, size, position)
  return buffer.subarray(0, bytesRead)
}

/** Where a file really is, and its size; undefined where there is none, or where it is not inside the archive. */
const locate = async (
  root: string,
  path: string
): Promise<{ readonly location: string; readonly bytes: number } | undefined> => {
  const location = await realInside(root, join(root, path))
  if (location === undefined) return undefined
  const found = await lstat(location).catch(orGone)
  return found?.isFile() === true ? { location, bytes: found.size } : undefined
}

const realFolder = async (root: string, folder: string): Promise<string | undefined> => {
  const location = await realInside(root, folder)
  return location !== undefined && (await lstat(location)).isDirectory() ? location : undefined
}

/** Whether a folder is one itself, and not a link to one. */
const isRealFolder = async (root: string, path: string): Promise<boolean> => {
  const found = await lstat(join(root, path)).catch(orGone)
  return found?.isDirectory() === true && (await realFolder(root, join(root, path))) !== undefined
}

const realInside = async (root: string, path: string): Promise<string | undefined> => {
  const real = await realpath(path).catch(orGone)
  const inside = root.endsWith(sep) ? root : `${root}${sep}`
  return real === root || real?.startsWith(inside) === true ? real : undefined
}

const orGone = (reason: unknown): undefined | Promise<never> =>
  ["ENOENT", "ENOTDIR", "ELOOP"].includes(systemErrorCode(reason) ?? "") ? undefined : Promise.reject(reason)

const notFound = (root: string, path: string): ArchiveError =>
  new ArchiveError({ reason: "NotFound", detail: `the archive ${root} has no file ${path}` })
