/** Where tests have their ledgers, and processes that use them. */
import { Effect, Redacted, type Scope } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { createInterface } from "node:readline"
import type { ArchiveError } from "../../ArchiveError.ts"
import type { Ledger } from "../../Ledger.ts"
import { type LedgerLocation, openLedger } from "../../openLedger.ts"

/** Opens a ledger, uses and closes it. */
export const withLedger = <A, E>(
  location: LedgerLocation,
  use: (ledger: Ledger) => Effect.Effect<A, E, Scope.Scope>
): Promise<A> => openLedger(location).pipe(Effect.flatMap(use), Effect.scoped, Effect.runPromise)

/** Why a ledger could not be opened or used. */
export const refusal = (
  location: LedgerLocation,
  use: (ledger: Ledger) => Effect.Effect<unknown, ArchiveError, Scope.Scope> = () => Effect.void
): Promise<ArchiveError> =>
  openLedger(location).pipe(Effect.flatMap(use), Effect.scoped, Effect.flip, Effect.runPromise)

/** A process that uses a ledger. */
export interface LedgerChild {
  readonly pid: number
  /** The next line it says; undefined when it has ended. */
  readonly line: () => Promise<string | undefined>
  /** All lines that were not asked for yet, when it has ended. */
  readonly rest: () => Promise<ReadonlyArray<string>>
  /** Kills it; it is gone afterwards. */
  readonly kill: () => Promise<void>
  /** Its exit code. */
  readonly ended: Promise<number | null>
}

/** Starts a process that does something with a ledger: see ledgerChild.ts. */
export const startChild = (location: LedgerLocation, ...action: ReadonlyArray<string>): LedgerChild => {
  const place = "file" in location ? location.file : Redacted.value(location.postgres)
  const child = spawn(process.execPath, [join(import.meta.dirname, "ledgerChild.ts"), place, ...action], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const ended = exitOf(child)
  const line = async () => {
    const { done, value } = await lines.next()
    return done === true ? undefined : value
  }
  const rest = async () => {
    const said: Array<string> = []
    for (let next = await line(); next !== undefined; next = await line()) said.push(next)
    return said
  }
  return {
    pid: child.pid ?? 0,
    line,
    rest,
    ended,
    kill: async () => {
      child.kill("SIGKILL")
      await ended
    }
  }
}

const exitOf = async (child: ChildProcess): Promise<number | null> => {
  await once(child, "exit")
  return child.exitCode
}
