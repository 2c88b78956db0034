/** Many rows of recordings with one statement that is always the same text, in the way that is quickest in each database. */
import type { Effect } from "effect"
import type { SqlClient } from "effect/sql/SqlClient"
import type { SqlError } from "effect/sql/SqlError"
import { type ReadRow, type Row, rowColumns } from "./rows.ts"
import { Rows } from "./sqlite.ts"
import { storedText } from "./text.ts"

/** What a listing is first compared with; of what is settled the recording is not read. */
export type BriefRow = Pick<ReadRow, "id" | "state" | "recording">

const columns = rowColumns.join(", ")

/** The key is where the row is; all else is replaced. */
const replacing = `ON CONFLICT (source, id) DO UPDATE SET ${rowColumns
  .slice(2)
  .map((column) => `${column} = excluded.${column}`)
  .join(", ")}`

/** One row after another: SQLite has no way to the server to be spared. */
const writeSqlite = `INSERT INTO recordings (${columns}) VALUES (${rowColumns.map(() => "?").join(", ")}) ${replacing}`

/** All rows as one value. */
const writePostgres = `INSERT INTO recordings (${columns})
  SELECT ${columns} FROM json_populate_recordset(NULL::recordings, $1::json) ${replacing}`

const brief = `recordings.id, recordings.state,
  CASE WHEN recordings.state IN ('archived', 'erased') THEN NULL ELSE recordings.recording END AS recording`

export const manyRows = (sql: SqlClient) => {
  const write: (rows: ReadonlyArray<Row>) => Effect.Effect<unknown, SqlError> = sql.onDialectOrElse({
    pg: () => (rows: ReadonlyArray<Row>) => sql.unsafe(writePostgres, [JSON.stringify(rows)]),
    orElse: () => (rows: ReadonlyArray<Row>) =>
      sql.unsafe(writeSqlite, [new Rows(rows.map((row) => rowColumns.map((column) => row[column])))]).raw
  })

  /** Each id is looked up, whatever the database thinks of how many there are. */
  const among = sql.onDialectOrElse({
    pg: () => (source: string, ids: ReadonlyArray<string>) =>
      sql`json_array_elements_text(${JSON.stringify(ids)}::json) AS found CROSS JOIN LATERAL (
        SELECT * FROM recordings WHERE source = ${storedText(source)} AND id = found.value LIMIT 1) AS recordings`,
    orElse: () => (source: string, ids: ReadonlyArray<string>) =>
      sql`json_each(${JSON.stringify(ids)}) AS found CROSS JOIN recordings
        WHERE recordings.source = ${storedText(source)} AND recordings.id = found.value`
  })

  return {
    /** Writes rows, of which no two have one key. */
    write,
    /** Of the rows with these ids, as they are stored, what a listing is compared with. */
    brief: (source: string, ids: ReadonlyArray<string>) =>
      sql<BriefRow>`SELECT ${sql.literal(brief)} FROM ${among(source, ids)}`,
    /** The rows with these ids, as they are stored. */
    whole: (source: string, ids: ReadonlyArray<string>) => sql<ReadRow>`SELECT recordings.* FROM ${among(source, ids)}`
  }
}
