/** Keys by the day on which their call began. Pure. */
import type { DayOfKeys } from "../../Ledger.ts"
import { dateOf, type ReadNumber } from "./columns.ts"
import { textOf } from "./text.ts"

/** A key as it is read, in the order of starts. */
export interface KeyRow {
  readonly started_at: ReadNumber
  readonly source: string
  readonly id: string
}

const dayLength = 24 * 60 * 60 * 1000

/** Days that are complete, and the one that may go on with the next rows; `open` is where the rows before left off. */
export const byDay = (
  open: DayOfKeys | undefined,
  rows: ReadonlyArray<KeyRow>
): { readonly complete: ReadonlyArray<DayOfKeys>; readonly open: DayOfKeys | undefined } => {
  const days: Array<{ readonly day: Date | undefined; readonly ids: Array<string> }> =
    open === undefined ? [] : [{ day: open.day, ids: [...open.ids] }]
  for (const row of rows) {
    const day = dayOf(row.started_at)
    const last = days.at(-1)
    const id = textOf(row.id)
    if (last !== undefined && last.day?.getTime() === day?.getTime()) last.ids.push(id)
    else days.push({ day, ids: [id] })
  }
  const all = days.map(({ day, ids }): DayOfKeys => ({ ids, ...(day && { day }) }))
  return { complete: all.slice(0, -1), open: all.at(-1) }
}

const dayOf = (startedAt: ReadNumber): Date | undefined => {
  const at = dateOf(startedAt)
  return at && new Date(Math.floor(at.getTime() / dayLength) * dayLength)
}
