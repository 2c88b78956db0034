/** Facts of an audio file from its bytes, taken while they pass by. */
import { headLength, scannerFor } from "./internal/measure/scannerFor.ts"
import type { Measured, Scanner } from "./internal/measure/Scanner.ts"

export type { Measured } from "./internal/measure/Scanner.ts"
export { type Reported, suspectOf } from "./internal/measure/suspectOf.ts"

/** Takes the bytes of one file in order; stands beside hashing. Never fails. */
export interface Measure {
  /** Takes the next bytes, which must not be changed afterwards. A promise asks to wait before more is written. */
  readonly write: (bytes: Uint8Array) => void | Promise<void>
  /** The facts; to be called once, after the last byte. What is damaged, empty or no audio has none. */
  readonly finish: () => Promise<Measured>
}

/**
 * Measures a file of a media type, in memory that does not grow with it.
 *
 * MP3, MP2, AAC (ADTS) and WAV are counted frame by frame and sample by sample, so that a cut file is as long as it plays,
 * whatever its header says. Other types (Ogg, MP4, FLAC, WebM, …) are read by `music-metadata`; of those, FLAC and MP4 are
 * as long as they say. What a file is, its first bytes tell; the media type matters only where they do not.
 */
export const measure = (mediaType: string): Measure => {
  let head: Uint8Array = new Uint8Array()
  let scanner: Scanner | undefined
  const start = (): Scanner => (scanner = scannerFor(head, mediaType))
  return {
    write: (bytes) => {
      if (scanner !== undefined) return scanner.write(bytes)
      head = head.length === 0 ? bytes : Buffer.concat([head, bytes])
      return head.length < headLength ? undefined : start().write(head)
    },
    finish: async () => {
      if (scanner !== undefined) return scanner.finish()
      const short = start()
      await short.write(head)
      return short.finish()
    }
  }
}
