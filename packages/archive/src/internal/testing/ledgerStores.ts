/** The databases that a ledger can be in: what one does, the other has to do, too. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { LedgerLocation } from "../../openLedger.ts"
import { type MakeServer, startServer } from "./ledgerServer.ts"

export interface LedgerStore {
  readonly name: string
  /** How often tests of crashes kill a process: a server does not notice more than a lost connection. */
  readonly kills: number
  /** Gives a place where there is no ledger yet. */
  readonly newPlace: () => Promise<LedgerLocation>
}

/** A folder for files, and a server that was started. */
export interface LedgerStores {
  readonly stores: ReadonlyArray<LedgerStore>
  readonly remove: () => Promise<void>
}

export const startStores = async (make: MakeServer): Promise<LedgerStores> => {
  const folder = await mkdtemp(join(tmpdir(), "callreel-ledger-"))
  const server = await startServer(make)
  let places = 0
  const inFile: LedgerStore = {
    name: "in a file",
    kills: 20,
    newPlace: () => Promise.resolve({ file: join(folder, `new folder ${++places}`, ".callreel", "ledger.sqlite") })
  }
  const onServer: LedgerStore = {
    name: "on a PostgreSQL server",
    kills: 6,
    newPlace: async () => {
      const schema = `ledger_${++places}`
      await server.run(`CREATE SCHEMA ${schema}`)
      return { postgres: server.url({ schema }) }
    }
  }
  return {
    stores: [inFile, onServer],
    remove: async () => {
      await server.remove()
      await rm(folder, { recursive: true })
    }
  }
}
