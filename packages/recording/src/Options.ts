/** How options are described and checked: io-ts codecs that refuse unknown keys and say how to mend what is wrong. */
import { Duration, Effect, Redacted } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import * as t from "io-ts"
import { nearest } from "./nearest.ts"
import { parseInstant } from "./Instant.ts"
import { asRegion } from "./PhoneNumber.ts"
import { InvalidOptions } from "./Reason.ts"

/** A secret option. In memory only as `Redacted`, so that no log or inspected object shows it. */
export const Secret: t.Type<Redacted.Redacted<string>, Redacted.Redacted<string>, unknown> = new t.Type(
  "Secret",
  (value): value is Redacted.Redacted<string> =>
    Redacted.isRedacted(value) && typeof Redacted.value(value) === "string",
  (value, context) =>
    Secret.is(value)
      ? t.success(value)
      : t.failure(
          value,
          context,
          'must be a secret: { "env": "NAME" } or { "file": "path" } in callreel.json, Redacted in code'
        ),
  (secret) => secret
)

/** Options as programs may write them: secrets as plain text, or `Redacted`. */
export type PlainSecrets<Options> =
  Options extends Redacted.Redacted<string>
    ? string | Options
    : Options extends string | number | boolean | ReadonlyArray<unknown> | undefined
      ? Options
      : { readonly [Key in keyof Options]: PlainSecrets<Options[Key]> }

/** Makes the values under these keys, at any depth, `Redacted`. */
export const redactSecrets = (options: unknown, keys: ReadonlyArray<string>): unknown => {
  if (typeof options !== "object" || options === null || Array.isArray(options) || Redacted.isRedacted(options)) {
    return options
  }
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      key,
      keys.includes(key) && typeof value === "string"
        ? Redacted.make(value, { label: key })
        : redactSecrets(value, keys)
    ])
  )
}

/** Text that is not empty. */
export const NonEmptyText: t.Type<string, string, unknown> = new t.Type(
  "NonEmptyText",
  (value): value is string => typeof value === "string" && value.trim() !== "",
  (value, context) =>
    NonEmptyText.is(value) ? t.success(value) : t.failure(value, context, "must be text that is not empty"),
  (text) => text
)

/** A region for numbers without a country code: two letters of ISO 3166, such as `RU`. */
export const Region = t.refinement(
  t.string,
  (text) => asRegion(text) !== undefined,
  "a region of two capital letters, such as RU or US"
)

/** A length of time as text with its unit, such as `24 hours` or `90 minutes`. */
export const DurationText = t.refinement(
  t.string,
  (text) => parseDuration(text) !== undefined,
  "a length of time with its unit, such as 24 hours"
)

const units: Readonly<Record<string, (amount: number) => Duration.Duration>> = {
  second: Duration.seconds,
  minute: Duration.minutes,
  hour: Duration.hours,
  day: Duration.days,
  week: Duration.weeks
}

/** Reads a {@link DurationText}; undefined where it is none. */
export const parseDuration = (text: string): Duration.Duration | undefined => {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?) ?([a-z]+?)s?$/.exec(text) ?? []
  const length = Object.hasOwn(units, unit) ? units[unit]?.(Number(amount)) : undefined
  return length !== undefined && Duration.isGreaterThan(length, Duration.zero) ? length : undefined
}

/** An instant: ISO 8601 with its zone, or a date, which is its midnight in UTC. */
export const InstantText = t.refinement(
  t.string,
  (text) => parseDayOrInstant(text) !== undefined,
  "an instant such as 2026-03-08T22:30:00Z, or a date such as 2026-03-08"
)

/** Reads an {@link InstantText}; undefined where it is none. */
export const parseDayOrInstant = (text: string): Date | undefined =>
  parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text)

/** One of the given words. */
export const oneOf = <Word extends string>(...words: ReadonlyArray<Word>): t.Type<Word, Word, unknown> => {
  const isWord = (value: unknown): value is Word => words.some((word) => word === value)
  return new t.Type<Word, Word, unknown>(
    words.join(" | "),
    isWord,
    (value, context) =>
      isWord(value) ? t.success(value) : t.failure(value, context, `must be one of ${words.join(", ")}`),
    (word) => word
  )
}

/** An object with these keys and no others; an unknown key is an error that names the nearest known one. */
export const optionsOf = <Required extends t.Props, Optional extends t.Props>(
  name: string,
  required: Required,
  optional: Optional
): t.Type<t.TypeOfProps<Required> & t.TypeOfPartialProps<Optional>, unknown, unknown> => {
  const known = [...Object.keys(required), ...Object.keys(optional)]
  const requiredPart = t.type(required)
  const optionalPart = t.partial(optional)
  type Options = t.TypeOfProps<Required> & t.TypeOfPartialProps<Optional>
  const is = (value: unknown): value is Options => requiredPart.is(value) && optionalPart.is(value)
  return new t.Type<Options, unknown, unknown>(
    name,
    is,
    (value, context) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        return t.failure(value, context, "must be an object")
      }
      const unknown = Object.keys(value).filter((key) => !known.includes(key))
      if (unknown.length > 0) {
        return t.failures(
          unknown.map((key) => ({
            value: undefined,
            context: t.appendContext(context, key, t.never),
            message: `is not an option; did you mean ${nearest(key, known) ?? known.join(", ")}?`
          }))
        )
      }
      const missing = Object.keys(required).filter((key) => !(key in value))
      if (missing.length > 0) {
        return t.failures(
          missing.map((key) => ({
            value: undefined,
            context: t.appendContext(context, key, t.undefined),
            message: "is missing"
          }))
        )
      }
      // The halves share the context, so that an error's path holds option names and nothing of how codecs are composed.
      const problems = [requiredPart.validate(value, context), optionalPart.validate(value, context)].flatMap((half) =>
        Either.isLeft(half) ? half.left : []
      )
      if (problems.length > 0) return t.failures(problems)
      return is(value) ? t.success(value) : t.failure(value, context, "is not valid")
    },
    (options) => options
  )
}

/** Decodes options; the error names the option by its path and what it must be, never its value. */
export const decodeOptions = <A>(codec: t.Decoder<unknown, A>, value: unknown): Effect.Effect<A, InvalidOptions> => {
  const decoded = codec.decode(value)
  return Either.isRight(decoded) ? Effect.succeed(decoded.right) : Effect.fail(firstProblem(decoded.left))
}

/** Among problems of equal depth, a key that a branch of a union does not have says least: another branch was meant. */
const strangeness = (error: t.ValidationError): number => (error.context.at(-1)?.type === t.never ? 1 : 0)

/** The deepest problem says most: of a union's branches, the one that got furthest. */
const firstProblem = (errors: t.Errors): InvalidOptions => {
  const [first] = errors.toSorted(
    (left, right) => right.context.length - left.context.length || strangeness(left) - strangeness(right)
  )
  if (first === undefined) return new InvalidOptions({ option: "options", detail: "are not valid" })
  const path = first.context
    // The key below a union is the number of its branch, not an option.
    .filter(({ key }, index) => key !== "" && !(first.context[index - 1]?.type instanceof t.UnionType))
    .map(({ key }) => key)
  return new InvalidOptions({
    option: path.join(".") || "options",
    detail: first.message ?? `must be ${first.context.at(-1)?.type.name ?? "another type"}`
  })
}
