import { type AudioKind, composeAudio } from "@callreel/testkit"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { audioSample, type SampleName } from "./internal/testing/test/audioSamples.ts"
import { type Measured, measure } from "./Measure.ts"

const composed = (kind: AudioKind, durationSeconds: number) => {
  const audio = composeAudio({ kind, seed: "measured", durationSeconds })
  return { durationSeconds: audio.durationSeconds, bytes: audio.chunk(0, audio.bytes) }
}

/** Writes a file in pieces of a length, and gives what is measured. */
const measureIn = async (bytes: Uint8Array, pieceLength = 65_536, mediaType = "audio/mpeg"): Promise<Measured> => {
  const measuring = measure(mediaType)
  for (let at = 0; at < bytes.length; at += pieceLength) await measuring.write(bytes.subarray(at, at + pieceLength))
  return measuring.finish()
}

const join = (...parts: ReadonlyArray<Uint8Array | string>): Uint8Array =>
  new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part))))

const kinds: ReadonlyArray<readonly [AudioKind, Measured]> = [
  ["mp3-mono-8k", { codec: "MPEG 2.5 Layer 3", channels: 1, bitrate: 16_000 }],
  ["mp3-stereo-id3", { codec: "MPEG 2.5 Layer 3", channels: 2, bitrate: 32_000 }],
  ["wav-mono-8k", { codec: "PCM", channels: 1, bitrate: 128_000 }],
  ["wav-stereo-8k", { codec: "PCM", channels: 2, bitrate: 256_000 }]
]

// The durations are ffprobe's, but where it trusts a header or the encoder's delay is part of what it counts.
const samples: ReadonlyArray<readonly [SampleName, Measured]> = [
  ["opus.ogg", { durationSeconds: 0.5, codec: "Opus", channels: 1 }],
  ["opus.webm", { durationSeconds: 0.508, codec: "OPUS", channels: 1 }],
  ["aac.m4a", { durationSeconds: 0.628, codec: "MPEG-4/AAC" }],
  ["adts.aac", { durationSeconds: 0.64, codec: "AAC", channels: 1 }],
  ["silence.flac", { durationSeconds: 0.5, codec: "FLAC", channels: 1 }],
  ["xing.mp3", { durationSeconds: 0.648, codec: "MPEG 2.5 Layer 3", channels: 1 }],
  ["layer2.mp2", { durationSeconds: 0.504, codec: "MPEG 2 Layer 2", channels: 1, bitrate: 16_000 }],
  ["gsm.wav", { durationSeconds: 0.5, codec: "GSM610", channels: 1 }]
]

describe("measure", () => {
  it.each(kinds)("measures %s", async (kind, facts) => {
    const { bytes, durationSeconds } = composed(kind, 12.3)
    expect(await measureIn(bytes)).toEqual({ durationSeconds, ...facts })
  })

  it.each(samples)("measures %s whatever its media type is said to be", async (name, facts) => {
    expect(await measureIn(audioSample(name))).toMatchObject(facts)
    expect(await measureIn(audioSample(name), 100, "application/octet-stream")).toMatchObject(facts)
  })

  it("measures the same in pieces of any length", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          composed("mp3-stereo-id3", 1).bytes,
          composed("wav-mono-8k", 0.5).bytes,
          audioSample("xing.mp3"),
          audioSample("adts.aac"),
          audioSample("gsm.wav"),
          audioSample("opus.ogg")
        ),
        fc.integer({ min: 1, max: 3000 }),
        fc.nat(5000),
        async (file, pieceLength, length) => {
          const bytes = file.subarray(0, length)
          expect(await measureIn(bytes, pieceLength)).toEqual(await measureIn(bytes, bytes.length + 1))
        }
      ),
      { numRuns: 200 }
    ))

  it("says how long a cut file plays, whatever its header says", async () => {
    const wav = composed("wav-mono-8k", 10).bytes
    expect(await measureIn(wav.subarray(0, 44 + 80_000))).toMatchObject({ durationSeconds: 5 })
    const mp3 = composed("mp3-mono-8k", 7.2).bytes
    expect(await measureIn(mp3.subarray(0, 50 * 144 + 143))).toMatchObject({ durationSeconds: 3.6 })
    // Its first frame says nine more.
    const xing = audioSample("xing.mp3")
    expect((await measureIn(xing.subarray(0, xing.length / 2))).durationSeconds).toBeLessThan(0.4)
    const gsm = audioSample("gsm.wav")
    expect((await measureIn(gsm.subarray(0, 60 + 65 * 6))).durationSeconds).toBeCloseTo(0.24, 1)
  })

  it("counts samples whose number the header did not know when it was written", async () => {
    const wav = composed("wav-stereo-8k", 2).bytes
    for (const unknown of [0, 0xffff_ffff]) {
      const written = new Uint8Array(wav)
      new DataView(written.buffer).setUint32(40, unknown, true)
      expect(await measureIn(written)).toMatchObject({ durationSeconds: 2, channels: 2 })
    }
  })

  it("passes over chunks before and behind the samples of a WAV file", async () => {
    const wav = composed("wav-mono-8k", 1).bytes
    const list = join("LIST", Uint8Array.of(5, 0, 0, 0), "INFO?", Uint8Array.of(0))
    const file = join(wav.subarray(0, 12), list, wav.subarray(12), list)
    expect(await measureIn(file, 9)).toMatchObject({ durationSeconds: 1 })
  })

  it("passes over tags behind MP3 frames, and over damage before and between them", async () => {
    const { bytes, durationSeconds } = composed("mp3-mono-8k", 3.6)
    const tag = join("TAG", new Uint8Array(125))
    const damage = "\xff".repeat(300)
    // Looks like the header of a frame, but none follows.
    const before = join(Uint8Array.of(0xff, 0xe3, 0x28, 0xc4), "x".repeat(700))
    expect(await measureIn(join(bytes, tag), 50)).toMatchObject({ durationSeconds })
    expect(await measureIn(join(before, bytes, damage, bytes, tag), 50)).toMatchObject({
      durationSeconds: 2 * durationSeconds
    })
  })

  it("reads an MP3 file of one frame", async () => {
    expect(await measureIn(composed("mp3-mono-8k", 0.072).bytes)).toMatchObject({ durationSeconds: 0.072 })
  })

  it.each([
    ["nothing", ""],
    ["a page", "<!doctype html><html><body>Sign in</body></html>"],
    ["JSON", '{"error":"not found"}'],
    ["a WAV header alone", "RIFF\u0024\u0000\u0000\u0000WAVE"],
    ["an ID3 tag alone", "ID3\u0003\u0000\u0000\u0000\u0000\u0000\u0004abcd"],
    ["an ID3 tag that is cut", "ID3\u0003\u0000\u0000\u007f\u007f\u007f\u007fabcd"],
    ["an Ogg page that is cut", "OggS\u0000\u0002\u0000\u0000\u0000"],
    ["an MP4 box of nothing", "\u0000\u0000\u0000\u0000ftyp\u0000\u0000\u0000\u0000"]
  ])("finds no facts in %s", async (_, text) => {
    expect(await measureIn(join(text))).toEqual({})
    expect(await measureIn(join(text), 1, "audio/ogg")).toEqual({})
  })

  it("ends, and finds no impossible facts, however a file is damaged", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...samples.map(([name]) => name)),
        fc.array(fc.tuple(fc.nat(1999), fc.nat(255)), { maxLength: 30 }),
        fc.nat(2000),
        async (name, changes, length) => {
          const bytes = audioSample(name).slice(0, length)
          for (const [at, byte] of changes) bytes[at % Math.max(1, bytes.length)] = byte
          const facts = await measureIn(bytes, 700)
          expect(
            Object.values(facts).filter((fact) => fact !== undefined && !(typeof fact === "string" || fact > 0))
          ).toEqual([])
        }
      ),
      { numRuns: 500 }
    ))

  it("finds no facts in noise", () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 100, maxLength: 20_000 }), async (noise) => {
        const { durationSeconds = 0 } = await measureIn(noise, 4096)
        expect(durationSeconds).toBeLessThan(1)
      }),
      { numRuns: 100 }
    ))

  it("reads a long file of another kind while it comes, and lets no more wait than it may", async () => {
    const flac = audioSample("silence.flac")
    const measuring = measure("audio/flac")
    await measuring.write(flac)
    const piece = new Uint8Array(100_000)
    // Its length stands in its head: the rest is not waited for.
    for (let count = 0; count < 200; count++) await measuring.write(piece)
    expect(await measuring.finish()).toMatchObject({ durationSeconds: 0.5, codec: "FLAC" })
  })

  it("asks to wait when a long file comes faster than it is read", async () => {
    const measuring = measure("video/mp4")
    const box = Buffer.alloc(1_200_000)
    box.write("\u0000\u0000\u0000\u0014ftypM4A ", "latin1")
    box.writeUInt32BE(0x7fff_ffff, 20)
    box.write("mdat", 24, "latin1")
    const wait = measuring.write(box)
    expect(wait).toBeInstanceOf(Promise)
    await wait
    await measuring.write(box)
    expect(await measuring.finish()).toEqual({})
  })

  it("measures a long file of frames in memory of the same size", async () => {
    const audio = composeAudio({ kind: "mp3-mono-8k", seed: "long", durationSeconds: 20_000 })
    const measuring = measure("audio/mpeg")
    const before = process.memoryUsage().arrayBuffers
    for (const piece of audio.stream()) await measuring.write(piece)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(audio.bytes / 2)
    expect(await measuring.finish()).toMatchObject({ durationSeconds: audio.durationSeconds })
  })
})
