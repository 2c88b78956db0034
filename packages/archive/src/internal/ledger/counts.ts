/** Sums of states, as the ledger groups them. Pure. */
import type { State } from "../../Entry.ts"
import type { Counts } from "../../Ledger.ts"
import type { ReadNumber } from "./columns.ts"
import { textOf } from "./text.ts"

/** Entries of one state and reason. */
export interface CountRow {
  readonly state: State
  readonly reason: string | null
  readonly entries: ReadNumber
  readonly bytes: ReadNumber | null
  readonly suspect: ReadNumber
}

/** The counts of all groups. Tombstones are counted apart: they are listed no more. */
export const countsOf = (rows: ReadonlyArray<CountRow>): Counts => {
  const of = (state: State): number =>
    sumOf(rows.filter((row) => row.state === state).map(({ entries }) => Number(entries)))
  const archived = of("archived")
  const pending = of("pending")
  const failed = of("failed")
  return {
    listed: archived + pending + failed + of("unavailable"),
    archived,
    unavailable: byReason(
      rows.flatMap(({ entries, reason, state }) =>
        state === "unavailable" ? [[textOf(reason ?? "absent"), Number(entries)] as const] : []
      )
    ),
    pending,
    failed,
    erased: of("erased"),
    suspect: sumOf(rows.map(({ suspect }) => Number(suspect))),
    bytes: sumOf(rows.map(({ bytes }) => Number(bytes ?? 0)))
  }
}

/** Counts of several queries together. */
export const addCounts = (all: ReadonlyArray<Counts>): Counts => {
  const of = (key: Exclude<keyof Counts, "unavailable">): number => sumOf(all.map((counts) => counts[key]))
  return {
    listed: of("listed"),
    archived: of("archived"),
    unavailable: byReason(all.flatMap(({ unavailable }) => Object.entries(unavailable))),
    pending: of("pending"),
    failed: of("failed"),
    erased: of("erased"),
    suspect: of("suspect"),
    bytes: of("bytes")
  }
}

/** Sums by reason, in the reasons' order. */
const byReason = (entries: ReadonlyArray<readonly [reason: string, entries: number]>): Counts["unavailable"] => {
  const sums = new Map<string, number>()
  for (const [reason, number] of entries) sums.set(reason, (sums.get(reason) ?? 0) + number)
  return Object.fromEntries([...sums].toSorted(([left], [right]) => (left < right ? -1 : 1)))
}

const sumOf = (numbers: ReadonlyArray<number>): number => numbers.reduce((sum, number) => sum + number, 0)
