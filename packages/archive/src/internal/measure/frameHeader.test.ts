import { fixture, frames } from "@callreel/testkit"
import { describe, expect, it } from "vitest"
import { type FrameHeader, frameHeaderAt, isSameFormat } from "./frameHeader.ts"

const headers: ReadonlyArray<{
  readonly name: string
  readonly bytes: ReadonlyArray<number>
  readonly header: FrameHeader
}> = [
  {
    name: "MP3 of 16 kbit/s at 8 kHz, mono",
    bytes: [0xff, 0xe3, 0x28, 0xc4, 0, 0],
    header: { length: 144, samples: 576, sampleRate: 8000, channels: 1, codec: "MPEG 2.5 Layer 3", tagOffset: 13 }
  },
  {
    name: "MP3 of 128 kbit/s at 44.1 kHz, joint stereo, padded",
    bytes: [0xff, 0xfb, 0x92, 0x64, 0, 0],
    header: { length: 418, samples: 1152, sampleRate: 44_100, channels: 2, codec: "MPEG 1 Layer 3", tagOffset: 36 }
  },
  {
    name: "MPEG-2 layer 2 of 16 kbit/s at 16 kHz, mono",
    bytes: [0xff, 0xf5, 0x28, 0xc4, 0, 0],
    header: { length: 144, samples: 1152, sampleRate: 16_000, channels: 1, codec: "MPEG 2 Layer 2" }
  },
  {
    name: "MPEG-1 layer 1 of 32 kbit/s at 32 kHz, padded by a slot",
    bytes: [0xff, 0xff, 0x1a, 0x00, 0, 0],
    header: { length: 52, samples: 384, sampleRate: 32_000, channels: 2, codec: "MPEG 1 Layer 1" }
  },
  {
    name: "AAC at 8 kHz, mono, 100 bytes",
    bytes: [0xff, 0xf1, 0x6c, 0x40, 0x0c, 0x9f],
    header: { length: 100, samples: 1024, sampleRate: 8000, channels: 1, codec: "AAC" }
  }
]

const none: ReadonlyArray<{ readonly name: string; readonly bytes: ReadonlyArray<number> }> = [
  { name: "no synchronisation", bytes: [0xff, 0xd8, 0x28, 0xc4, 0, 0] },
  { name: "a version that does not exist", bytes: [0xff, 0xeb, 0x28, 0xc4, 0, 0] },
  { name: "free format", bytes: [0xff, 0xe3, 0x08, 0xc4, 0, 0] },
  { name: "the forbidden bitrate", bytes: [0xff, 0xe3, 0xf8, 0xc4, 0, 0] },
  { name: "a reserved sample rate", bytes: [0xff, 0xe3, 0x2c, 0xc4, 0, 0] },
  { name: "an AAC frame shorter than its header", bytes: [0xff, 0xf1, 0x6c, 0x40, 0x00, 0xff] },
  { name: "three bytes", bytes: [0xff, 0xe3, 0x28] },
  { name: "nothing", bytes: [] }
]

describe("frameHeaderAt", () => {
  it.each(headers)("reads $name", ({ bytes, header }) => {
    expect(frameHeaderAt(Uint8Array.from([1, 2, ...bytes]), 2)).toEqual(header)
  })

  it.each(none)("finds no header in $name", ({ bytes }) => {
    expect(frameHeaderAt(Uint8Array.from(bytes), 0)).toBeUndefined()
  })

  it("agrees with the testkit about every frame of its recordings", () => {
    const bytes = fixture("stereo-id3-8k.mp3")
    const all = Array.from(frames(bytes))
    expect(all.length).toBeGreaterThan(10)
    for (const { header, offset } of all) {
      const { channels, length, sampleRate, samples } = header
      expect(frameHeaderAt(bytes, offset)).toMatchObject({ channels, length, sampleRate, samples })
    }
  })
})

describe("isSameFormat", () => {
  const [mono, stereo] = headers.map(({ header }) => header)

  it("lets the bitrate change, but not the sample rate", () => {
    expect(mono !== undefined && isSameFormat(mono, { ...mono, length: 72 })).toBe(true)
    expect(mono !== undefined && stereo !== undefined && isSameFormat(mono, stereo)).toBe(false)
  })
})
