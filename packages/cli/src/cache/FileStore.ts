import { memoryStore, type StateStore } from "@callreel/transport"
import { Effect, Option, Semaphore } from "effect"
import { createHash, randomBytes } from "node:crypto"
import { chmod, lstat, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { isOurs } from "./isOurs.ts"

const version = 1

// Tries for a lock add up to under two seconds; a lock whose process died is taken over after that.
const lockOptions = {
  realpath: false,
  stale: 2_000,
  retries: { retries: 18, factor: 1.3, minTimeout: 20, maxTimeout: 110 },
  onCompromised: () => {}
}

/**
 * A store in a folder of files, one for each key, shared by processes that run at the same time.
 *
 * The values are tokens: the folder and the files are their owner's alone, and files that are not are left aside. Keys may
 * hold secrets too, so that files are named by the keys' hashes. The store never fails and holds a command up for two
 * seconds at most: after the first trouble, the rest of the run is remembered in memory only.
 */
export const makeFileStore = Effect.fnUntraced(function* (folder: string) {
  const memory = yield* memoryStore
  const prepared = yield* Effect.cached(Effect.isSuccess(ownFolder(folder)))
  // Within one process only one waits for a file lock at a time.
  const turn = yield* Semaphore.make(1)
  let trouble = false

  const readKept = (key: string): Effect.Effect<unknown> =>
    Effect.flatMap(prepared, (usable) => (usable ? readValue(fileOf(folder, key)) : Effect.undefined))

  const store: StateStore = {
    read: (key) =>
      Effect.flatMap(memory.read(key), (value) => (value === undefined ? readKept(key) : Effect.succeed(value))),
    modify: (key, f) =>
      Effect.gen(function* () {
        if (!trouble && (yield* prepared) && (yield* Effect.isSuccess(modifyFile(fileOf(folder, key), f)))) return
        trouble = true
        const kept = yield* readKept(key)
        yield* memory.modify(key, (current) => f(current ?? kept))
      }).pipe(turn.withPermits(1), Effect.uninterruptible)
  }
  return store
})

const fileOf = (folder: string, key: string): string =>
  join(folder, `${createHash("sha256").update(key).digest("hex")}.json`)

/** Makes the folder, or sees that an existing one is ours and closed to others. */
const ownFolder = (folder: string) =>
  Effect.gen(function* () {
    yield* Effect.tryPromise(() => mkdir(folder, { recursive: true, mode: 0o700 }))
    const { mode, uid } = yield* Effect.tryPromise(() => stat(folder))
    if (!isOurs(uid)) return yield* Effect.fail("foreign" as const)
    if ((mode & 0o077) !== 0) yield* Effect.tryPromise(() => chmod(folder, 0o700))
  })

/** The value in a file; undefined where there is none, or where the file is not one that this store wrote. */
const readValue = (file: string): Effect.Effect<unknown> =>
  Effect.gen(function* () {
    const { mode, uid, ...entry } = yield* Effect.tryPromise(() =>
      lstat(file).then((found) => ({ mode: found.mode, uid: found.uid, isFile: found.isFile() }))
    )
    if (!entry.isFile || !isOurs(uid) || (process.platform !== "win32" && (mode & 0o077) !== 0)) return undefined
    const text = yield* Effect.tryPromise(() => readFile(file, "utf8"))
    const json = yield* Effect.try((): unknown => JSON.parse(text))
    const isEntry = typeof json === "object" && json !== null && "version" in json && "value" in json
    return isEntry && json.version === version ? json.value : undefined
  }).pipe(Effect.option, Effect.map(Option.getOrUndefined))

/** Replaces the value under the file's lock; readers see the old file or the new one, never a part. */
const modifyFile = (file: string, f: (current: unknown) => unknown) =>
  Effect.acquireUseRelease(
    // Loaded when it is needed: most runs only read, or are over before.
    Effect.tryPromise(() => import("proper-lockfile").then(({ default: { lock } }) => lock(file, lockOptions))),
    () => Effect.flatMap(readValue(file), (current) => writeValue(file, f(current))),
    (release) => Effect.ignore(Effect.tryPromise(() => release()))
  )

const writeValue = (file: string, value: unknown) => {
  const temporary = `${file}.${randomBytes(6).toString("hex")}.tmp`
  return Effect.tryPromise(async () => {
    await writeFile(temporary, JSON.stringify({ version, value }), { flag: "wx", mode: 0o600 })
    await rename(temporary, file)
  }).pipe(Effect.onError(() => Effect.ignore(Effect.tryPromise(() => rm(temporary, { force: true })))))
}
