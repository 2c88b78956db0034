import { hash } from "node:crypto"

/**
 * A UUID of version 8 that follows from the names alone: the same names, the same UUID, on every machine and at any time.
 * It is the first 122 bits of the SHA-512 of the names as a JSON array.
 */
export const derivedUuid = (...names: ReadonlyArray<string>): string => {
  const digits = hash("sha512", JSON.stringify(names))
  const variant = "89ab".charAt(Number.parseInt(digits.charAt(16), 16) % 4)
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20, 32)
  ].join("-")
}

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i
const bareUuid = /^[\da-f]{32}$/i

/** Whether text is a UUID as RFC 9562 writes it. */
export const isUuid = (text: string): boolean => uuid.test(text)

/** A UUID with or without its hyphens as RFC 7989 writes it, 32 lower-case digits; undefined where it is none. */
export const sessionUuid = (text: string | undefined): string | undefined =>
  text !== undefined && (isUuid(text) || bareUuid.test(text)) ? text.replaceAll("-", "").toLowerCase() : undefined

/** What RFC 7989 writes for an end whose half is not known. */
export const nilSessionUuid = "0".repeat(32)
