import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { SourceSettings } from "./simulatorProcess.ts"

/** What one run of the command took. */
export interface CommandReport {
  readonly mebibytes: number
  readonly seconds: number
  /** Lines on stdout. */
  readonly lines: number
}

const preload = ["useDist", "reportMemory"].map((name) => `--import ${new URL(`./${name}.ts`, import.meta.url).href}`)
const bin = new URL("../../node_modules/.bin/callreel", import.meta.url).pathname

/** Runs `callreel` as installed, compiled, against the simulator. */
export const runCommand = async (
  { clientSecret, ...options }: SourceSettings,
  parameters: ReadonlyArray<string>
): Promise<CommandReport> => {
  const folder = await mkdtemp(join(tmpdir(), "callreel-bench-"))
  const source = { provider: "virtual-pbx", ...options, clientSecret: { env: "PBX_SECRET" } }
  await writeFile(join(folder, "callreel.json"), JSON.stringify({ sources: { office: source } }))
  const report = join(folder, "report")
  const started = performance.now()
  const child = spawn(bin, [...parameters], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      PBX_SECRET: clientSecret,
      CALLREEL_CACHE_DIR: join(folder, "cache"),
      CALLREEL_BENCH_REPORT: report,
      NODE_OPTIONS: preload.join(" ")
    }
  })
  let lines = 0
  child.stdout.on("data", (chunk: Uint8Array) => {
    for (const byte of chunk) if (byte === 10) lines += 1
  })
  const ended: ReadonlyArray<unknown> = await once(child, "close")
  const seconds = (performance.now() - started) / 1000
  if (ended[0] !== 0) throw new Error(`callreel ${parameters[0]} ended with code ${String(ended[0])}`)
  const mebibytes = Number(await readFile(report, "utf8"))
  await rm(folder, { recursive: true })
  return { mebibytes, seconds, lines }
}
