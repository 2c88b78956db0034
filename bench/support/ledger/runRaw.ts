/** Started by the benchmark of the ledger: recordings through all their states, as one would write it without us. */
import { atOnce, erasedIds, failedAt, fateOf, fileOf, pages, source } from "./lives.ts"
import { rawPostgres } from "./rawPostgres.ts"
import { rawSqlite } from "./rawSqlite.ts"
import { type RawRow, tombstoneOf } from "./RawStore.ts"
import { makeReport, phaseNames } from "./report.ts"

const [kind = "", place = "", countText = "0"] = process.argv.slice(2)
const count = Number(countText)
const { phase, send } = makeReport()
// Made beforehand, and forgotten when listed: that belongs to no ledger.
const made = [...pages(count)]
const store = await (kind === "postgres" ? rawPostgres(place) : rawSqlite(place))

const archived = (row: RawRow): RawRow => {
  const file = fileOf(row.id)
  return {
    ...row,
    state: "archived",
    reason: null,
    retry_at: null,
    path: file.path,
    bytes: file.bytes,
    sha512: file.sha512,
    media_type: file.mediaType,
    duration_seconds: file.durationSeconds,
    codec: file.codec,
    channels: file.channels,
    bitrate: file.bitrate,
    archived_at: file.archivedAt.getTime()
  }
}

const tried = (row: RawRow): RawRow => {
  switch (fateOf(row.id)) {
    case "archived":
      return archived(row)
    case "unavailable":
      return { ...row, state: "unavailable", reason: "deleted", retry_at: null }
    case "failed":
      return {
        ...row,
        state: "failed",
        reason: "Truncated",
        attempts: row.attempts + 1,
        retry_at: failedAt.getTime()
      }
  }
}

const list = async (): Promise<void> => {
  let state = 0
  for (const page of made) {
    state += page.length
    await store.list(page, JSON.stringify({ provider: source, version: 1, state }))
  }
}

const dueRows = async function* (state: string): AsyncGenerator<RawRow> {
  for (let after: RawRow | undefined; ;) {
    const rows = await store.due(state, after)
    yield* rows
    after = rows.at(-1)
    if (after === undefined) return
  }
}

/** So many workers on one list. */
const inParallel = async <A>(
  items: AsyncIterable<A> | Iterable<A>,
  work: (item: A) => Promise<void>
): Promise<void> => {
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for await (const item of items) await work(item)
    })
  )
}

const erase = async (id: string): Promise<void> => {
  const row = await store.find(id)
  if (row === undefined) return
  await store.put(tombstoneOf(row))
}

await phase(phaseNames.listed, list)
await phase(phaseNames.again, list)
made.length = 0
await phase(phaseNames.tried, () => inParallel(dueRows("pending"), (row) => store.put(tried(row))))
await phase(phaseNames.retried, () => inParallel(dueRows("failed"), (row) => store.put(archived(row))))
await phase(phaseNames.erased, () => inParallel(erasedIds(count), erase))
send(await store.ending())
await store.close()
