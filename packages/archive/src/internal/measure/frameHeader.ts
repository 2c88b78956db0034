/** Headers of audio that comes as a row of frames without a container: MPEG audio (MP3, MP2) and AAC in ADTS. Pure. */

/** What a frame's header says. */
export interface FrameHeader {
  /** Bytes of the whole frame. */
  readonly length: number
  /** Of one channel. */
  readonly samples: number
  /** Samples a second, of one channel. */
  readonly sampleRate: number
  readonly channels: number
  readonly codec: string
  /** Where an encoder's own tag (`Xing`, `Info`) stands in the frame instead of sound; undefined where there is none. */
  readonly tagOffset?: number
}

/** Bytes that a header takes at most. */
export const frameHeaderLength = 6

/** Bytes of the longest frame there can be. */
export const longestFrame = 8191

/** Whether two frames can follow each other in a stream: only their lengths and stereo modes may differ. */
export const isSameFormat = (left: FrameHeader, right: FrameHeader): boolean =>
  left.codec === right.codec && left.sampleRate === right.sampleRate

/** The header at `at`; undefined where there is none, or the frame's length cannot be known from it. */
export const frameHeaderAt = (bytes: Uint8Array, at: number): FrameHeader | undefined => {
  const [first, second, third, fourth] = [bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]
  if (first !== 0xff || second === undefined || third === undefined || fourth === undefined) return undefined
  if ((second & 0xf6) === 0xf0) return adtsHeader(third, fourth, bytes[at + 4], bytes[at + 5])
  return second >= 0xe0 ? mpegHeader(second, third, fourth) : undefined
}

const adtsRates = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350]
const adtsHeaderLength = 7

const adtsHeader = (
  third: number,
  fourth: number,
  fifth: number | undefined,
  sixth: number | undefined
): FrameHeader | undefined => {
  const sampleRate = adtsRates[(third >> 2) & 0b1111]
  if (sampleRate === undefined || fifth === undefined || sixth === undefined) return undefined
  const length = ((fourth & 0b11) << 11) | (fifth << 3) | (sixth >> 5)
  if (length <= adtsHeaderLength) return undefined
  const channels = ((third & 1) << 2) | (fourth >> 6)
  return { length, samples: 1024, sampleRate, channels: channels === 7 ? 8 : channels, codec: "AAC" }
}

type Version = "1" | "2" | "2.5"
type Layer = 1 | 2 | 3

const versions: ReadonlyArray<Version | undefined> = ["2.5", undefined, "2", "1"]
const layers: ReadonlyArray<Layer | undefined> = [undefined, 3, 2, 1]
const mpegRates: Readonly<Record<Version, ReadonlyArray<number>>> = {
  "1": [44_100, 48_000, 32_000],
  "2": [22_050, 24_000, 16_000],
  "2.5": [11_025, 12_000, 8_000]
}

// Kilobits a second. With index 0 (free format) the length is not in the header; 15 is forbidden.
const lowBitrates = [undefined, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
const laterBitrates: Readonly<Record<Layer, ReadonlyArray<number | undefined>>> = {
  1: [undefined, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  2: lowBitrates,
  3: lowBitrates
}
const bitrates: Readonly<Record<Version, Readonly<Record<Layer, ReadonlyArray<number | undefined>>>>> = {
  "1": {
    1: [undefined, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    2: [undefined, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    3: [undefined, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
  },
  "2": laterBitrates,
  "2.5": laterBitrates
}

const mpegHeader = (second: number, third: number, fourth: number): FrameHeader | undefined => {
  const version = versions[(second >> 3) & 0b11]
  const layer = layers[(second >> 1) & 0b11]
  if (version === undefined || layer === undefined) return undefined
  const kilobits = bitrates[version][layer][third >> 4]
  const sampleRate = mpegRates[version][(third >> 2) & 0b11]
  if (kilobits === undefined || sampleRate === undefined) return undefined
  const samples = samplesOf(version, layer)
  const channels = fourth >> 6 === 0b11 ? 1 : 2
  // Layer 1 counts in slots of four bytes.
  const slot = layer === 1 ? 4 : 1
  const slots = Math.floor((samples * kilobits * 1000) / (8 * slot * sampleRate)) + ((third >> 1) & 1)
  return {
    length: slots * slot,
    samples,
    sampleRate,
    channels,
    codec: `MPEG ${version} Layer ${layer}`,
    ...(layer === 3 && { tagOffset: 4 + sideInformation(version, channels) })
  }
}

const samplesOf = (version: Version, layer: Layer): number => {
  if (layer === 1) return 384
  return layer === 3 && version !== "1" ? 576 : 1152
}

const sideInformation = (version: Version, channels: 1 | 2): number => {
  if (version === "1") return channels === 1 ? 17 : 32
  return channels === 1 ? 9 : 17
}
