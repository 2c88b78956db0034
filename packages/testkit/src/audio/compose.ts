/**
 * Composes valid audio of any length out of the fixtures, as it is read: the whole file is never in memory, and any range
 * of it can be had at once. The same kind, seed and duration always give the same bytes.
 */
import { createHash } from "node:crypto"
import { type AudioKind, type Material, materialOf, sampleRate } from "./kinds.ts"

export interface AudioOptions {
  readonly kind: AudioKind
  /** What the content depends on (a recording id, say): two seeds give two different files. */
  readonly seed: string
  /**
   * Length wanted, in seconds, 0 or more; rounded to whole frames of 72 ms for MP3, to a sample for WAV. Players do not
   * take a single MP3 frame for MP3: what is to be played wants two or more.
   */
  readonly durationSeconds: number
}

/** An audio file that exists only while it is read. Ranges are half-open, in bytes, cut to the file, as in `slice`. */
export interface ComposedAudio {
  readonly kind: AudioKind
  readonly mediaType: "audio/mpeg" | "audio/wav"
  /** Size of the file, in bytes. */
  readonly bytes: number
  /** True length of the sound, in seconds: the wanted one, rounded. */
  readonly durationSeconds: number
  readonly channels: 1 | 2
  /** The bytes from `start` up to, not including, `end`. Takes memory for that range only. */
  readonly chunk: (start: number, end: number) => Uint8Array
  /** The same bytes in pieces of at most 64 KiB; the whole file where no range is given. */
  readonly stream: (start?: number, end?: number) => Iterable<Uint8Array>
  /** SHA-512 of the whole file, in lower-case hexadecimal. Reads all of it: seconds for a GiB. */
  readonly sha512: () => string
}

const pieceLength = 64 * 1024

// Runs of about a second keep the speech recognisable as speech.
const longestRun = 14

// The finalizer of MurmurHash3: neighbouring inputs give unrelated outputs, and any index can be asked for directly.
const mix = (value: number): number => {
  let mixed = value
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

// Block 0 is the signature; the others come in runs of neighbours, each run from a place in the fixture set by the seed.
const blockPicker = (material: Material, seed: string): ((index: number) => Uint8Array) => {
  const digest = createHash("sha256").update(seed).digest()
  const key = digest.readUInt32LE(0)
  const signature = material.signature(digest)
  const { blocks } = material
  const run = Math.min(longestRun, Math.floor(blocks.length / 2))
  const places = blocks.length - run + 1
  return (index) => {
    const speech = index - 1
    const place = mix(key ^ mix(Math.floor(speech / run))) % places
    return (index === 0 ? undefined : blocks[place + (speech % run)]) ?? signature
  }
}

const secondsOf = (material: Material, units: number): number => (units * material.unitSamples) / sampleRate

/** The shortest duration, in seconds, whose file of this kind has at least `bytes` bytes. */
export const durationForBytes = (kind: AudioKind, bytes: number): number => {
  const material = materialOf(kind)
  const units = Math.max(0, Math.ceil((bytes - material.preambleLength) / material.unitLength))
  return secondsOf(material, units)
}

/** An audio file of the wanted kind and length. Takes microseconds whatever the length. */
export const composeAudio = ({ kind, seed, durationSeconds }: AudioOptions): ComposedAudio => {
  const material = materialOf(kind)
  const { blockLength, unitLength } = material
  const units = Math.max(0, Math.round((durationSeconds * sampleRate) / material.unitSamples))
  const preamble = material.preamble(units * unitLength)
  const bytes = preamble.length + units * unitLength
  const blockAt = blockPicker(material, seed)

  const chunk = (start: number, end: number): Uint8Array => {
    const from = Math.min(Math.max(0, start), bytes)
    const to = Math.min(Math.max(from, end), bytes)
    const range = new Uint8Array(to - from)
    range.set(preamble.subarray(from, to))
    let position = Math.max(from, preamble.length)
    while (position < to) {
      const body = position - preamble.length
      const skipped = body % blockLength
      const part = blockAt(Math.floor(body / blockLength)).subarray(skipped, skipped + to - position)
      range.set(part, position - from)
      position += part.length
    }
    return range
  }

  const stream = function* (start = 0, end = bytes): Generator<Uint8Array, void> {
    const to = Math.min(end, bytes)
    for (let from = Math.max(0, start); from < to; from += pieceLength) {
      yield chunk(from, Math.min(from + pieceLength, to))
    }
  }

  return {
    kind,
    mediaType: material.mediaType,
    bytes,
    durationSeconds: secondsOf(material, units),
    channels: material.channels,
    chunk,
    stream,
    sha512: () => {
      const hash = createHash("sha512")
      for (const piece of stream()) hash.update(piece)
      return hash.digest("hex")
    }
  }
}
