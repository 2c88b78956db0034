/**
 * A process of its own that uses a ledger, for tests of what happens between processes. Arguments: the ledger's file or
 * address, and what to do. It says on its output, line by line, what it has done.
 */
import { Effect, Redacted } from "effect"
import { pageOfChild, sampleArchived, sampleFile, sampleFound } from "./ledgerSamples.ts"
import { openLedger } from "../../openLedger.ts"
import type { Ledger } from "../../Ledger.ts"

const [, , place = "", action = "", first = "0"] = process.argv

const say = (line: string): Effect.Effect<void> =>
  Effect.sync(() => {
    process.stdout.write(`${line}\n`)
  })

/** Puts entry after entry in some rows at once, and says of each when it is durable. */
const putMany = (ledger: Ledger) =>
  Effect.forEach(
    Array.from({ length: 8 }, (_, row) => row),
    (row) =>
      Effect.gen(function* () {
        for (let number = Number(first) + row; ; number += 8) {
          yield* ledger.put(sampleArchived(number, { file: sampleFile(number, { verifiedAt: new Date(number) }) }))
          yield* say(String(number))
        }
      }),
    { concurrency: "unbounded" }
  )

/** Lists page after page with a checkpoint behind it, and says of each when it is durable. */
const listMany = (ledger: Ledger) =>
  Effect.gen(function* () {
    for (let page = Number(first); ; page++) {
      const found = Array.from({ length: pageOfChild }, (_, number) => sampleFound(page * pageOfChild + number))
      yield* ledger.list(found, { source: "us", checkpoint: { provider: "virtual-pbx", version: 1, state: page } })
      yield* say(String(page))
    }
  })

const actions: Readonly<Record<string, (ledger: Ledger) => Effect.Effect<unknown, unknown>>> = {
  open: () => say("opened"),
  lock: (ledger) => Effect.scoped(Effect.andThen(Effect.andThen(ledger.lock, say("locked")), Effect.sleep("1 hour"))),
  "lock and end": (ledger) => Effect.scoped(Effect.andThen(ledger.lock, say("locked"))),
  put: putMany,
  list: listMany
}

await Effect.runPromise(
  Effect.scoped(
    Effect.gen(function* () {
      const location = place.startsWith("postgres:") ? { postgres: Redacted.make(place) } : { file: place }
      const ledger = yield* openLedger(location)
      yield* actions[action]?.(ledger) ?? Effect.die(`no action ${action}`)
    })
  )
)
