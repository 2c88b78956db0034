import { Effect, FileSystem, Redacted } from "effect"
import { resolve } from "node:path"
import { CommandError } from "../failure/Failure.ts"
import { Invocation } from "../Invocation.ts"

/** Where a secret is kept: the value of an environment variable, or the content of a file. */
type SecretPlace = { readonly env: string } | { readonly file: string }

/** Whose options these are, for messages, and the folder that files of secrets are relative to. */
export interface SecretOwner {
  /** Missing for what belongs to no source. */
  readonly source?: string
  /** Path of the option in the configuration, `sources.office`. */
  readonly option: string
  readonly folder: string
}

/**
 * A copy of the options in which every `{ "env": … }` and `{ "file": … }`, at any depth, is the secret itself, `Redacted`.
 *
 * Fails where one is unset, empty or unreadable, naming the option and the place, never the value.
 */
export const resolveSecrets = (
  value: unknown,
  owner: SecretOwner
): Effect.Effect<unknown, CommandError, FileSystem.FileSystem | Invocation> => {
  const place = secretPlaceOf(value)
  if (place !== undefined)
    return Effect.map(readSecret(place, owner), (text) => Redacted.make(text, { label: owner.option }))
  const below = (key: string | number): SecretOwner => ({ ...owner, option: `${owner.option}.${key}` })
  if (Array.isArray(value)) return Effect.forEach(value, (item: unknown, index) => resolveSecrets(item, below(index)))
  if (typeof value !== "object" || value === null) return Effect.succeed(value)
  return Effect.map(
    Effect.forEach(Object.entries(value), ([key, item]: readonly [string, unknown]) =>
      Effect.map(resolveSecrets(item, below(key)), (resolved) => [key, resolved] as const)
    ),
    (entries) => Object.fromEntries(entries)
  )
}

const secretPlaceOf = (value: unknown): SecretPlace | undefined => {
  if (typeof value !== "object" || value === null || Object.keys(value).length !== 1) return undefined
  if ("env" in value && typeof value.env === "string") return { env: value.env }
  return "file" in value && typeof value.file === "string" ? { file: value.file } : undefined
}

const readSecret = Effect.fnUntraced(function* (place: SecretPlace, owner: SecretOwner) {
  const { env, secrets } = yield* Invocation
  const refuse = (detail: string) =>
    new CommandError({
      reason: "InvalidOptions",
      operation: "configure",
      ...(owner.source === undefined ? {} : { source: owner.source }),
      detail: `${owner.option}: ${detail}`
    })
  let text: string | undefined
  let name: string
  if ("env" in place) {
    name = `the environment variable ${place.env}`
    text = env[place.env]
    if (text === undefined) return yield* refuse(`${name} is not set`)
  } else {
    const path = resolve(owner.folder, place.file)
    name = `the file ${path}`
    text = yield* (yield* FileSystem.FileSystem)
      .readFileString(path)
      .pipe(Effect.mapError(() => refuse(`${name} cannot be read`)))
  }
  const secret = text.replace(/\r?\n$/, "")
  if (secret.trim() === "") return yield* refuse(`${name} is empty`)
  secrets.add(secret)
  return secret
})
