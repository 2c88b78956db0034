/**
 * One writer at a time: an exclusive transaction on a file of its own, which the system ends with the process, whatever
 * ends that.
 */
import { Effect, type Scope } from "effect"
import { ArchiveError } from "../../ArchiveError.ts"

/** Takes the lock of a ledger file for as long as the scope; false where somebody else has it. */
export const sqliteLock = (ledger: string): Effect.Effect<boolean, ArchiveError, Scope.Scope> =>
  Effect.gen(function* () {
    const { DatabaseSync } = yield* Effect.promise(() => import("node:sqlite"))
    const database = yield* Effect.acquireRelease(
      Effect.try({ try: () => new DatabaseSync(`${ledger}.lock`), catch: () => cannotLock(ledger) }),
      (opened) => Effect.sync(() => opened.close())
    )
    return yield* Effect.try({
      try: () => database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE"),
      catch: (cause) => (isBusy(cause) ? ("busy" as const) : cannotLock(ledger))
    }).pipe(
      Effect.as(true),
      Effect.catchIf(
        (problem) => problem === "busy",
        () => Effect.succeed(false)
      )
    )
  })

const isBusy = (cause: unknown): boolean =>
  cause instanceof Error && "errcode" in cause && typeof cause.errcode === "number" && (cause.errcode & 0xff) === 5

const cannotLock = (ledger: string) =>
  new ArchiveError({ reason: "Ledger", detail: `the ledger ${ledger} cannot be locked: its folder cannot be written` })
