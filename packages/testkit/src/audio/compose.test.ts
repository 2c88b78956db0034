import { createHash } from "node:crypto"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { composeAudio, durationForBytes } from "./compose.ts"
import type { AudioKind } from "./kinds.ts"
import { frames, id3v2Length } from "./mp3.ts"
import { parseWavHeader } from "./wav.ts"

const gibibyte = 2 ** 30

describe("an MP3 of N seconds", () => {
  it("is whole frames of 72 ms, 2000 bytes a second, with no tag", () => {
    const audio = composeAudio({ kind: "mp3-mono-8k", seed: "a", durationSeconds: 17.2 })
    expect(audio).toMatchObject({ mediaType: "audio/mpeg", channels: 1, bytes: 34_416 })
    expect(audio.durationSeconds).toBeCloseTo(17.208, 9)
    const all = [...frames(audio.chunk(0, audio.bytes))]
    expect(all).toHaveLength(239)
    expect(all.every(({ header }) => header.length === 144 && header.channels === 1)).toBe(true)
  })

  it("has the tag once and stereo frames after it", () => {
    const audio = composeAudio({ kind: "mp3-stereo-id3", seed: "a", durationSeconds: 7.2 })
    const file = audio.chunk(0, audio.bytes)
    expect(audio).toMatchObject({ mediaType: "audio/mpeg", channels: 2, durationSeconds: 7.2 })
    expect(audio.bytes).toBe(id3v2Length(file) + 100 * 288)
    expect([...frames(file)].filter(({ header }) => header.channels === 2)).toHaveLength(100)
  })
})

describe.each([
  { kind: "wav-mono-8k", channels: 1 },
  { kind: "wav-stereo-8k", channels: 2 }
] as const)("a $kind of N seconds", ({ kind, channels }) => {
  it("has every sample, and a header that says so", () => {
    const audio = composeAudio({ kind, seed: "a", durationSeconds: 2.5 })
    const dataLength = 2.5 * 16_000 * channels
    expect(audio).toMatchObject({ mediaType: "audio/wav", channels, durationSeconds: 2.5, bytes: 44 + dataLength })
    expect(parseWavHeader(audio.chunk(0, audio.bytes))).toMatchObject({ channels, sampleRate: 8000, dataLength })
  })
})

describe.each<{ kind: AudioKind; nothing: number }>([
  { kind: "mp3-mono-8k", nothing: 0 },
  { kind: "mp3-stereo-id3", nothing: 134 },
  { kind: "wav-mono-8k", nothing: 44 },
  { kind: "wav-stereo-8k", nothing: 44 }
])("$kind", ({ kind, nothing }) => {
  const audio = composeAudio({ kind, seed: "recording", durationSeconds: 9 })
  const whole = audio.chunk(0, audio.bytes)
  const edge = fc.integer({ min: -10, max: audio.bytes + 10 })
  // What a caller who sees only the documented contract expects of any pair of edges.
  const slice = (start: number, end: number) => whole.slice(Math.max(0, start), Math.max(0, end))

  it("gives any range as the slice of the whole", () => {
    fc.assert(
      fc.property(edge, edge, (start, end) => {
        expect(Buffer.compare(audio.chunk(start, end), slice(start, end))).toBe(0)
      })
    )
  })

  it("streams any range in pieces of at most 64 KiB", () => {
    fc.assert(
      fc.property(edge, edge, (start, end) => {
        const pieces = [...audio.stream(start, end)]
        expect(Math.max(0, ...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(65_536)
        expect(Buffer.compare(Buffer.concat(pieces), slice(start, end))).toBe(0)
      })
    )
  })

  it("is made of the fixture in an order of its own: any two seeds differ, one seed does not", () => {
    const digest = (seed: string, durationSeconds: number) => composeAudio({ kind, seed, durationSeconds }).sha512()
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.double({ min: 0.072, max: 20, noNaN: true }), (one, other, duration) => {
        expect(digest(one, duration) === digest(other, duration)).toBe(one === other)
        expect(digest(one, duration)).toBe(digest(one, duration))
      }),
      { numRuns: 50 }
    )
  })

  it("differs between seeds all along, not only at the start", () => {
    const other = composeAudio({ kind, seed: "another", durationSeconds: 9 })
    const half = Math.floor(audio.bytes / 2)
    expect(Buffer.compare(audio.chunk(half, audio.bytes), other.chunk(half, audio.bytes))).not.toBe(0)
  })

  it("has the SHA-512 of the whole", () => {
    expect(audio.sha512()).toBe(createHash("sha512").update(whole).digest("hex"))
  })

  it("cannot be spoilt through a chunk", () => {
    audio.chunk(0, audio.bytes).fill(0)
    expect(Buffer.compare(audio.chunk(0, audio.bytes), whole)).toBe(0)
  })

  it("of no seconds is only what stands before the sound", () => {
    expect(composeAudio({ kind, seed: "a", durationSeconds: 0 })).toMatchObject({ bytes: nothing, durationSeconds: 0 })
  })

  it("of 1 GiB costs nothing to make and is read at its very end", () => {
    const durationSeconds = durationForBytes(kind, gibibyte)
    // A hundred GiB: only a file that is never materialised gets here.
    const large = Array.from({ length: 100 }, (_, index) => composeAudio({ kind, seed: `${index}`, durationSeconds }))
    for (const { bytes, chunk } of large) {
      expect(bytes).toBeGreaterThanOrEqual(gibibyte)
      expect(bytes).toBeLessThan(gibibyte + 288)
      expect(chunk(bytes - 1000, bytes + 1000)).toHaveLength(1000)
      expect(Buffer.compare(chunk(bytes - 1000, bytes - 400), chunk(bytes - 1000, bytes).slice(0, 600))).toBe(0)
    }
  })

  it("of a wanted size is less than a frame longer than that", () => {
    fc.assert(
      fc.property(fc.integer({ min: nothing + 1, max: 5_000_000 }), (wanted) => {
        const { bytes } = composeAudio({ kind, seed: "a", durationSeconds: durationForBytes(kind, wanted) })
        expect(bytes).toBeGreaterThanOrEqual(wanted)
        expect(bytes - wanted).toBeLessThan(288)
      })
    )
  })
})
