import { describe, expect, it } from "vitest"
import { fixture } from "./fixtures.ts"
import { type Frame, frames, id3v2Length } from "./mp3.ts"
import { parseWavHeader } from "./wav.ts"

// In MPEG-2 and 2.5 the byte after the header says how many bytes a frame borrows from those before it.
const borrows = (frame: Frame): boolean => frame.bytes[4] !== 0

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1")

describe("the mono MP3", () => {
  const file = fixture("mono-8k.mp3")
  const all = [...frames(file)]

  it("starts with a bare MPEG-2.5 frame, without a tag", () => {
    expect([...file.subarray(0, 4)]).toEqual([0xff, 0xe3, 0x28, 0xc4])
    expect(id3v2Length(file)).toBe(0)
  })

  it("is nothing but frames of 144 bytes: 8 kHz, 16 kbit/s, one channel", () => {
    expect(file.length % 144).toBe(0)
    expect(all).toHaveLength(file.length / 144)
    for (const { header } of all) {
      expect(header).toEqual({
        version: "2.5",
        layer: 3,
        bitrate: 16_000,
        sampleRate: 8000,
        channels: 1,
        checksum: false,
        length: 144,
        samples: 576
      })
    }
  })

  it("has frames that stand alone, so that they can be repeated in any order", () => {
    expect(all.filter(borrows)).toEqual([])
  })

  it("has no Xing or Info frame", () => {
    expect(text(file)).not.toMatch(/Xing|Info/)
  })
})

describe("the stereo MP3", () => {
  const file = fixture("stereo-id3-8k.mp3")
  const all = [...frames(file)]

  it("starts with an ID3v2 tag that names the encoder and claims no length", () => {
    const tag = text(file.subarray(0, id3v2Length(file)))
    expect(tag.slice(0, 3)).toBe("ID3")
    expect(tag).toContain("LAME")
    expect(tag).not.toContain("TLEN")
  })

  it("is nothing but stereo frames of 288 bytes after the tag", () => {
    expect(all).toHaveLength((file.length - id3v2Length(file)) / 288)
    for (const { header } of all) {
      expect(header).toMatchObject({
        version: "2.5",
        layer: 3,
        bitrate: 32_000,
        sampleRate: 8000,
        channels: 2,
        length: 288
      })
    }
  })

  it("has frames that stand alone, and no Xing or Info frame", () => {
    expect(all.filter(borrows)).toEqual([])
    expect(text(file)).not.toMatch(/Xing|Info/)
  })
})

describe.each([
  { name: "mono-8k.wav", channels: 1 },
  { name: "stereo-8k.wav", channels: 2 }
] as const)("$name", ({ name, channels }) => {
  it("is 16-bit PCM at 8 kHz up to its last byte", () => {
    const file = fixture(name)
    expect(parseWavHeader(file)).toEqual({
      channels,
      sampleRate: 8000,
      bitsPerSample: 16,
      dataOffset: 44,
      dataLength: file.length - 44
    })
  })
})

it("gives every caller bytes of its own", () => {
  fixture("mono-8k.mp3").fill(0)
  expect(fixture("mono-8k.mp3")[0]).toBe(0xff)
})
