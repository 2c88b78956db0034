import { Effect } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import { describeErrors } from "./internal/describeErrors.ts"
import { isObject } from "./internal/json.ts"
import { normalise } from "./internal/normalise.ts"
import { Vcon } from "./Vcon.ts"
import { InvalidVcon } from "./VconError.ts"

/** How to read. */
export interface ReadOptions {
  /** Extensions that the caller understands; a vCon for which another is critical is refused. Default none. */
  readonly extensions?: ReadonlyArray<string>
}

/**
 * Reads a vCon, as text or as decoded JSON. Unknown members stay, and those of older drafts get the names of today:
 * mimetype, alg with signature, transfer-target, target-dialog, appended, must_support, an attachment's type, a session's id
 * as text. What the draft demands may be missing, `created_at` and `uuid` too.
 *
 * Fails with `InvalidVcon`, also for the signed form (read it with `readSigned`) and the encrypted one.
 */
export const parseVcon = (value: unknown, options: ReadOptions = {}): Effect.Effect<Vcon, InvalidVcon> =>
  parseJson(value).pipe(
    Effect.flatMap((json) => decodeVcon(json)),
    Effect.flatMap((vcon) => refuseCritical(vcon, options))
  )

/** Decoded JSON; text is parsed. */
export const parseJson = (value: unknown): Effect.Effect<unknown, InvalidVcon> =>
  typeof value === "string"
    ? Effect.try({
        try: (): unknown => JSON.parse(value),
        // The parser's own message quotes the text.
        catch: () => new InvalidVcon({ path: "", detail: "the text is not JSON" })
      })
    : Effect.succeed(value)

const decodeVcon = (json: unknown): Effect.Effect<Vcon, InvalidVcon> => {
  const form = otherForm(json)
  if (form !== undefined) return Effect.fail(new InvalidVcon({ path: "", detail: form }))
  const decoded = Vcon.decode(normalise(json).value)
  if (Either.isRight(decoded)) return Effect.succeed(decoded.right)
  const [place = { path: "", detail: "must be a vCon" }] = describeErrors(decoded.left)
  return Effect.fail(new InvalidVcon(place))
}

const otherForm = (json: unknown): string | undefined => {
  if (!isObject(json)) return undefined
  if ("payload" in json && ("signatures" in json || "signature" in json)) return "it is signed: read it with readSigned"
  return "ciphertext" in json && "recipients" in json ? "it is encrypted: decrypt it first" : undefined
}

const refuseCritical = (vcon: Vcon, { extensions = [] }: ReadOptions): Effect.Effect<Vcon, InvalidVcon> => {
  const index = vcon.critical?.findIndex((name) => !extensions.includes(name)) ?? -1
  return index === -1
    ? Effect.succeed(vcon)
    : Effect.fail(
        new InvalidVcon({
          path: `critical[${index}]`,
          detail: "names an extension that is not supported here, without which it must not be processed"
        })
      )
}
