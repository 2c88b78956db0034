import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { contenders, floor } from "./support/files/contenders.ts"
import type { Measured } from "./support/files/measured.ts"
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
 * rounds. Aims: the whole sync at most 1.5 × rclone for small files, the engine alone and larger files at most 1.0 ×.
 */
export const files = async ({ quick }: { readonly quick: boolean }): Promise<Outcome> => {
  const tables: Array<Table> = []
  const data: Record<string, unknown> = {}
  for (const work of works(quick)) {
    const times = await race(work, quick ? 1 : 3)
    const base = median((times.get(floor) ?? []).map(({ seconds }) => seconds))
    tables.push({
      title: `${work.name}: ${work.count.toLocaleString("en")} × ${work.bytes.toLocaleString("en")} bytes, ${concurrency} at a time`,
      columns: ["who", "seconds", "processor seconds", "MiB at most", `of ${floor}`],
      rows: contenders.map(({ missing, name }) => {
        const runs = times.get(name) ?? []
        if (missing !== undefined || runs.length === 0) return [name, missing ?? "did not run", "", "", ""]
        const seconds = median(runs.map((run) => run.seconds))
        return [
          name,
          seconds.toFixed(2),
          median(runs.map(({ cpuSeconds }) => cpuSeconds)).toFixed(2),
          Math.max(...runs.map(({ mebibytes }) => mebibytes)).toFixed(0),
          Number.isFinite(base) ? `${(seconds / base).toFixed(2)} ×` : "unknown"
        ]
      })
    })
    data[work.name] = Object.fromEntries(times)
  }
  return { tables, data, broken: [] }
}

const race = async (work: Work, rounds: number): Promise<ReadonlyMap<string, ReadonlyArray<Measured>>> => {
  const served = await serve(work.count, work.bytes)
  const times = new Map<string, Array<Measured>>()
  try {
    for (let round = 0; round < rounds; round++) {
      for (const { missing, name, run } of contenders) {
        if (missing !== undefined) continue
        const folder = await mkdtemp(join(tmpdir(), "callreel-files-"))
        times.set(name, [...(times.get(name) ?? []), await run(served, join(folder, "files"), concurrency)])
        await rm(folder, { recursive: true, force: true })
      }
    }
  } finally {
    await served.close()
  }
  return times
}
