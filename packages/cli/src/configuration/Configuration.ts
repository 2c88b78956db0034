import { decodeOptions, NonEmptyText, optionsOf, sourceNamePattern } from "@callreel/recording"
import { Effect, FileSystem } from "effect"
import * as t from "io-ts"
import { basename, dirname, resolve } from "node:path"
import { describeSystemError, systemErrorCode } from "../destination/systemError.ts"
import { CommandError } from "../failure/Failure.ts"
import { Invocation } from "../Invocation.ts"
import { jsonProblem } from "./jsonProblem.ts"

/** One source as the file has it: its provider, and the options that only the provider understands. */
export interface SourceConfiguration {
  readonly name: string
  readonly provider: string
  readonly options: Readonly<Record<string, unknown>>
}

/** Where recordings are archived, and how. Secrets in it are not read yet. */
export interface ArchiveConfiguration {
  readonly url: string
  /** A path, an address, or the place of a secret. */
  readonly ledger?: unknown
  readonly template?: string
  /** Where the private key for proofs is. */
  readonly proofKey?: unknown
}

/** A configuration file, checked as far as no provider is needed for it. Paths in it are relative to `folder`. */
export interface Configuration {
  readonly folder: string
  readonly sources: ReadonlyArray<SourceConfiguration>
  readonly archive?: ArchiveConfiguration
}

const configurationCodec = optionsOf(
  "Configuration",
  {
    sources: t.record(t.string, t.type({ provider: NonEmptyText }, "an object with a provider"), "an object of sources")
  },
  {
    archive: optionsOf(
      "Archive",
      { url: NonEmptyText },
      { ledger: t.unknown, template: NonEmptyText, proofKey: t.unknown }
    ),
    $schema: t.string
  }
)

/** Checks a decoded JSON text. The error names the option by its path and never shows a value. */
export const decodeConfiguration = (
  json: unknown,
  folder: string
): Effect.Effect<Configuration, { readonly option: string; readonly detail: string }> =>
  Effect.flatMap(decodeOptions(configurationCodec, json), ({ archive, sources }) => {
    const names = Object.keys(sources)
    if (names.length === 0) return Effect.fail({ option: "sources", detail: "has no source" })
    const badName = names.find((name) => !sourceNamePattern.test(name))
    if (badName !== undefined) {
      return Effect.fail({
        option: `sources.${badName}`,
        detail: "a source's name is lower-case letters, digits and hyphens, at most 63, and begins with no hyphen"
      })
    }
    return Effect.succeed({
      folder,
      sources: Object.entries(sources).map(([name, { provider, ...options }]) => ({ name, provider, options })),
      ...(archive === undefined ? {} : { archive })
    })
  })

/** Reads the configuration: the given file, else `callreel.json` in the working folder. */
export const loadConfiguration = Effect.fnUntraced(function* (file: string | undefined) {
  const { cwd } = yield* Invocation
  const path = resolve(cwd, file ?? "callreel.json")
  const text = yield* (yield* FileSystem.FileSystem).readFileString(path).pipe(Effect.mapError(unreadable(path)))
  const json = yield* parseJson(text.replace(/^\ufeff/, ""), basename(path))
  return yield* Effect.mapError(decodeConfiguration(json, dirname(path)), ({ option, detail }) => {
    const source = /^sources\.([^.]+)/.exec(option)?.[1]
    return new CommandError({
      reason: "InvalidOptions",
      operation: "configure",
      ...(source === undefined ? {} : { source }),
      detail: `${basename(path)}: ${option}: ${detail}`
    })
  })
})

const invalidFile = (detail: string, remedy?: string): CommandError =>
  new CommandError({
    reason: "InvalidOptions",
    operation: "configure",
    detail,
    ...(remedy === undefined ? {} : { remedy })
  })

const unreadable =
  (path: string) =>
  (error: unknown): CommandError =>
    systemErrorCode(error) === "ENOENT"
      ? invalidFile(
          `there is no configuration at ${path}`,
          `name one with --config FILE, or begin with {"sources":{"office":{"provider":"virtual-pbx", …}}}; the README has a whole one`
        )
      : invalidFile(`the configuration ${path} cannot be read: ${describeSystemError(error)}`)

const parseJson = (text: string, file: string): Effect.Effect<unknown, CommandError> => {
  const problem = jsonProblem(text)
  return problem === undefined
    ? Effect.sync((): unknown => JSON.parse(text))
    : Effect.fail(invalidFile(`${file}: line ${problem.line}, column ${problem.column}: not JSON: ${problem.detail}`))
}
