/**
 * PostgreSQL's errors → Reason, by their SQLSTATE. Pure; the table in databaseErrors.test.ts is the specification. Of an
 * error's text nothing is repeated: it may hold the query and its values.
 */
import { Forbidden, InvalidOptions, InvalidResponse, type Reason, Unauthorized, Unavailable } from "@callreel/recording"
import type { SqlError } from "effect/sql/SqlError"
import type { HistoryFilter } from "./api.ts"
import { TooMuch } from "./errors.ts"

/** What the queries read: the names that an error may be told by. */
const relations = [
  "call_center.cc_calls_history",
  "call_center.cc_queue",
  "storage.files",
  "storage.file_transcript",
  "storage.upload_file_jobs",
  "directory.wbt_user"
]
const schemas = ["call_center", "storage", "directory"]

const canceled = "57014"
const noSuchDatabase = "3D000"

/** Classes of SQLSTATE that mend themselves: connection, transaction, resources, locks, operator, system. */
const passing = /^(?:08|40|53|55|57|58)/

/** Why a question failed. One about a span of the history that took too long is `TooMuch`: a shorter one may do. */
export const reasonOf = ({ reason }: SqlError, filter?: HistoryFilter): Reason => {
  const state = textAt(reason.cause, "code")
  if (reason._tag === "StatementTimeoutError" || state === canceled) return tookTooLong(filter)
  if (reason._tag === "AuthenticationError") {
    return new Unauthorized({ detail: "the database refused the user or its password" })
  }
  if (reason._tag === "AuthorizationError") return forbidden(textAt(reason.cause, "message"))
  if (state === noSuchDatabase) {
    return new InvalidOptions({ option: "database.url", detail: "names a database that the server does not have" })
  }
  if (reason._tag === "SqlSyntaxError") {
    return new InvalidResponse({ path: "", detail: "the database lacks tables or columns that Webitel's history has" })
  }
  if (reason._tag === "ConnectionError") return new Unavailable({ detail: "the database could not be reached" })
  if (passing.test(state)) return new Unavailable({ detail: `the database could not answer (SQLSTATE ${state})` })
  return new InvalidResponse({ path: "", detail: `the database failed${state && ` (SQLSTATE ${state})`}` })
}

const tookTooLong = (filter: HistoryFilter | undefined): Reason =>
  filter !== undefined && ("createdAt" in filter || "storedAt" in filter)
    ? new TooMuch()
    : new Unavailable({ detail: "the database did not answer within its time" })

/** The message names the table or schema, in any language; only a name that is known here is told. */
const forbidden = (message: string): Forbidden => {
  const relation = relations.find((name) => hasWord(message, name.slice(name.indexOf(".") + 1)))
  const name = relation ?? schemas.find((schema) => hasWord(message, schema))
  return new Forbidden({
    ...(name && { permission: relation === undefined ? `USAGE on ${name}` : `SELECT on ${name}` }),
    detail: "the database user may not read what the history is made of"
  })
}

const hasWord = (text: string, word: string): boolean => new RegExp(`(?<!\\w)${word}(?!\\w)`).test(text)

const textAt = (value: unknown, key: string): string => {
  if (typeof value !== "object" || value === null) return ""
  const text: unknown = Reflect.get(value, key)
  return typeof text === "string" ? text : ""
}
