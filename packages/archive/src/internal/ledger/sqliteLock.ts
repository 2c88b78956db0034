/**
 * One writer at a time: an exclusive transaction on a file of its own, which the system ends with the process, whatever
 * ends that.
 */
import { Effect, type Scope } from "effect"
import { writeFile } from "node:fs/promises"
import { ConnectionError, SqlError } from "effect/sql/SqlError"

/** Takes the lock of a ledger file for as long as the scope; false where somebody else has it. */
export const sqliteLock = (ledger: string): Effect.Effect<boolean, SqlError, Scope.Scope> =>
  Effect.gen(function* () {
    const { DatabaseSync } = yield* Effect.promise(() => import("node:sqlite"))
    // With its rights, before SQLite makes it. One that is there is not opened: closing it would end a lock of this process.
    // Where it cannot be made, the opening below tells why.
    yield* Effect.promise(() => writeFile(`${ledger}.lock`, "", { flag: "wx", mode: 0o600 }).catch(() => undefined))
    const database = yield* Effect.acquireRelease(
      Effect.try({ try: () => new DatabaseSync(`${ledger}.lock`), catch: failed }),
      (opened) => Effect.sync(() => opened.close())
    )
    return yield* Effect.try({
      try: () => database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE"),
      catch: failed
    }).pipe(
      Effect.as(true),
      Effect.catchIf(isBusy, () => Effect.succeed(false))
    )
  })

const failed = (cause: unknown): SqlError =>
  new SqlError({ reason: new ConnectionError({ cause, message: "cannot be locked" }) })

const isBusy = ({ reason: { cause } }: SqlError): boolean =>
  cause instanceof Error && "errcode" in cause && typeof cause.errcode === "number" && (cause.errcode & 0xff) === 5
