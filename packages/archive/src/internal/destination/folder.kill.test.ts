import { describe, expect, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { folderDestination } from "./folder.ts"
import { bytesOf, expectNothing, readAll, store } from "../testing/test/destinationSuite.ts"
import { temporaryFolder } from "../testing/test/temporaryFolder.ts"

const mebibyte = 1024 * 1024
const path = "us/2026/03/01/a.mp3"

/** Receives `bytes` zeros at `folder`, says so, and then waits for its end without a commit. */
const receiver = (bytes: number) => `
  import { Effect } from ${JSON.stringify(import.meta.resolve("effect"))}
  import { folderDestination } from ${JSON.stringify(new URL("./folder.ts", import.meta.url).href)}
  // Nothing else keeps it alive.
  setInterval(() => {}, 1_000)
  await Effect.runPromise(Effect.scoped(Effect.gen(function* () {
    const destination = yield* folderDestination(process.argv[2])
    const { write } = yield* destination.receive(${JSON.stringify(path)}, "audio/mpeg")
    for (let sent = 0; sent < ${bytes}; sent += 65536) yield* write(new Uint8Array(65536))
    process.send("received")
    yield* Effect.never
  })))`

const killedAfter = (folder: string, bytes: number) =>
  Effect.promise(async () => {
    const script = join(folder, "receiver.mts")
    await writeFile(script, receiver(bytes))
    const child: ChildProcess = fork(script, [join(folder, "archive")], { execArgv: [] })
    await once(child, "message")
    child.kill("SIGKILL")
    await once(child, "exit")
    return child.signalCode
  })

describe("a process that is killed while it receives", () => {
  it.live("leaves nothing under the name, and what the next one can go on with", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      expect(yield* killedAfter(folder, 3 * mebibyte)).toBe("SIGKILL")
      const destination = yield* folderDestination(join(folder, "archive"))
      yield* expectNothing(destination, path)
      yield* Effect.scoped(
        Effect.gen(function* () {
          const { commit, kept, keptBytes, write } = yield* destination.receive(path, "audio/mpeg")
          expect(kept).toBe(3 * mebibyte)
          expect(Buffer.compare(Buffer.concat(yield* Stream.runCollect(keptBytes)), Buffer.alloc(kept))).toBe(0)
          yield* write(bytesOf(10))
          yield* commit
        })
      )
      const content = yield* readAll(destination, path)
      expect(Buffer.compare(content, Buffer.concat([Buffer.alloc(3 * mebibyte), bytesOf(10)]))).toBe(0)
    })
  )

  it.live("is no hindrance to the next one when little had come", () =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      expect(yield* killedAfter(folder, mebibyte / 2)).toBe("SIGKILL")
      const destination = yield* folderDestination(join(folder, "archive"))
      yield* expectNothing(destination, path)
      yield* store(destination, path, bytesOf(1_000))
      expect(Buffer.compare(yield* readAll(destination, path), bytesOf(1_000))).toBe(0)
    })
  )
})
