import * as NodeServices from "@effect/platform-node/NodeServices"
import { Cause, Console, Effect, Exit, Layer } from "effect"
import { Console as NodeConsole } from "node:console"
import { resolve } from "node:path"
import type { Readable, Writable } from "node:stream"
import { ExitCode } from "./failure/exitCode.ts"
import { Invocation } from "./Invocation.ts"
import { Output } from "./output/Output.ts"
import { program } from "./program.ts"
import { type Providers, providers } from "./providers.ts"

/** One run of the command. What is left out comes from the process. */
export interface RunOptions {
  /** The words after the command's name. */
  readonly argv: ReadonlyArray<string>
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  readonly stdin?: Readable
  readonly stdout?: Writable
  readonly stderr?: Writable
  readonly isTerminal?: { readonly stdin?: boolean; readonly stdout?: boolean; readonly stderr?: boolean }
  /** Width of the terminal in columns. */
  readonly columns?: number
  /** Providers that a configuration may name; default: those that come with callreel. */
  readonly providers?: Providers
  /** Interrupts the run; everything is closed before the promise resolves. */
  readonly signal?: AbortSignal
}

/** Runs the command and gives its exit code: 130 when interrupted. Never rejects and never ends the process. */
export const runCallreel = async (options: RunOptions): Promise<number> => {
  const stdin = options.stdin ?? process.stdin
  const stdout = options.stdout ?? process.stdout
  const stderr = options.stderr ?? process.stderr
  const invocation = Invocation.of({
    env: options.env ?? process.env,
    cwd: resolve(options.cwd ?? process.cwd()),
    stdin,
    stdout,
    stderr,
    isTerminal: {
      stdin: options.isTerminal?.stdin ?? isTerminal(stdin),
      stdout: options.isTerminal?.stdout ?? isTerminal(stdout),
      stderr: options.isTerminal?.stderr ?? isTerminal(stderr)
    },
    columns: options.columns ?? columnsOf(stdout),
    providers: options.providers ?? providers,
    secrets: new Set()
  })
  const layer = Output.layer.pipe(
    Layer.provideMerge(Layer.succeed(Invocation, invocation)),
    Layer.merge(NodeServices.layer)
  )
  const exit = await program(options.argv).pipe(
    Effect.provide(layer),
    Effect.provideService(Console.Console, new NodeConsole({ stdout, stderr })),
    (effect) => Effect.runPromiseExit(effect, options.signal === undefined ? {} : { signal: options.signal })
  )
  if (Exit.isSuccess(exit)) return exit.value
  return Cause.hasInterrupts(exit.cause) ? ExitCode.interrupted : ExitCode.unexpected
}

const isTerminal = (stream: Readable | Writable): boolean => "isTTY" in stream && stream.isTTY === true

const columnsOf = (stream: Writable): number | undefined =>
  "columns" in stream && typeof stream.columns === "number" && stream.columns > 0 ? stream.columns : undefined
