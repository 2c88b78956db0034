import { mkdtemp, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { PassThrough, Readable, Writable } from "node:stream"
import type { Providers } from "../providers.ts"
import { type RunOptions, runCallreel } from "../runCallreel.ts"

/** What a run left: its exit code and what it wrote. */
export interface Run {
  readonly code: number
  readonly out: string
  readonly err: string
  readonly bytes: Uint8Array
  /** The lines of stdout as JSON. */
  readonly json: ReadonlyArray<unknown>
  /** The error lines of stderr as JSON. */
  readonly errors: ReadonlyArray<unknown>
}

/** How a run differs from the usual one; `input` is what its standard input has. */
export interface FolderRunOptions extends Partial<RunOptions> {
  readonly input?: string
}

/** A fresh folder with a configuration, by default of two sources, `office` and `us`; null is none. */
export const makeFolder = async (configuration: unknown = twoSources): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "callreel-cli-"))
  const text = typeof configuration === "string" ? configuration : JSON.stringify(configuration)
  if (configuration !== null) await writeFile(join(folder, "callreel.json"), text)
  return folder
}

export const twoSources = { sources: { office: { provider: "memory" }, us: { provider: "memory" } } }

/** A writable stream that keeps what it gets. */
export const collector = (): { readonly stream: Writable; readonly bytes: () => Uint8Array<ArrayBuffer> } => {
  const parts: Array<Uint8Array> = []
  const stream = new Writable({
    write: (chunk: Uint8Array, _encoding, done) => {
      parts.push(chunk)
      done()
    }
  })
  return { stream, bytes: () => Buffer.concat(parts) }
}

/** Runs the command in-process in the folder. */
export const runInFolder = async (
  folder: string,
  providers: Providers,
  argv: ReadonlyArray<string>,
  options: FolderRunOptions = {}
): Promise<Run> => {
  const stdout = collector()
  const stderr = collector()
  const code = await runCallreel({
    argv,
    cwd: folder,
    env: { CALLREEL_CACHE_DIR: join(folder, "cache") },
    stdin: options.input === undefined ? new PassThrough().end() : Readable.from([Buffer.from(options.input)]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    providers,
    ...options
  })
  const out = new TextDecoder().decode(stdout.bytes())
  const err = new TextDecoder().decode(stderr.bytes())
  return { code, out, err, bytes: stdout.bytes(), json: jsonLines(out), errors: jsonLines(err) }
}

const jsonLines = (text: string): ReadonlyArray<unknown> =>
  text
    .split("\n")
    .filter((line) => line.startsWith('{"'))
    .map((line): unknown => JSON.parse(line))
