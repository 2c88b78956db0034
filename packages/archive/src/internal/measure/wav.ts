/** Length of a WAV file: its header says how the samples are written, and the samples that really came are counted. */
import { type Measured, measuredOf, type Scanner } from "./Scanner.ts"

const riffHeaderLength = 12
const chunkHeaderLength = 8
const factLength = 4
const longestFormat = 40
const shortestFormat = 16
const unknownLength = 0xffff_ffff

interface Format {
  readonly tag: number
  readonly channels: number
  readonly sampleRate: number
  readonly bytesPerSecond: number
  /** Bytes that are one sample of all channels; of compressed sound, one block. */
  readonly blockLength: number
}

const codecs: ReadonlyMap<number, string> = new Map([
  [0x0001, "PCM"],
  [0x0002, "ADPCM"],
  [0x0003, "IEEE_FLOAT"],
  [0x0006, "ALAW"],
  [0x0007, "MULAW"],
  [0x0011, "DVI_ADPCM"],
  [0x0031, "GSM610"],
  [0x0055, "MPEGLAYER3"]
])
const uncompressed: ReadonlySet<number> = new Set([0x0001, 0x0003, 0x0006, 0x0007])
const extensible = 0xfffe

/** Measures WAV (RIFF and RF64), also where the header does not know the length because it was written first. */
export const wavScanner = (): Scanner => {
  let kept: Uint8Array = new Uint8Array()
  /** Bytes to pass over. */
  let skip = riffHeaderLength
  /** Bytes of samples to come, and how many came. */
  let samplesLeft = 0
  let sampleBytes = 0
  let format: Format | undefined
  /** Samples of one channel, as an encoder that compresses has counted them. */
  let sampleCount: number | undefined

  const scan = (bytes: Uint8Array): number => {
    let at = 0
    for (;;) {
      const samples = Math.min(samplesLeft, bytes.length - at)
      samplesLeft -= samples
      sampleBytes += samples
      at += samples
      const step = Math.min(skip, bytes.length - at)
      // What is passed over stands behind the samples.
      if (samplesLeft === 0) {
        skip -= step
        at += step
      }
      if (bytes.length - at < chunkHeaderLength) return at
      const name = Buffer.from(bytes.subarray(at, at + 4)).toString("latin1")
      const view = new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at)
      const length = view.getUint32(4, true)
      const needed = chunkHeaderLength + Math.min(length, contentNeeded(name))
      if (view.byteLength < needed) return at
      at += chunkHeaderLength
      skip = length + (length % 2)
      if (name === "fmt ") format = readFormat(view, length) ?? format
      if (name === "fact" && length >= factLength) sampleCount = view.getUint32(chunkHeaderLength, true)
      if (name === "data") {
        // A header that was written before the samples has 0 or the largest number.
        const isUnknown = length === 0 || length === unknownLength
        samplesLeft = isUnknown ? Infinity : length
        skip = length % 2
      }
    }
  }

  return {
    write: (bytes) => {
      const waiting = kept.length === 0 ? bytes : Buffer.concat([kept, bytes])
      kept = waiting.subarray(scan(waiting))
    },
    finish: () => {
      // Of a file that was cut, as much as came.
      const share = samplesLeft === Infinity ? 1 : sampleBytes / (sampleBytes + samplesLeft)
      return format === undefined ? {} : factsOf(format, sampleBytes, (sampleCount ?? 0) * share)
    }
  }
}

const contentNeeded = (name: string): number => {
  if (name === "fmt ") return longestFormat
  return name === "fact" ? factLength : 0
}

const readFormat = (view: DataView, length: number): Format | undefined => {
  if (length < shortestFormat) return undefined
  const at = chunkHeaderLength
  const tag = view.getUint16(at, true)
  return {
    tag: tag === extensible && length >= longestFormat ? view.getUint16(at + 24, true) : tag,
    channels: view.getUint16(at + 2, true),
    sampleRate: view.getUint32(at + 4, true),
    bytesPerSecond: view.getUint32(at + 8, true),
    blockLength: view.getUint16(at + 12, true)
  }
}

const factsOf = (format: Format, bytes: number, sampleCount: number): Measured => {
  const durationSeconds = secondsOf(format, bytes, sampleCount)
  return measuredOf({
    durationSeconds,
    codec: codecs.get(format.tag) ?? `WAVE format ${format.tag}`,
    channels: format.channels,
    bitrate: (bytes * 8) / durationSeconds
  })
}

const secondsOf = (
  { blockLength, bytesPerSecond, sampleRate, tag }: Format,
  bytes: number,
  sampleCount: number
): number => {
  if (uncompressed.has(tag)) return Math.floor(bytes / blockLength) / sampleRate
  return sampleCount > 0 ? sampleCount / sampleRate : bytes / bytesPerSecond
}
