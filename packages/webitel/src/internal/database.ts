/**
 * The call history read from the server's own database, where that can be reached (docs/vendors/webitel.md#database): the
 * same rows as over HTTP, without its limits on the length of answers.
 */
import { InvalidOptions, type Reason, Unavailable } from "@callreel/recording"
import { decode, retrying } from "@callreel/transport"
import { PgClient } from "@effect/sql-pg"
import { Duration, Effect, Redacted, type Scope, Semaphore } from "effect"
import * as Reactivity from "effect/reactivity/Reactivity"
import { isSqlError, type SqlError } from "effect/sql/SqlError"
import type { Api, HistoryFilter, HistoryQuery } from "./api.ts"
import { reasonOf } from "./databaseErrors.ts"
import { isFileId, rowOfFile, StoredFileRows } from "./databaseFile.ts"
import { pageOfRows } from "./databaseQuery.ts"
import { DatabaseRows, historyCall } from "./databaseRow.ts"
import { wrongPartOfUrl } from "./databaseUrl.ts"
import type { StoredFile } from "./storedFile.ts"
import type { HistoryPage } from "./wire.ts"

/** Where the database is, and whose calls are read from it. */
export interface DatabaseOptions {
  /** `postgres://user:password@host:5432/webitel`, with `?sslmode=require` for a connection that is encrypted. */
  readonly url: Redacted.Redacted<string>
  /** Id of the domain, digits. */
  readonly domain: string
  /** Whether rows name the transcripts of their files. Default false. */
  readonly transcripts?: boolean
  /** How long one query may take. Default 10 seconds. */
  readonly statementTimeout?: Duration.Duration
}

/** Queries at a time: agents wait for the same database. */
const connections = 4

const defaultStatementTimeout = Duration.seconds(10)

/** The time beyond a query's own in which a connection must have been made, and an answer have come. */
const grace = Duration.seconds(10)

const largestBigint = 2n ** 63n - 1n

/** What is read from the database. */
export interface Database extends Pick<Api, "history"> {
  /** Where a file of the domain lies; undefined where there is none of this id. */
  readonly storedFile: (fileId: string) => Effect.Effect<StoredFile | undefined, Reason>
}

/**
 * The history read from the database: the same rows as over HTTP, keys that are not set left out. Nothing is connected to
 * before the first question; one that fails for a reason that mends itself is asked again, within `RetryLimits`.
 */
export const databaseHistory = (options: DatabaseOptions): Effect.Effect<Database, InvalidOptions, Scope.Scope> =>
  Effect.gen(function* () {
    yield* checkOptions(options)
    const sql = yield* connect(options)
    const places = yield* Semaphore.make(connections)
    const timeout = options.statementTimeout ?? defaultStatementTimeout

    const ask = <A>(query: Effect.Effect<A, SqlError>, filter?: HistoryFilter): Effect.Effect<A, Reason> =>
      readOnly(sql, timeout, query).pipe(
        Effect.timeoutOrElse({ duration: Duration.sum(timeout, grace), orElse: () => Effect.fail(silent()) }),
        (asked) => places.withPermit(asked),
        Effect.mapError((error) => (isSqlError(error) ? reasonOf(error, filter) : error))
      )

    const history = (query: HistoryQuery): Effect.Effect<HistoryPage, Reason> =>
      Effect.gen(function* () {
        const answer = yield* ask(pageOfRows(sql, options.domain, query, options.transcripts), query.filter)
        const rows = yield* decode(DatabaseRows, answer)
        return { items: rows.slice(0, query.size).map(historyCall), next: rows.length > query.size }
      })

    const storedFile = (fileId: string): Effect.Effect<StoredFile | undefined, Reason> =>
      Effect.map(
        Effect.flatMap(ask(rowOfFile(sql, options.domain, fileId)), (answer) => decode(StoredFileRows, answer)),
        ([row]) => row?.file
      )

    return {
      history: (query) => retrying(history(query)),
      storedFile: (fileId) => (isFileId(fileId) ? retrying(storedFile(fileId)) : Effect.undefined)
    }
  })

const silent = () => new Unavailable({ detail: "the database did not answer within its time" })

const checkOptions = ({ domain, url }: DatabaseOptions): Effect.Effect<void, InvalidOptions> => {
  if (!/^\d+$/.test(domain) || BigInt(domain) > largestBigint) {
    return Effect.fail(new InvalidOptions({ option: "database.domain", detail: "is not the id of a domain: digits" }))
  }
  const wrong = wrongPartOfUrl(Redacted.value(url))
  return wrong === undefined ? Effect.void : Effect.fail(new InvalidOptions({ option: "database.url", detail: wrong }))
}

/** Connections are made when they are needed. */
const connect = ({ url }: DatabaseOptions): Effect.Effect<PgClient.PgClient, InvalidOptions, Scope.Scope> =>
  PgClient.make({
    url,
    applicationName: "callreel",
    maxConnections: connections,
    // Each query is planned for its own values; and a pooler in between need not keep statements.
    prepare: false
  }).pipe(
    Effect.provide(Reactivity.layer),
    Effect.mapError(() => new InvalidOptions({ option: "database.url", detail: "cannot be connected to" }))
  )

/** Runs a query in a transaction of its own that cannot write and is given up after a time. */
export const readOnly = <A>(
  sql: PgClient.PgClient,
  timeout: Duration.Duration,
  query: Effect.Effect<A, SqlError>
): Effect.Effect<A, SqlError> =>
  sql.withTransaction(
    Effect.andThen(
      // Not parameters of the connection: poolers refuse those, or keep them for the next client.
      sql`SELECT set_config('transaction_read_only', 'on', true),
        set_config('statement_timeout', ${String(Math.ceil(Duration.toMillis(timeout)))}, true)`,
      query
    )
  )
