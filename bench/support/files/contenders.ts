import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { measured, type Measured } from "./measured.ts"
import { commandFlags } from "../commandFlags.ts"
import { isInstalled } from "../peers.ts"
import type { Served } from "./served.ts"

/** Somebody who brings all files into a folder, hashed. */
export interface Contender {
  readonly name: string
  /** Undefined where it can run here; else what is missing. */
  readonly missing?: string
  /** It runs in the first round alone, as nobody is measured by it. */
  readonly once?: true
  /** It is callreel. */
  readonly isOurs?: true
  readonly run: (served: Served, folder: string, concurrency: number) => Promise<Measured>
}

const script = (name: string): string => new URL(`./${name}.ts`, import.meta.url).pathname

// Compiled, as it is installed.
const useDist = new URL("../useDist.ts", import.meta.url).href

/** What is written for Node: callreel itself, its sync with the flags of the command, and programs as one would write them. */
const ofNode = (name: string, mode: string): Contender => ({
  name,
  run: (served, folder, concurrency) =>
    measured(
      process.execPath,
      [
        ...(mode === "sync" ? commandFlags : []),
        "--import",
        useDist,
        script(mode === "sync" || mode === "engine" ? "runOurs" : "runPlain"),
        mode,
        served.baseUrl,
        folder,
        String(concurrency)
      ],
      {
        BENCH_COUNT: String(served.names.length),
        BENCH_BYTES: String(served.bytes)
      }
    )
})

const ours = (name: string, mode: "sync" | "engine"): Contender => ({ ...ofNode(name, mode), isOurs: true })

const program = (
  name: string,
  command: string,
  lineOf: (served: Served, folder: string, concurrency: number) => string
): Contender => ({
  name,
  ...missingOf(command, "sha512sum"),
  run: async (served, folder, concurrency) => {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, "..", "urls.txt"), served.names.map((name) => `${served.baseUrl}/${name}\n`).join(""))
    await writeFile(
      join(folder, "..", "curl.txt"),
      served.names.map((name) => `url = "${served.baseUrl}/${name}"\noutput = "${join(folder, name)}"\n`).join("")
    )
    return measured("sh", ["-c", `${lineOf(served, folder, concurrency)} && ${hashAll(folder)}`])
  }
})

const missingOf = (...programs: ReadonlyArray<string>): Pick<Contender, "missing"> => {
  const missing = programs.filter((program) => !isInstalled(program))
  return missing.length === 0 ? {} : { missing: `not installed: ${missing.join(", ")}` }
}

/** Two at a time, as there are two processors. */
const hashAll = (folder: string): string => `find ${folder} -name '*.mp3' | xargs -P 2 -n 500 sha512sum > /dev/null`

/** What the others are compared with. */
export const floor = "rclone copy + sha512sum"

/** What ideal times are checked with: it reads all answers and keeps nothing. */
export const reading = ofNode("undici `request`, nothing kept", "reading")
export const sync = ours("callreel sync, ledger and sidecars included", "sync")
export const engine = ours("callreel download engine: media, hash, rename", "engine")
export const plainFetch = ofNode("fetch of Node, hash, rename", "fetch")
export const curl = program(
  "curl -Z + sha512sum",
  "curl",
  (_, folder, concurrency) =>
    `curl --silent --parallel --parallel-immediate --parallel-max ${concurrency} --config ${join(folder, "..", "curl.txt")}`
)

/** Everybody, the one that the others are compared with first. */
export const contenders: ReadonlyArray<Contender> = [
  program(
    floor,
    "rclone",
    ({ baseUrl }, folder, concurrency) =>
      `rclone copy --config /dev/null --http-url ${baseUrl}/ :http: ${folder} --transfers ${concurrency} --checkers ${concurrency}`
  ),
  sync,
  engine,
  plainFetch,
  { ...ofNode("ky, hash, rename (once)", "ky"), once: true },
  { ...ofNode("@ringcentral/sdk `get`, hash, rename (once)", "sdk"), once: true },
  curl,
  {
    ...program(
      "aria2c + sha512sum (once)",
      "aria2c",
      (_, folder, concurrency) =>
        `aria2c --quiet --max-concurrent-downloads=${concurrency} --dir=${folder} --input-file=${join(folder, "..", "urls.txt")}`
    ),
    once: true
  }
]
