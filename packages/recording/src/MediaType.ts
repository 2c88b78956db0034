/** Media types of audio and the file names that follow from them. */

const synonyms: Readonly<Record<string, string>> = {
  "audio/mp3": "audio/mpeg",
  "audio/mpeg3": "audio/mpeg",
  "audio/x-mp3": "audio/mpeg",
  "audio/x-mpeg": "audio/mpeg",
  "audio/x-mpeg-3": "audio/mpeg",
  "audio/x-wav": "audio/wav",
  "audio/wave": "audio/wav",
  "audio/x-pn-wav": "audio/wav",
  "audio/vnd.wave": "audio/wav",
  "application/ogg": "audio/ogg",
  "audio/x-ogg": "audio/ogg",
  "audio/m4a": "audio/mp4",
  "audio/x-m4a": "audio/mp4",
  "audio/x-flac": "audio/flac",
  "audio/x-aac": "audio/aac"
}

const extensions: Readonly<Record<string, string>> = {
  "audio/mpeg": "mp3",
  "audio/wav": "wav",
  "audio/ogg": "ogg",
  "audio/opus": "opus",
  "audio/mp4": "m4a",
  "audio/flac": "flac",
  "audio/aac": "aac",
  "audio/amr": "amr",
  "audio/webm": "webm",
  "audio/basic": "au",
  "video/mp4": "mp4",
  "video/webm": "webm"
}

/** One name per type: lower case, without parameters, `audio/mp3` → `audio/mpeg`, `audio/x-wav` → `audio/wav`. */
export const normaliseMediaType = (mediaType: string): string => {
  const essence = (mediaType.split(";", 1)[0] ?? "").trim().toLowerCase()
  return Object.hasOwn(synonyms, essence) ? (synonyms[essence] ?? essence) : essence
}

/** The file extension of a media type, without the dot; `bin` where none is known. */
export const fileExtensionOf = (mediaType: string): string => {
  const essence = normaliseMediaType(mediaType)
  return Object.hasOwn(extensions, essence) ? (extensions[essence] ?? "bin") : "bin"
}

const longestFileName = 120

// Devices that Windows finds under these names in every folder, whatever follows the first dot.
const windowsReserved = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i

const escapeBytes = (text: string): string => {
  // Half a surrogate pair has no UTF-8; "u" is no hexadecimal digit, so that this cannot be taken for one.
  if (!text.isWellFormed()) return Array.from(text, (unit) => `_u${unit.charCodeAt(0).toString(16)}`).join("")
  return Array.from(new TextEncoder().encode(text), (byte) => `_${byte.toString(16).padStart(2, "0")}`).join("")
}

// Two 32-bit FNV-1a hashes over UTF-16 units: enough to keep shortened names apart, without a dependency on node:crypto.
const fingerprint = (text: string): string => {
  const hash = (seed: number): string => {
    let value = seed
    for (let index = 0; index < text.length; index++) {
      value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
    }
    return (value >>> 0).toString(16).padStart(8, "0")
  }
  return hash(0x811c9dc5) + hash(0x9747b28c)
}

/**
 * A file name for an id of a vendor: the same id, the same name, and another id, another name.
 *
 * Letters, digits, `-` and dots inside stay, so that a plain id is its own name; every other byte of its UTF-8 becomes
 * `_` and two hexadecimal digits. Longer than 120 characters, its end is replaced by a fingerprint.
 */
export const safeFileName = (id: string): string => {
  if (id === "") return "_"
  let name = id.replaceAll(/[^A-Za-z0-9.-]/gu, escapeBytes)
  // A dot in front hides a file, one at the end is dropped by Windows, and dots alone are folders.
  name = name.replace(/^\.+/, escapeBytes).replace(/\.+$/, escapeBytes)
  if (windowsReserved.test(name)) name = escapeBytes(name.slice(0, 1)) + name.slice(1)
  return name.length <= longestFileName ? name : `${name.slice(0, longestFileName - 18)}__${fingerprint(id)}`
}
