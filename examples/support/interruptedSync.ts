/** A run of `callreel sync` that is killed on its way, and how far runs are where no terminal shows it. */
import type { ChildProcess } from "node:child_process"
import { once } from "node:events"
import { setTimeout as sleep } from "node:timers/promises"
import { Schema } from "effect"
import { countAudio, filesIn } from "./archivedFiles.ts"
import type { CallreelCommand } from "./callreelCommand.ts"

const Counts = {
  listed: Schema.Int,
  archived: Schema.Int,
  unavailable: Schema.Record(Schema.String, Schema.Int),
  pending: Schema.Int,
  failed: Schema.Int,
  bytes: Schema.Int
}

/** What `callreel status --json` prints. */
export const Status = Schema.fromJsonString(
  Schema.Struct({
    ...Counts,
    sources: Schema.Array(Schema.Struct({ ...Counts, source: Schema.String, proof: Schema.optionalKey(Schema.String) }))
  })
)

/** Seconds after which a run that has not come far enough is taken for one that hangs. */
const patience = 90

/** Milliseconds between two tellings. */
const pause = 4000

/**
 * Kills a run as nobody could expect it, as soon as every source has something in the archive and all of them so many audio
 * files. Gives how many files stood half-way then. Fails where the run ends before.
 */
export const killWhen = async (run: ChildProcess, archive: string, audioFiles: number): Promise<number> => {
  const closed = once(run, "close")
  const isFarEnough = (): boolean => {
    const counts = [...countAudio(archive).values()]
    return counts.length === 3 && counts.reduce((sum, count) => sum + count, 0) >= audioFiles
  }
  for (let tenths = 0; !isFarEnough(); tenths += 1) {
    if (run.exitCode !== null) throw new Error("the run ended before it could be killed")
    if (tenths > patience * 10) run.kill()
    if (tenths > patience * 10) throw new Error(`the run did not archive ${audioFiles} files within ${patience} s`)
    await sleep(100)
  }
  run.kill("SIGKILL")
  await closed
  return filesIn(`${archive}/.callreel/partial`).length
}

/**
 * Does a piece of work while telling how far each source is, every few seconds; a terminal's display does so by itself, all
 * the time.
 */
export const followed = async <A>(command: CallreelCommand, work: () => Promise<A>): Promise<A> => {
  const over = new AbortController()
  const telling = process.stderr.isTTY ? undefined : tell(command, over.signal)
  try {
    return await work()
  } finally {
    over.abort()
    await telling
  }
}

const tell = async (command: CallreelCommand, over: AbortSignal): Promise<void> => {
  for (;;) {
    await sleep(pause, undefined, { signal: over }).catch(() => undefined)
    if (over.aborted) return
    // A run that is just beginning may have no ledger yet.
    const text = await command.read("status", "--json").catch(() => undefined)
    if (text === undefined || over.aborted) continue
    for (const { archived, listed, pending, source } of Schema.decodeUnknownSync(Status)(text).sources) {
      console.log(`${source}: ${listed} listed, ${archived} archived, ${pending} to come`)
    }
  }
}
