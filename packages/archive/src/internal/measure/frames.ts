/**
 * Length of audio without a container, by counting its frames: what an encoder wrote of the length into the first one does
 * not matter, so that a file that was cut says so.
 */
import { type FrameHeader, frameHeaderAt, frameHeaderLength, isSameFormat } from "./frameHeader.ts"
import { type Measured, measuredOf, type Scanner } from "./Scanner.ts"

const id3HeaderLength = 10
const id3 = [0x49, 0x44, 0x33]

/** Measures MP3, MP2 and AAC (ADTS), with tags before, behind and between; passes over what is damaged. */
export const frameScanner = (): Scanner => {
  const counted = new FrameCount()
  /** Came already, but says nothing before more has come. */
  let kept: Uint8Array = new Uint8Array()
  /** Bytes of a frame or a tag that are still to come. */
  let skip = 0
  /** The frame before; undefined where the next one is to be searched for. */
  let previous: FrameHeader | undefined
  /** Nothing was damaged since the beginning, or the frame before. */
  let isExpected = true

  /** Takes what can be taken; the count of bytes that are done with. */
  const scan = (bytes: Uint8Array, isLast: boolean): number => {
    let at = 0
    while (at < bytes.length) {
      const step = Math.min(skip, bytes.length - at)
      skip -= step
      at += step
      if (at === bytes.length) break
      if (!isLast && bytes.length - at < id3HeaderLength) break
      const tag = isExpected ? id3Length(bytes, at) : 0
      if (tag > 0) {
        counted.endFrame()
        skip = tag
        continue
      }
      if (previous === undefined) {
        const found = search(bytes, at, isLast)
        at = found.at
        if (found.frame === undefined) break
        previous = found.frame
        if (isExpected && isEncoderTag(bytes, at, found.frame)) skip = found.frame.length
        else take(found.frame)
        isExpected = true
        continue
      }
      const frame = frameHeaderAt(bytes, at)
      if (frame !== undefined && isSameFormat(frame, previous)) {
        take(frame)
      } else {
        counted.endFrame()
        previous = undefined
        isExpected = false
      }
    }
    return at
  }

  const take = (frame: FrameHeader): void => {
    counted.add(frame)
    previous = frame
    skip = frame.length
  }

  /** The next frame that another one follows, or the end. What only looks like a header by chance is passed over. */
  const search = (
    bytes: Uint8Array,
    from: number,
    isLast: boolean
  ): { readonly at: number; readonly frame?: FrameHeader } => {
    for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
      if (!isLast && bytes.length - at < frameHeaderLength) return { at }
      const frame = frameHeaderAt(bytes, at)
      if (frame === undefined) continue
      const end = at + frame.length
      if (!isLast && bytes.length - end < frameHeaderLength) return { at }
      const next = frameHeaderAt(bytes, end)
      const isConfirmed = next === undefined ? end === bytes.length : isSameFormat(frame, next)
      if (isConfirmed || (isExpected && at === from && end <= bytes.length && isTag(bytes, end))) return { at, frame }
    }
    return { at: bytes.length }
  }

  return {
    write: (bytes) => {
      const waiting = kept.length === 0 ? bytes : Buffer.concat([kept, bytes])
      kept = waiting.subarray(scan(waiting, false))
    },
    finish: () => {
      scan(kept, true)
      return counted.measured(skip)
    }
  }
}

/** Frames so far: how long they play, and how many bytes they have. */
class FrameCount {
  #seconds = 0
  #bytes = 0
  #first: FrameHeader | undefined
  #last: FrameHeader | undefined

  add(frame: FrameHeader): void {
    this.#first ??= frame
    this.#last = frame
    this.#seconds += frame.samples / frame.sampleRate
    this.#bytes += frame.length
  }

  /** The last frame is whole. */
  endFrame(): void {
    this.#last = undefined
  }

  /** The facts, without the last frame where bytes of it are missing. */
  measured(missing: number): Measured {
    const cut = missing > 0 ? this.#last : undefined
    const seconds = this.#seconds - (cut === undefined ? 0 : cut.samples / cut.sampleRate)
    const bytes = this.#bytes - (cut?.length ?? 0)
    if (this.#first === undefined || bytes <= 0) return {}
    const { channels, codec } = this.#first
    return measuredOf({ durationSeconds: seconds, codec, channels, bitrate: (bytes * 8) / seconds })
  }
}

/** Bytes of the ID3v2 tag at `at`, 0 where there is none. */
const id3Length = (bytes: Uint8Array, at: number): number => {
  if (!id3.every((byte, index) => bytes[at + index] === byte) || at + id3HeaderLength > bytes.length) return 0
  const footer = ((bytes[at + 5] ?? 0) & 0x10) === 0 ? 0 : 10
  // Seven bits a byte, so that no byte of it looks like the start of a frame.
  const size = bytes.subarray(at + 6, at + id3HeaderLength).reduce((total, byte) => total * 128 + (byte & 0x7f), 0)
  return id3HeaderLength + size + footer
}

/** Whether a tag that stands behind the audio begins at `at`: ID3v1, APE or Lyrics3. */
const isTag = (bytes: Uint8Array, at: number): boolean =>
  /^(?:TAG|APETAGEX|LYRICSBEGIN)/.test(Buffer.from(bytes.subarray(at, at + 11)).toString("latin1"))

/** Whether the frame holds what an encoder says of the file, and no sound. */
const isEncoderTag = (bytes: Uint8Array, at: number, { tagOffset }: FrameHeader): boolean => {
  if (tagOffset === undefined) return false
  const nameAt = (offset: number) => Buffer.from(bytes.subarray(at + offset, at + offset + 4)).toString("latin1")
  return ["Xing", "Info"].includes(nameAt(tagOffset)) || nameAt(4 + 32) === "VBRI"
}
