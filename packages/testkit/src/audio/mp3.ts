/** MP3 structure: frame headers, ID3v2 tags, and a walk over the frames. Nothing here decodes sound. */

export type MpegVersion = "1" | "2" | "2.5"
export type MpegLayer = 1 | 2 | 3

/** What the four bytes of an MPEG audio frame header say. */
export interface FrameHeader {
  readonly version: MpegVersion
  readonly layer: MpegLayer
  /** Bits per second. */
  readonly bitrate: number
  /** Samples per second of one channel. */
  readonly sampleRate: number
  readonly channels: 1 | 2
  /** A 16-bit checksum follows the header. */
  readonly checksum: boolean
  /** Bytes of the whole frame, header included. */
  readonly length: number
  /** Samples of one channel in the frame. */
  readonly samples: number
}

export interface Frame {
  /** Where the frame starts in the file, in bytes. */
  readonly offset: number
  readonly header: FrameHeader
  /** The whole frame: a view of the file, not a copy. */
  readonly bytes: Uint8Array
}

const versions: ReadonlyArray<MpegVersion | undefined> = ["2.5", undefined, "2", "1"]
const layers: ReadonlyArray<MpegLayer | undefined> = [undefined, 3, 2, 1]
const sampleRates: Record<MpegVersion, ReadonlyArray<number>> = {
  "1": [44_100, 48_000, 32_000],
  "2": [22_050, 24_000, 16_000],
  "2.5": [11_025, 12_000, 8_000]
}

// Kilobits per second by index. Index 0 (free format) has no length to be known from the header, 15 is forbidden.
const lowRates = [undefined, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
const bitrates: Record<"1" | "2", Record<MpegLayer, ReadonlyArray<number | undefined>>> = {
  "1": {
    1: [undefined, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    2: [undefined, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    3: [undefined, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
  },
  "2": {
    1: [undefined, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    2: lowRates,
    3: lowRates
  }
}

const samplesOf = (version: MpegVersion, layer: MpegLayer): number => {
  if (layer === 1) return 384
  return layer === 3 && version !== "1" ? 576 : 1152
}

// Layer I counts in slots of four bytes, the others in single bytes; padding adds one slot.
const lengthOf = (layer: MpegLayer, samples: number, bitrate: number, sampleRate: number, padding: number): number => {
  const slot = layer === 1 ? 4 : 1
  return (Math.floor((samples * bitrate) / (8 * slot * sampleRate)) + padding) * slot
}

/** Reads the frame header at `offset` (bytes); `undefined` where the four bytes there are no header of known length. */
export const parseFrameHeader = (bytes: Uint8Array, offset = 0): FrameHeader | undefined => {
  const [first, second, third, fourth] = bytes.subarray(offset, offset + 4)
  if (first !== 0xff || second === undefined || third === undefined || fourth === undefined) return undefined
  if (second >> 5 !== 0b111) return undefined
  const version = versions[(second >> 3) & 0b11]
  const layer = layers[(second >> 1) & 0b11]
  if (version === undefined || layer === undefined) return undefined
  const kilobits = bitrates[version === "1" ? "1" : "2"][layer][third >> 4]
  const sampleRate = sampleRates[version][(third >> 2) & 0b11]
  if (kilobits === undefined || sampleRate === undefined) return undefined
  const bitrate = kilobits * 1000
  const samples = samplesOf(version, layer)
  return {
    version,
    layer,
    bitrate,
    sampleRate,
    channels: fourth >> 6 === 0b11 ? 1 : 2,
    checksum: (second & 1) === 0,
    length: lengthOf(layer, samples, bitrate, sampleRate, (third >> 1) & 1),
    samples
  }
}

const id3HeaderLength = 10

/** Bytes taken by the ID3v2 tag a file starts with, its footer included; 0 where there is none. */
export const id3v2Length = (bytes: Uint8Array): number => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.byteLength < id3HeaderLength || view.getUint32(0) >>> 8 !== 0x494433) return 0
  // The size is "synchsafe": seven bits a byte, so that no byte of it looks like the start of a frame.
  const size = bytes.subarray(6, id3HeaderLength).reduce((total, byte) => total * 128 + (byte & 0x7f), 0)
  const footer = (view.getUint8(5) & 0x10) === 0 ? 0 : 10
  return id3HeaderLength + size + footer
}

/** The frames of a file in order, after its ID3v2 tag; ends at the first bytes that are not a whole frame. */
export function* frames(bytes: Uint8Array): Generator<Frame, void> {
  let offset = id3v2Length(bytes)
  for (;;) {
    const header = parseFrameHeader(bytes, offset)
    if (header === undefined || offset + header.length > bytes.length) return
    yield { offset, header, bytes: bytes.subarray(offset, offset + header.length) }
    offset += header.length
  }
}
