import pg from "pg"
import { grouped } from "./grouped.ts"
import { dueSize, endOfTime, source } from "./lives.ts"
import { columns, endingOf, orReplace, type RawRow, type RawStore, rowOf, tablesOf } from "./RawStore.ts"

// Large integers as numbers: all that are stored are safe.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/**
 * Raw `pg`: named statements, the rows of a transaction in one statement, one connection that writes and others that read.
 * Plans are made anew each time, as ours are: one that is kept from when the tables were empty reads all of them.
 */
export const rawPostgres = async (url: string): Promise<RawStore> => {
  const pool = new pg.Pool({ connectionString: url, max: 6, options: "-c plan_cache_mode=force_custom_plan" })
  for (const table of tablesOf('TEXT COLLATE "C"')) await pool.query(table)
  const writer = await pool.connect()

  let last: Promise<void> = Promise.resolve()
  /** One transaction at a time. */
  const transaction = (work: () => Promise<void>): Promise<void> => {
    const run = async (): Promise<void> => {
      await writer.query("BEGIN")
      try {
        await work()
        await writer.query("COMMIT")
      } catch (error) {
        await writer.query("ROLLBACK")
        throw error
      }
    }
    const done = last.then(run)
    last = done.catch(() => undefined)
    return done
  }

  const write = async (rows: ReadonlyArray<RawRow>): Promise<void> => {
    if (rows.length === 0) return
    await writer.query({
      name: "write",
      text: `INSERT INTO recordings (${columns.join(", ")})
        SELECT ${columns.join(", ")} FROM json_populate_recordset(NULL::recordings, $1) ${orReplace}`,
      values: [JSON.stringify(rows)]
    })
  }

  return {
    list: (page, checkpoint) =>
      transaction(async () => {
        const now = Date.now()
        const { rows } = await writer.query<Pick<RawRow, "id" | "state" | "recording">>({
          name: "known",
          // One by one from the index, whatever the server thinks of how many there are.
          text: `SELECT found.id, state, recording FROM unnest($2::text[]) AS found(id) CROSS JOIN LATERAL
            (SELECT state, recording FROM recordings WHERE source = $1 AND recordings.id = found.id LIMIT 1) AS known`,
          values: [source, page.map(({ id }) => id)]
        })
        const known = new Map(rows.map((row) => [row.id, row]))
        await write(page.flatMap((listed) => rowOf(known.get(listed.id), listed, now) ?? []))
        await writer.query({
          name: "checkpoint",
          text: `INSERT INTO sources (source, checkpoint) VALUES ($1, $2)
            ON CONFLICT (source) DO UPDATE SET checkpoint = excluded.checkpoint`,
          values: [source, checkpoint]
        })
      }),
    due: async (state, after) => {
      const { rows } = await pool.query<RawRow>({
        name: "due",
        text: `SELECT * FROM recordings WHERE source = $1 AND state = $2 AND (retry_at IS NULL OR retry_at <= $3)
          AND (expires_at, started_at, id) > ($4, $5, $6) ORDER BY expires_at, started_at, id LIMIT ${dueSize}`,
        values: [source, state, endOfTime.getTime(), after?.expires_at ?? -1, after?.started_at ?? -1, after?.id ?? ""]
      })
      return rows
    },
    find: async (id) => {
      const { rows } = await pool.query<RawRow>({
        name: "find",
        text: "SELECT * FROM recordings WHERE source = $1 AND id = $2",
        values: [source, id]
      })
      return rows[0]
    },
    put: grouped((rows) => transaction(() => write(rows))),
    ending: async () => {
      const { rows } = await pool.query<{ readonly state: string; readonly entries: number }>(
        "SELECT state, count(*) AS entries FROM recordings GROUP BY state"
      )
      return endingOf(rows)
    },
    close: async () => {
      writer.release()
      await pool.end()
    }
  }
}
