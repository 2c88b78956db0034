/**
 * Permanent storage links: the path of the file, encrypted with a key that the API and the storage share (AES-256-ECB,
 * padded with NUL bytes to 16, web-safe base64 that keeps its `=`; docs/vendors/virtual-pbx.md#storage).
 *
 * Whoever has a link has the file: treat links as secrets. ECB carries no proof of integrity, so a storage must check
 * that a decoded path stays inside its folder.
 */
import { createCipheriv, createDecipheriv } from "node:crypto"

const algorithm = "aes-256-ecb"
const block = 16

/** The last part of a storage link for the path. Fails with a RangeError on a key that is not 32 bytes long. */
export const encodeStorageLink = (path: string, key: Uint8Array): string => {
  const plain = Buffer.from(path, "utf8")
  const padded = Buffer.alloc(Math.ceil(plain.length / block) * block)
  plain.copy(padded)
  const cipher = createCipheriv(algorithm, key, null).setAutoPadding(false)
  return Buffer.concat([cipher.update(padded), cipher.final()])
    .toString("base64")
    .replaceAll("+", "-")
    .replaceAll("/", "_")
}

/** The path in the last part of a storage link; undefined where it was not made with this key. */
export const decodeStorageLink = (link: string, key: Uint8Array): string | undefined => {
  if (!/^[A-Za-z0-9_-]+={0,2}$/.test(link)) return undefined
  const encrypted = Buffer.from(link, "base64url")
  if (encrypted.length === 0 || encrypted.length % block !== 0) return undefined
  const decipher = createDecipheriv(algorithm, key, null).setAutoPadding(false)
  const plain = Buffer.concat([decipher.update(encrypted), decipher.final()])
  const end = plain.findLastIndex((byte) => byte !== 0) + 1
  try {
    const path = new TextDecoder("utf-8", { fatal: true }).decode(plain.subarray(0, end))
    // A wrong key gives noise; a path has no control characters, and its padding is NUL only at the end.
    return end === 0 || /\p{Cc}/u.test(path) ? undefined : path
  } catch {
    return undefined
  }
}
