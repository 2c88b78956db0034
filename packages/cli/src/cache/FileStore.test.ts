import { describe, expect, it } from "@effect/vitest"
import { Effect, Schedule } from "effect"
import { fork } from "node:child_process"
import { once } from "node:events"
import { chmod, mkdir, mkdtemp, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { cacheFolder } from "./cacheFolder.ts"
import { makeFileStore } from "./FileStore.ts"

const makeFolder = Effect.promise(() => mkdtemp(join(tmpdir(), "callreel-cache-")))
const modeOf = (path: string) => stat(path).then(({ mode }) => mode & 0o777)
const countUp = (current: unknown): unknown => (typeof current === "number" ? current + 1 : 1)
/** The one file of a store with one key. */
const onlyFile = (folder: string) =>
  Effect.promise(async () => {
    const names = await readdir(folder)
    expect(names).toHaveLength(1)
    return join(folder, names[0] ?? "")
  })

describe("makeFileStore", () => {
  it.effect("gives a later run what an earlier one stored", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      const earlier = yield* makeFileStore(folder)
      expect(yield* earlier.read("token")).toBeUndefined()
      yield* earlier.modify("token", () => ({ access: "t0k3n" }))
      const later = yield* makeFileStore(folder)
      expect(yield* later.read("token")).toEqual({ access: "t0k3n" })
      expect(yield* later.read("other")).toBeUndefined()
    })
  )

  it.effect("shows neither key nor value to anybody else", () =>
    Effect.gen(function* () {
      const folder = join(yield* makeFolder, "deeper", "callreel")
      const store = yield* makeFileStore(folder)
      yield* store.modify("client:s3cret-key", () => "t0k3n")
      const file = yield* onlyFile(folder)
      expect(file).toMatch(/\/[0-9a-f]{64}\.json$/)
      expect(yield* Effect.promise(() => modeOf(folder))).toBe(0o700)
      expect(yield* Effect.promise(() => modeOf(file))).toBe(0o600)
      expect(yield* Effect.promise(() => readFile(file, "utf8"))).not.toContain("s3cret-key")
    })
  )

  it.effect("closes a folder that was open to others", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      yield* Effect.promise(() => chmod(folder, 0o755))
      const store = yield* makeFileStore(folder)
      yield* store.modify("a", countUp)
      expect(yield* Effect.promise(() => modeOf(folder))).toBe(0o700)
    })
  )

  it.effect.each([
    ["not JSON", "{"],
    ["another form", '{"value":1}'],
    ["another version", '{"version":99,"value":1}'],
    ["empty", ""]
  ] as const)("ignores and replaces a file that is %s", ([_, text]) =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      yield* (yield* makeFileStore(folder)).modify("a", countUp)
      const file = yield* onlyFile(folder)
      yield* Effect.promise(() => writeFile(file, text))
      const store = yield* makeFileStore(folder)
      expect(yield* store.read("a")).toBeUndefined()
      yield* store.modify("a", countUp)
      expect(yield* store.read("a")).toBe(1)
    })
  )

  it.effect("ignores a file that others could have written or read", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      const store = yield* makeFileStore(folder)
      yield* store.modify("a", countUp)
      const file = yield* onlyFile(folder)
      yield* Effect.promise(() => chmod(file, 0o644))
      expect(yield* store.read("a")).toBeUndefined()
    })
  )

  it.effect("remembers in memory where the folder cannot be one", () =>
    Effect.gen(function* () {
      const folder = join(yield* makeFolder, "file")
      yield* Effect.promise(() => writeFile(folder, ""))
      const store = yield* makeFileStore(folder)
      yield* store.modify("a", countUp)
      yield* store.modify("a", countUp)
      expect(yield* store.read("a")).toBe(2)
    })
  )

  it.live("waits two seconds at most in all for a lock that is held, then goes on from what was kept", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      yield* (yield* makeFileStore(folder)).modify("a", () => 41)
      const lock = `${yield* onlyFile(folder)}.lock`
      yield* Effect.promise(() => mkdir(lock))
      // A living process keeps its lock's time fresh.
      yield* Effect.promise(() => utimes(lock, new Date(), new Date())).pipe(
        Effect.repeat(Schedule.spaced("200 millis")),
        Effect.forkChild
      )
      const store = yield* makeFileStore(folder)
      const began = performance.now()
      yield* store.modify("a", countUp)
      yield* store.modify("a", countUp)
      const took = performance.now() - began
      expect(yield* store.read("a")).toBe(43)
      expect(took).toBeGreaterThan(500)
      expect(took).toBeLessThan(2_500)
      expect(yield* (yield* makeFileStore(folder)).read("a")).toBe(41)
    })
  )

  it.live("loses no change of processes that write at the same time", () =>
    Effect.gen(function* () {
      const folder = yield* makeFolder
      const script = join(folder, "..", `count-${process.pid}.mts`)
      const store = new URL("./FileStore.ts", import.meta.url).href
      const effect = import.meta.resolve("effect")
      yield* Effect.promise(() =>
        writeFile(
          script,
          `import { Effect } from ${JSON.stringify(effect)}
           import { makeFileStore } from ${JSON.stringify(store)}
           const store = await Effect.runPromise(makeFileStore(process.argv[2]))
           for (let i = 0; i < 10; i++) await Effect.runPromise(store.modify("a", (n) => (n ?? 0) + 1))`
        )
      )
      yield* Effect.promise(() => Promise.all([1, 2].map(() => once(fork(script, [folder], { execArgv: [] }), "exit"))))
      expect(yield* (yield* makeFileStore(folder)).read("a")).toBe(20)
    })
  )
})

describe("cacheFolder", () => {
  it("is the one that CALLREEL_CACHE_DIR names", () => {
    expect(cacheFolder({ CALLREEL_CACHE_DIR: "/x/y" })).toBe("/x/y")
  })
  it("is called callreel otherwise", () => {
    expect(cacheFolder({})).toMatch(/callreel$/)
  })
})
