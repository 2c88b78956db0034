import { InvalidOptions, RecordingError } from "@callreel/recording"
import { Effect } from "effect"
import { type CommandError, usageError } from "../failure/Failure.ts"
import { Invocation } from "../Invocation.ts"
import { root } from "../root.ts"
import { type Configuration, loadConfiguration, type SourceConfiguration } from "./Configuration.ts"
import { resolveSecrets } from "./secrets.ts"

/** The configuration that the command line names. */
export const configuration = Effect.flatMap(root, ({ config }) =>
  loadConfiguration(config._tag === "Some" ? config.value : undefined)
)

/** Opens the one source that a command is about. Only its secrets are read. */
export const openSource = Effect.fnUntraced(function* (command: string, name: string) {
  const loaded = yield* configuration
  return yield* connect(loaded, yield* findSource(loaded, command, name))
})

/** Opens the named sources, each once; without names, all that are configured. */
export const openSources = Effect.fnUntraced(function* (command: string, names: ReadonlyArray<string>) {
  const loaded = yield* configuration
  const chosen =
    names.length === 0
      ? loaded.sources
      : yield* Effect.forEach(new Set(names), (name) => findSource(loaded, command, name))
  return yield* Effect.forEach(chosen, (source) => connect(loaded, source))
})

const findSource = (
  { sources }: Configuration,
  command: string,
  name: string
): Effect.Effect<SourceConfiguration, CommandError> => {
  const source = sources.find((candidate) => candidate.name === name)
  const known = sources.map((candidate) => candidate.name).join(", ")
  return source === undefined
    ? Effect.fail(usageError(command, `no source "${name}" is configured`, `configured: ${known}`))
    : Effect.succeed(source)
}

/** Makes a source: loads its provider, reads its secrets, and checks its options. */
export const connect = Effect.fnUntraced(function* (
  { folder }: Pick<Configuration, "folder">,
  { name, options, provider }: SourceConfiguration
) {
  const { providers } = yield* Invocation
  const load = Object.hasOwn(providers, provider) ? providers[provider] : undefined
  if (load === undefined) {
    const detail = `"${provider}" is not known; known: ${Object.keys(providers).join(", ")}`
    return yield* invalidOptions(name, new InvalidOptions({ option: "provider", detail }))
  }
  const resolved = yield* resolveSecrets(options, { source: name, option: `sources.${name}`, folder })
  const { connect } = yield* Effect.promise(load)
  return yield* Effect.mapError(connect(name, resolved), (error) => {
    const reason = error._tag === "RecordingError" ? error.reason : error
    return reason._tag === "InvalidOptions"
      ? invalidOptions(name, reason)
      : new RecordingError({ source: name, operation: "make", reason })
  })
})

/** Providers name their options; people look them up in the file, under the source. */
const invalidOptions = (name: string, { detail, option }: InvalidOptions): RecordingError =>
  new RecordingError({
    source: name,
    operation: "make",
    reason: new InvalidOptions({ option: `sources.${name}.${option}`, detail })
  })
