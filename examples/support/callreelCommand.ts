/** The command as people run it: another process, in the working folder. */
import { type ChildProcess, spawn, type StdioOptions } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"

/** What `node_modules/.bin/callreel` starts. Started directly, it is one process on every system, which can be killed. */
const program = fileURLToPath(import.meta.resolve("callreel/package.json")).replace(/package\.json$/, "src/main.ts")

/** The command with the secrets that its configuration names. */
export interface CallreelCommand {
  /** Starts it, and shows it and all that it says. */
  readonly start: (...parameters: ReadonlyArray<string>) => ChildProcess
  /** Runs it to its end, and shows it; fails where its exit code is not 0. */
  readonly run: (...parameters: ReadonlyArray<string>) => Promise<void>
  /** Runs it without showing it; gives what it printed. */
  readonly read: (...parameters: ReadonlyArray<string>) => Promise<string>
}

export const callreelCommand = (env: Readonly<Record<string, string>>): CallreelCommand => {
  const spawned = (parameters: ReadonlyArray<string>, stdio: StdioOptions): ChildProcess =>
    spawn(process.execPath, [program, ...parameters], { stdio, env: { ...process.env, ...env } })
  const start = (...parameters: ReadonlyArray<string>): ChildProcess => {
    console.log(`\n$ callreel ${parameters.join(" ")}`)
    return spawned(parameters, ["ignore", "inherit", "inherit"])
  }
  return {
    start,
    run: (...parameters) => succeeded(start(...parameters), parameters),
    read: async (...parameters) => {
      const child = spawned(parameters, ["ignore", "pipe", "ignore"])
      const pieces: Array<Buffer> = []
      child.stdout?.on("data", (piece: Buffer) => pieces.push(piece))
      await succeeded(child, parameters)
      return Buffer.concat(pieces).toString("utf8")
    }
  }
}

const succeeded = async (child: ChildProcess, parameters: ReadonlyArray<string>): Promise<void> => {
  await once(child, "close")
  if (child.exitCode !== 0) {
    throw new Error(`callreel ${parameters.join(" ")}: exit code ${child.exitCode ?? child.signalCode}`)
  }
}
