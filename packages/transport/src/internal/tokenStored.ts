import { Redacted } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import * as t from "io-ts"

/** A token in hand. Instants are epoch milliseconds. */
export interface HeldToken {
  readonly value: Redacted.Redacted<string>
  readonly extra: Readonly<Record<string, string>>
  /** From here on a new one is wanted, though this one still works. */
  readonly renewAt: number
  readonly expiresAt: number
}

const StoredToken = t.type({
  kind: t.literal("token"),
  version: t.literal(1),
  value: t.string,
  extra: t.record(t.string, t.string),
  renewAt: t.number,
  expiresAt: t.number
})

/** A token as it may be written or shown: never as itself. */
export const redactToken = (value: string): Redacted.Redacted<string> => Redacted.make(value, { label: "token" })

/** Whether both are the same token. */
export const sameToken = (one: Redacted.Redacted<string>, other: Redacted.Redacted<string>): boolean =>
  Redacted.value(one) === Redacted.value(other)

/** The stored token, if it is one and need not be renewed at `now`. */
export const decodeToken = (stored: unknown, now: number): HeldToken | undefined => {
  const decoded = StoredToken.decode(stored)
  if (Either.isLeft(decoded)) return undefined
  const { value, extra, renewAt, expiresAt } = decoded.right
  if (value === "" || renewAt <= now || expiresAt < renewAt) return undefined
  return { value: redactToken(value), extra, renewAt, expiresAt }
}

/** The JSON form, with the secret in the clear: only for the state store. */
export const encodeToken = (token: HeldToken): t.OutputOf<typeof StoredToken> => ({
  kind: "token",
  version: 1,
  value: Redacted.value(token.value),
  extra: token.extra,
  renewAt: token.renewAt,
  expiresAt: token.expiresAt
})
