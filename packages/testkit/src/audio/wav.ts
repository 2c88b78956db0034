/** WAV (RIFF) structure: writes and reads the header of uncompressed PCM files. All numbers in it are little-endian. */

/** The shape of PCM sound. */
export interface PcmFormat {
  readonly channels: number
  /** Samples per second of one channel. */
  readonly sampleRate: number
  readonly bitsPerSample: number
}

/** The shape of a WAV file and where its samples are. */
export interface WavHeader extends PcmFormat {
  /** Where the samples start, in bytes. */
  readonly dataOffset: number
  /** Bytes of samples, as the header declares them. */
  readonly dataLength: number
}

/** Bytes of the header `wavHeader` writes. */
export const wavHeaderLength = 44

const riff = 0x52494646
const wave = 0x57415645
const format = 0x666d7420
const data = 0x64617461
const formatLength = 16
const pcm = 1
const largest = 0xffff_ffff

/** Bytes of one sample of all the channels. */
export const frameLength = ({ channels, bitsPerSample }: PcmFormat): number => channels * (bitsPerSample / 8)

/**
 * The 44-byte header of a PCM file with `dataLength` bytes of samples. The format has 32 bits for lengths: past 4 GiB
 * it declares the largest one, which players read as "until the end of the file".
 */
export const wavHeader = (shape: PcmFormat, dataLength: number): Uint8Array => {
  const bytes = new Uint8Array(wavHeaderLength)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, riff)
  view.setUint32(4, Math.min(dataLength + wavHeaderLength - 8, largest), true)
  view.setUint32(8, wave)
  view.setUint32(12, format)
  view.setUint32(16, formatLength, true)
  view.setUint16(20, pcm, true)
  view.setUint16(22, shape.channels, true)
  view.setUint32(24, shape.sampleRate, true)
  view.setUint32(28, shape.sampleRate * frameLength(shape), true)
  view.setUint16(32, frameLength(shape), true)
  view.setUint16(34, shape.bitsPerSample, true)
  view.setUint32(36, data)
  view.setUint32(40, Math.min(dataLength, largest), true)
  return bytes
}

/** Reads the header of a PCM file, whatever other chunks stand before the samples; `undefined` for anything else. */
export const parseWavHeader = (bytes: Uint8Array): WavHeader | undefined => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.byteLength < 12 || view.getUint32(0) !== riff || view.getUint32(8) !== wave) return undefined
  let shape: PcmFormat | undefined
  let offset = 12
  while (offset + 8 <= view.byteLength) {
    const name = view.getUint32(offset)
    const length = view.getUint32(offset + 4, true)
    const content = offset + 8
    if (name === data) return shape && { ...shape, dataOffset: content, dataLength: length }
    if (name === format && length >= formatLength && content + formatLength <= view.byteLength) {
      if (view.getUint16(content, true) !== pcm) return undefined
      shape = {
        channels: view.getUint16(content + 2, true),
        sampleRate: view.getUint32(content + 4, true),
        bitsPerSample: view.getUint16(content + 14, true)
      }
    }
    // Chunks start at even offsets.
    offset = content + length + (length % 2)
  }
  return undefined
}
