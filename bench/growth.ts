import * as Either from "fp-ts/lib/Either.js"
import * as t from "io-ts"
import { fork } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Row } from "./support/table.ts"

const Report = t.type({ listed: t.number, seconds: t.number, mebibytes: t.number })
type Report = t.TypeOf<typeof Report>

/**
 * What a sync costs as the archive grows: metadata only. Aims: time per recording grows by at most a fifth from the smallest
 * to the largest; a run with nothing new takes at most 3 s more than in an empty archive; under 300 MiB.
 */
export const growth = async ({ quick }: { readonly quick: boolean }): Promise<ReadonlyArray<Row>> => {
  const sizes = quick ? [2_000, 10_000] : [10_000, 100_000, 200_000, 1_000_000]
  const { again: empty } = await runTwice(0)
  const rows: Array<Row> = []
  let smallest: number | undefined
  for (const size of sizes) {
    const { again, first } = await runTwice(size)
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

/** A sync into a new archive, and one with nothing new, each in a process of its own. */
const runTwice = async (count: number): Promise<{ readonly first: Report; readonly again: Report }> => {
  const folder = await mkdtemp(join(tmpdir(), "callreel-growth-"))
  const first = await run(folder, count)
  const again = await run(folder, count)
  await rm(folder, { recursive: true })
  return { first, again }
}

/** With the flag that the command runs with (docs/decisions/0005-memory-of-the-command.md). */
const run = async (folder: string, count: number): Promise<Report> => {
  const child = fork(new URL("./support/growthRun.ts", import.meta.url), [folder, String(count)], {
    execArgv: ["--optimize-for-size"]
  })
  const answer: ReadonlyArray<unknown> = await once(child, "message")
  child.kill()
  const report = Report.decode(answer[0])
  if (Either.isLeft(report)) throw new Error("the sync did not end well")
  return report.right
}
