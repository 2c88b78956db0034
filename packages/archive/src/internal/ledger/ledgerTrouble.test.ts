import { Effect, Exit, Stream } from "effect"
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { afterAll, describe, expect, it } from "vitest"
import type { Ledger } from "../../Ledger.ts"
import { refusal, withLedger } from "../testing/ledgerPlaces.ts"
import { sampleArchived, sampleEntry } from "../testing/ledgerSamples.ts"
import { migrate } from "./schema.ts"
import { sqliteClient } from "./sqlite.ts"
import { sqlLedger } from "./sqlLedger.ts"

const folder = mkdtempSync(join(tmpdir(), "callreel-trouble-"))
chmodSync(folder, 0o755)
afterAll(() => rmSync(folder, { recursive: true }))

let places = 0
const newFile = (): string => {
  mkdirSync(join(folder, String(++places)))
  return join(folder, String(places), "ledger.sqlite")
}

const readAll = ({ entries }: Ledger) => Effect.map(Stream.runCollect(entries({})), (pages) => pages.flat())
const entries = Array.from({ length: 300 }, (_, number) => sampleArchived(number))
const putAll = ({ put }: Ledger) => Effect.forEach(entries, put, { concurrency: "unbounded", discard: true })

/** A ledger with entries, closed. */
const filled = async (): Promise<string> => {
  const file = newFile()
  await withLedger({ file }, putAll)
  return file
}

const expectWhole = async (file: string): Promise<void> => {
  expect(await withLedger({ file }, readAll)).toStrictEqual(entries)
}

const nobody = 65_534

/** Does something as a user to whom permissions apply: they do not to root. */
const asOrdinaryUser = async <A>(act: () => Promise<A>): Promise<A> => {
  const isRoot = process.geteuid?.() === 0
  if (isRoot) process.seteuid?.(nobody)
  try {
    return await act()
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}

const giveAway = (path: string): void => {
  if (process.geteuid?.() === 0) chownSync(path, nobody, nobody)
}

describe("a ledger says what is wrong, and goes on when it is mended", () => {
  it("in a folder that cannot be written", async () => {
    const file = newFile()
    chmodSync(join(file, ".."), 0o555)
    const refused = await asOrdinaryUser(() => refusal({ file }))
    expect(refused).toMatchObject({
      reason: "Ledger",
      message: `the ledger ${file} cannot be written (EACCES)`,
      remedy: expect.stringContaining("writable")
    })
    chmodSync(join(file, ".."), 0o755)
    await withLedger({ file }, putAll)
    await expectWhole(file)
  })

  it("that is there, in a folder that cannot be written any more", async () => {
    const file = await filled()
    giveAway(file)
    chmodSync(join(file, ".."), 0o555)
    const refused = await asOrdinaryUser(() => refusal({ file }))
    expect(refused).toMatchObject({
      reason: "Ledger",
      message: expect.stringMatching(/cannot be used: (it is read-only|its file, or one beside it, cannot be opened)$/)
    })
    chmodSync(join(file, ".."), 0o755)
    await expectWhole(file)
  })

  it("whose lock cannot be made", async () => {
    const file = await filled()
    mkdirSync(`${file}.lock`)
    const refused = await refusal({ file }, ({ lock }) => lock)
    expect(refused).toMatchObject({
      reason: "Ledger",
      message: `the ledger ${file} cannot be used: its file, or one beside it, cannot be opened`
    })
    rmSync(`${file}.lock`, { recursive: true })
    await withLedger({ file }, ({ lock }) => lock)
  })

  it("below something that is no folder", async () => {
    const file = await filled()
    const refused = await refusal({ file: join(file, "ledger.sqlite") })
    expect(refused).toMatchObject({ reason: "Ledger", message: expect.stringContaining("cannot be written (E") })
    await expectWhole(file)
  })

  it("whose file is a text, which stays as it is", async () => {
    const file = newFile()
    const text = "date,caller\n2026-01-01,+380441234567\n".repeat(500)
    writeFileSync(file, text)
    expect(await refusal({ file })).toMatchObject({
      reason: "Ledger",
      message: `the ledger ${file} cannot be used: its file is no ledger`
    })
    expect(readFileSync(file, "utf8")).toBe(text)
  })

  it("whose file is a folder, which stays as it is", async () => {
    const file = newFile()
    mkdirSync(file, { mode: 0o755 })
    expect(await refusal({ file })).toMatchObject({
      reason: "Ledger",
      message: `the ledger ${file} cannot be used: its file, or one beside it, cannot be opened`
    })
    expect(statSync(file).mode & 0o777).toBe(0o755)
  })

  it("whose file is another database, which stays as it is", async () => {
    const file = newFile()
    const other = new DatabaseSync(file)
    other.exec("CREATE TABLE recordings (name TEXT)")
    other.close()
    expect(await refusal({ file })).toMatchObject({
      reason: "Ledger",
      message: `the ledger ${file} cannot be used: its tables are not those of a ledger`
    })
    const again = new DatabaseSync(file)
    expect(again.prepare("SELECT name FROM sqlite_schema").all()).toEqual([{ name: "recordings" }])
    again.close()
  })

  it.each([0.25, 0.5, 0.99])("of whose file only a part of %d is there", async (part) => {
    const file = await filled()
    copyFileSync(file, `${file}.whole`)
    truncateSync(file, Math.floor(statSync(file).size * part))
    const refused = await refusal({ file }, (ledger) => Effect.andThen(readAll(ledger), ledger.put(sampleEntry(1))))
    expect(refused).toMatchObject({ reason: "Ledger", message: `the ledger ${file} cannot be used: it is damaged` })
    copyFileSync(`${file}.whole`, file)
    await expectWhole(file)
  })

  it("in whose file something else was written", async () => {
    const file = await filled()
    const bytes = readFileSync(file)
    writeFileSync(file, Buffer.from(bytes).fill("not a page of a database", 4096 * 3))
    const refused = await refusal({ file }, readAll)
    expect(refused).toMatchObject({ reason: "Ledger", message: `the ledger ${file} cannot be used: it is damaged` })
    writeFileSync(file, bytes)
    await expectWhole(file)
  })

  it("with a checkpoint that is none", async () => {
    const file = await filled()
    const database = new DatabaseSync(file)
    database.exec(`INSERT INTO sources (source, checkpoint) VALUES ('us', '{"secret'), ('eu', '{"provider":"x"}')`)
    database.close()
    for (const source of ["us", "eu"]) {
      const refused = await refusal({ file }, ({ checkpoint }) => checkpoint(source))
      expect(refused.message).toBe(`the ledger ${file} cannot be used: a checkpoint in it is damaged`)
    }
    await expectWhole(file)
  })

  it("of a later version", async () => {
    const file = await filled()
    const change = (to: string) => {
      const database = new DatabaseSync(file)
      database.exec(`UPDATE ledger SET version = ${to}`)
      database.close()
    }
    change("version + 1")
    expect(await refusal({ file })).toMatchObject({
      reason: "Ledger",
      message: expect.stringContaining(`${file} was made by a later version of callreel`),
      remedy: "update callreel"
    })
    change("version - 1")
    await expectWhole(file)
  })

  it("whose disk is full: nothing of what failed is there, all else is, and it can be read", async () => {
    const file = await filled()
    await sqliteClient(file).pipe(
      Effect.flatMap((sql) =>
        Effect.gen(function* () {
          yield* migrate(sql, file)
          const ledger = yield* sqlLedger(sql, file, Effect.succeed(true))
          // As SQLite sees a full disk: there are no more pages to be had.
          const [size] = yield* sql<{ readonly page_count: number }>`PRAGMA page_count`
          yield* sql.unsafe(`PRAGMA max_page_count = ${size?.page_count ?? 0}`)
          const more = Array.from({ length: 100 }, (_, number) =>
            sampleArchived(1000 + number, { recording: "x".repeat(5000) })
          )
          const exits = yield* Effect.forEach(more, (entry) => Effect.exit(ledger.put(entry)), {
            concurrency: "unbounded"
          })
          expect(exits.every(Exit.isFailure)).toBe(true)
          const refused = yield* Effect.flip(ledger.put(more[0] ?? sampleEntry(0)))
          expect(refused).toMatchObject({
            reason: "Ledger",
            message: `the ledger ${file} cannot be used: the disk is full`
          })
          expect(yield* readAll(ledger)).toStrictEqual(entries)
          yield* sql.unsafe("PRAGMA max_page_count = 1000000")
          yield* Effect.forEach(more, ledger.put, { concurrency: "unbounded" })
          expect(yield* ledger.counts({})).toMatchObject({ archived: 400 })
        })
      ),
      Effect.scoped,
      Effect.runPromise
    )
  })

  it("that is closed", async () => {
    const file = await filled()
    const ledger = await withLedger({ file }, Effect.succeed)
    const refused = await Effect.runPromise(Effect.flip(ledger.counts({})))
    expect(refused.message).toBe(`the ledger ${file} cannot be used: it is closed`)
    expect(Exit.isFailure(await Effect.runPromiseExit(ledger.put(sampleEntry(1))))).toBe(true)
    await expectWhole(file)
  })
})
