/** The files of a vCon: what stands inside it, and whether what stands elsewhere is still the same. */
import { createHash } from "node:crypto"
import { parseContentHash } from "./internal/contentHash.ts"
import type { VconContent } from "./Vcon.ts"

/** The `content_hash` of a file, from its SHA-512 as 128 hexadecimal digits. */
export const contentHashOf = (sha512: string): string => `sha512-${Buffer.from(sha512, "hex").toString("base64url")}`

/** The bytes of a file inside the vCon; undefined where there are none, or they are a JSON value and have no bytes. */
export const bodyOf = ({ body, encoding }: VconContent): Uint8Array | undefined => {
  if (typeof body !== "string") return undefined
  if (encoding === "base64url") return new Uint8Array(Buffer.from(body, "base64url"))
  return encoding === "none" ? new TextEncoder().encode(body) : undefined
}

/**
 * Whether these bytes are the file that the vCon means: they agree with every SHA-2 `content_hash` that it has, and with the
 * file inside it where there is one. Without `bytes` the file inside is checked against the hash.
 *
 * False also where nothing can be compared: no hash of a known algorithm, and no file inside.
 */
export const verifyContent = (content: VconContent, bytes?: Uint8Array): boolean => {
  const inside = bodyOf(content)
  const file = bytes ?? inside
  if (file === undefined) return false
  const checks = [
    ...hashChecks(content, file),
    ...(bytes !== undefined && inside !== undefined ? [Buffer.compare(bytes, inside) === 0] : [])
  ]
  return checks.length > 0 && checks.every((agrees) => agrees)
}

const hashChecks = ({ content_hash = [] }: VconContent, bytes: Uint8Array): ReadonlyArray<boolean> =>
  [content_hash].flat().flatMap((token) => {
    const { algorithm, digest } = parseContentHash(token)
    return algorithm === undefined ? [] : [createHash(algorithm).update(bytes).digest("base64url") === digest]
  })
