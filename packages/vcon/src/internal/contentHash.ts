/** Digest lengths in bytes of the algorithms that are checked. */
const algorithms: ReadonlyMap<string, number> = new Map([
  ["sha256", 32],
  ["sha384", 48],
  ["sha512", 64]
])

/** A token of a `content_hash`: `algorithm` only where it is known here. */
export interface ParsedContentHash {
  readonly algorithm: string | undefined
  readonly digest: string | undefined
}

/** Takes a token apart; without `digest` it is malformed, or of another length than its algorithm's. */
export const parseContentHash = (token: string): ParsedContentHash => {
  const [, name = "", digest = ""] = /^([a-z\d]+)-([\w-]+)$/.exec(token) ?? []
  const length = algorithms.get(name)
  if (length === undefined) return { algorithm: undefined, digest: digest === "" ? undefined : digest }
  return { algorithm: name, digest: digest.length === Math.ceil((length * 4) / 3) ? digest : undefined }
}
