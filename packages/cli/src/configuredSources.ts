import * as NodeServices from "@effect/platform-node/NodeServices"
import type { RecordingError, RecordingSource } from "@callreel/recording"
import { Effect, Layer, type Scope } from "effect"
import { resolve } from "node:path"
import { loadConfiguration } from "./configuration/Configuration.ts"
import { connect } from "./configuration/openSources.ts"
import type { CommandError } from "./failure/Failure.ts"
import { Invocation } from "./Invocation.ts"
import { type Providers, providers } from "./providers.ts"

/** Where the configuration is, and what it may name. What is left out comes from the process. */
export interface ConfiguredSources {
  /** Default `callreel.json` in the working folder. */
  readonly config?: string
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly providers?: Providers
}

/** The sources of a configuration file, for programs that want what the command has: the same file, the same errors. */
export const configuredSources = (
  options: ConfiguredSources = {}
): Effect.Effect<ReadonlyArray<RecordingSource>, RecordingError | CommandError, Scope.Scope> => {
  const invocation = Invocation.of({
    env: options.env ?? process.env,
    cwd: resolve(options.cwd ?? process.cwd()),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    isTerminal: { stdin: false, stdout: false, stderr: false },
    columns: undefined,
    providers: options.providers ?? providers,
    secrets: new Set()
  })
  return Effect.gen(function* () {
    const loaded = yield* loadConfiguration(options.config)
    return yield* Effect.forEach(loaded.sources, (source) => connect(loaded, source))
  }).pipe(Effect.provide(Layer.merge(Layer.succeed(Invocation, invocation), NodeServices.layer)))
}
