/** Length of all other audio (Ogg, MP4, FLAC, WebM, AIFF, …), by `music-metadata`. */
import type { IAudioMetadata } from "music-metadata"
import { type Measured, measuredOf, type Scanner } from "./Scanner.ts"

/** Files up to this size are read at once when they are whole; longer ones while they come. */
const wholeLength = 1024 * 1024

/** Bytes that may wait for the library. */
const waitingLength = 256 * 1024

const options = { duration: true, skipCovers: true } as const

/** Measures what the library knows, by content; the facts are absent for everything else. */
export const libraryScanner = (): Scanner => {
  let pieces: Array<Uint8Array> = []
  let length = 0
  let reading: Reading | undefined

  return {
    write: (bytes) => {
      if (reading !== undefined) return reading.write(bytes)
      pieces.push(bytes)
      length += bytes.length
      if (length <= wholeLength) return undefined
      reading = read()
      const waiting = Buffer.concat(pieces)
      pieces = []
      return reading.write(waiting)
    },
    finish: () => (reading === undefined ? readWhole(Buffer.concat(pieces)) : reading.finish())
  }
}

interface Reading {
  readonly write: (bytes: Uint8Array) => void | Promise<void>
  readonly finish: () => Promise<Measured>
}

/** Reads while the file is being written. */
const read = (): Reading => {
  const strategy = new ByteLengthQueuingStrategy({ highWaterMark: waitingLength })
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>({}, strategy)
  const writer = writable.getWriter()
  let isDone = false
  const facts = factsOf(
    import("music-metadata").then(({ parseWebStream }) => parseWebStream(readable, undefined, options))
  ).finally(() => {
    // Whoever waits to write the rest need not: nobody reads it.
    isDone = true
    writer.abort().catch(ignore)
  })
  return {
    write: (bytes) => {
      if (isDone) return undefined
      writer.write(bytes).catch(ignore)
      return (writer.desiredSize ?? 0) > 0 ? undefined : writer.ready.catch(ignore)
    },
    finish: () => {
      writer.close().catch(ignore)
      return facts
    }
  }
}

const readWhole = (bytes: Uint8Array): Promise<Measured> =>
  factsOf(import("music-metadata").then(({ parseBuffer }) => parseBuffer(bytes, undefined, options)))

/** What is no audio, or is damaged, has no facts. */
const factsOf = (parsed: Promise<IAudioMetadata>): Promise<Measured> =>
  parsed.then(
    ({ format }) =>
      measuredOf({
        durationSeconds: format.duration,
        codec: format.codec,
        channels: format.numberOfChannels,
        bitrate: format.bitrate
      }),
    () => ({})
  )

/** A stream that is not read to its end refuses what is written later: nothing is lost by that. */
const ignore = (): void => undefined
