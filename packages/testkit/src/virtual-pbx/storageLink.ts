/**
 * The path inside a storage link: AES-256 in ECB mode with a shared 32-byte key, the plain text padded with NUL bytes to
 * whole blocks, in web-safe base64 with its `=` kept. The link is permanent and the same each time.
 */
import { createCipheriv, createDecipheriv } from "node:crypto"

const blockLength = 16

/** The last segment of the link to a path. */
export const sealPath = (key: Uint8Array, path: string): string => {
  const text = Buffer.from(path, "utf8")
  const padded = Buffer.alloc(Math.ceil(text.length / blockLength) * blockLength)
  text.copy(padded)
  const cipher = createCipheriv("aes-256-ecb", key, null).setAutoPadding(false)
  const sealed = Buffer.concat([cipher.update(padded), cipher.final()])
  return sealed.toString("base64").replaceAll("+", "-").replaceAll("/", "_")
}

/** The path behind the last segment of a link; undefined where it is no link. */
export const openPath = (key: Uint8Array, segment: string): string | undefined => {
  if (!/^[\w-]+={0,2}$/.test(segment) || segment.length % 4 !== 0) return undefined
  const sealed = Buffer.from(segment.replaceAll("-", "+").replaceAll("_", "/"), "base64")
  if (sealed.length === 0 || sealed.length % blockLength !== 0) return undefined
  const decipher = createDecipheriv("aes-256-ecb", key, null).setAutoPadding(false)
  const text = Buffer.concat([decipher.update(sealed), decipher.final()]).toString("utf8")
  const end = text.indexOf("\0")
  return end === -1 ? text : text.slice(0, end)
}
