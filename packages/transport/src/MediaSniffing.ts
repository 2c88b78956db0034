/** What kind of audio bytes are, judged from the bytes alone. */

/** So many leading bytes are enough for {@link sniffMediaType}. */
export const sniffLength = 16

const at = (bytes: Uint8Array, position: number, text: string): boolean => {
  for (let index = 0; index < text.length; index++) {
    if (bytes[position + index] !== text.charCodeAt(index)) return false
  }
  return true
}

// An MPEG audio frame of layer II or III: 11 bits of sync, a version, layer, bit rate and sample rate that are not
// reserved. MPEG 2.5, used for 8 kHz telephone audio, begins FF E3 and is missed by tests for FF FB. Layer I is left out:
// nobody records calls in it, and FF FE is also how UTF-16 text begins.
const isMpegFrame = (bytes: Uint8Array): boolean => {
  const [first = 0, second = 0, third = 0xff] = bytes
  const version = (second >> 3) & 3
  const layer = (second >> 1) & 3
  return (
    first === 0xff &&
    second >= 0xe0 &&
    version !== 1 &&
    (layer === 1 || layer === 2) &&
    third >> 4 !== 15 &&
    (third & 12) !== 12
  )
}

// ADTS frames of AAC share the sync of MPEG audio, with the layer bits 00.
const isAdtsFrame = (bytes: Uint8Array): boolean => bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xf6) === 0xf0

const audioBrands = ["M4A ", "M4B ", "mp41", "mp42", "isom", "iso2", "dash", "M4V "]

/** The media type of audio by its leading bytes, or undefined where they are no audio that is known here. */
export const sniffMediaType = (bytes: Uint8Array): string | undefined => {
  if (at(bytes, 0, "ID3")) return "audio/mpeg"
  if (at(bytes, 0, "RIFF") && at(bytes, 8, "WAVE")) return "audio/wav"
  if (at(bytes, 0, "OggS")) return "audio/ogg"
  if (at(bytes, 0, "fLaC")) return "audio/flac"
  if (at(bytes, 4, "ftyp") && audioBrands.some((brand) => at(bytes, 8, brand))) return "audio/mp4"
  if (at(bytes, 0, "#!AMR")) return "audio/amr"
  if (isAdtsFrame(bytes)) return "audio/aac"
  return isMpegFrame(bytes) ? "audio/mpeg" : undefined
}

/** Whether the bytes begin like HTML, XML or JSON: an error page where audio was promised. */
export const looksLikeText = (bytes: Uint8Array): boolean => {
  const start = new TextDecoder().decode(bytes.subarray(0, sniffLength)).trimStart()
  return start.startsWith("<") || start.startsWith("{")
}
