import { Effect, type Scope, Stream, Tracer } from "effect"
import type { SqlClient } from "effect/sql/SqlClient"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { afterAll, describe, expect, it } from "vitest"
import type { DueQuery, EntryQuery, Ledger } from "../../Ledger.ts"
import { sampleEntry, sampleFound } from "../testing/ledgerSamples.ts"
import { migrate } from "./schema.ts"
import { sqliteClient } from "./sqlite.ts"
import { sqlLedger } from "./sqlLedger.ts"

const folder = mkdtempSync(join(tmpdir(), "callreel-schema-"))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
const newFile = (): string => join(folder, `${++files}.sqlite`)

const run = <A, E>(file: string, use: (sql: SqlClient) => Effect.Effect<A, E, Scope.Scope>): Promise<A> =>
  sqliteClient(file).pipe(Effect.flatMap(use), Effect.scoped, Effect.runPromise)

const tables = (sql: SqlClient) =>
  Effect.map(
    sql<{ readonly name: string }>`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`,
    (rows) => rows.map(({ name }) => name)
  )

describe("the ledger's tables", () => {
  it("are made once; opening again changes nothing", async () => {
    const file = newFile()
    const [first, again] = await run(file, (sql) =>
      Effect.gen(function* () {
        yield* migrate(sql, file)
        const made = yield* tables(sql)
        yield* sql`INSERT INTO sources (source, begins_at) VALUES ('us', 1)`
        yield* migrate(sql, file)
        expect(yield* sql`SELECT source FROM sources`).toHaveLength(1)
        return [made, yield* tables(sql)]
      })
    )
    expect(first).toStrictEqual(["holder", "ledger", "log", "proofs", "recordings", "runs", "sources"])
    expect(again).toStrictEqual(first)
  })

  it("of a later version are left alone, and it is said what to do", async () => {
    const file = newFile()
    const refusal = await run(file, (sql) =>
      Effect.gen(function* () {
        yield* sql`CREATE TABLE ledger (version BIGINT NOT NULL)`
        yield* sql`INSERT INTO ledger (version) VALUES (1000)`
        const error = yield* Effect.flip(migrate(sql, "/a/ledger.sqlite"))
        expect(yield* tables(sql)).toStrictEqual(["ledger"])
        return error
      })
    )
    expect(refusal).toMatchObject({
      _tag: "ArchiveError",
      reason: "Ledger",
      message: expect.stringMatching(/^the ledger \/a\/ledger\.sqlite was made by a later version .*1000, this one/),
      remedy: "update callreel"
    })
  })

  it("are made all or none", async () => {
    const file = newFile()
    await run(file, (sql) =>
      Effect.gen(function* () {
        yield* sql`CREATE TABLE proofs (somebody_elses TEXT)`
        expect(yield* Effect.flip(migrate(sql, file))).toMatchObject({ _tag: "SqlError" })
        expect(yield* tables(sql)).toStrictEqual(["proofs"])
        yield* sql`DROP TABLE proofs`
        yield* migrate(sql, file)
        expect(yield* tables(sql)).toContain("proofs")
      })
    )
  })
})

describe("every question", () => {
  const due: DueQuery = { source: "us", state: "pending", now: new Date("2027-01-01T00:00:00Z") }
  const window = { from: new Date("2026-01-01T00:00:00Z"), to: new Date("2026-02-01T00:00:00Z") }
  const states: EntryQuery = { states: ["archived", "failed"] }
  const all = <A, E>(stream: Stream.Stream<A, E>) => Stream.runDrain(stream)

  it.each<[string, (ledger: Ledger) => Effect.Effect<unknown, unknown>, string]>([
    ["what is due", ({ due: ask }) => all(ask(due)), "recordings_due"],
    ["what is due of a window", ({ due: ask }) => all(ask({ ...due, ...window })), "recordings_due"],
    ["what is due for a reason", ({ due: ask }) => all(ask({ ...due, reason: "lost" })), "recordings_due"],
    [
      "how much is due",
      ({ countDue }) => countDue({ ...due, ...window, reason: "lost" }),
      "COVERING INDEX recordings_due"
    ],
    ["when something is due", ({ nextRetry }) => nextRetry("us"), "COVERING INDEX recordings_due"],
    ["all entries", ({ entries }) => all(entries({})), "recordings_started"],
    [
      "all entries of a window and some states",
      ({ entries }) => all(entries({ ...window, ...states })),
      "recordings_started"
    ],
    ["entries of a source", ({ entries }) => all(entries({ source: "us" })), "recordings_counted"],
    [
      "entries of a source, a window and some states",
      ({ entries }) => all(entries({ source: "us", ...window, ...states })),
      "recordings_counted"
    ],
    [
      "keys by day",
      ({ keysByDay }) => all(keysByDay({ source: "us", ...window })),
      "COVERING INDEX recordings_counted"
    ],
    ["counts of a source", ({ counts }) => counts({ source: "us" }), "COVERING INDEX recordings_counted"],
    [
      "counts of a source, a window and some states",
      ({ counts }) => counts({ source: "us", ...window, ...states }),
      "COVERING INDEX recordings_counted"
    ],
    ["the span of a source", ({ span }) => span("us"), "COVERING INDEX recordings_counted"],
    [
      "what is listed",
      ({ list }) => list(Array.from({ length: 300 }, (_, number) => sampleFound(number))),
      "sqlite_autoindex_recordings_2 (source=? AND id=?)"
    ],
    ["one entry", ({ find }) => find({ source: "us", id: "1" }), "sqlite_autoindex_recordings_2 (source=? AND id=?)"]
  ])("is answered from an index in its order: %s", async (_, ask, index) => {
    const file = newFile()
    const asked: Array<string> = []
    const tracer = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        return Object.assign(span, {
          attribute: (key: string, value: unknown) => {
            if (key === "db.query.text") asked.push(String(value))
          }
        })
      }
    })
    await run(file, (sql) =>
      Effect.gen(function* () {
        yield* migrate(sql, file)
        const ledger = yield* sqlLedger(sql, file, Effect.succeed(true))
        // More than a page, so that pages behind the first one are asked for, too.
        yield* Effect.forEach(
          Array.from({ length: 600 }, (__, number) => sampleEntry(number, { reason: "lost" })),
          ledger.put,
          { concurrency: "unbounded", discard: true }
        )
        yield* Effect.withTracer(ask(ledger), tracer)
      })
    )
    const database = new DatabaseSync(file)
    const plans = asked.map((text) =>
      database
        .prepare(`EXPLAIN QUERY PLAN ${text}`)
        .all()
        .map(({ detail }) => String(detail))
    )
    database.close()
    expect(plans.length).toBeGreaterThan(0)
    for (const plan of plans) {
      expect(plan).toContainEqual(expect.stringContaining(index))
      expect(plan.filter((step) => step.includes("FOR ORDER BY") || step.endsWith("SCAN recordings"))).toStrictEqual([])
    }
  })
})
