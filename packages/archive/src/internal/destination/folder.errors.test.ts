/** What the file system refuses, and what is left behind then. */
import { describe, expect, it } from "@effect/vitest"
import { Effect, Exit, type Scope } from "effect"
import { execFile } from "node:child_process"
import { mkdir, mkdtemp, readdir, rmdir, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setImmediate } from "node:timers/promises"
import { inspect, promisify } from "node:util"
import type { ArchiveError } from "../../ArchiveError.ts"
import type { Destination } from "../../Destination.ts"
import { nodeFileOperations } from "./fileOperations.ts"
import { folderDestination } from "./folder.ts"
import { bytesOf, expectNothing, listAll, readAll, store } from "../testing/test/destinationSuite.ts"
import { failing } from "../testing/test/recordedOperations.ts"
import { temporaryFolder } from "../testing/test/temporaryFolder.ts"

const mebibyte = 1024 * 1024
const path = "us/a.mp3"
const run = promisify(execFile)

describe("what the system refuses", () => {
  it.live.each([
    ["open", "EACCES", "permission denied (us/a.mp3)", "let this user"],
    ["open", "EROFS", "the file system is read-only", "mount it"],
    ["open", "EMFILE", "this process has too many files open", ""],
    ["mkdir", "EACCES", "permission denied (us/a.mp3)", "let this user"],
    ["mkdir", "EROFS", "the file system is read-only", "mount it"],
    ["write", "ENOSPC", "no space is left on the device", "free some space"],
    ["write", "EDQUOT", "the disk quota is used up", "free some space"],
    ["write", "EIO", "the device reports an error", "check the disk"],
    ["sync", "EIO", "the device reports an error", "check the disk"],
    ["sync", "ENOSPC", "no space is left on the device", "free some space"],
    ["rename", "EISDIR", "it is a folder (us/a.mp3)", ""],
    ["rename", "ENOENT", "it does not exist (us/a.mp3)", ""],
    ["rename", "EUNKNOWN", "the system refuses (EUNKNOWN) (us/a.mp3)", ""]
  ] as const)("%s with %s: the error says so, and nothing is there", ([operation, code, says, remedy]) =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const destination = yield* folderDestination(folder, failing(operation, code))
      for (const use of [store(destination, path, bytesOf(10)), destination.put(path, bytesOf(10), "audio/mpeg")]) {
        const error = yield* Effect.flip(use)
        expect(error.reason).toBe("Destination")
        expect(error.detail).toBe(`the archive ${folder} cannot be written: ${says}`)
        expect(error.remedy ?? "").toContain(remedy)
        expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("s3cret")
      }
      yield* expectNothing(destination, path)
      expect(yield* Effect.promise(() => readdir(join(folder, ".callreel/partial")).catch(() => []))).toEqual([])
    })
  )

  it.live("files written at once keep their own bytes, in memory that went through one that was refused half-way", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const refused = "us/refused.mp3"
      const content = (seed: number) => bytesOf(70_000 * seed, seed)
      const destination = yield* folderDestination(folder, {
        ...nodeFileOperations,
        // A part at a time, and later: others come between.
        write: async (file, bytes, position) => {
          await setImmediate()
          if (position >= mebibyte) throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" })
          return nodeFileOperations.write(file, bytes.subarray(0, 100_000), position)
        }
      })
      const paths = Array.from({ length: 12 }, (_, index) => `us/${index}.mp3`)
      const writeAll = Effect.forEach(
        [refused, ...paths],
        (one, index) => Effect.exit(store(destination, one, index === 0 ? bytesOf(2 * mebibyte) : content(index))),
        { concurrency: 4 }
      )
      // The second time with the buffers of the first.
      for (const exits of [yield* writeAll, yield* writeAll]) {
        expect(exits.map(Exit.isSuccess)).toEqual([false, ...paths.map(() => true)])
        for (const [index, one] of paths.entries()) {
          expect(Buffer.compare(yield* readAll(destination, one), content(index + 1))).toBe(0)
        }
      }
      yield* expectNothing(destination, refused)
    })
  )

  it.live("a file system that cannot sync folders is used as it is", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const destination = yield* folderDestination(folder, {
        ...nodeFileOperations,
        sync: async (file) =>
          (await file.stat()).isDirectory()
            ? Promise.reject(Object.assign(new Error("EINVAL"), { code: "EINVAL" }))
            : file.sync()
      })
      yield* store(destination, path, bytesOf(10))
      expect(yield* destination.stat(path)).toEqual({ path, bytes: 10 })
    })
  )

  it.live("a place that is a file, or below one", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      yield* Effect.promise(() => writeFile(join(folder, "file"), ""))
      for (const place of ["file", "file/archive"]) {
        const error = yield* Effect.flip(folderDestination(join(folder, place)))
        expect(error).toMatchObject({ reason: "Destination" })
        expect(error.detail).toBe(
          `the archive ${join(folder, place)} cannot be written: a part of its path is not a folder`
        )
      }
    })
  )

  it.live("a folder where a file should be, and a file where a folder should be", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const destination = yield* folderDestination(folder)
      yield* destination.put("us/a.mp3/b.mp3", bytesOf(1), "audio/mpeg")
      expect((yield* Effect.flip(store(destination, "us/a.mp3", bytesOf(1)))).detail).toContain(
        "it is a folder (us/a.mp3)"
      )
      const error = yield* Effect.flip(store(destination, "us/a.mp3/b.mp3/c.mp3", bytesOf(1)))
      expect(error.detail).toContain("a part of its path is not a folder")
      expect(yield* listAll(destination, "")).toEqual([{ path: "us/a.mp3/b.mp3", bytes: 1 }])
    })
  )
})

describe("a full disk", () => {
  it.live("leaves whole files whole, and takes more once there is room", () =>
    Effect.gen(function* () {
      const { destination, makeRoom } = yield* smallDisk
      yield* store(destination, "us/first.mp3", bytesOf(200_000, 1))
      for (const use of [
        store(destination, "us/second.mp3", bytesOf(3 * mebibyte, 2)),
        destination.put("us/third.json", bytesOf(3 * mebibyte, 3), "application/json")
      ]) {
        const error = yield* Effect.flip(use)
        expect(error.reason).toBe("Destination")
        expect(error.detail).toBe(`the archive ${destination.name} cannot be written: no space is left on the device`)
      }
      yield* expectNothing(destination, "us/second.mp3")
      expect(yield* listAll(destination, "")).toEqual([{ path: "us/first.mp3", bytes: 200_000 }])
      yield* makeRoom
      yield* store(destination, "us/second.mp3", bytesOf(300_000, 2))
      expect(Buffer.compare(yield* readAll(destination, "us/first.mp3"), bytesOf(200_000, 1))).toBe(0)
      expect(Buffer.compare(yield* readAll(destination, "us/second.mp3"), bytesOf(300_000, 2))).toBe(0)
    })
  )
})

interface SmallDisk {
  readonly destination: Destination
  /** Removes what was kept of unfinished files. */
  readonly makeRoom: Effect.Effect<void, ArchiveError>
}

/** A disk of one mebibyte: a real one where this user may mount it, else one whose writes fail in the same way. */
const smallDisk: Effect.Effect<SmallDisk, ArchiveError, Scope.Scope> = Effect.gen(function* () {
  const folder = yield* Effect.acquireRelease(
    Effect.promise(() => mkdtemp(join(tmpdir(), "callreel-disk-"))),
    (made) => Effect.promise(() => rmdir(made))
  )
  const mounted = yield* Effect.acquireRelease(
    Effect.option(Effect.tryPromise(() => run("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]))),
    (mount) => (mount._tag === "Some" ? Effect.promise(() => run("umount", ["-l", folder])) : Effect.void)
  )
  if (mounted._tag === "Some") {
    const destination = yield* folderDestination(folder)
    return { destination, makeRoom: destination.tidy }
  }
  const place = join(yield* temporaryFolder, "archive")
  yield* Effect.promise(() => mkdir(place))
  const destination = yield* folderDestination(place, {
    ...nodeFileOperations,
    write: (file, bytes, position) =>
      position + bytes.length > mebibyte - 200_000
        ? Promise.reject(Object.assign(new Error("ENOSPC"), { code: "ENOSPC" }))
        : nodeFileOperations.write(file, bytes, position)
  })
  return { destination, makeRoom: destination.tidy }
})
