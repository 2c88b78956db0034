/** The ledger's tables, in SQL that SQLite and PostgreSQL both take. */
import { Effect } from "effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { ArchiveError } from "../../ArchiveError.ts"
import type { ReadNumber } from "./columns.ts"

/** One after another, each once and never changed after a release. What columns hold is told in columns.ts and text.ts. */
const migrationsFor = ({ key }: Dialect): ReadonlyArray<ReadonlyArray<string>> => [
  [
    `CREATE TABLE recordings (
      source ${key} NOT NULL,
      id ${key} NOT NULL,
      state TEXT NOT NULL,
      reason TEXT,
      attempts BIGINT NOT NULL,
      retry_at BIGINT,
      started_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL,
      recording TEXT,
      path TEXT UNIQUE,
      bytes BIGINT,
      sha512 TEXT,
      media_type TEXT,
      duration_seconds DOUBLE PRECISION,
      codec TEXT,
      channels BIGINT,
      bitrate DOUBLE PRECISION,
      archived_at BIGINT,
      verified_at BIGINT,
      suspect TEXT,
      held_for TEXT,
      erased_for TEXT,
      PRIMARY KEY (source, id)
    )`,
    // What is to be fetched, in its order, with all that is asked of it.
    "CREATE INDEX recordings_due ON recordings (source, state, expires_at, started_at, id, retry_at, reason)",
    // Lists by time, of all sources and of one; the latter also for all that is counted, without reading the rows.
    "CREATE INDEX recordings_started ON recordings (started_at, source, id)",
    "CREATE INDEX recordings_counted ON recordings (source, started_at, id, state, reason, bytes, suspect)",
    `CREATE TABLE sources (
      source ${key} NOT NULL PRIMARY KEY,
      checkpoint TEXT,
      begins_at BIGINT
    )`,
    `CREATE TABLE proofs (
      number BIGINT NOT NULL PRIMARY KEY,
      source TEXT NOT NULL,
      from_at BIGINT,
      to_at BIGINT,
      at BIGINT NOT NULL,
      path TEXT NOT NULL,
      sha256 TEXT NOT NULL
    )`,
    `CREATE TABLE log (
      number BIGINT NOT NULL PRIMARY KEY,
      at BIGINT NOT NULL,
      action TEXT NOT NULL,
      source TEXT NOT NULL,
      id TEXT NOT NULL,
      detail TEXT NOT NULL
    )`,
    // At most one row: who holds the archive, or held it last and was killed.
    "CREATE TABLE holder (number BIGINT NOT NULL PRIMARY KEY, owner TEXT NOT NULL)",
    // 'begun': a run that has not come to its end; 'ended': one has.
    "CREATE TABLE runs (state TEXT NOT NULL PRIMARY KEY)"
  ]
]

/** Where the databases differ. */
interface Dialect {
  /** Type of a key column: compared and ordered by its code points, whatever the language of the server. */
  readonly key: string
  /** Waits for others that bring the tables up to date; until the end of the transaction. */
  readonly alone: string | undefined
}

const sqlite: Dialect = { key: "TEXT", alone: undefined }

const postgres: Dialect = {
  key: 'TEXT COLLATE "C"',
  alone: "SELECT pg_advisory_xact_lock(hashtext('callreel tables'), hashtext(current_schema()))"
}

/** Brings the tables to this version's; refuses those of a later one. */
export const migrate = (sql: SqlClient, name: string): Effect.Effect<void, SqlError | ArchiveError> =>
  Effect.gen(function* () {
    const dialect = sql.onDialectOrElse({ pg: () => postgres, orElse: () => sqlite })
    const migrations = migrationsFor(dialect)
    const readVersion = Effect.map(sql<{ readonly version: ReadNumber }>`SELECT version FROM ledger`, ([row]) =>
      Number(row?.version ?? 0)
    )
    // Mostly there is nothing to do: then nobody is waited for who writes.
    if ((yield* Effect.orElseSucceed(readVersion, () => 0)) === migrations.length) return
    yield* sql.withTransaction(
      Effect.gen(function* () {
        if (dialect.alone !== undefined) yield* sql.unsafe(dialect.alone)
        yield* sql`CREATE TABLE IF NOT EXISTS ledger (version BIGINT NOT NULL)`
        const version = yield* readVersion
        if (version > migrations.length) return yield* tooNew(name, version, migrations.length)
        if (version === migrations.length) return
        for (const statement of migrations.slice(version).flat()) yield* sql.unsafe(statement)
        yield* version === 0
          ? sql`INSERT INTO ledger (version) VALUES (${migrations.length})`
          : sql`UPDATE ledger SET version = ${migrations.length}`
      })
    )
  })

const tooNew = (name: string, version: number, known: number) =>
  new ArchiveError({
    reason: "Ledger",
    detail: `the ledger ${name} was made by a later version of callreel (${version}, this one knows ${known})`,
    remedy: "update callreel"
  })
