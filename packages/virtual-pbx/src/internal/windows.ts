/** Which windows the platform takes. Pure. */
import type { TimeWindow } from "@callreel/recording"

const second = 1000
const day = 86_400 * second

/** Midnight at which the last day of the month following `start` begins: no request may end later. */
const latestEnd = (start: Date): number => Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 2, 1) - day

/**
 * Splits [from, to) into the fewest slices that the platform lists in one request each, oldest first, also when each is
 * asked for wider by the margins (docs/vendors/virtual-pbx.md#windows).
 */
export const slices = (
  window: TimeWindow,
  margin: { readonly before: number; readonly after: number } = { before: 0, after: 0 }
): ReadonlyArray<TimeWindow> => {
  const result: Array<TimeWindow> = []
  let from = window.from.getTime()
  while (from < window.to.getTime()) {
    const to = Math.min(window.to.getTime(), latestEnd(new Date(from - margin.before)) - margin.after)
    result.push({ from: new Date(from), to: new Date(to) })
    from = to
  }
  return result
}
