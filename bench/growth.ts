import { syncTwice } from "./support/syncTwice.ts"
import type { Row } from "./support/table.ts"

/**
 * What a sync costs as the archive grows: metadata only. Aims: time per recording grows by at most a fifth from the smallest
 * to the largest; a run with nothing new takes at most 3 s more than in an empty archive; under 300 MiB.
 */
export const growth = async ({ quick }: { readonly quick: boolean }): Promise<ReadonlyArray<Row>> => {
  const sizes = quick ? [2_000] : [10_000, 200_000, 1_000_000]
  const { again: empty } = await syncTwice(0)
  const rows: Array<Row> = []
  let smallest: number | undefined
  for (const size of sizes) {
    const { again, first } = await syncTwice(size)
    const each = first.seconds / size
    smallest ??= each
    rows.push(
      {
        what: `sync of ${size.toLocaleString("en")} recordings, metadata only`,
        measured: `${first.seconds.toFixed(1)} s, ${(each * 1e6).toFixed(0)} µs each, ${first.mebibytes.toFixed(0)} MiB`,
        comparedWith: `${(each / smallest).toFixed(2)} of the smallest one's time each; aim: at most 1.2, memory flat`
      },
      {
        what: `sync with nothing new, ${size.toLocaleString("en")} in the ledger`,
        measured: `${again.seconds.toFixed(2)} s, ${again.mebibytes.toFixed(0)} MiB`,
        comparedWith: `${(again.seconds - empty.seconds).toFixed(2)} s more than with none; aim: under 3 s, 300 MiB`
      }
    )
  }
  return rows
}
