/** What is a folder's own: durability, rights, what is kept of unfinished files, symbolic links. */
import { describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import { chmod, mkdir, readdir, readFile, rename, rm, stat, symlink, utimes, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { type FileOperations, nodeFileOperations } from "./fileOperations.ts"
import { folderDestination } from "./folder.ts"
import { bytesOf, expectNothing, listAll, readAll, store, writePieces } from "../testing/test/destinationSuite.ts"
import { recordedOperations } from "../testing/test/recordedOperations.ts"
import { temporaryFolder } from "../testing/test/temporaryFolder.ts"

const mebibyte = 1024 * 1024
const path = "us/2026/03/01/a.mp3"

const opened = (operations?: FileOperations) =>
  Effect.gen(function* () {
    const folder = yield* temporaryFolder
    return { folder, destination: yield* folderDestination(folder, operations) }
  })

const promise = <A>(run: () => Promise<A>) => Effect.promise(run)

/** Names and sizes of what is on its way or kept. */
const unfinished = (folder: string) =>
  promise(async () => {
    const place = join(folder, ".callreel/partial")
    const names = await readdir(place).catch(() => [])
    return Promise.all(names.map(async (name) => (await stat(join(place, name))).size))
  })

/** Receives some bytes and ends without a commit. */
const giveUp = (destination: Effect.Success<ReturnType<typeof opened>>["destination"], content: Uint8Array) =>
  Effect.scoped(Effect.flatMap(destination.receive(path, "audio/mpeg"), ({ write }) => writePieces(write, content)))

describe("durability", () => {
  it.live("a small file is one open, one write, one sync, one rename, and a sync of its folder", () =>
    Effect.gen(function* () {
      const { done, operations } = recordedOperations()
      const { destination } = yield* opened(operations)
      yield* store(destination, path, bytesOf(20_000))
      done.length = 0
      yield* store(destination, "us/2026/03/01/b.mp3", bytesOf(20_000))
      expect(done).toEqual([
        "open .partial",
        "write .partial 20000",
        "sync .partial",
        "rename b.mp3",
        "open 01",
        "sync 01"
      ])
    })
  )

  it.live("a folder that is made is on the disk before a file is in it", () =>
    Effect.gen(function* () {
      const { done, operations } = recordedOperations()
      const { destination } = yield* opened(operations)
      yield* destination.put("us/2026/a.json", bytesOf(1), "application/json")
      const made = done.filter((operation) => /^(mkdir|sync|rename) (us|2026|a.json)/.test(operation))
      expect(made).toEqual(["mkdir us", "mkdir 2026", "sync us", "rename a.json", "sync 2026"])
    })
  )

  it.live("files that are committed at the same moment share the sync of their folder", () =>
    Effect.gen(function* () {
      const { done, operations } = recordedOperations()
      const { destination } = yield* opened(operations)
      const files = Array.from({ length: 40 }, (_, index) => `us/${index}.mp3`)
      yield* Effect.forEach(files, (file) => store(destination, file, bytesOf(1_000)), { concurrency: 40 })
      expect(done.filter((operation) => operation.startsWith("rename"))).toHaveLength(40)
      expect(done.filter((operation) => operation === "sync us").length).toBeLessThan(30)
      // None is done before a sync that began after its rename.
      expect(done.at(-1)).toBe("sync us")
    })
  )

  it.live("an archive that is there is opened, read and listed without writing", () =>
    Effect.gen(function* () {
      const { destination, folder } = yield* opened()
      yield* destination.put(path, bytesOf(10), "audio/mpeg")
      yield* promise(() => rm(join(folder, ".callreel"), { recursive: true }))
      const { done, operations } = recordedOperations()
      const reader = yield* folderDestination(folder, operations)
      yield* readAll(reader, path)
      yield* listAll(reader, "")
      yield* reader.stat(path)
      expect(done).toEqual([])
      expect(yield* promise(() => readdir(folder))).toEqual(["us"])
    })
  )

  it.live("a folder that somebody removed is made again", () =>
    Effect.gen(function* () {
      const { destination, folder } = yield* opened()
      yield* destination.put("us/2026/a.json", bytesOf(1), "application/json")
      yield* promise(() => rm(join(folder, "us"), { recursive: true }))
      yield* promise(() => rm(join(folder, ".callreel"), { recursive: true }))
      yield* destination.put("us/2026/b.json", bytesOf(1), "application/json")
      expect(yield* listAll(destination, "")).toEqual([{ path: "us/2026/b.json", bytes: 1 }])
    })
  )
})

describe("rights", () => {
  it.live("all that is made is for its owner alone", () =>
    Effect.gen(function* () {
      const parent = yield* temporaryFolder
      const folder = join(parent, "deep", "archive")
      const destination = yield* folderDestination(folder)
      yield* store(destination, path, bytesOf(10))
      yield* giveUp(destination, bytesOf(2 * mebibyte))
      const modes = yield* promise(async () => {
        const names = ["", ...(await readdir(folder, { recursive: true }))]
        const found = await Promise.all(names.map((name) => stat(join(folder, name))))
        return new Set(
          found.map((entry) => `${entry.isFile() ? "file" : "folder"} ${(entry.mode & 0o777).toString(8)}`)
        )
      })
      expect(modes).toEqual(new Set(["folder 700", "file 600"]))
    })
  )

  it.live("a folder that is there keeps its own", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      yield* promise(() => chmod(folder, 0o750))
      yield* store(yield* folderDestination(folder), path, bytesOf(10))
      expect((yield* promise(() => stat(folder))).mode & 0o777).toBe(0o750)
    })
  )
})

describe("unfinished files", () => {
  it.live("of a mebibyte or more stay, and a later try of another process goes on with them", () =>
    Effect.gen(function* () {
      const { destination, folder } = yield* opened()
      const content = bytesOf(3 * mebibyte)
      const begun = content.subarray(0, 2 * mebibyte)
      yield* giveUp(destination, begun)
      expect(yield* unfinished(folder)).toHaveLength(1)

      const later = yield* folderDestination(folder)
      yield* expectNothing(later, path)
      yield* Effect.scoped(
        Effect.gen(function* () {
          const receiver = yield* later.receive(path, "audio/mpeg")
          expect(receiver.kept).toBeGreaterThan(mebibyte)
          const kept = Buffer.concat(yield* Stream.runCollect(receiver.keptBytes))
          expect(Buffer.compare(kept, content.subarray(0, receiver.kept))).toBe(0)
          yield* writePieces(receiver.write, content.subarray(receiver.kept))
          yield* receiver.commit
        })
      )
      expect(Buffer.compare(yield* readAll(later, path), content)).toBe(0)
      expect(yield* unfinished(folder)).toEqual([])
    })
  )

  it.live("are on the disk before they are kept", () =>
    Effect.gen(function* () {
      const { done, operations } = recordedOperations()
      const { destination } = yield* opened(operations)
      yield* giveUp(destination, bytesOf(2 * mebibyte))
      expect(done.at(-1)).toBe("sync .partial")
    })
  )

  it.live("are gone when a later try restarts, and what comes then is all there is", () =>
    Effect.gen(function* () {
      const { destination } = yield* opened()
      yield* giveUp(destination, bytesOf(2 * mebibyte, 1))
      yield* Effect.scoped(
        Effect.gen(function* () {
          const receiver = yield* destination.receive(path, "audio/mpeg")
          expect(receiver.kept).toBeGreaterThan(0)
          yield* receiver.restart
          yield* receiver.write(bytesOf(1_000, 2))
          yield* receiver.commit
        })
      )
      expect(Buffer.compare(yield* readAll(destination, path), bytesOf(1_000, 2))).toBe(0)
    })
  )

  it.live("of less than a mebibyte are removed at once, and one of a killed process is begun anew", () =>
    Effect.gen(function* () {
      const { destination, folder } = yield* opened()
      yield* giveUp(destination, bytesOf(mebibyte - 1))
      expect(yield* unfinished(folder)).toEqual([])

      yield* giveUp(destination, bytesOf(2 * mebibyte))
      yield* promise(async () => {
        const place = join(folder, ".callreel/partial")
        const [name = ""] = await readdir(place)
        await writeFile(join(place, name), bytesOf(mebibyte - 1, 7))
      })
      const later = yield* folderDestination(folder)
      yield* Effect.scoped(
        Effect.gen(function* () {
          const receiver = yield* later.receive(path, "audio/mpeg")
          expect(receiver.kept).toBe(0)
          expect(yield* Stream.runCollect(receiver.keptBytes)).toEqual([])
          yield* receiver.write(bytesOf(5))
          yield* receiver.commit
        })
      )
      expect(Buffer.compare(yield* readAll(later, path), bytesOf(5))).toBe(0)
    })
  )

  it.live("belong to one writer: a second of the same name begins with nothing, and leaves nothing", () =>
    Effect.gen(function* () {
      const { destination, folder } = yield* opened()
      yield* giveUp(destination, bytesOf(2 * mebibyte))
      yield* Effect.scoped(
        Effect.gen(function* () {
          const first = yield* destination.receive(path, "audio/mpeg")
          yield* Effect.scoped(
            Effect.gen(function* () {
              const second = yield* destination.receive(path, "audio/mpeg")
              expect([first.kept > 0, second.kept]).toEqual([true, 0])
              yield* second.write(bytesOf(2 * mebibyte))
            })
          )
        })
      )
      expect(yield* unfinished(folder)).toHaveLength(1)
      expect(
        yield* Effect.scoped(Effect.map(destination.receive(path, "audio/mpeg"), ({ kept }) => kept))
      ).toBeGreaterThan(0)
    })
  )

  it.effect("are tidied away when they are small, older than a week, or of no use to a later try", () =>
    Effect.gen(function* () {
      const { destination, folder } = yield* opened()
      const place = join(folder, ".callreel/partial")
      const now = new Date("2026-03-10T00:00:00Z")
      const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)
      yield* promise(async () => {
        await mkdir(place, { recursive: true })
        const leave = async (name: string, size: number, days: number) => {
          await writeFile(join(place, name), bytesOf(size))
          await utimes(join(place, name), daysAgo(days), daysAgo(days))
        }
        await leave("recent.partial", mebibyte, 6)
        await leave("old.partial", mebibyte, 8)
        await leave("small.partial", mebibyte - 1, 1)
        await leave("whole.tmp", 2 * mebibyte, 1)
      })
      yield* TestClock.setTime(now.getTime())
      yield* destination.tidy
      expect(yield* promise(() => readdir(place))).toEqual(["recent.partial"])
    })
  )
})

describe("symbolic links", () => {
  const withLinks = Effect.gen(function* () {
    const outside = yield* temporaryFolder
    const { destination, folder } = yield* opened()
    yield* destination.put("us/a.mp3", bytesOf(10), "audio/mpeg")
    yield* promise(async () => {
      await writeFile(join(outside, "secret"), "s3cret")
      await symlink(join(outside, "secret"), join(folder, "us/link.mp3"))
      await symlink(outside, join(folder, "us/2026"))
      await symlink(outside, join(folder, "linked"))
      await symlink("loop", join(folder, "us/loop"))
    })
    return { destination, folder, outside }
  })

  it.live("are not listed", () =>
    Effect.gen(function* () {
      const { destination } = yield* withLinks
      expect(yield* listAll(destination, "")).toEqual([{ path: "us/a.mp3", bytes: 10 }])
      expect(yield* listAll(destination, "linked")).toEqual([])
    })
  )

  it.live.each(["us/link.mp3", "us/2026/secret", "us/loop"])("are not read: %s", (link) =>
    Effect.gen(function* () {
      const { destination } = yield* withLinks
      expect((yield* Effect.flip(readAll(destination, link))).reason).toBe("NotFound")
      expect(yield* destination.stat(link)).toBeUndefined()
    })
  )

  it.live("are not written through, and nothing behind them is removed", () =>
    Effect.gen(function* () {
      const { destination, outside } = yield* withLinks
      const error = yield* Effect.flip(store(destination, "us/2026/b.mp3", bytesOf(10)))
      expect(error.detail).toContain("a part of its path is not a folder (us/2026/b.mp3)")
      yield* destination.remove("us/2026/secret")
      yield* store(destination, "us/link.mp3", bytesOf(3))
      expect(yield* promise(() => readdir(outside))).toEqual(["secret"])
      expect(yield* promise(() => readFile(join(outside, "secret"), "utf8"))).toBe("s3cret")
      expect(yield* destination.stat("us/link.mp3")).toEqual({ path: "us/link.mp3", bytes: 3 })
    })
  )

  it.live("may lead to the archive itself", () =>
    Effect.gen(function* () {
      const { folder } = yield* withLinks
      const link = join(yield* temporaryFolder, "archive")
      yield* promise(() => symlink(folder, link))
      const destination = yield* folderDestination(link)
      expect(destination.folder).toBe(folder)
      expect(yield* destination.stat("us/a.mp3")).toEqual({ path: "us/a.mp3", bytes: 10 })
    })
  )
})

describe("listing", () => {
  it.live("comes in pages, sorted within a folder", () =>
    Effect.gen(function* () {
      const { destination, folder } = yield* opened()
      yield* promise(async () => {
        await mkdir(join(folder, "us"))
        for (let index = 0; index < 1_203; index++) await writeFile(join(folder, `us/${index}.mp3`), "")
      })
      const pages = yield* Stream.runCollect(destination.list(""))
      expect(pages.map(({ length }) => length)).toEqual([1_000, 203])
      const paths = pages.flat().map((file) => file.path)
      expect(paths).toEqual(paths.toSorted())
    })
  )

  it.live("reads no folder before it is asked for", () =>
    Effect.gen(function* () {
      const { destination, folder } = yield* opened()
      yield* destination.put("a/1.mp3", bytesOf(1), "audio/mpeg")
      yield* destination.put("b/1.mp3", bytesOf(1), "audio/mpeg")
      const seen: Array<string> = []
      yield* Stream.runForEach(destination.list(""), (page) =>
        promise(async () => {
          seen.push(...page.map((file) => file.path))
          await rename(join(folder, "b"), join(folder, "c")).catch(() => undefined)
        })
      )
      expect(seen).toEqual(["a/1.mp3"])
    })
  )
})

describe("nodeFileOperations", () => {
  it.live("say how many bytes were taken", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const taken = yield* promise(async () => {
        const file = await nodeFileOperations.open(join(folder, "a"), "wx+")
        const written = await nodeFileOperations.write(file, bytesOf(5), 3)
        await file.close()
        return [written, (await stat(join(folder, "a"))).size]
      })
      expect(taken).toEqual([5, 8])
    })
  )

  it.live("that take only some of the bytes are asked again for the rest", () =>
    Effect.gen(function* () {
      const { destination } = yield* opened({
        ...nodeFileOperations,
        write: (file, bytes, position) => nodeFileOperations.write(file, bytes.subarray(0, 7_000), position)
      })
      yield* store(destination, path, bytesOf(300_000))
      expect(Buffer.compare(yield* readAll(destination, path), bytesOf(300_000))).toBe(0)
    })
  )
})
