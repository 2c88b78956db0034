/** What a database refuses, in words for people. Pure. */
import type { SqlError } from "effect/sql/SqlError"
import { ArchiveError } from "../../ArchiveError.ts"

/** SQLite's result codes. */
const sqliteMeanings: Readonly<Record<number, string>> = {
  1: "its tables are not those of a ledger",
  3: "its file may not be opened",
  5: "another process is writing to it",
  6: "another process is writing to it",
  7: "there is no memory left",
  8: "it is read-only",
  10: "the disk reports an error",
  11: "it is damaged",
  13: "the disk is full",
  14: "its file, or one beside it, cannot be opened",
  19: "two recordings would have the same file",
  26: "its file is no ledger"
}

/** PostgreSQL's SQLSTATE, or the system's code of a connection that failed. */
const postgresMeanings: Readonly<Record<string, string>> = {
  "23505": "two recordings would have the same file",
  "25006": "the server is read-only",
  "28000": "the server refuses the user",
  "28P01": "the server refuses the password",
  "3D000": "the database does not exist",
  "42501": "the user lacks a permission",
  "53100": "the server's disk is full",
  "53200": "the server has no memory left",
  "53300": "the server has no connection left",
  "57P01": "the server was shut down",
  "57P02": "the server crashed",
  "57P03": "the server is starting or stopping",
  EAI_AGAIN: "there is no such host, or no name service",
  ECONNREFUSED: "nobody answers there",
  ECONNRESET: "the connection was lost",
  EHOSTUNREACH: "there is no way to the host",
  ENETUNREACH: "there is no way to the host",
  ENOTFOUND: "there is no such host",
  EPIPE: "the connection was lost",
  ERR_INVALID_STATE: "it is closed",
  ERR_INVALID_URL: "its address is no address of a PostgreSQL database",
  ETIMEDOUT: "the server does not answer"
}

/** Where no code tells more. */
const tagMeanings: Readonly<Partial<Record<SqlError["reason"]["_tag"], string>>> = {
  AuthenticationError: "the server refuses the user or the password",
  AuthorizationError: "the user lacks a permission",
  ConnectionError: "the server cannot be reached",
  DeadlockError: "another process is writing to it",
  LockTimeoutError: "another process is writing to it",
  SerializationError: "another process is writing to it",
  SqlSyntaxError: "its tables are not those of a ledger",
  StatementTimeoutError: "the server took too long"
}

/** The ledger cannot be used: why, as far as the database tells. Nothing of statements or values is shown. */
export const ledgerError =
  (name: string) =>
  (error: SqlError): ArchiveError =>
    new ArchiveError({ reason: "Ledger", detail: `the ledger ${name} cannot be used: ${meaningOf(error)}` })

const meaningOf = ({ reason }: SqlError): string => {
  for (
    let cause: unknown = reason.cause, depth = 0;
    cause instanceof Error && depth < 5;
    cause = cause.cause, depth++
  ) {
    if ("errcode" in cause && typeof cause.errcode === "number") {
      const code = cause.errcode & 0xff
      return sqliteMeanings[code] ?? `SQLite reports ${code}`
    }
    if ("code" in cause && typeof cause.code === "string") {
      return postgresMeanings[cause.code] ?? tagMeanings[reason._tag] ?? `the database reports ${cause.code}`
    }
  }
  return tagMeanings[reason._tag] ?? "the database does not say why"
}
