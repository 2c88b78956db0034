import { spawn } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"

/** What a program took. */
export interface Measured {
  readonly seconds: number
  /** Of all processors, with the programs that it started. */
  readonly cpuSeconds: number
  /** Most that was resident, of the program or one that it started. */
  readonly mebibytes: number
}

/** Clock ticks a second, as Linux tells them to programs. */
const ticks = 100

/** Runs a program to its end and measures it. Of processors and memory only Linux tells, in `/proc`; NaN and 0 elsewhere. */
export const measured = async (
  command: string,
  parameters: ReadonlyArray<string>,
  env: Readonly<Record<string, string>> = {}
): Promise<Measured> => {
  const before = childrenCpu()
  const started = performance.now()
  const child = spawn(command, [...parameters], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...env }
  })
  let complaint = ""
  child.stderr.on("data", (text: Buffer) => (complaint += text.toString()))
  let mebibytes = 0
  const watch = setInterval(() => {
    mebibytes = Math.max(mebibytes, child.pid === undefined ? 0 : peakOf(child.pid))
  }, 25)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject)
    child.once("exit", resolve)
  })
  clearInterval(watch)
  const seconds = (performance.now() - started) / 1000
  if (code !== 0) throw new Error(`${command} ended with ${String(code)}: ${complaint.slice(0, 2000)}`)
  return { seconds, cpuSeconds: childrenCpu() - before, mebibytes }
}

/** Processor seconds of children that ended. */
const childrenCpu = (): number => {
  if (!existsSync("/proc/self/stat")) return Number.NaN
  const text = readFileSync("/proc/self/stat", "utf8")
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ")
  return (Number(fields[13]) + Number(fields[14])) / ticks
}

/** Of a process or of one that it started: a shell's own memory says nothing. */
const peakOf = (pid: number): number => {
  try {
    const own = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean)
    return Math.max(own, ...children.map((child) => peakOf(Number(child))))
  } catch {
    return 0
  }
}
