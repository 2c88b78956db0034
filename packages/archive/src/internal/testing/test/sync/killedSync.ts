/** A process that brings an archive up to date when it is told to, and is killed at any moment. */
import { Effect, Redacted } from "effect"
import { flushCompileCache } from "node:module"
import { makeLayout } from "../../../layout.ts"
import { openArchive } from "../../../../openArchive.ts"
import { syncArchive } from "../../../../sync.ts"
import { vendorSource } from "./vendorSource.ts"

/** What it is told. */
export interface KilledSyncOptions {
  readonly vendor: string
  readonly archive: string
  readonly ledger?: string
}

const run = ({ archive: url, ledger, vendor }: KilledSyncOptions) =>
  Effect.scoped(
    Effect.gen(function* () {
      const archive = yield* openArchive({ url, ...(ledger !== undefined && { ledger: Redacted.make(ledger) }) })
      // A killed process keeps nothing by itself of what it compiled.
      flushCompileCache()
      const options = { layout: yield* makeLayout(), tool: "callreel test" }
      return yield* syncArchive(archive, [{ source: vendorSource("us", vendor) }], options)
    })
  )

process.on("message", (options: KilledSyncOptions) => {
  void Effect.runPromiseExit(run(options)).then((exit) => process.send?.(exit, () => process.exit(0)))
})
flushCompileCache()
process.send?.("ready")
