import * as Either from "fp-ts/lib/Either.js"
import * as t from "io-ts"
import { fork } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { commandFlags } from "./commandFlags.ts"
import { nextMessage } from "./nextMessage.ts"

const SyncReport = t.type({ listed: t.number, seconds: t.number, mebibytes: t.number })
/** What one sync took. */
export type SyncReport = t.TypeOf<typeof SyncReport>

interface Twice {
  readonly first: SyncReport
  readonly again: SyncReport
}

const measured = new Map<number, Promise<Twice>>()

/**
 * A sync of so many recordings into a new archive, and one with nothing new, each in a process of its own. What two
 * benchmarks ask for is measured once.
 */
export const syncTwice = (count: number): Promise<Twice> => {
  const twice = measured.get(count) ?? measure(count)
  measured.set(count, twice)
  return twice
}

const measure = async (count: number): Promise<Twice> => {
  const folder = await mkdtemp(join(tmpdir(), "callreel-growth-"))
  const first = await sync(folder, count)
  const again = await sync(folder, count)
  await rm(folder, { recursive: true })
  return { first, again }
}

const program = new URL("./growthRun.ts", import.meta.url)
const useDist = new URL("./useDist.ts", import.meta.url).href

/** Compiled, with the flags that the command runs with (docs/decisions/0005-memory-of-the-command.md). */
const sync = async (folder: string, count: number): Promise<SyncReport> => {
  const child = fork(program, [folder, String(count)], { execArgv: [...commandFlags, "--import", useDist] })
  const report = SyncReport.decode(await nextMessage(child))
  child.kill()
  if (Either.isLeft(report)) throw new Error("the sync did not end well")
  return report.right
}
