/** The ledger in a database: one code for SQLite and PostgreSQL. What may become of an entry is decided in `state.ts`. */
import { Checkpoint } from "@callreel/recording"
import { Clock, Effect, Option, type Scope, Semaphore, Stream } from "effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import * as Either from "fp-ts/lib/Either.js"
import { hostname } from "node:os"
import { ArchiveError } from "../../ArchiveError.ts"
import type { Entry } from "../../Entry.ts"
import type { DayOfKeys, Ledger } from "../../Ledger.ts"
import { makeBatches } from "./batches.ts"
import { byDay, type KeyRow } from "./days.ts"
import { ledgerError } from "./errors.ts"
import { lockedBy } from "./lockOwner.ts"
import { statementsOf } from "./statements.ts"

/** The ledger over a database with its tables; `exclude` is the database's own lock, and tells whether it was free. */
export const sqlLedger = (
  sql: SqlClient,
  name: string,
  exclude: Effect.Effect<boolean, SqlError, Scope.Scope>
): Effect.Effect<Ledger, never, Scope.Scope> =>
  Effect.gen(function* (): Effect.fn.Return<Ledger, never, Scope.Scope> {
    const statements = statementsOf(sql)
    const asking = <A, R>(statement: Effect.Effect<A, SqlError, R>): Effect.Effect<A, ArchiveError, R> =>
      Effect.mapError(statement, ledgerError(name))
    // One at a time: between what a listing reads and what it writes, nothing else is written.
    const writing = yield* Semaphore.make(1)
    const changing = <A>(statement: Effect.Effect<A, SqlError>): Effect.Effect<A, ArchiveError> =>
      writing.withPermit(asking(sql.withTransaction(statement)))
    const put = yield* makeBatches((entries: ReadonlyArray<Entry>) => changing(statements.write(entries)))
    return {
      name,
      list: (found, checkpoint) => changing(statements.list(found, checkpoint)),
      checkpoint: (source) => Effect.flatMap(asking(statements.checkpoint(source)), readCheckpoint(name)),
      find: (key) => asking(statements.find(key)),
      put,
      due: (query) => paged((after: Entry | undefined) => asking(statements.due(query, after))),
      nextRetry: (source) => asking(statements.nextRetry(source)),
      countDue: (query) => asking(statements.countDue(query)),
      keysByDay: (query) => groupedByDay((after) => asking(statements.keys(query, after))),
      entries: (query) => paged((after: Entry | undefined) => asking(statements.entries(query, after))),
      counts: (query) => asking(statements.counts(query)),
      span: (source) => asking(statements.span(source)),
      sources: asking(statements.sources),
      beginning: (source, from) => changing(statements.beginning(source, from)),
      addProof: (proof) => changing(statements.addProof(proof)),
      hasProof: (source, sha256) => asking(statements.hasProof(source, sha256)),
      lastProof: (source) => asking(statements.lastProof(source)),
      log: (record) => changing(statements.log(record)),
      logged: Stream.map(
        paged((after: { readonly number: number } | undefined) => asking(statements.logged(after?.number ?? 0))),
        (rows) => rows.map(({ record }) => record)
      ),
      lock: Effect.gen(function* () {
        const isFree = yield* asking(exclude)
        const before = yield* asking(statements.holder)
        if (!isFree) return yield* lockedBy(name, before)
        const since = new Date(yield* Clock.currentTimeMillis)
        yield* Effect.acquireRelease(changing(statements.hold({ host: hostname(), process: process.pid, since })), () =>
          Effect.ignore(changing(statements.release))
        )
      }),
      beginRun: changing(statements.beginRun),
      endRun: changing(statements.endRun)
    }
  })

/** Pages that each begin behind the last item of the one before, until there is none. */
const paged = <A>(
  read: (after: A | undefined) => Effect.Effect<ReadonlyArray<A>, ArchiveError>
): Stream.Stream<ReadonlyArray<A>, ArchiveError> =>
  Stream.paginate<A | undefined, ReadonlyArray<A>, ArchiveError>(undefined, (after) =>
    Effect.map(read(after), (page) => {
      const last = page.at(-1)
      return last === undefined ? ([[], Option.none()] as const) : ([[page], Option.some(last)] as const)
    })
  )

/** Days of pages of keys, of which the last one of a page may go on in the next. */
const groupedByDay = (
  read: (after: KeyRow | undefined) => Effect.Effect<ReadonlyArray<KeyRow>, ArchiveError>
): Stream.Stream<DayOfKeys, ArchiveError> =>
  Stream.paginate<KeysRead, DayOfKeys, ArchiveError>({}, ({ after, open }) =>
    Effect.map(read(after), (page) => {
      const last = page.at(-1)
      if (last === undefined) return [open === undefined ? [] : [open], Option.none()] as const
      const days = byDay(open, page)
      return [days.complete, Option.some({ after: last, open: days.open })] as const
    })
  )

/** How far keys were read, and the day that is not complete yet. */
interface KeysRead {
  readonly after?: KeyRow
  readonly open?: DayOfKeys | undefined
}

const readCheckpoint =
  (name: string) =>
  (text: string | undefined): Effect.Effect<Checkpoint | undefined, ArchiveError> =>
    Effect.gen(function* () {
      if (text === undefined) return undefined
      const decoded = yield* Effect.try({
        try: () => Checkpoint.decode(JSON.parse(text)),
        catch: () => damaged(name)
      })
      return Either.isRight(decoded) ? decoded.right : yield* damaged(name)
    })

const damaged = (name: string) =>
  new ArchiveError({ reason: "Ledger", detail: `the ledger ${name} cannot be used: a checkpoint in it is damaged` })
