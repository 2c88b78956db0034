/** Which rows a query means, so that each is answered from the index in its order. */
import type { SqlClient } from "effect/sql/SqlClient"
import type { Fragment } from "effect/sql/Statement"
import type { DueQuery, EntryQuery } from "../../Ledger.ts"
import { unknownInstant } from "./columns.ts"
import type { ReadRow } from "./rows.ts"
import { storedText } from "./text.ts"

/** Order of what is to be fetched. */
export const dueOrder = ["expires_at", "started_at", "id"] as const

/** Order of lists: of one source, and of all. */
export const entryOrder = ({ source }: EntryQuery) =>
  source === undefined ? (["started_at", "source", "id"] as const) : (["started_at", "id"] as const)

/** The conditions of a list. The state is no part of its index: what comes out of `||` keeps databases from others. */
export const entryConditions = (sql: SqlClient, { from, source, states, to }: EntryQuery): ReadonlyArray<Fragment> => [
  ...sourceCondition(sql, source),
  ...windowConditions(sql, sql`started_at`, from, to),
  ...(states === undefined ? [] : [sql`(state || '') IN ${sql.in(states)}`])
]

/** The conditions of what is to be fetched. What comes out of `+` keeps databases from the index of lists by time. */
export const dueConditions = (
  sql: SqlClient,
  { from, now, reason, source, state, to }: DueQuery
): ReadonlyArray<Fragment> => [
  sql`state = ${state}`,
  ...sourceCondition(sql, source),
  ...windowConditions(sql, sql`(started_at + 0)`, from, to),
  ...(reason === undefined ? [] : [sql`reason = ${storedText(reason)}`]),
  sql`(retry_at IS NULL OR retry_at <= ${now.getTime()})`
]

/** A row's place in these orders. */
export type Place = Pick<ReadRow, (typeof dueOrder)[number] | ReturnType<typeof entryOrder>[number]>

/** The condition that a row comes behind another in the order of these columns. */
export const behind = <C extends keyof Place>(
  sql: SqlClient,
  columns: ReadonlyArray<C>,
  row: Pick<Place, C>
): Fragment => {
  const values = sql.csv(columns.map((column) => sql`${row[column]}`))
  return sql`(${sql.literal(columns.join(", "))}) > (${values})`
}

const sourceCondition = (sql: SqlClient, source: string | undefined): ReadonlyArray<Fragment> =>
  source === undefined ? [] : [sql`source = ${storedText(source)}`]

/** What has no start is in no window. */
const windowConditions = (
  sql: SqlClient,
  startedAt: Fragment,
  from: Date | undefined,
  to: Date | undefined
): ReadonlyArray<Fragment> =>
  from === undefined && to === undefined
    ? []
    : [
        ...(from === undefined ? [] : [sql`${startedAt} >= ${from.getTime()}`]),
        sql`${startedAt} < ${to?.getTime() ?? unknownInstant}`
      ]
