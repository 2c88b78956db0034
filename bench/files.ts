import { join } from "node:path"
import { contenders, floor } from "./support/files/contenders.ts"
import { emptyFiles, leftFolder } from "./support/files/leftFolder.ts"
import { race } from "./support/files/race.ts"
import { serve } from "./support/files/served.ts"
import { median, type Outcome, type Table } from "./support/table.ts"

const concurrency = 32

/** So many files of so many bytes. */
interface Work {
  readonly name: string
  readonly count: number
  readonly bytes: number
}

const works = (quick: boolean): ReadonlyArray<Work> =>
  quick
    ? [{ name: "small files", count: 300, bytes: 20_000 }]
    : [
        { name: "small files", count: 5_000, bytes: 20_000 },
        { name: "middle files", count: 500, bytes: 1_000_000 },
        { name: "large files", count: 10, bytes: 50_000_000 }
      ]

/**
 * Files from a server on loopback to disk, hashed, under a temporary name first: ours and others in turn, medians of the
 * rounds, those marked *once* in the first alone. Aims: the whole sync at most 1.5 × rclone for small files, the engine
 * alone and larger files at most 1.0 ×.
 */
export const files = async ({ quick }: { readonly quick: boolean }): Promise<Outcome> => {
  const tables: Array<Table> = []
  const data: Record<string, unknown> = {}
  const broken: Array<string> = []
  for (const work of works(quick)) {
    const served = await serve(work.count, work.bytes)
    const { runs, without, ...raced } = await race(contenders, quick ? 1 : 3, async ({ run }) => {
      const folder = await leftFolder("files")
      const measured = await run(served, join(folder, "files"), concurrency)
      await emptyFiles(folder)
      return measured
    })
    await served.close()
    const base = median((runs.get(floor) ?? []).map(({ seconds }) => seconds))
    tables.push({
      title: `${work.name}: ${work.count.toLocaleString("en")} × ${work.bytes.toLocaleString("en")} bytes from ${served.server}, ${concurrency} at a time`,
      columns: ["who", "seconds", "processor seconds", "MiB at most", `of ${floor}`],
      rows: contenders.map(({ name }) => {
        const own = runs.get(name)
        if (own === undefined) return [name, without.get(name) ?? "did not run", "", "", ""]
        const seconds = median(own.map((run) => run.seconds))
        return [
          name,
          seconds.toFixed(2),
          median(own.map(({ cpuSeconds }) => cpuSeconds)).toFixed(2),
          Math.max(...own.map(({ mebibytes }) => mebibytes)).toFixed(0),
          Number.isFinite(base) ? `${(seconds / base).toFixed(2)} ×` : "unknown"
        ]
      })
    })
    data[work.name] = { ...work, server: served.server, runs: Object.fromEntries(runs) }
    broken.push(...raced.broken)
  }
  return { tables, data, broken }
}
