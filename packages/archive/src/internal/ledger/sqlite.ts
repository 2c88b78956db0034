/**
 * `SqlClient` over Node's own SQLite: write-ahead log, every commit on the disk before it succeeds. There is no kept
 * driver package for this major version of Effect (docs/decisions/0010-archive.md).
 */
import { Effect, type Scope, Semaphore, Stream } from "effect"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Client from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import { ConnectionError, SqlError, UnknownError } from "effect/sql/SqlError"
import { makeCompilerSqlite } from "effect/sql/Statement"
import { pathToFileURL } from "node:url"
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite"

/** Statements kept prepared; the ledger has some dozens. */
const mostPrepared = 200

/** How long to wait for another process, in milliseconds: writers hold the file for one transaction. */
const busyTimeout = 10_000

/** What is overwritten or deleted leaves nothing in the file: erased recordings are gone. The cache is 16 MB. */
const settings = `
  PRAGMA busy_timeout = ${busyTimeout};
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA secure_delete = ON;
  PRAGMA cache_size = -16000`

/**
 * The values of a raw statement that is run once for each row: `sql.unsafe(text, [new Rows(rows)]).raw`. That costs less
 * than one statement for many rows, which is longer the more they are.
 */
export class Rows {
  readonly rows: ReadonlyArray<ReadonlyArray<SQLInputValue>>

  constructor(rows: ReadonlyArray<ReadonlyArray<SQLInputValue>>) {
    this.rows = rows
  }
}

/**
 * Opens a database file, and makes it where there is none; closes it with the scope. With `readOnly` nothing is written
 * beside it either: for a disk that cannot be written, on which it does not change.
 */
export const sqliteClient = (
  path: string,
  { readOnly = false }: { readonly readOnly?: boolean } = {}
): Effect.Effect<Client.SqlClient, SqlError, Scope.Scope> =>
  Effect.gen(function* () {
    // Not before it is needed: no other command opens a database.
    const { DatabaseSync } = yield* Effect.promise(() => import("node:sqlite"))
    const database = yield* Effect.acquireRelease(
      opening(() =>
        readOnly
          ? new DatabaseSync(`${pathToFileURL(path).href}?immutable=1`, { readOnly: true })
          : new DatabaseSync(path)
      ),
      (opened) => Effect.sync(() => opened.close())
    )
    if (!readOnly) yield* opening(() => database.exec(settings))
    const connection = connectionOf(database)
    const shared = Client.makeSqliteAcquirers({
      connection: Effect.succeed(connection),
      semaphore: yield* Semaphore.make(1),
      isTransaction: () => database.isTransaction
    })
    return yield* Client.make({
      ...shared,
      compiler: makeCompilerSqlite(),
      driver: "sqlite",
      // Taken at once: a reader that turns into a writer fails where another has written meanwhile.
      beginTransaction: "BEGIN IMMEDIATE",
      prepareTransactionControls: true,
      spanAttributes: []
    })
  }).pipe(Effect.provide(Reactivity.layer))

const opening = <A>(open: () => A): Effect.Effect<A, SqlError> =>
  Effect.try({
    try: open,
    catch: (cause) => new SqlError({ reason: new ConnectionError({ cause, message: "cannot be opened" }) })
  })

const connectionOf = (database: DatabaseSync): Connection => {
  const prepared = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql)
    if (known !== undefined) return known
    const statement = database.prepare(sql)
    if (prepared.size >= mostPrepared) prepared.clear()
    prepared.set(sql, statement)
    return statement
  }
  const attempt = <A>(run: () => A): Effect.Effect<A, SqlError> =>
    Effect.try({
      try: run,
      catch: (cause) => new SqlError({ reason: new UnknownError({ cause, message: "the statement failed" }) })
    })
  const rows = (statement: StatementSync, values: ReadonlyArray<unknown>) => statement.all(...values.map(inputOf))
  return {
    execute: (sql, values, transform) =>
      Effect.map(
        attempt(() => rows(prepare(sql), values)),
        (found) => (transform === undefined ? found : transform(found))
      ),
    executeUnprepared: (sql, values, transform) =>
      Effect.map(
        attempt(() => rows(database.prepare(sql), values)),
        (found) => (transform === undefined ? found : transform(found))
      ),
    executeRaw: (sql, values) =>
      attempt(() => {
        const statement = prepare(sql)
        const [first] = values
        if (!(first instanceof Rows)) return statement.run(...values.map(inputOf))
        for (const row of first.rows) statement.run(...row)
        return undefined
      }),
    executeValues: (sql, values) => attempt(() => rows(prepare(sql), values).map(Object.values)),
    executeValuesUnprepared: (sql, values) => attempt(() => rows(database.prepare(sql), values).map(Object.values)),
    executeStream: (sql, values, transform) =>
      Stream.unwrap(
        Effect.map(
          attempt(() => rows(database.prepare(sql), values)),
          (found) => Stream.fromIterable(transform === undefined ? found : transform(found))
        )
      )
  }
}

/** SQLite has no truth values and no undefined. */
const inputOf = (value: unknown): SQLInputValue => {
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") return value
  if (typeof value === "boolean") return value ? 1 : 0
  if (value instanceof Uint8Array) return value
  if (value instanceof Date) return value.getTime()
  return null
}
