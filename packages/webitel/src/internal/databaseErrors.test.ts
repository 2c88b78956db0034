import {
  AuthenticationError,
  AuthorizationError,
  ConnectionError,
  SqlError,
  type SqlErrorReason,
  SqlSyntaxError,
  StatementTimeoutError,
  UnknownError
} from "effect/sql/SqlError"
import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import type { HistoryFilter } from "./api.ts"
import { reasonOf } from "./databaseErrors.ts"
import { TooMuch } from "./errors.ts"

const secret = "SELECT secret FROM +380501112233"
const props = (code: string | undefined, message = secret) => ({
  cause: Object.assign(new Error(message), { code, query: secret }),
  message,
  operation: secret
})
const ofSpan: HistoryFilter = { storedAt: { from: 1, to: 2 } }
const reasonFor = (reason: SqlErrorReason, filter: HistoryFilter = ofSpan) => reasonOf(new SqlError({ reason }), filter)

describe("an error of the database", () => {
  it.each([
    [new AuthenticationError(props("28P01")), { _tag: "Unauthorized" }],
    [new AuthenticationError(props("28000")), { _tag: "Unauthorized" }],
    [new ConnectionError(props(undefined)), { _tag: "Unavailable" }],
    [new ConnectionError(props("08006")), { _tag: "Unavailable" }],
    [new UnknownError(props("3D000")), { _tag: "InvalidOptions", option: "database.url" }],
    [new UnknownError(props("53300")), { _tag: "Unavailable" }],
    [new UnknownError(props("57P01")), { _tag: "Unavailable" }],
    [new UnknownError(props("57P03")), { _tag: "Unavailable" }],
    [new UnknownError(props("40001")), { _tag: "Unavailable" }],
    [new SqlSyntaxError(props("42P01")), { _tag: "InvalidResponse" }],
    [new SqlSyntaxError(props("42703")), { _tag: "InvalidResponse" }],
    [new UnknownError(props("22P02")), { _tag: "InvalidResponse", detail: "the database failed (SQLSTATE 22P02)" }],
    [new UnknownError(props(undefined)), { _tag: "InvalidResponse", detail: "the database failed" }]
  ])("is understood by its class and SQLSTATE: %#", (error, expected) => {
    const reason = reasonFor(error)
    expect(reason).toMatchObject(expected)
    expect(`${inspect(reason, { depth: 9, showHidden: true })} ${reason.message}`).not.toMatch(/secret|SELECT s|\+380/)
  })

  it.each<[HistoryFilter, boolean]>([
    [ofSpan, true],
    [{ createdAt: { from: 1, to: 2 } }, true],
    [{ ids: [] }, false],
    [{ below: "x" }, false]
  ])("of a query that took too long asks for less, where there is less: %j", (filter, isSpan) => {
    const reason = reasonFor(new StatementTimeoutError(props("57014")), filter)
    expect(reason instanceof TooMuch).toBe(isSpan)
    expect(reason._tag).toBe(isSpan ? "InvalidResponse" : "Unavailable")
  })

  it("of a question to another table that took too long may be asked again", () => {
    const error = new SqlError({ reason: new StatementTimeoutError(props("57014")) })
    expect(reasonOf(error)._tag).toBe("Unavailable")
  })

  it.each([
    ["permission denied for table files", "SELECT on storage.files"],
    ["permission denied for table file_transcript", "SELECT on storage.file_transcript"],
    ["permission denied for table upload_file_jobs", "SELECT on storage.upload_file_jobs"],
    ["permission denied for table cc_calls_history", "SELECT on call_center.cc_calls_history"],
    // In other languages, and with other quotes.
    ["немає доступу для таблиці «wbt_user»", "SELECT on directory.wbt_user"],
    ["permission denied for schema storage", "USAGE on storage"],
    ["permission denied for table my_files_secret", undefined]
  ])("names the relation that may not be read: %s", (message, permission) => {
    const reason = reasonFor(new AuthorizationError(props("42501", message)))
    expect(reason._tag === "Forbidden" && { permission: reason.permission }).toEqual({ permission })
    expect(reason.message).not.toContain("secret")
  })
})
