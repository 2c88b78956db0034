/** Headers of media answers, parsed; what is malformed counts as absent. */

/** `Content-Range: bytes 0-99/1234`: both ends included; no `total` where it is `*`. */
export interface ContentRange {
  readonly start: number
  readonly end: number
  readonly total?: number
}

const wholeNumber = (digits: string | undefined): number | undefined => {
  const value = digits !== undefined && /^\d{1,16}$/.test(digits) ? Number(digits) : undefined
  return value !== undefined && Number.isSafeInteger(value) ? value : undefined
}

export const parseContentRange = (header: string | null): ContentRange | undefined => {
  const match = /^\s*bytes\s+(\d+)-(\d+)\/(\d+|\*)\s*$/i.exec(header ?? "")
  const [start, end, total] = [wholeNumber(match?.[1]), wholeNumber(match?.[2]), wholeNumber(match?.[3])]
  if (start === undefined || end === undefined || end < start) return undefined
  if (match?.[3] === "*") return { start, end }
  return total === undefined || end >= total ? undefined : { start, end, total }
}

/** Length of the body in bytes. That of an encoded body is not the length of the audio. */
export const contentLengthOf = (headers: Headers): number | undefined =>
  isEncoded(headers) ? undefined : wholeNumber(headers.get("content-length")?.trim())

/** Whether the server compressed the body although it was asked not to: byte positions mean nothing then. */
export const isEncoded = (headers: Headers): boolean => {
  const encoding = headers.get("content-encoding")?.trim().toLowerCase() ?? ""
  return encoding !== "" && encoding !== "identity"
}

/** An entity tag that promises identical bytes. */
export const strongTag = (headers: Headers): string | undefined => {
  const tag = headers.get("etag")?.trim()
  return tag !== undefined && /^"[^"]*"$/.test(tag) ? tag : undefined
}

const percentDecoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

const extended = (value: string): string | undefined => {
  const match = /^(utf-8|iso-8859-1)'[^']*'(.*)$/i.exec(value)
  const encoded = match?.[2]
  if (encoded === undefined) return undefined
  if (match?.[1]?.toLowerCase() === "utf-8") return percentDecoded(encoded)
  return encoded.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

// Headers arrive as Latin-1; many servers put raw UTF-8 into a plain file name.
const readUtf8 = (text: string): string => {
  if (!/[\u0080-\u00ff]/.test(text) || /[^\u0000-\u00ff]/.test(text)) return text
  const decoded = Buffer.from(text, "latin1").toString("utf8")
  return decoded.includes("\ufffd") ? text : decoded
}

/** Only the last part of a path, without control characters and those that some file system refuses; undefined if empty. */
const sanitised = (name: string): string | undefined => {
  const last = name.split(/[\\/]/).at(-1) ?? ""
  const plain = last
    .replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069<>:"|?*]/g, "_")
    .trim()
  const bounded = Array.from(plain.toWellFormed()).slice(0, 150).join("")
  return /^[.\s]*$/.test(bounded) ? undefined : bounded
}

/** The file name of a Content-Disposition (RFC 6266): `filename*` before `filename`, the last path part, sanitised. */
export const filenameOf = (header: string | null): string | undefined => {
  if (header === null) return undefined
  const parameters = new Map<string, string>()
  const pattern = /;\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;"]*))/g
  for (const [, name = "", quoted, bare = ""] of header.matchAll(pattern)) {
    const key = name.toLowerCase()
    // A backslash quotes only a quote or itself: some servers send Windows paths unquoted.
    if (!parameters.has(key)) parameters.set(key, quoted?.replaceAll(/\\(["\\])/g, "$1") ?? bare.trim())
  }
  const encoded = parameters.get("filename*")
  const plain = parameters.get("filename")
  const name =
    (encoded === undefined ? undefined : extended(encoded)) ?? (plain === undefined ? undefined : readUtf8(plain))
  return name === undefined ? undefined : sanitised(name)
}
