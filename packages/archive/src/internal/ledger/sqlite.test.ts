import { Effect } from "effect"
import type { SqlClient } from "effect/sql/SqlClient"
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { erased } from "../state.ts"
import { withLedger } from "../testing/ledgerPlaces.ts"
import { sampleArchived, sampleEntry } from "../testing/ledgerSamples.ts"
import { Rows, sqliteClient } from "./sqlite.ts"

const folder = mkdtempSync(join(tmpdir(), "callreel-sqlite-"))
afterAll(() => rmSync(folder, { recursive: true }))

let places = 0
const newPlace = () => ({ file: join(folder, String(++places), "ledger.sqlite") })

const modes = (file: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(join(file, "..")).map((name) => [name, (statSync(join(file, "..", name)).mode & 0o777).toString(8)])
  )

describe("a ledger's file", () => {
  it("and those beside it are for its owner alone", async () => {
    const place = newPlace()
    await withLedger(place, (ledger) =>
      Effect.gen(function* () {
        yield* ledger.put(sampleEntry(1))
        expect(modes(place.file)).toStrictEqual({
          "ledger.sqlite": "600",
          "ledger.sqlite-shm": "600",
          "ledger.sqlite-wal": "600"
        })
      })
    )
    expect(statSync(join(place.file, "..")).mode & 0o777).toBe(0o700)
    expect(modes(place.file)).toStrictEqual({ "ledger.sqlite": "600" })
  })

  it("that is opened for reading alone is read, and nothing is written, in it or beside it", async () => {
    const place = newPlace()
    await withLedger(place, (ledger) => ledger.put(sampleEntry(1)))
    const before = readFileSync(place.file)
    const read = sqliteClient(place.file, { readOnly: true }).pipe(
      Effect.flatMap((sql) => Effect.all([sql`SELECT id FROM recordings`, Effect.flip(sql`DELETE FROM recordings`)])),
      Effect.scoped
    )
    const [rows, refused] = await Effect.runPromise(read)
    expect(rows).toHaveLength(1)
    expect(refused._tag).toBe("SqlError")
    expect(Buffer.compare(readFileSync(place.file), before)).toBe(0)
    expect(modes(place.file)).toStrictEqual({ "ledger.sqlite": "600" })
  })

  it("that others could read is closed to them", async () => {
    const file = join(folder, "open.sqlite")
    writeFileSync(file, "", { mode: 0o644 })
    await withLedger({ file }, ({ put }) => put(sampleEntry(1)))
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it("has nothing left of what was erased", async () => {
    const place = newPlace()
    const secret = "+380441234567 talks of a secret"
    const personal = { recording: JSON.stringify({ secret: secret.repeat(500) }), suspect: secret, heldFor: secret }
    await withLedger(place, (ledger) =>
      Effect.gen(function* () {
        yield* Effect.forEach(
          Array.from({ length: 50 }, (_, number) => sampleArchived(number, personal)),
          (entry) => Effect.andThen(ledger.put(entry), ledger.put(erased(entry, "asked to")))
        )
        expect(yield* ledger.counts({})).toMatchObject({ erased: 50, listed: 0, suspect: 0, bytes: 0 })
      })
    )
    const bytes = readFileSync(place.file)
    expect(bytes.includes("asked to")).toBe(true)
    expect(bytes.includes("secret")).toBe(false)
  })

  it("is written to the disk with every commit", async () => {
    const settings = await sqliteClient(join(folder, "settings.sqlite")).pipe(
      Effect.flatMap((sql) =>
        Effect.all([sql`PRAGMA synchronous`, sql`PRAGMA journal_mode`, sql`PRAGMA secure_delete`])
      ),
      Effect.scoped,
      Effect.runPromise
    )
    expect(settings.flat()).toMatchObject([{ synchronous: 2 }, { journal_mode: "wal" }, { secure_delete: 1 }])
  })
})

describe("a statement with rows", () => {
  const use = <A, E>(work: (sql: SqlClient) => Effect.Effect<A, E>) =>
    sqliteClient(join(folder, `${++places}.sqlite`)).pipe(
      Effect.tap((sql) => sql`CREATE TABLE numbers (number BIGINT NOT NULL PRIMARY KEY, name TEXT)`),
      Effect.flatMap(work),
      Effect.scoped,
      Effect.runPromise
    )
  const insert = (sql: SqlClient, rows: Rows["rows"]) =>
    sql.unsafe("INSERT INTO numbers (number, name) VALUES (?, ?)", [new Rows(rows)]).raw

  it("is run once for each, in their order", () =>
    use((sql) =>
      Effect.gen(function* () {
        yield* insert(sql, [])
        yield* insert(sql, [
          [2, "two"],
          [1, null]
        ])
        expect(yield* sql`SELECT number, name FROM numbers ORDER BY rowid`.values).toStrictEqual([
          [2, "two"],
          [1, null]
        ])
      })
    ))

  it("fails with the one that cannot be, and a transaction has none of them then", () =>
    use((sql) =>
      Effect.gen(function* () {
        const rows: Rows["rows"] = [
          [1, "one"],
          [1, "one again"]
        ]
        const error = yield* Effect.flip(sql.withTransaction(insert(sql, rows)))
        expect(error._tag).toBe("SqlError")
        expect(yield* sql`SELECT number FROM numbers`).toStrictEqual([])
      })
    ))
})
