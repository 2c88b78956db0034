/** What every destination does, whatever it is made of. */
import { describe, expect, it } from "@effect/vitest"
import { Cause, Deferred, Effect, Exit, Fiber, type Scope, Stream } from "effect"
import fc from "fast-check"
import type { ArchiveError } from "../../../ArchiveError.ts"
import type { Destination, StoredFile } from "../../../Destination.ts"

const mebibyte = 1024 * 1024

/** Bytes that differ from place to place and from seed to seed. */
export const bytesOf = (length: number, seed = 1): Uint8Array => {
  const bytes = new Uint8Array(length)
  let state = (seed * 2_654_435_761) >>> 0
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[index] = state >>> 24
  }
  return bytes
}

export const readAll = (destination: Destination, path: string) =>
  Effect.map(Stream.runCollect(destination.read(path)), (pieces) => Buffer.concat(pieces))

export const listAll = (destination: Destination, folder: string) =>
  Effect.map(Stream.runCollect(destination.list(folder)), (pages): ReadonlyArray<StoredFile> =>
    pages.flat().toSorted((one, other) => (one.path < other.path ? -1 : 1))
  )

/** Writes in pieces of odd lengths. */
export const writePieces = (write: (bytes: Uint8Array) => Effect.Effect<void, ArchiveError>, content: Uint8Array) => {
  const pieces: Array<Uint8Array> = []
  for (let start = 0, length = 1; start < content.length; start += length, length = (length * 7) % 65_521) {
    pieces.push(content.subarray(start, start + length))
  }
  return Effect.forEach(pieces, write, { discard: true })
}

export const store = (destination: Destination, path: string, content: Uint8Array, mediaType = "audio/mpeg") =>
  Effect.scoped(
    Effect.gen(function* () {
      const receiver = yield* destination.receive(path, mediaType)
      yield* receiver.restart
      yield* writePieces(receiver.write, content)
      yield* receiver.commit
    })
  )

/** Nothing stands under a name, whichever way it is looked for. */
export const expectNothing = (destination: Destination, path: string) =>
  Effect.gen(function* () {
    expect(yield* destination.stat(path)).toBeUndefined()
    expect((yield* Effect.flip(readAll(destination, path))).reason).toBe("NotFound")
    expect((yield* listAll(destination, "")).map((file) => file.path)).not.toContain(path)
  })

export const destinationSuite = (name: string, make: Effect.Effect<Destination, ArchiveError, Scope.Scope>): void => {
  const path = "us/2026/03/01/20260301T101500Z_inbound_1.mp3"

  describe(`destination: ${name}`, () => {
    it.live.each([0, 1, 20_000, 256 * 1024, 256 * 1024 + 1, 8 * mebibyte, 8 * mebibyte + 1, 17 * mebibyte])(
      "has a committed file of %i bytes whole, under its name",
      (size) =>
        Effect.gen(function* () {
          const destination = yield* make
          const content = bytesOf(size)
          yield* store(destination, path, content)
          expect(yield* destination.stat(path)).toEqual({ path, bytes: size })
          expect(Buffer.compare(yield* readAll(destination, path), content)).toBe(0)
          expect(yield* listAll(destination, "us/2026")).toEqual([{ path, bytes: size }])
        })
    )

    it.live.each([0, 20_000, 9 * mebibyte])("has nothing of %i bytes before they are committed, nor without", (size) =>
      Effect.gen(function* () {
        const destination = yield* make
        yield* Effect.scoped(
          Effect.gen(function* () {
            const receiver = yield* destination.receive(path, "audio/mpeg")
            yield* writePieces(receiver.write, bytesOf(size))
            yield* expectNothing(destination, path)
          })
        )
        yield* expectNothing(destination, path)
      })
    )

    it.live("keeps what stood there when a file that would replace it is not committed", () =>
      Effect.gen(function* () {
        const destination = yield* make
        yield* store(destination, path, bytesOf(1_000, 1))
        yield* Effect.scoped(
          Effect.gen(function* () {
            const { write } = yield* destination.receive(path, "audio/mpeg")
            yield* write(bytesOf(5_000, 2))
          })
        )
        expect(Buffer.compare(yield* readAll(destination, path), bytesOf(1_000, 1))).toBe(0)
        yield* store(destination, path, bytesOf(5_000, 2))
        expect(Buffer.compare(yield* readAll(destination, path), bytesOf(5_000, 2))).toBe(0)
      })
    )

    it.live("commits once, however often it is told to", () =>
      Effect.gen(function* () {
        const destination = yield* make
        yield* Effect.scoped(
          Effect.gen(function* () {
            const { commit, write } = yield* destination.receive(path, "audio/mpeg")
            yield* write(bytesOf(1_000))
            yield* commit
            yield* commit
          })
        )
        expect(yield* destination.stat(path)).toEqual({ path, bytes: 1_000 })
      })
    )

    it.live("does not see what becomes of bytes after they were written", () =>
      Effect.gen(function* () {
        const destination = yield* make
        yield* Effect.scoped(
          Effect.gen(function* () {
            const { commit, write } = yield* destination.receive(path, "audio/mpeg")
            const piece = new Uint8Array(1_000)
            for (let index = 0; index < 3; index++) {
              piece.fill(index)
              yield* write(piece)
            }
            piece.fill(9)
            yield* commit
          })
        )
        const content = yield* readAll(destination, path)
        expect([content[0], content[1_000], content[2_999]]).toEqual([0, 1, 2])
      })
    )

    it.live(
      "has all of a file or nothing, at whatever moment its writer is interrupted",
      () =>
        Effect.gen(function* () {
          const destination = yield* make
          const content = bytesOf(3 * mebibyte)
          const moments = fc.sample(fc.tuple(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 12 })), 12)
          for (const [index, [step, millis]] of moments.entries()) {
            const file = `us/undated/unknown_${index}.mp3`
            const reached = yield* Deferred.make<void>()
            const writer = yield* Effect.forkChild(
              Effect.scoped(
                Effect.gen(function* () {
                  const { commit, write } = yield* destination.receive(file, "audio/mpeg")
                  for (let piece = 0; piece < 8; piece++) {
                    if (piece === step) yield* Deferred.succeed(reached, undefined)
                    yield* write(content.subarray((piece * content.length) / 8, ((piece + 1) * content.length) / 8))
                  }
                  yield* Deferred.succeed(reached, undefined)
                  yield* commit
                })
              )
            )
            yield* Deferred.await(reached)
            yield* Effect.sleep(millis)
            yield* Fiber.interrupt(writer)
            const stat = yield* destination.stat(file)
            expect([undefined, content.length]).toContain(stat?.bytes)
          }
          for (const file of yield* listAll(destination, "")) {
            expect(Buffer.compare(yield* readAll(destination, file.path), content)).toBe(0)
          }
        }),
      60_000
    )

    it.live("receives many files at the same moment", () =>
      Effect.gen(function* () {
        const destination = yield* make
        const sizes = fc.sample(fc.integer({ min: 0, max: 400_000 }), 40)
        const pathOf = (index: number) => `us/2026/03/0${(index % 3) + 1}/file-${index}.mp3`
        yield* Effect.forEach(sizes, (size, index) => store(destination, pathOf(index), bytesOf(size, index)), {
          concurrency: 8,
          discard: true
        })
        for (const [index, size] of sizes.entries()) {
          expect(Buffer.compare(yield* readAll(destination, pathOf(index)), bytesOf(size, index))).toBe(0)
        }
        expect(yield* listAll(destination, "")).toHaveLength(sizes.length)
      })
    )

    it.live("keeps two writers of one name apart: what is there is of the last that committed", () =>
      Effect.gen(function* () {
        const destination = yield* make
        const [first, second] = [bytesOf(2 * mebibyte, 1), bytesOf(2 * mebibyte + 5, 2)]
        yield* Effect.scoped(
          Effect.gen(function* () {
            const one = yield* destination.receive(path, "audio/mpeg")
            const other = yield* destination.receive(path, "audio/mpeg")
            yield* one.write(first.subarray(0, mebibyte))
            yield* other.write(second)
            yield* one.write(first.subarray(mebibyte))
            yield* other.commit
            expect(Buffer.compare(yield* readAll(destination, path), second)).toBe(0)
            yield* one.commit
          })
        )
        expect(Buffer.compare(yield* readAll(destination, path), first)).toBe(0)
      })
    )

    it.live("puts small files, and replaces them", () =>
      Effect.gen(function* () {
        const destination = yield* make
        yield* destination.put("proofs/us/1.json", bytesOf(500, 1), "application/json")
        yield* destination.put("proofs/us/1.json", bytesOf(400, 2), "application/json")
        yield* destination.put("proofs/us/2.json", new Uint8Array(), "application/json")
        expect(Buffer.compare(yield* readAll(destination, "proofs/us/1.json"), bytesOf(400, 2))).toBe(0)
        expect(yield* listAll(destination, "proofs")).toEqual([
          { path: "proofs/us/1.json", bytes: 400 },
          { path: "proofs/us/2.json", bytes: 0 }
        ])
      })
    )

    it.live("lists a folder and those below it, and no other whose name begins alike", () =>
      Effect.gen(function* () {
        const destination = yield* make
        const paths = ["proofs/us.json", "us-2/a.mp3", "us/2025/a.mp3", "us/2026/01/a.mp3", "us/2026/b.mp3"]
        yield* Effect.forEach(paths, (file) => destination.put(file, bytesOf(1), "audio/mpeg"))
        const pathsIn = (folder: string) =>
          Effect.map(listAll(destination, folder), (files) => files.map((file) => file.path))
        expect(yield* pathsIn("")).toEqual(paths)
        expect(yield* pathsIn("us")).toEqual(paths.slice(2))
        expect(yield* pathsIn("us/")).toEqual(paths.slice(2))
        expect(yield* pathsIn("us/2026")).toEqual(paths.slice(3))
        expect(yield* pathsIn("us/2027")).toEqual([])
        expect(yield* pathsIn("us/2026/b.mp3")).toEqual([])
      })
    )

    it.live("removes a file, and takes it well when there is none", () =>
      Effect.gen(function* () {
        const destination = yield* make
        yield* destination.put(path, bytesOf(10), "audio/mpeg")
        yield* destination.remove(path)
        yield* destination.remove(path)
        yield* destination.remove("not/there/at/all.mp3")
        yield* expectNothing(destination, path)
      })
    )

    it.live("says NotFound with the archive's name and the path", () =>
      Effect.gen(function* () {
        const destination = yield* make
        const error = yield* Effect.flip(readAll(destination, path))
        expect(error).toMatchObject({
          reason: "NotFound",
          detail: `the archive ${destination.name} has no file ${path}`
        })
        yield* destination.put(path, bytesOf(10), "audio/mpeg")
        expect((yield* Effect.flip(readAll(destination, "us/2026"))).reason).toBe("NotFound")
        expect(yield* destination.stat("us/2026")).toBeUndefined()
      })
    )

    it.live("tidies without harm to what is there or on its way", () =>
      Effect.gen(function* () {
        const destination = yield* make
        yield* destination.put("us/a.mp3", bytesOf(10), "audio/mpeg")
        yield* Effect.scoped(
          Effect.gen(function* () {
            const { commit, write } = yield* destination.receive(path, "audio/mpeg")
            yield* write(bytesOf(9 * mebibyte))
            yield* destination.tidy
            yield* commit
          })
        )
        yield* destination.tidy
        expect(yield* listAll(destination, "")).toEqual([
          { path, bytes: 9 * mebibyte },
          { path: "us/a.mp3", bytes: 10 }
        ])
      })
    )

    it.live.each(["../a", "/etc/passwd", "a/../../b", "a\0b", "a//b", "", ".callreel/ledger.sqlite", "a\\b"])(
      "dies on %j, which the layout never makes",
      (bad) =>
        Effect.gen(function* () {
          const destination = yield* make
          const uses: ReadonlyArray<Effect.Effect<unknown, ArchiveError>> = [
            Effect.scoped(destination.receive(bad, "audio/mpeg")),
            destination.put(bad, bytesOf(1), "audio/mpeg"),
            Stream.runDrain(destination.read(bad)),
            destination.stat(bad),
            destination.remove(bad),
            // The empty path is the whole archive here.
            Stream.runDrain(destination.list(bad === "" ? ".." : bad))
          ]
          for (const use of uses) {
            const exit = yield* Effect.exit(use)
            expect(Exit.isFailure(exit) && Cause.hasDies(exit.cause)).toBe(true)
          }
        })
    )
  })
}
