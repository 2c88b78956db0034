import { spawnSync } from "node:child_process"
import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { measured, type Measured } from "./measured.ts"
import type { Served } from "./served.ts"

/** Somebody who brings all files into a folder, hashed. */
export interface Contender {
  readonly name: string
  /** Undefined where it can run here; else what is missing. */
  readonly missing?: string
  readonly run: (served: Served, folder: string, concurrency: number) => Promise<Measured>
}

const script = (name: string): string => new URL(`./${name}.ts`, import.meta.url).pathname

// Compiled, as it is installed.
const useDist = new URL("../useDist.ts", import.meta.url).href

const ours = (name: string, mode: string): Contender => ({
  name,
  run: (served, folder, concurrency) =>
    measured(
      process.execPath,
      [
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

const program = (
  name: string,
  command: string,
  lineOf: (served: Served, folder: string, concurrency: number) => string
): Contender => ({
  name,
  ...(spawnSync(command, ["--version"]).error !== undefined && { missing: `${command} is not installed` }),
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

/** Two at a time, as there are two processors. */
const hashAll = (folder: string): string => `find ${folder} -name '*.mp3' | xargs -P 2 -n 500 sha512sum > /dev/null`

/** What the others are compared with. */
export const floor = "rclone copy + sha512sum"

/** Everybody, the one that the others are compared with first. */
export const contenders: ReadonlyArray<Contender> = [
  program(
    floor,
    "rclone",
    ({ baseUrl }, folder, concurrency) =>
      `rclone copy --config /dev/null --http-url ${baseUrl}/ :http: ${folder} --transfers ${concurrency} --checkers ${concurrency}`
  ),
  ours("callreel sync, ledger and sidecars included", "sync"),
  ours("callreel download engine: media, hash, rename", "engine"),
  ours("fetch of Node, hash, rename", "fetch"),
  ours("ky, hash, rename", "ky"),
  program(
    "curl -Z + sha512sum",
    "curl",
    (_, folder, concurrency) =>
      `curl --silent --parallel --parallel-immediate --parallel-max ${concurrency} --config ${join(folder, "..", "curl.txt")}`
  ),
  program(
    "aria2c + sha512sum",
    "aria2c",
    (_, folder, concurrency) =>
      `aria2c --quiet --max-concurrent-downloads=${concurrency} --dir=${folder} --input-file=${join(folder, "..", "urls.txt")}`
  )
]
