/** What the tests share: the rows of a domain in tables of a real PostgreSQL, beside those of a domain that is like it. */
import type { PgClient } from "@effect/sql-pg"
import { Effect } from "effect"

/** Of a row by its columns, JSON as text. */
export type TestRow = Readonly<Record<string, unknown>>

/** The domain that has the same legs, with files and uploads of its own. */
const neighbour = 4343

/** Creates the tables and fills them. */
export const fillTables = (
  sql: PgClient.PgClient,
  ddl: string,
  rowsOf: ReadonlyArray<readonly [table: string, rows: Iterable<TestRow>]>
) =>
  Effect.gen(function* () {
    for (const statement of ddl.split(";").filter((each) => each.trim() !== "")) yield* sql.unsafe(statement)
    const jsonColumns = new Set(Array.from(ddl.matchAll(/^ +(\w+) jsonb/gm), ([, name = ""]) => name))
    for (const [table, rows] of rowsOf) {
      const values = Array.from(rows, (row) => withJson(row, jsonColumns))
      const columns = Object.keys(values[0] ?? {})
      yield* insert(sql, table, columns, values)
      if (/cc_calls_history|files|upload_file_jobs/.test(table)) {
        yield* insert(sql, table, columns, values.map(ofNeighbour(table)))
      }
    }
    yield* sql.unsafe("ANALYZE")
  })

const ofNeighbour =
  (table: string) =>
  (row: TestRow): TestRow => ({
    ...row,
    domain_id: neighbour,
    ...(!table.endsWith("cc_calls_history") && { id: Number(row["id"]) + 1_000_000 })
  })

/** JSON comes as text; among JSON it has to be values. */
const withJson = (row: TestRow, jsonColumns: ReadonlySet<string>): TestRow =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]): [string, unknown] => [
      name,
      jsonColumns.has(name) && typeof value === "string" ? JSON.parse(value) : value
    ])
  )

const insert = (sql: PgClient.PgClient, table: string, columns: ReadonlyArray<string>, rows: ReadonlyArray<TestRow>) =>
  sql.unsafe(
    `INSERT INTO ${table} (${columns.join(", ")})
     SELECT ${columns.join(", ")} FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
    [JSON.stringify(rows)]
  )
