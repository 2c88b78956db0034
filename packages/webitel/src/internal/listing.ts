/** The recordings of calls that began in a window (docs/vendors/webitel.md#listing). */
import type { Reason, TimeWindow } from "@callreel/recording"
import { Effect, Option, Stream } from "effect"
import type { Api } from "./api.ts"
import { isRoot, rowsBelow, rowsOfSpan, uniqueRows, withParents } from "./history.ts"
import { instantOf, type OwnedFile } from "./map.ts"
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
    const legs = yield* withParents(api, rows)
    const isInside = ({ root }: OwnedFile): boolean => {
      const at = instantOf(root.created_at)?.getTime()
      return at !== undefined && at >= start && at < end
    }
    return { files: ownedFiles(rows, legs).filter(isInside), rows: rows.length }
  })

/** Legs that began at or after the end of the window, of calls that began before it and ran on. */
const laterLegs = (
  api: Pick<Api, "history">,
  begun: ReadonlyArray<HistoryCall>,
  end: number
): Effect.Effect<ReadonlyArray<HistoryCall>, Reason> =>
  Effect.gen(function* () {
    const running = begun.filter((row) => endOf(row) >= end)
    if (running.length === 0) return []
    const last = Math.max(...running.map(endOf))
    const near = yield* rowsOfSpan(api, "createdAt", { from: end, to: Math.min(last, end + longestReach) })
    const long = running.filter((row) => isRoot(row) && endOf(row) > end + longestReach)
    const far = yield* Effect.forEach(long, ({ id }) => rowsBelow(api, id))
    return [...near, ...far.flat()]
  })

const endOf = (row: HistoryCall): number => instantOf(row.hangup_at)?.getTime() ?? 0
