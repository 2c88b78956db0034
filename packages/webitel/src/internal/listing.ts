/** The recordings of calls that began in a window (docs/vendors/webitel.md#listing). */
import type { Reason, TimeWindow } from "@callreel/recording"
import { Effect, Option, Stream } from "effect"
import type { Api } from "./api.ts"
import { rowsBelow, rowsOfSpan, uniqueRows, withRelated } from "./history.ts"
import { instantOf, type OwnedFile, parentOf } from "./map.ts"
import { ownedFiles } from "./ownership.ts"
import type { HistoryCall } from "./wire.ts"
import { firstLength, nextLength } from "./windows.ts"

/** Legs begin while their call runs. Those of calls that run on for longer are asked for call by call. */
const longestReach = 60 * 60_000

/** All audio files of calls whose first leg began in the window, in no order, piece by piece. */
export const listFiles = (
  api: Pick<Api, "history">,
  { from, to }: TimeWindow
): Stream.Stream<ReadonlyArray<OwnedFile>, Reason> =>
  Stream.paginate({ start: from.getTime(), length: firstLength }, ({ length, start }) =>
    Effect.gen(function* () {
      const end = Math.min(to.getTime(), start + length)
      const piece = yield* filesOfCalls(api, start, end)
      const next = { start: end, length: nextLength(length, piece.rows) }
      return [[piece.files], end < to.getTime() ? Option.some(next) : Option.none()] as const
    })
  )

/** The files of calls that began in [start, end): of their legs that began later, too. */
const filesOfCalls = (
  api: Pick<Api, "history">,
  start: number,
  end: number
): Effect.Effect<{ readonly files: ReadonlyArray<OwnedFile>; readonly rows: number }, Reason> =>
  Effect.gen(function* () {
    const begun = yield* rowsOfSpan(api, "createdAt", { from: start, to: end - 1 })
    const rows = uniqueRows([...begun, ...(yield* laterLegs(api, begun, end))])
    const legs = yield* withRelated(api, rows)
    const isInside = ({ root }: OwnedFile): boolean => {
      const at = instantOf(root.created_at)?.getTime()
      return at !== undefined && at >= start && at < end
    }
    return { files: ownedFiles(rows, legs).filter(isInside), rows: rows.length }
  })

/**
 * Legs that began at or after the end of the window, of calls that began before it and ran on: read on for as long as any
 * of the legs found so far lasted, which may have begun others.
 */
const laterLegs = (
  api: Pick<Api, "history">,
  begun: ReadonlyArray<HistoryCall>,
  end: number
): Effect.Effect<ReadonlyArray<HistoryCall>, Reason> =>
  Effect.gen(function* () {
    const ofBegun = new Set(begun.filter((row) => endOf(row) >= end).map(({ id }) => id))
    const later: Array<HistoryCall> = []
    let read = end - 1
    let last = lastEnd(begun)
    while (read < Math.min(last, end + longestReach)) {
      const to = Math.min(last, end + longestReach)
      const found = yield* rowsOfSpan(api, "createdAt", { from: read + 1, to })
      // In the order of their beginning, so that a parent is known before its children.
      for (const row of found.toSorted(byBeginning)) {
        if (!ofBegun.has(parentOf(row) ?? "")) continue
        ofBegun.add(row.id)
        later.push(row)
      }
      read = to
      last = Math.max(last, lastEnd(later))
    }
    // What began beyond the reach is below a leg that ran on beyond it, of which the uppermost is enough.
    const long = new Map(
      [...begun, ...later].flatMap((row) => (endOf(row) > end + longestReach ? [[row.id, row]] : []))
    )
    const uppermost = [...long.values()].filter((row) => !long.has(parentOf(row) ?? ""))
    const far = yield* Effect.forEach(uppermost, ({ id }) => rowsBelow(api, id))
    return [...later, ...far.flat()]
  })

const lastEnd = (rows: ReadonlyArray<HistoryCall>): number => rows.reduce((last, row) => Math.max(last, endOf(row)), 0)

const byBeginning = (left: HistoryCall, right: HistoryCall): number => beginOf(left) - beginOf(right)

const beginOf = (row: HistoryCall): number => instantOf(row.created_at)?.getTime() ?? 0

const endOf = (row: HistoryCall): number => instantOf(row.hangup_at)?.getTime() ?? 0
