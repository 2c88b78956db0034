/** What the ledger asks its database, in SQL that SQLite and PostgreSQL both take. */
import { Checkpoint } from "@callreel/recording"
import { Array as Arrays, Clock, Effect } from "effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import type { Entry } from "../../Entry.ts"
import type { DueQuery, EntryQuery, LockOwner, LogRecord, ProofRecord } from "../../Ledger.ts"
import { type Found, isSettled, listed } from "../state.ts"
import { dateOf, type ReadNumber, unknownInstant } from "./columns.ts"
import { behind, dueConditions, dueOrder, entryConditions, entryOrder } from "./conditions.ts"
import { countsOf, type CountRow } from "./counts.ts"
import type { KeyRow } from "./days.ts"
import { ownerOf, ownerText } from "./lockOwner.ts"
import { manyRows } from "./manyRows.ts"
import { logRecordOf, type LogRow, proofOf, type ProofRow } from "./records.ts"
import { entryOf, type ReadRow, rowOf } from "./rows.ts"
import { storedText, textOf } from "./text.ts"

/** Rows of one statement: enough to be quick, few enough to be in memory once more, as it is sent. */
const rowsAtOnce = 200

/** Entries of one page that is read. */
const pageSize = 500

/** Keys of one page that is read. */
const keysAtOnce = 5000

/** Entries of one page of work: they wait in memory until their turn comes. */
const workSize = 100

/** A checkpoint and whose it is. */
interface SourceCheckpoint {
  readonly source: string
  readonly checkpoint: Checkpoint
}

/** Statements that read, and statements that write: the latter belong into a transaction each, one at a time. */
export const statementsOf = (sql: SqlClient) => {
  const many = manyRows(sql)

  /** Of several entries with one key the last one stays. */
  const write = (entries: ReadonlyArray<Entry>): Effect.Effect<void, SqlError> => {
    const last = new Map(entries.map((entry) => [keyOf(entry), entry]))
    return Effect.forEach(Arrays.chunksOf([...last.values()].map(rowOf), rowsAtOnce), many.write, { discard: true })
  }

  /** Entries by their ids as they are stored, of those ids that are there. */
  const known = (source: string, ids: ReadonlyArray<string>) =>
    ids.length === 0
      ? Effect.succeed(new Map<string, Entry>())
      : Effect.map(many.whole(source, ids), (rows) => new Map(rows.map((row) => [row.id, entryOf(row)])))

  /** Takes in recordings of one source. Whole rows are read only of those of which it says something new. */
  const listSome = (source: string, found: ReadonlyArray<Found>, now: Date): Effect.Effect<void, SqlError> =>
    Effect.gen(function* () {
      const told = found.map((one) => ({ id: storedText(one.id), one }))
      const stored = yield* many.brief(
        source,
        told.map(({ id }) => id)
      )
      const briefs = new Map(stored.map((row) => [row.id, row]))
      const isNews = ({ id, one }: (typeof told)[number]): boolean => {
        const brief = briefs.get(id)
        return brief === undefined || (!isSettled(brief.state) && brief.recording !== storedText(one.recording))
      }
      const news = new Set(told.filter(isNews).map(({ id }) => id))
      const entries = yield* known(
        source,
        [...news].filter((id) => briefs.has(id))
      )
      const changed = new Map<string, Entry>()
      for (const { id, one } of told) {
        if (!news.has(id)) continue
        const before = changed.get(id) ?? entries.get(id)
        const after = listed(before, one, now)
        if (after !== before) changed.set(id, after)
      }
      yield* write([...changed.values()])
    })

  const dated = (source: string) => sql`source = ${storedText(source)} AND started_at < ${unknownInstant}`

  return {
    write,

    list: (found: ReadonlyArray<Found>, behindThem?: SourceCheckpoint): Effect.Effect<void, SqlError> =>
      Effect.gen(function* () {
        const now = new Date(yield* Clock.currentTimeMillis)
        for (const [source, ofSource] of Map.groupBy(found, (one) => one.source)) {
          yield* Effect.forEach(Arrays.chunksOf(ofSource, rowsAtOnce), (some) => listSome(source, some, now), {
            discard: true
          })
        }
        if (behindThem === undefined) return
        const text = JSON.stringify(Checkpoint.encode(behindThem.checkpoint))
        yield* sql`INSERT INTO sources (source, checkpoint) VALUES (${storedText(behindThem.source)}, ${text})
          ON CONFLICT (source) DO UPDATE SET checkpoint = excluded.checkpoint`
      }),

    checkpoint: (source: string) =>
      Effect.map(
        sql<{
          readonly checkpoint: string | null
        }>`SELECT checkpoint FROM sources WHERE source = ${storedText(source)}`,
        ([row]) => row?.checkpoint ?? undefined
      ),

    find: ({ id, source }: Pick<Entry, "source" | "id">) =>
      Effect.map(
        sql<ReadRow>`SELECT * FROM recordings WHERE source = ${storedText(source)} AND id = ${storedText(id)}`,
        ([row]) => row && entryOf(row)
      ),

    due: (query: DueQuery, after: Entry | undefined) =>
      Effect.map(
        sql<ReadRow>`SELECT * FROM recordings WHERE ${sql.and([
          ...dueConditions(sql, query),
          ...(after === undefined ? [] : [behind(sql, dueOrder, rowOf(after))])
        ])} ORDER BY ${sql.literal(dueOrder.join(", "))} LIMIT ${workSize}`,
        (rows) => rows.map(entryOf)
      ),

    countDue: (query: DueQuery) =>
      Effect.map(
        sql<{ readonly entries: ReadNumber }>`SELECT count(*) AS entries FROM recordings
          WHERE ${sql.and(dueConditions(sql, query))}`,
        ([row]) => Number(row?.entries ?? 0)
      ),

    entries: (query: EntryQuery, after: Entry | undefined) =>
      Effect.map(
        sql<ReadRow>`SELECT * FROM recordings WHERE ${sql.and([
          ...entryConditions(sql, query),
          ...(after === undefined ? [] : [behind(sql, entryOrder(query), rowOf(after))])
        ])} ORDER BY ${sql.literal(entryOrder(query).join(", "))} LIMIT ${pageSize}`,
        (rows) => rows.map(entryOf)
      ),

    keys: (query: EntryQuery, after: KeyRow | undefined) =>
      sql<KeyRow>`SELECT started_at, source, id FROM recordings WHERE ${sql.and([
        ...entryConditions(sql, query),
        ...(after === undefined ? [] : [behind(sql, entryOrder(query), after)])
      ])} ORDER BY ${sql.literal(entryOrder(query).join(", "))} LIMIT ${keysAtOnce}`,

    nextRetry: (source: string) =>
      Effect.map(
        sql<{ readonly at: ReadNumber | null }>`SELECT min(retry_at) AS at FROM recordings
          WHERE source = ${storedText(source)} AND state = 'pending'`,
        ([row]) => dateOf(row?.at)
      ),

    span: (source: string) =>
      Effect.map(
        sql<{ readonly first: ReadNumber | null; readonly last: ReadNumber | null }>`SELECT
          (SELECT min(started_at) FROM recordings WHERE ${dated(source)}) AS first,
          (SELECT max(started_at) FROM recordings WHERE ${dated(source)}) AS last`,
        ([row]) => {
          const first = dateOf(row?.first)
          const last = dateOf(row?.last)
          return first && last && { first, last }
        }
      ),

    counts: (query: EntryQuery) =>
      Effect.map(
        sql<CountRow>`SELECT state, reason, count(*) AS entries, sum(bytes) AS bytes, count(suspect) AS suspect
          FROM recordings WHERE ${sql.and(entryConditions(sql, query))} GROUP BY state, reason`,
        countsOf
      ),

    sources: Effect.map(sql<Pick<ReadRow, "source">>`SELECT DISTINCT source FROM recordings ORDER BY source`, (rows) =>
      rows.map(({ source }) => textOf(source))
    ),

    beginning: (source: string, from: Date | undefined) =>
      Effect.gen(function* () {
        const name = storedText(source)
        if (from !== undefined) {
          yield* sql`INSERT INTO sources (source, begins_at) VALUES (${name}, ${from.getTime()})
            ON CONFLICT (source) DO UPDATE SET begins_at = excluded.begins_at`
        }
        const [row] = yield* sql<{ readonly begins_at: ReadNumber | null }>`
          SELECT begins_at FROM sources WHERE source = ${name}`
        return dateOf(row?.begins_at)
      }),

    addProof: ({ at, from, path, sha256, source, to }: ProofRecord) =>
      Effect.asVoid(sql`INSERT INTO proofs (number, source, from_at, to_at, at, path, sha256)
        SELECT coalesce(max(number), 0) + 1, ${storedText(source)}, ${from?.getTime() ?? null},
          ${to?.getTime() ?? null}, ${at.getTime()}, ${storedText(path)}, ${sha256} FROM proofs`),

    hasProof: (source: string, sha256: string) =>
      Effect.map(
        sql`SELECT number FROM proofs WHERE source = ${storedText(source)} AND sha256 = ${sha256} LIMIT 1`,
        (rows) => rows.length > 0
      ),

    lastProof: (source: string) =>
      Effect.map(
        sql<ProofRow>`SELECT source, from_at, to_at, at, path, sha256 FROM proofs
          WHERE source = ${storedText(source)} ORDER BY number DESC LIMIT 1`,
        ([row]) => row && proofOf(row)
      ),

    log: ({ action, at, detail, id, source }: LogRecord) =>
      Effect.asVoid(sql`INSERT INTO log (number, at, action, source, id, detail)
        SELECT coalesce(max(number), 0) + 1, ${at.getTime()}, ${action}, ${storedText(source)}, ${storedText(id)},
          ${storedText(detail)} FROM log`),

    logged: (after: number) =>
      Effect.map(
        sql<LogRow>`SELECT number, at, action, source, id, detail FROM log
          WHERE number > ${after} ORDER BY number LIMIT ${pageSize}`,
        (rows) => rows.map((row) => ({ number: Number(row.number), record: logRecordOf(row) }))
      ),

    holder: Effect.map(sql<{ readonly owner: string }>`SELECT owner FROM holder`, ([row]) => row && ownerOf(row.owner)),

    hold: (owner: LockOwner) =>
      Effect.asVoid(sql`INSERT INTO holder (number, owner) VALUES (1, ${ownerText(owner)})
        ON CONFLICT (number) DO UPDATE SET owner = excluded.owner`),

    release: Effect.asVoid(sql`DELETE FROM holder`),

    beginRun: Effect.gen(function* () {
      const rows = yield* sql<{ readonly state: string }>`SELECT state FROM runs`
      const has = (state: string): boolean => rows.some((row) => row.state === state)
      if (!has("begun")) yield* sql`INSERT INTO runs (state) VALUES ('begun')`
      return { wasKilled: has("begun"), isFirst: !has("ended") }
    }),

    endRun: Effect.gen(function* () {
      yield* sql`DELETE FROM runs`
      yield* sql`INSERT INTO runs (state) VALUES ('ended')`
    })
  }
}

const keyOf = ({ id, source }: Entry): string => `${source.length} ${source}${id}`
