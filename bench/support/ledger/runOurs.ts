/** Started by the benchmark of the ledger: recordings through all their states, by our ledger. */
import { type Entry, type Ledger, openLedger } from "@callreel/archive"
import { Effect, Redacted, Stream } from "effect"
import { atOnce, endOfTime, erasedIds, failedAt, fateOf, fileOf, pages, source } from "./lives.ts"
import { makeReport, phaseNames } from "./report.ts"

const [kind = "", place = "", countText = "0"] = process.argv.slice(2)
const count = Number(countText)
const { phase, send } = makeReport()
// Made beforehand, and forgotten when listed: that belongs to no ledger.
const made = [...pages(count)]

const withoutState = (entry: Entry): Entry => {
  const { reason: _, retryAt: __, ...kept } = entry
  return kept
}

const archived = (entry: Entry): Entry => ({ ...withoutState(entry), state: "archived", file: fileOf(entry.id) })

const tried = (entry: Entry): Entry => {
  switch (fateOf(entry.id)) {
    case "archived":
      return archived(entry)
    case "unavailable":
      return { ...withoutState(entry), state: "unavailable", reason: "deleted" }
    case "failed":
      return { ...entry, state: "failed", reason: "Truncated", attempts: entry.attempts + 1, retryAt: failedAt }
  }
}

const erased = ({ attempts, id, startedAt }: Entry): Entry => ({
  source,
  id,
  attempts,
  state: "erased",
  erasedFor: "asked to",
  ...(startedAt && { startedAt })
})

const list = ({ list: takeIn }: Ledger) =>
  Effect.gen(function* () {
    let state = 0
    for (const page of made) {
      state += page.length
      yield* takeIn(page, { source, checkpoint: { provider: source, version: 1, state } })
    }
  })

/** What is due, so many at once: each is durable before its turn is over. */
const work = ({ due, put }: Ledger, state: "pending" | "failed", next: (entry: Entry) => Entry) =>
  due({ source, state, now: endOfTime }).pipe(
    Stream.flattenIterable,
    Stream.grouped(atOnce),
    Stream.runForEach(Effect.forEach((entry) => put(next(entry)), { concurrency: "unbounded", discard: true }))
  )

const erase = ({ find, put }: Ledger) =>
  Effect.forEach(
    erasedIds(count),
    (id) => Effect.flatMap(find({ source, id }), (entry) => (entry ? put(erased(entry)) : Effect.void)),
    { concurrency: atOnce, discard: true }
  )

const endingOf = ({ counts }: Ledger) =>
  Effect.map(counts({}), ({ archived: inArchive, erased: tombstones, failed, pending, unavailable }) => ({
    archived: inArchive,
    erased: tombstones,
    failed,
    pending,
    unavailable: Object.values(unavailable).reduce((sum, number) => sum + number, 0)
  }))

await openLedger(kind === "postgres" ? { postgres: Redacted.make(place) } : { file: place }).pipe(
  Effect.flatMap((ledger) =>
    Effect.promise(async () => {
      await phase(phaseNames.listed, () => Effect.runPromise(list(ledger)))
      await phase(phaseNames.again, () => Effect.runPromise(list(ledger)))
      made.length = 0
      await phase(phaseNames.tried, () => Effect.runPromise(work(ledger, "pending", tried)))
      await phase(phaseNames.retried, () => Effect.runPromise(work(ledger, "failed", archived)))
      await phase(phaseNames.erased, () => Effect.runPromise(erase(ledger)))
      send(await Effect.runPromise(endingOf(ledger)))
    })
  ),
  Effect.scoped,
  Effect.runPromise
)
