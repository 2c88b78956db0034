/** The recordings of calls that began in a window and have a number (docs/vendors/webitel.md#listing). */
import type { CountryCode, Reason, TimeWindow } from "@callreel/recording"
import { Effect, Option, Stream } from "effect"
import type { Api, Span } from "./api.ts"
import { TooMuch } from "./errors.ts"
import { pageSize, rowsBelow, rowsOfIds, rowsWithNumber, uniqueRows, withRelated } from "./history.ts"
import { listFiles } from "./listing.ts"
import { type OwnedFile, parentOf } from "./map.ts"
import { hasNumber, numberPattern } from "./numberPattern.ts"
import { ownedFiles, topOf } from "./ownership.ts"
import type { HistoryCall } from "./wire.ts"
import { nextLength } from "./windows.ts"

type History = Pick<Api, "history">

const week = 7 * 24 * 60 * 60_000

/** Most numbers have few calls: a window grows to weeks while its legs come in one answer. */
const firstLength = week
const longest = 4 * week

/** Trees of legs that are asked for at a time. */
const treesAtATime = 4

/** Calls that are asked for one by one, however few legs there are around them. */
const fewCalls = 50

/** Legs that one request gives, of those that it takes to read a window whole: its pages, and what is around them. */
const legsPerRequest = 200

/**
 * All audio files of calls that have the number and whose first leg began in the window, in no order, piece by piece.
 *
 * A call's numbers are those of its first leg, and its window is the one in which that leg began: the first legs are among
 * the legs that began in the window and have the number.
 */
export const listFilesOfNumber = (
  api: History,
  { from, to }: TimeWindow,
  number: string,
  region?: CountryCode
): Stream.Stream<ReadonlyArray<OwnedFile>, Reason> => {
  const pattern = numberPattern(number, region)
  return Stream.paginate({ start: from.getTime(), length: firstLength }, ({ length, start }) =>
    Effect.gen(function* () {
      const end = Math.min(to.getTime(), start + length)
      const span = { from: start, to: end - 1 }
      const rows = yield* rowsWithNumber(api, span, pattern)
      const matching = rows.filter((row) => hasNumber(row, number, region))
      const files = yield* filesOfCalls(api, span, yield* firstLegs(api, matching))
      const next = {
        start: end,
        length: rows.length < pageSize ? Math.min(4 * length, longest) : nextLength(length, rows.length)
      }
      return [[files], end < to.getTime() ? Option.some(next) : Option.none()] as const
    })
  )
}

/** Those of the legs that have no parent which the history has. */
const firstLegs = (api: History, rows: ReadonlyArray<HistoryCall>): Effect.Effect<ReadonlyArray<HistoryCall>, Reason> =>
  Effect.gen(function* () {
    const known = new Set(rows.map(({ id }) => id))
    const parents = new Set(rows.map((row) => parentOf(row) ?? "").filter((id) => id !== "" && !known.has(id)))
    const legs = new Map([...rows, ...(yield* rowsOfIds(api, parents))].map((row) => [row.id, row]))
    return rows.filter((row) => topOf(row, legs).id === row.id)
  })

/** The files of calls that began in the span, by their first legs. */
const filesOfCalls = (
  api: History,
  span: Span,
  roots: ReadonlyArray<HistoryCall>
): Effect.Effect<ReadonlyArray<OwnedFile>, Reason> =>
  Effect.gen(function* () {
    const ids = new Set(roots.map(({ id }) => id))
    const files = (yield* isReadFasterWhole(api, span, roots.length))
      ? (yield* Stream.runCollect(listFiles(api, { from: new Date(span.from), to: new Date(span.to + 1) }))).flat()
      : yield* filesOfTrees(api, roots)
    return files.filter(({ root }) => ids.has(root.id))
  })

const filesOfTrees = (
  api: History,
  roots: ReadonlyArray<HistoryCall>
): Effect.Effect<ReadonlyArray<OwnedFile>, Reason> =>
  Effect.gen(function* () {
    const below = yield* Effect.forEach(roots, ({ id }) => rowsBelow(api, id), { concurrency: treesAtATime })
    const rows = uniqueRows([...roots, ...below.flat()])
    return ownedFiles(rows, yield* withRelated(api, rows))
  })

/**
 * Whether a number has so many of the calls, as one of the domain's own may, that reading all the legs takes fewer requests
 * than reading these calls one by one. There is no count of rows: the one row is asked for which only a longer window has.
 */
const isReadFasterWhole = (api: History, span: Span, calls: number): Effect.Effect<boolean, Reason> =>
  calls <= fewCalls
    ? Effect.succeed(false)
    : api.history({ filter: { createdAt: span }, page: calls * legsPerRequest + 1, size: 1 }).pipe(
        Effect.map(({ items }) => (items ?? []).length === 0),
        Effect.catchIf(
          (reason) => reason instanceof TooMuch,
          () => Effect.succeed(false)
        )
      )
