/**
 * Reading the call history completely (docs/vendors/webitel.md#paging). Its pages hold only inside a window that is closed,
 * and only in the order of ids; a window that is too much for one query is halved.
 */
import { InvalidResponse, type Reason, Unavailable } from "@callreel/recording"
import { Effect } from "effect"
import type { Api, HistoryFilter, Span } from "./api.ts"
import { TooMuch } from "./errors.ts"
import { type Legs, missingLegs } from "./ownership.ts"
import type { HistoryCall } from "./wire.ts"

/** Rows of one answer: some dozen kilobytes each at worst, of sixteen megabytes that an answer may have. */
export const pageSize = 500

/** Ids of one question. */
const mostIds = 200

type History = Pick<Api, "history">
type Rows = Effect.Effect<ReadonlyArray<HistoryCall>, Reason>

/** The rows of a span of time, each once, by the time that is named. */
export const rowsOfSpan = (api: History, key: "createdAt" | "storedAt", span: Span): Rows =>
  readSpan(api, span, (part) => (key === "createdAt" ? { createdAt: part } : { storedAt: part }))

/** The rows of a span of time of legs that have a number, by an expression for it, and of some that have not. */
export const rowsWithNumber = (api: History, span: Span, number: string): Rows =>
  readSpan(api, span, (createdAt) => ({ createdAt, number }))

const readSpan = (api: History, span: Span, filterOf: (part: Span) => HistoryFilter): Rows =>
  readAll(api, filterOf(span), pageSize).pipe(
    Effect.catchIf(
      (reason) => reason instanceof TooMuch && isDivisible(span),
      () => {
        const middle = Math.floor((span.from + span.to) / 2)
        return Effect.map(
          Effect.all([
            readSpan(api, { from: span.from, to: middle }, filterOf),
            readSpan(api, { from: middle, to: span.to }, filterOf)
          ]),
          ([left, right]) => uniqueRows([...left, ...right])
        )
      }
    )
  )

/**
 * Times are kept in microseconds and asked for in milliseconds: halves share their border, and what lies between two
 * neighbouring milliseconds is found only by asking for both.
 */
const isDivisible = ({ from, to }: Span): boolean => to - from > 1

/** All pages of a filter, with smaller pages where an answer would be too long. */
const readAll = (api: History, filter: HistoryFilter, size: number): Rows =>
  Effect.gen(function* () {
    const rows: Array<HistoryCall> = []
    for (let page = 1; ; page += 1) {
      const { items, next } = yield* api.history({ filter, page, size })
      rows.push(...(items ?? []))
      if (next !== true) return uniqueRows(rows)
      if ((items ?? []).length === 0) {
        return yield* new InvalidResponse({ path: "items", detail: "are none, although there are more" })
      }
    }
  }).pipe(
    Effect.catchIf(
      (reason) => reason instanceof TooMuch,
      (reason) => {
        const span = "createdAt" in filter ? filter.createdAt : "storedAt" in filter ? filter.storedAt : undefined
        // A span of time is halved first, by the caller.
        if (span !== undefined && isDivisible(span)) return Effect.fail(reason)
        return size > 1 ? readAll(api, filter, Math.floor(size / 4) || 1) : Effect.fail(notAnswering())
      }
    )
  )

const notAnswering = () => new Unavailable({ detail: "the call history cannot answer, however little is asked for" })

/** The rows of these legs; those that the history does not have are left out. */
export const rowsOfIds = (api: History, ids: Iterable<string>): Rows =>
  Effect.map(
    Effect.forEach(chunksOf([...ids]), (chunk) => readAll(api, { ids: chunk }, pageSize)),
    (chunks) => uniqueRows(chunks.flat())
  )

/** The legs below one, at any depth. */
export const rowsBelow = (api: History, id: string): Rows => readAll(api, { below: id }, pageSize)

/** The rows with all the legs that they refer to, as far as the history has them. */
export const withRelated = (api: History, rows: Iterable<HistoryCall>): Effect.Effect<Legs, Reason> =>
  Effect.gen(function* () {
    const legs = new Map([...rows].map((row) => [row.id, row]))
    const asked = new Set<string>()
    for (;;) {
      const missing = [...missingLegs([...legs.values()], legs)].filter((id) => !asked.has(id))
      if (missing.length === 0) return legs
      for (const id of missing) asked.add(id)
      for (const row of yield* rowsOfIds(api, missing)) legs.set(row.id, row)
    }
  })

/** Each leg once: rows come again where windows meet, and where the vendor repeats itself. */
export const uniqueRows = (rows: ReadonlyArray<HistoryCall>): ReadonlyArray<HistoryCall> => [
  ...new Map(rows.map((row) => [row.id, row])).values()
]

const chunksOf = (ids: ReadonlyArray<string>): ReadonlyArray<ReadonlyArray<string>> =>
  Array.from({ length: Math.ceil(ids.length / mostIds) }, (_, index) =>
    ids.slice(index * mostIds, (index + 1) * mostIds)
  )
