/** Runs in processes of their own that are killed at chosen moments; the next one is ready when one dies. */
import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import type { KilledSyncOptions } from "./killedSync.ts"

export interface KilledRuns {
  /** Begins a run and kills it at a moment; true where it was still running. */
  readonly killAt: (options: KilledSyncOptions, moment: () => Promise<unknown>) => Promise<boolean>
  /** A run to its end; gives what it says, as JSON. */
  readonly finish: (options: KilledSyncOptions) => Promise<unknown>
  readonly close: () => Promise<void>
}

interface Prepared {
  readonly child: ChildProcess
  readonly ready: Promise<unknown>
}

/** `cache` is a folder for what Node makes of the sources once. */
export const startKilledRuns = (cache: string, environment: Readonly<Record<string, string>>): KilledRuns => {
  const prepare = (): Prepared => {
    const child = fork(join(import.meta.dirname, "killedSync.ts"), {
      execArgv: [],
      env: { ...process.env, ...environment, NODE_COMPILE_CACHE: cache },
      stdio: ["ignore", "ignore", "inherit", "ipc"]
    })
    return { child, ready: once(child, "message") }
  }
  let next = prepare()
  const begin = async (options: KilledSyncOptions): Promise<ChildProcess> => {
    const { child, ready } = next
    await ready
    next = prepare()
    child.send(options)
    return child
  }
  return {
    killAt: async (options, moment) => {
      const child = await begin(options)
      const exit = once(child, "exit")
      await Promise.race([exit, moment()])
      child.kill("SIGKILL")
      await exit
      return child.signalCode === "SIGKILL"
    },
    finish: async (options) => {
      const child = await begin(options)
      const [result]: Array<unknown> = await once(child, "message")
      await once(child, "exit")
      return result
    },
    close: async () => {
      await next.ready
      next.child.kill("SIGKILL")
      await once(next.child, "exit")
    }
  }
}
