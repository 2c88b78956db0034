import { join } from "node:path"
import { type Contender, curl, engine, plainFetch, reading, sync } from "./support/files/contenders.ts"
import { leftFolder } from "./support/files/leftFolder.ts"
import { race, type Race } from "./support/files/race.ts"
import { type Delayed, serveDelayed } from "./support/latency/delayed.ts"
import { median, type Outcome, type Table } from "./support/table.ts"

const concurrency = 32
const bytes = 20_000

/** So many files, each of which the server lets wait. */
interface Work {
  readonly count: number
  readonly milliseconds: number
  /** At most so many times the ideal. */
  readonly aim: number
}

const works = (quick: boolean): ReadonlyArray<Work> =>
  quick
    ? [{ count: 64, milliseconds: 100, aim: 1.06 }]
    : [
        { count: 800, milliseconds: 100, aim: 1.06 },
        { count: 2_000, milliseconds: 20, aim: 1.2 }
      ]

/** The first shows what the server itself allows. */
const contenders = [reading, sync, engine, plainFetch, curl]

interface Run {
  /** From the first request at the server to the program's end, in seconds. */
  readonly fromFirstRequest: number
  /** From the program's start. */
  readonly whole: number
  readonly cpuSeconds: number
  /** How long an answer's beginning took, in milliseconds. */
  readonly meanWait: number
}

/**
 * Small files from a server that answers late: everybody in turn, medians of the rounds, beside the ideal, latency × files ÷
 * 32. Aims: the sync, ledger included, at most 1.06 × at 100 ms and 1.20 × at 20 ms.
 */
export const latency = async ({ quick }: { readonly quick: boolean }): Promise<Outcome> => {
  const tables: Array<Table> = []
  const data: Array<unknown> = []
  const broken: Array<string> = []
  for (const work of works(quick)) {
    const served = await serveDelayed(work.count, bytes, work.milliseconds)
    const raced = await race(contenders, quick ? 1 : 3, (contender) => runOnce(contender, served))
    await served.close()
    const ideal = (work.milliseconds / 1000) * (work.count / concurrency)
    tables.push(tableOf(work, ideal, raced))
    data.push({ ...work, ideal, runs: Object.fromEntries(raced.runs) })
    broken.push(...raced.broken)
  }
  return { tables, data, broken }
}

const tableOf = ({ aim, count, milliseconds }: Work, ideal: number, { runs, without }: Race<Run>): Table => ({
  title: `${count.toLocaleString("en")} × ${bytes.toLocaleString("en")} bytes at ${milliseconds} ms, ${concurrency} at a time: ideal ${ideal.toFixed(2)} s, aim ${aim.toFixed(2)} ×`,
  columns: ["who", "from the first request", "÷ ideal", "from the start", "processor seconds", "an answer waited"],
  rows: contenders.map(({ name }) => {
    const own = runs.get(name)
    if (own === undefined) return [name, without.get(name) ?? "did not run", "", "", "", ""]
    const middle = (of: keyof Run): number => median(own.map((run) => run[of]))
    return [
      name,
      `${middle("fromFirstRequest").toFixed(2)} s`,
      (middle("fromFirstRequest") / ideal).toFixed(2),
      `${middle("whole").toFixed(2)} s`,
      middle("cpuSeconds").toFixed(2),
      `${middle("meanWait").toFixed(1)} ms`
    ]
  })
})

const runOnce = async ({ run }: Contender, served: Delayed): Promise<Run> => {
  const folder = await leftFolder("latency")
  const { cpuSeconds, seconds } = await run(served, join(folder, "files"), concurrency)
  const ended = performance.timeOrigin + performance.now()
  const { firstRequest, meanWait } = await served.seen()
  return { fromFirstRequest: (ended - firstRequest) / 1000, whole: seconds, cpuSeconds, meanWait }
}
