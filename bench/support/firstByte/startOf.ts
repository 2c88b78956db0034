import { spawn } from "node:child_process"
import { readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { performance } from "node:perf_hooks"

/** What passed since a program was started, in milliseconds. */
export interface Start {
  /** The process ended. */
  readonly end: number
  /** A file of the watched folder had its first byte; undefined where that was never seen. */
  readonly firstByte?: number
  /** When it was started, in milliseconds since 1970. */
  readonly startedAt: number
}

/** How a program is started. */
export interface Command {
  readonly program: string
  readonly parameters: ReadonlyArray<string>
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** A folder, empty at first, into which it writes a file. */
  readonly watched?: string
}

/** Runs a program to its end. */
export const startOf = async ({ cwd, env, parameters, program, watched }: Command): Promise<Start> => {
  const started = performance.now()
  const child = spawn(program, [...parameters], {
    cwd,
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, ...env }
  })
  let firstByte: number | undefined
  const look =
    watched === undefined
      ? undefined
      : setInterval(() => {
          if (firstByte === undefined && hasBytes(watched)) firstByte = performance.now() - started
        }, 1)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject)
    child.once("exit", resolve)
  })
  const end = performance.now() - started
  clearInterval(look)
  if (code !== 0) throw new Error(`${program} ${parameters.join(" ")} ended with ${String(code)}`)
  return { end, startedAt: performance.timeOrigin + started, ...(firstByte !== undefined && { firstByte }) }
}

/** Under whatever name the program writes first. */
const hasBytes = (folder: string): boolean =>
  readdirSync(folder).some((name) => {
    try {
      return statSync(join(folder, name)).size > 0
    } catch {
      // It has just been renamed.
      return false
    }
  })
