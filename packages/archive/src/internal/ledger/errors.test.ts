import {
  AuthenticationError,
  AuthorizationError,
  ConnectionError,
  SqlError,
  SqlSyntaxError,
  StatementTimeoutError,
  UniqueViolation,
  UnknownError
} from "effect/sql/SqlError"
import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import { ledgerError } from "./errors.ts"

const secret = "hunter2"
const name = "postgres://db:5432/archive"

/** An error as databases give it: with the statement and its values in what it says. */
const refused = (more: object): Error =>
  Object.assign(new Error(`INSERT INTO recordings VALUES ('+380441234567') at postgres://me:${secret}@db`), {
    detail: `Key (path)=(${secret}) already exists.`,
    input: `postgres://me:${secret}@db`,
    ...more
  })

const unknown = (cause: unknown) => new SqlError({ reason: new UnknownError({ cause, message: secret }) })

const sqlite = (errcode: number) => unknown(refused({ code: "ERR_SQLITE_ERROR", errcode }))
const postgres = (code: string) => unknown(refused({ code }))
const unreachable = (cause: unknown) => new SqlError({ reason: new ConnectionError({ cause, message: secret }) })

describe("what a database refuses", () => {
  it.each<[string, SqlError, string]>([
    ["SQLITE_ERROR", sqlite(1), "its tables are not those of a ledger"],
    ["SQLITE_BUSY", sqlite(5), "another process is writing to it"],
    ["SQLITE_BUSY_SNAPSHOT", sqlite(517), "another process is writing to it"],
    ["SQLITE_READONLY", sqlite(8), "it is read-only"],
    ["SQLITE_READONLY_DIRECTORY", sqlite(1544), "it is read-only"],
    ["SQLITE_IOERR_WRITE", sqlite(778), "the disk reports an error"],
    ["SQLITE_CORRUPT", sqlite(11), "it is damaged"],
    ["SQLITE_FULL", sqlite(13), "the disk is full"],
    ["SQLITE_CANTOPEN", sqlite(14), "its file, or one beside it, cannot be opened"],
    ["SQLITE_CONSTRAINT_UNIQUE", sqlite(2067), "two recordings would have the same file"],
    ["SQLITE_NOTADB", sqlite(26), "its file is no ledger"],
    ["another code of SQLite", sqlite(21), "SQLite reports 21"],
    ["a database that was closed", postgres("ERR_INVALID_STATE"), "it is closed"],
    ["invalid_password", postgres("28P01"), "the server refuses the password"],
    ["invalid_catalog_name", postgres("3D000"), "the database does not exist"],
    ["insufficient_privilege", postgres("42501"), "the user lacks a permission"],
    ["disk_full", postgres("53100"), "the server's disk is full"],
    ["admin_shutdown", postgres("57P01"), "the server was shut down"],
    ["another SQLSTATE", postgres("XX001"), "the database reports XX001"],
    ["a connection that is refused", unreachable(refused({ code: "ECONNREFUSED" })), "nobody answers there"],
    [
      "a host that does not exist, told within",
      unreachable(new Error(secret, { cause: refused({ code: "ENOTFOUND" }) })),
      "there is no such host"
    ],
    ["a connection without a code", unreachable(new Error(secret)), "the server cannot be reached"],
    [
      "an address that is none",
      unreachable(refused({ code: "ERR_INVALID_URL" })),
      "its address is no address of a PostgreSQL database"
    ],
    [
      "a password that is refused, without a code",
      new SqlError({ reason: new AuthenticationError({ cause: new Error(secret) }) }),
      "the server refuses the user or the password"
    ],
    [
      "a permission, by a code that is not known",
      new SqlError({ reason: new AuthorizationError({ cause: refused({ code: "42999" }) }) }),
      "the user lacks a permission"
    ],
    [
      "undefined_column",
      new SqlError({ reason: new SqlSyntaxError({ cause: refused({ code: "42703" }) }) }),
      "its tables are not those of a ledger"
    ],
    [
      "unique_violation",
      new SqlError({ reason: new UniqueViolation({ cause: refused({ code: "23505" }), constraint: secret }) }),
      "two recordings would have the same file"
    ],
    [
      "a time-out",
      new SqlError({ reason: new StatementTimeoutError({ cause: new Error(secret) }) }),
      "the server took too long"
    ],
    ["what is no error at all", unknown(secret), "the database does not say why"]
  ])("%s", (_, error, says) => {
    const told = ledgerError(name)(error)
    expect(told).toMatchObject({ reason: "Ledger", message: `the ledger ${name} cannot be used: ${says}` })
    expect(inspect(told, { depth: 10, showHidden: true })).not.toMatch(/hunter2|INSERT|380441234567/)
  })

  it("ends with errors that cause themselves", () => {
    const round = new Error(secret)
    round.cause = round
    expect(ledgerError(name)(unknown(round)).message).toMatch(/the database does not say why$/)
  })
})
