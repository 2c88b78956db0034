import { mkdir, readdir, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { commandFlags } from "./support/commandFlags.ts"
import { type Command, startOf } from "./support/firstByte/startOf.ts"
import { install, type Installed } from "./support/installed.ts"
import { isInstalled } from "./support/peers.ts"
import { simulatorProcess } from "./support/simulatorProcess.ts"
import { median, type Outcome } from "./support/table.ts"

/** Some ten seconds of speech. */
const audioBytes = 160_000

/** One start of something, in milliseconds since the process was started. */
interface Measured {
  readonly end: number
  readonly firstRequest?: number
  readonly firstByte?: number
}

interface Contender {
  readonly name: string
  /** Undefined where it can run here; else what is missing. */
  readonly missing?: string
  readonly aim?: string
  readonly run: () => Promise<Measured>
}

type Simulator = Awaited<ReturnType<typeof simulatorProcess>>

const floor = "node -e 0"

/**
 * From the start of a process: to its first request, the first byte of a recording on the disk, and its end. Our command is
 * compiled, with Node's compile cache filled by an earlier run; everybody in turn, medians of the rounds.
 *
 * Aim: what passes before the first request is at most 250 ms more than bare Node takes to start and end.
 */
export const firstByte = async ({ quick }: { readonly quick: boolean }): Promise<Outcome> => {
  const installed = await install()
  const simulator = await simulatorProcess(0, audioBytes)
  try {
    const contenders = await contendersWith(installed, simulator)
    // The first round fills caches: of files, of compiled code, of tokens.
    if (!quick) await race(contenders, 1)
    const runs = await race(contenders, quick ? 1 : 7)
    return { tables: [tableOf(contenders, runs)], data: Object.fromEntries(runs), broken: [] }
  } finally {
    simulator.close()
    await installed.remove()
  }
}

const race = async (
  contenders: ReadonlyArray<Contender>,
  rounds: number
): Promise<ReadonlyMap<string, ReadonlyArray<Measured>>> => {
  const runs = new Map<string, Array<Measured>>()
  for (let round = 0; round < rounds; round++) {
    for (const { missing, name, run } of contenders) {
      if (missing !== undefined) continue
      runs.set(name, [...(runs.get(name) ?? []), await run()])
    }
  }
  return runs
}

const tableOf = (contenders: ReadonlyArray<Contender>, runs: ReadonlyMap<string, ReadonlyArray<Measured>>) => {
  const middle = (name: string, of: keyof Measured): number | undefined => {
    const values = (runs.get(name) ?? []).flatMap((run) => run[of] ?? [])
    return values.length === 0 ? undefined : median(values)
  }
  const bare = middle(floor, "end") ?? Number.NaN
  const text = (millis: number | undefined): string => (millis === undefined ? "" : `${millis.toFixed(0)} ms`)
  return {
    title: "first-byte",
    columns: ["what", "first request", "first byte on disk", "end", `start, above ${floor}`, "aim"],
    rows: contenders.map(({ aim = "", missing, name }) => {
      const end = middle(name, "end")
      if (end === undefined) return [name, missing ?? "did not run", "", "", "", ""]
      const start = middle(name, "firstRequest") ?? end
      return [
        name,
        text(middle(name, "firstRequest")),
        text(middle(name, "firstByte")),
        text(end),
        text(start - bare),
        aim
      ]
    })
  }
}

const contendersWith = async (
  { command, folder }: Installed,
  simulator: Simulator
): Promise<ReadonlyArray<Contender>> => {
  const node = (name: string, parameters: ReadonlyArray<string>, aim?: string): Contender => ({
    name,
    ...(aim !== undefined && { aim }),
    run: () =>
      startOf({ program: process.execPath, parameters, cwd: folder, env: { CALLREEL_CACHE_DIR: cacheIn(folder) } })
  })
  const peer = (program: string, parameters: ReadonlyArray<string>): Contender => ({
    name: [program, ...parameters].join(" "),
    ...(!isInstalled(program) && { missing: `${program} is not installed` }),
    run: () => startOf({ program, parameters })
  })
  const imports = (library: string): Contender =>
    node(`import("${library}")`, ["--input-type=module", "--eval", `await import("${library}")`])
  const fetching = await fetchWith(command, folder, simulator)
  const aim = "at most 250 ms"
  return [
    node(floor, ["-e", "0"]),
    node("callreel --version", [...commandFlags, command, "--version"], aim),
    node("callreel --help", [...commandFlags, command, "--help"], aim),
    { name: "callreel fetch, token cached", aim, run: () => fetching({}) },
    { name: "callreel fetch, no token yet", aim, run: () => fetching({ forget: true }) },
    {
      name: "callreel fetch, without a compile cache",
      run: () => fetching({ env: { NODE_DISABLE_COMPILE_CACHE: "1" } })
    },
    imports("@callreel/virtual-pbx"),
    imports("@callreel/archive"),
    peer("rclone", ["version"]),
    peer("gh", ["--version"])
  ]
}

interface Fetching {
  /** Without the token of earlier runs. */
  readonly forget?: boolean
  readonly env?: Command["env"]
}

/** Gives a way to fetch the simulator's one recording into a new folder. */
const fetchWith = async (command: string, folder: string, { recordUuid, requests, source }: Simulator) => {
  const { clientSecret, ...options } = source
  const office = { provider: "virtual-pbx", ...options, clientSecret: { env: "PBX_SECRET" } }
  await writeFile(join(folder, "callreel.json"), JSON.stringify({ sources: { office } }))
  const cache = cacheIn(folder)
  const watched = join(folder, "fetched")
  return async ({ env, forget = false }: Fetching): Promise<Measured> => {
    await rm(watched, { recursive: true, force: true })
    await mkdir(watched)
    if (forget) await forgetTokens(cache)
    await requests()
    const { startedAt, ...start } = await startOf({
      program: process.execPath,
      parameters: [...commandFlags, command, "fetch", "office", recordUuid, "-o", join(watched, "audio.mp3")],
      cwd: folder,
      watched,
      env: { ...env, PBX_SECRET: clientSecret, CALLREEL_CACHE_DIR: cache }
    })
    const [first] = await requests()
    return { ...start, ...(first !== undefined && { firstRequest: first - startedAt }) }
  }
}

const cacheIn = (folder: string): string => join(folder, "cache")

/** Compiled code stays. */
const forgetTokens = async (cache: string): Promise<void> => {
  for (const name of await readdir(cache)) if (name.endsWith(".json")) await rm(join(cache, name))
}
