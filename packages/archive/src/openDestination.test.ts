import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { execFile } from "node:child_process"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { openDestination } from "./openDestination.ts"
import { temporaryFolder } from "./internal/testing/test/temporaryFolder.ts"

const run = promisify(execFile)

describe("openDestination", () => {
  it.live.each(["archive", "./archive", "file:./archive"])("opens the folder %s below the base, and makes it", (url) =>
    Effect.gen(function* () {
      const base = yield* temporaryFolder
      const destination = yield* openDestination(url, base)
      expect(destination).toMatchObject({ name: join(base, "archive"), folder: join(base, "archive") })
      expect(yield* destination.stat("a.mp3")).toBeUndefined()
    })
  )

  it.live("opens a bucket, which has no folder", () =>
    Effect.gen(function* () {
      const destination = yield* openDestination("s3://recordings/calls?region=us-east-1", "/")
      expect(destination.name).toBe("s3://recordings/calls")
      expect(destination.folder).toBeUndefined()
    })
  )

  it.effect("refuses what it does not know, naming the option and what it may be", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.scoped(openDestination("azure://account/container", "/")))
      expect(error.reason).toBe("InvalidOptions")
      expect(error.detail).toBe(
        "archive.url: azure: is not known, only a path, file:./archive, file:///archive or s3://bucket/prefix"
      )
    })
  )

  it.live.each([
    ["a folder", "file:./archive", false],
    ["a bucket", "s3://recordings?region=us-east-1", true]
  ] as const)("loads the SDK of object storages for %s: %s", ([_, url, expected]) =>
    Effect.gen(function* () {
      const folder = yield* temporaryFolder
      const script = join(folder, "open.mts")
      yield* Effect.promise(() => writeFile(script, openAndTell(url, folder)))
      const { stdout } = yield* Effect.promise(() => run(process.execPath, [script]))
      expect(stdout.trim()).toBe(String(expected))
    })
  )
})

/** A program that opens an address and tells whether a module of AWS was loaded. */
const openAndTell = (url: string, base: string): string => `
  import { registerHooks } from "node:module"
  let isLoaded = false
  registerHooks({
    resolve: (specifier, context, next) => {
      isLoaded ||= /aws-sdk|flystorage/.test(specifier)
      return next(specifier, context)
    }
  })
  const { Effect } = await import(${JSON.stringify(import.meta.resolve("effect"))})
  const { openDestination } = await import(${JSON.stringify(new URL("./openDestination.ts", import.meta.url).href)})
  await Effect.runPromise(Effect.scoped(openDestination(${JSON.stringify(url)}, ${JSON.stringify(base)})))
  console.log(isLoaded)`
