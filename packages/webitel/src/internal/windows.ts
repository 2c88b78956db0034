/** How long a window to ask for next, from how full the last one was. Pure. */

const minute = 60_000

/** Rows that a window should hold: few enough for the vendor's ten seconds, and for memory. */
const wantedRows = 2_000

const shortest = 1000
const longest = 7 * 24 * 60 * minute

/** The length to begin with. */
export const firstLength = 60 * minute

/** At most fourfold, as calls come in bursts. */
export const nextLength = (length: number, rows: number): number => {
  const factor = Math.min(4, Math.max(1 / 8, wantedRows / Math.max(rows, 1)))
  return Math.round(Math.min(longest, Math.max(shortest, length * factor)))
}
