/** The ledger's database on a PostgreSQL server, and the lock there: an advisory lock of a connection's own. */
import { PgClient } from "@effect/sql-pg"
import { Effect, type Redacted, type Scope } from "effect"
import * as Reactivity from "effect/reactivity/Reactivity"
import type { SqlError } from "effect/sql/SqlError"

/** One writes, some read beside it, and one holds the lock. */
const connections = 6

/**
 * Connects with the first statement; closes with the scope. Every statement is planned when it is asked: a plan that was
 * made while the tables were empty, and kept, would read all of them for each page that is listed.
 */
export const postgresClient = (
  url: Redacted.Redacted<string>
): Effect.Effect<PgClient.PgClient, SqlError, Scope.Scope> =>
  PgClient.make({ url, applicationName: "callreel", maxConnections: connections, prepare: false }).pipe(
    Effect.provide(Reactivity.layer)
  )

/** Takes the lock of this database and schema for as long as the scope, and the connection; false where another has it. */
export const postgresLock = (sql: PgClient.PgClient): Effect.Effect<boolean, SqlError, Scope.Scope> =>
  Effect.gen(function* () {
    const connection = yield* sql.reserve
    const ask = (call: string): Effect.Effect<ReadonlyArray<unknown>, SqlError> =>
      connection.executeUnprepared(`SELECT ${call} AS done`, [], undefined)
    const rows = yield* ask(`pg_try_advisory_lock(${key})`)
    if (!rows.some(isDone)) return false
    yield* Effect.addFinalizer(() => Effect.ignore(ask(`pg_advisory_unlock(${key})`)))
    return true
  })

const key = "hashtext('callreel'), hashtext(current_schema())"

const isDone = (row: unknown): boolean => typeof row === "object" && row !== null && "done" in row && row.done === true
