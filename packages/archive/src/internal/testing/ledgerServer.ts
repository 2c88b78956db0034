/** A PostgreSQL server of its own for a test file, with a schema for each ledger. */
import { PgClient } from "@effect/sql-pg"
import { Effect, Redacted } from "effect"
import * as Reactivity from "effect/reactivity/Reactivity"
import { rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"

/** A server that can be started and stopped, over and over. */
interface Server {
  readonly initialise: () => Promise<void>
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
}

const administrator = { user: "postgres", password: "s3cret of the server" }

const optionsOf = (databaseDir: string, port: number) => ({
  ...administrator,
  databaseDir,
  port,
  authMethod: "scram-sha-256" as const,
  persistent: true,
  // PostgreSQL refuses to run as root.
  createPostgresUser: process.getuid?.() === 0,
  // Ordered as people of a language do, other than SQLite orders.
  initdbFlags: ["--encoding=UTF8", "--no-sync", "--locale-provider=icu", "--icu-locale=en-US"],
  postgresFlags: ["-c", "fsync=off", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="],
  onLog: () => {},
  onError: () => {}
})

/** Makes a server: `(options) => new EmbeddedPostgres(options)`; the library is there for tests alone. */
export type MakeServer = (options: ReturnType<typeof optionsOf>) => Server

export interface LedgerServer {
  /** Host and port. */
  readonly host: string
  /** The address of a database, for the administrator or somebody else. */
  readonly url: (more?: {
    readonly user?: string
    readonly password?: string
    readonly database?: string
    readonly schema?: string
    readonly isReadOnly?: boolean
  }) => Redacted.Redacted<string>
  /** Runs a statement as the administrator. */
  readonly run: (statement: string) => Promise<void>
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

/** Starts an empty server on a free port of the loopback interface. */
export const startServer = async (make: MakeServer): Promise<LedgerServer> => {
  const port = await freePort()
  const databaseDir = join(tmpdir(), `callreel-ledger-${process.pid}-${port}`)
  const server = make(optionsOf(databaseDir, port))
  await server.initialise()
  await server.start()
  const host = `127.0.0.1:${port}`

  const url: LedgerServer["url"] = ({ database = "postgres", isReadOnly, password, schema, user } = {}) => {
    const credentials = `${user ?? administrator.user}:${encodeURIComponent(password ?? administrator.password)}`
    const settings = [
      ...(schema === undefined ? [] : [`-c search_path=${schema}`]),
      ...(isReadOnly === true ? ["-c default_transaction_read_only=on"] : [])
    ]
    const options = settings.length === 0 ? "" : `?options=${encodeURIComponent(settings.join(" "))}`
    return Redacted.make(`postgres://${credentials}@${host}/${database}${options}`)
  }

  return {
    host,
    url,
    run: (statement) =>
      PgClient.makeClient({ url: url() }).pipe(
        Effect.provide(Reactivity.layer),
        Effect.flatMap((sql) => sql.unsafe(statement)),
        Effect.asVoid,
        Effect.scoped,
        Effect.runPromise
      ),
    stop: () => server.stop(),
    start: () => server.start(),
    remove: async () => {
      await server.stop()
      await rm(databaseDir, { recursive: true, force: true })
    }
  }
}
