import { DatabaseSync } from "node:sqlite"
import { grouped } from "./grouped.ts"
import { dueSize, endOfTime, source } from "./lives.ts"
import { columns, endingOf, orReplace, type RawRow, type RawStore, rowOf, tablesOf } from "./RawStore.ts"

/** Raw `node:sqlite`: statements prepared once, rows written one by one in transactions, the same settings as ours. */
export const rawSqlite = async (file: string): Promise<RawStore> => {
  const database = new DatabaseSync(file)
  database.exec(`PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON; PRAGMA cache_size = -16000`)
  for (const table of tablesOf("TEXT")) database.exec(table)
  const begin = database.prepare("BEGIN IMMEDIATE")
  const commit = database.prepare("COMMIT")
  const rollback = database.prepare("ROLLBACK")
  const writeRow = database.prepare(
    `INSERT INTO recordings (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")}) ${orReplace}`
  )
  const known = database.prepare(`SELECT recordings.id, state, recording FROM json_each(?) AS found
    CROSS JOIN recordings WHERE source = ? AND recordings.id = found.value`)
  const whole = database.prepare("SELECT * FROM recordings WHERE source = ? AND id = ?")
  const dueRows = database.prepare(`SELECT * FROM recordings WHERE source = ? AND state = ?
    AND (retry_at IS NULL OR retry_at <= ?) AND (expires_at, started_at, id) > (?, ?, ?)
    ORDER BY expires_at, started_at, id LIMIT ${dueSize}`)
  const writeCheckpoint = database.prepare(`INSERT INTO sources (source, checkpoint) VALUES (?, ?)
    ON CONFLICT (source) DO UPDATE SET checkpoint = excluded.checkpoint`)
  const counted = database.prepare("SELECT state, count(*) AS entries FROM recordings GROUP BY state")

  const transaction = (work: () => void): void => {
    begin.run()
    try {
      work()
      commit.run()
    } catch (error) {
      if (database.isTransaction) rollback.run()
      throw error
    }
  }
  const write = (row: RawRow): void => {
    writeRow.run(...columns.map((column) => row[column]))
  }

  return {
    list: async (page, checkpoint) =>
      transaction(() => {
        const now = Date.now()
        const before = new Map(
          known
            .all(JSON.stringify(page.map(({ id }) => id)), source)
            .map(({ id, recording, state }) => [id, { state: String(state), recording: textOrNull(recording) }])
        )
        for (const listed of page) {
          const row = rowOf(before.get(listed.id), listed, now)
          if (row !== undefined) write(row)
        }
        writeCheckpoint.run(source, checkpoint)
      }),
    due: async (state, after) =>
      dueRows
        .all(source, state, endOfTime.getTime(), after?.expires_at ?? -1, after?.started_at ?? -1, after?.id ?? "")
        .map(rawRow),
    find: async (id) => {
      const row = whole.get(source, id)
      return row && rawRow(row)
    },
    put: grouped(async (rows: ReadonlyArray<RawRow>) => transaction(() => rows.forEach(write))),
    ending: async () =>
      endingOf(counted.all().map(({ entries, state }) => ({ state: String(state), entries: Number(entries) }))),
    close: async () => database.close()
  }
}

type Column = ReturnType<ReturnType<DatabaseSync["prepare"]>["all"]>[number][string]

const textOrNull = (value: Column | undefined): string | null => (typeof value === "string" ? value : null)
const numberOrNull = (value: Column | undefined): number | null => (typeof value === "number" ? value : null)

/** The row with the types of its columns. */
const rawRow = (row: Readonly<Record<string, Column>>): RawRow => ({
  source: String(row["source"]),
  id: String(row["id"]),
  state: String(row["state"]),
  reason: textOrNull(row["reason"]),
  attempts: Number(row["attempts"]),
  retry_at: numberOrNull(row["retry_at"]),
  started_at: Number(row["started_at"]),
  expires_at: Number(row["expires_at"]),
  recording: textOrNull(row["recording"]),
  path: textOrNull(row["path"]),
  bytes: numberOrNull(row["bytes"]),
  sha512: textOrNull(row["sha512"]),
  media_type: textOrNull(row["media_type"]),
  duration_seconds: numberOrNull(row["duration_seconds"]),
  codec: textOrNull(row["codec"]),
  channels: numberOrNull(row["channels"]),
  bitrate: numberOrNull(row["bitrate"]),
  archived_at: numberOrNull(row["archived_at"]),
  verified_at: numberOrNull(row["verified_at"]),
  suspect: textOrNull(row["suspect"]),
  held_for: textOrNull(row["held_for"]),
  erased_for: textOrNull(row["erased_for"])
})
