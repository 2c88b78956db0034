/** The kinds of audio a recording can be composed in: for each, the blocks to draw from and what stands around them. */
import { fixture, type FixtureName } from "./fixtures.ts"
import { frames, id3v2Length } from "./mp3.ts"
import { parseWavHeader, wavHeader, wavHeaderLength } from "./wav.ts"

/**
 * - `mp3-mono-8k`: MPEG-2.5 layer III, 16 kbit/s: bare frames of 144 bytes, 2000 bytes a second.
 * - `mp3-stereo-id3`: MPEG-2.5 layer III at 8 kHz, 32 kbit/s, an ID3v2 tag first; operator left, client right.
 * - `wav-mono-8k`: PCM, 16 bit, 16,000 bytes a second.
 * - `wav-stereo-8k`: PCM, 16 bit, 32,000 bytes a second; operator left, client right.
 */
export type AudioKind = "mp3-mono-8k" | "mp3-stereo-id3" | "wav-mono-8k" | "wav-stereo-8k"

/** All the kinds share the telephone's rate, in samples per second of one channel. */
export const sampleRate = 8000

/** Samples of one channel in a block, and so 72 ms: one MP3 frame of this rate; PCM is cut the same way. */
const blockSamples = 576

export interface Material {
  readonly mediaType: "audio/mpeg" | "audio/wav"
  readonly channels: 1 | 2
  /** Bytes of a block. */
  readonly blockLength: number
  /** The smallest run of bytes a file may be cut to: a whole frame for MP3, one sample of all the channels for PCM. */
  readonly unitLength: number
  /** Samples of one channel in a unit. */
  readonly unitSamples: number
  /** Consecutive blocks of speech: they sound alike in any order, and natural in runs. */
  readonly blocks: ReadonlyArray<Uint8Array>
  /** Bytes of what stands before the blocks. */
  readonly preambleLength: number
  readonly preamble: (bodyLength: number) => Uint8Array
  /** A valid, all but silent block that carries a digest of 32 bytes: it makes files of different seeds differ. */
  readonly signature: (digest: Uint8Array) => Uint8Array
}

// A frame whose side information is all zeros is silence and claims none of the bytes after it, so they may hold a note.
const mp3Signature =
  (frame: Uint8Array, sideInformation: number) =>
  (digest: Uint8Array): Uint8Array => {
    const bytes = new Uint8Array(frame.length)
    bytes.set(frame.subarray(0, 4))
    // As text: raw bytes could look like the start of a frame.
    bytes.set(new TextEncoder().encode(Buffer.from(digest).toString("hex")), 4 + sideInformation)
    return bytes
  }

const mp3 = (name: FixtureName, channels: 1 | 2): Material => {
  const file = fixture(name)
  const blocks = Array.from(frames(file), (frame) => frame.bytes)
  const tag = file.subarray(0, id3v2Length(file))
  const [first = new Uint8Array()] = blocks
  return {
    mediaType: "audio/mpeg",
    channels,
    blockLength: first.length,
    unitLength: first.length,
    unitSamples: blockSamples,
    blocks,
    preambleLength: tag.length,
    preamble: () => tag,
    signature: mp3Signature(first, channels === 1 ? 9 : 17)
  }
}

// One sample is one byte of the digest: noise too faint to hear.
const wavSignature =
  (blockLength: number) =>
  (digest: Uint8Array): Uint8Array => {
    const samples = new DataView(new ArrayBuffer(blockLength))
    digest.forEach((byte, index) => samples.setInt16(index * 2, byte - 128, true))
    return new Uint8Array(samples.buffer)
  }

const wav = (name: FixtureName, channels: 1 | 2): Material => {
  const unitLength = channels * 2
  const blockLength = blockSamples * unitLength
  const file = fixture(name)
  const samples = file.subarray(parseWavHeader(file)?.dataOffset)
  return {
    mediaType: "audio/wav",
    channels,
    blockLength,
    unitLength,
    unitSamples: 1,
    blocks: Array.from({ length: Math.floor(samples.length / blockLength) }, (_, index) =>
      samples.subarray(index * blockLength, (index + 1) * blockLength)
    ),
    preambleLength: wavHeaderLength,
    preamble: (bodyLength) => wavHeader({ channels, sampleRate, bitsPerSample: 16 }, bodyLength),
    signature: wavSignature(blockLength)
  }
}

const makers: Record<AudioKind, () => Material> = {
  "mp3-mono-8k": () => mp3("mono-8k.mp3", 1),
  "mp3-stereo-id3": () => mp3("stereo-id3-8k.mp3", 2),
  "wav-mono-8k": () => wav("mono-8k.wav", 1),
  "wav-stereo-8k": () => wav("stereo-8k.wav", 2)
}
const made = new Map<AudioKind, Material>()

/** The material of a kind, read from its fixture at first use and shared afterwards: not to be changed. */
export const materialOf = (kind: AudioKind): Material => {
  const material = made.get(kind) ?? makers[kind]()
  made.set(kind, material)
  return material
}
