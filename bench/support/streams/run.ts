/** Started by the benchmark of streams: so many recordings through one of the pipelines, once without and once with a ledger. */
import { openLedger } from "@callreel/archive"
import { Effect } from "effect"
import * as ours from "./ours.ts"
import * as plain from "./plain.ts"
import { makePages } from "./recordings.ts"
import type { Report } from "./report.ts"

const [who = "", folder = "", countText = "0"] = process.argv.slice(2)
const pipeline = who === "ours" ? ours : plain
const count = Number(countText)

const timed = async (work: () => Promise<number>): Promise<Report["counted"]> => {
  const begun = performance.now()
  const before = process.cpuUsage()
  const recordings = await work()
  const { system, user } = process.cpuUsage(before)
  return { recordings, seconds: (performance.now() - begun) / 1000, cpuSeconds: (user + system) / 1e6 }
}

const store = (file: string, recordings: number): Promise<Report["stored"]> => {
  const pages = makePages(recordings)
  return openLedger({ file }).pipe(
    Effect.flatMap((ledger) => Effect.promise(() => timed(() => pipeline.store(pages, ledger)))),
    Effect.scoped,
    Effect.runPromise
  )
}

// What is loaded and compiled once belongs to no recording.
await pipeline.count(makePages(5_000))
await store(`${folder}/warm.sqlite`, 2_000)

const pages = makePages(count)
const counted = await timed(() => pipeline.count(pages))
const stored = await store(`${folder}/ledger.sqlite`, count)
process.send?.({ counted, stored } satisfies Report)
