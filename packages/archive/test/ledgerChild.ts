/**
 * A process of its own that uses a ledger, for tests of what happens between processes. Arguments: the ledger's file or
 * address, and what to do. It says on its output, line by line, what it has done.
 */
import { Effect, Redacted } from "effect"
import { sampleArchived, sampleFile } from "../src/internal/testing/ledgerSamples.ts"
import { openLedger } from "../src/openLedger.ts"
import type { Ledger } from "../src/Ledger.ts"

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

const actions: Readonly<Record<string, (ledger: Ledger) => Effect.Effect<unknown, unknown>>> = {
  open: () => say("opened"),
  lock: (ledger) => Effect.scoped(Effect.andThen(Effect.andThen(ledger.lock, say("locked")), Effect.never)),
  "lock and end": (ledger) => Effect.scoped(Effect.andThen(ledger.lock, say("locked"))),
  put: putMany
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
