import * as Either from "fp-ts/lib/Either.js"
import { fork } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { nextMessage } from "./support/nextMessage.ts"
import { Report } from "./support/streams/report.ts"
import { median, type Outcome } from "./support/table.ts"

/** Whose pipeline. */
const contenders = { ours: "callreel, streams", plain: "plain async generators" } as const
type Who = keyof typeof contenders

const ends = { counted: "counted", stored: "into a ledger, 500 at a time" } as const
type End = keyof typeof ends

/**
 * Recordings of two sources through list, filter and merge, and into a ledger: our streams, and plain async generators over
 * the same pages with the same writes, in turn; medians of the rounds. Aim: at most 2 × the generators.
 */
export const streams = async ({ quick }: { readonly quick: boolean }): Promise<Outcome> => {
  const count = quick ? 5_000 : 100_000
  const runs: Record<Who, Array<Report>> = { ours: [], plain: [] }
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    runs.plain.push(await run("plain", count))
    runs.ours.push(await run("ours", count))
  }
  return { tables: [table(count, runs)], data: runs, broken: broken(runs) }
}

/** In a process of its own, our packages compiled. */
const run = async (who: Who, count: number): Promise<Report> => {
  const folder = await mkdtemp(join(tmpdir(), "callreel-streams-"))
  try {
    const child = fork(new URL("./support/streams/run.ts", import.meta.url), [who, folder, String(count)], {
      execArgv: ["--import", new URL("./support/useDist.ts", import.meta.url).href]
    })
    const report = Report.decode(await nextMessage(child))
    if (child.exitCode === null) await once(child, "exit")
    if (Either.isLeft(report)) throw new Error(`the pipeline of ${who} did not end well`)
    return report.right
  } finally {
    await rm(folder, { recursive: true })
  }
}

const table = (count: number, runs: Readonly<Record<Who, ReadonlyArray<Report>>>): Outcome["tables"][number] => {
  const middle = (who: Who, end: End, key: "seconds" | "cpuSeconds"): number =>
    median(runs[who].map((report) => report[end][key]))
  return {
    title: `${count.toLocaleString("en")} recordings of two sources: list, filter, merge`,
    columns: ["to what end", "who", "seconds", "µs each", "processor seconds", `of ${contenders.plain}`],
    rows: (["counted", "stored"] as const).flatMap((end) =>
      (["plain", "ours"] as const).map((who) => {
        const seconds = middle(who, end, "seconds")
        return [
          ends[end],
          contenders[who],
          seconds.toFixed(2),
          ((seconds * 1e6) / count).toFixed(2),
          middle(who, end, "cpuSeconds").toFixed(2),
          `${(seconds / middle("plain", end, "seconds")).toFixed(2)} ×`
        ]
      })
    )
  }
}

/** All must have seen the same recordings. */
const broken = (runs: Readonly<Record<Who, ReadonlyArray<Report>>>): ReadonlyArray<string> => {
  const numbers = new Set(
    [...runs.ours, ...runs.plain].flatMap(({ counted, stored }) => [counted.recordings, stored.recordings])
  )
  return numbers.size === 1 ? [] : [`streams: the pipelines gave ${[...numbers].join(", ")} recordings`]
}
