/** Which scanner reads a file. Pure. */
import { frameHeaderAt } from "./frameHeader.ts"
import { frameScanner } from "./frames.ts"
import { libraryScanner } from "./library.ts"
import type { Scanner } from "./Scanner.ts"
import { wavScanner } from "./wav.ts"

/** Bytes that show what a file is. */
export const headLength = 12

/** The ways to measure. */
export type ScannerKind = "wav" | "frames" | "library"

const frameTypes: ReadonlySet<string> = new Set(["audio/mpeg", "audio/aac"])

/** By what the file begins with; the media type only where that says nothing, as before damaged frames. */
export const kindOf = (head: Uint8Array, mediaType: string): ScannerKind => {
  const text = Buffer.from(head.subarray(0, headLength)).toString("latin1")
  if (/^(?:RIFF|RF64).{4}WAVE/s.test(text)) return "wav"
  if (text.startsWith("ID3") || frameHeaderAt(head, 0) !== undefined) return "frames"
  if (/^(?:OggS|fLaC|RIFF|FORM|\x1aE\xdf\xa3|.{4}ftyp)/s.test(text)) return "library"
  return frameTypes.has(mediaType) ? "frames" : "library"
}

const scanners: Readonly<Record<ScannerKind, () => Scanner>> = {
  wav: wavScanner,
  frames: frameScanner,
  library: libraryScanner
}

/** A scanner for the file that begins so. */
export const scannerFor = (head: Uint8Array, mediaType: string): Scanner => scanners[kindOf(head, mediaType)]()
