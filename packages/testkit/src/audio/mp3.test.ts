import { describe, expect, it } from "vitest"
import { frames, id3v2Length, parseFrameHeader } from "./mp3.ts"

describe("parseFrameHeader", () => {
  it.each([
    {
      bytes: "ffe328c4",
      version: "2.5",
      layer: 3,
      bitrate: 16_000,
      sampleRate: 8000,
      channels: 1,
      length: 144,
      samples: 576
    },
    {
      bytes: "ffe34804",
      version: "2.5",
      layer: 3,
      bitrate: 32_000,
      sampleRate: 8000,
      channels: 2,
      length: 288,
      samples: 576
    },
    {
      bytes: "fff34844",
      version: "2",
      layer: 3,
      bitrate: 32_000,
      sampleRate: 16_000,
      channels: 2,
      length: 144,
      samples: 576
    },
    {
      bytes: "fffb9064",
      version: "1",
      layer: 3,
      bitrate: 128_000,
      sampleRate: 44_100,
      channels: 2,
      length: 417,
      samples: 1152
    },
    {
      bytes: "fffb9264",
      version: "1",
      layer: 3,
      bitrate: 128_000,
      sampleRate: 44_100,
      channels: 2,
      length: 418,
      samples: 1152
    },
    {
      bytes: "fffda4c4",
      version: "1",
      layer: 2,
      bitrate: 192_000,
      sampleRate: 48_000,
      channels: 1,
      length: 576,
      samples: 1152
    },
    {
      bytes: "ffffc204",
      version: "1",
      layer: 1,
      bitrate: 384_000,
      sampleRate: 44_100,
      channels: 2,
      length: 420,
      samples: 384
    }
  ])("reads $bytes", ({ bytes, ...header }) => {
    expect(parseFrameHeader(Buffer.from(bytes, "hex"))).toEqual({ ...header, checksum: false })
  })

  it("sees the checksum flag", () => {
    expect(parseFrameHeader(Buffer.from("ffe228c4", "hex"))).toMatchObject({ checksum: true, length: 144 })
  })

  it.each([
    { bytes: "", why: "nothing" },
    { bytes: "ffe328", why: "too short" },
    { bytes: "fee328c4", why: "no sync in the first byte" },
    { bytes: "ffc328c4", why: "no sync in the second byte" },
    { bytes: "ffeb28c4", why: "reserved version" },
    { bytes: "ffe128c4", why: "reserved layer" },
    { bytes: "ffe308c4", why: "free format: no length known" },
    { bytes: "ffe3f8c4", why: "forbidden bitrate" },
    { bytes: "ffe32cc4", why: "reserved sample rate" },
    { bytes: "49443303", why: "a tag" }
  ])("refuses $bytes: $why", ({ bytes }) => {
    expect(parseFrameHeader(Buffer.from(bytes, "hex"))).toBeUndefined()
  })
})

describe("id3v2Length", () => {
  it.each([
    { bytes: "49443303000000000000", length: 10, why: "an empty tag" },
    { bytes: "49443304000000000201", length: 267, why: "seven bits a byte" },
    { bytes: "49443304001000000000", length: 20, why: "a footer" },
    { bytes: "494433030000", length: 0, why: "a header cut short" },
    { bytes: "ffe328c4000000000000", length: 0, why: "no tag" }
  ])("is $length for $why", ({ bytes, length }) => {
    expect(id3v2Length(Buffer.from(bytes, "hex"))).toBe(length)
  })
})

describe("frames", () => {
  const frame = Buffer.alloc(144)
  frame.set([0xff, 0xe3, 0x28, 0xc4])
  const tag = Buffer.from("49443303000000000002aabb", "hex")
  const offsets = (...parts: ReadonlyArray<Uint8Array>): ReadonlyArray<number> =>
    Array.from(frames(Buffer.concat(parts)), ({ offset }) => offset)

  it("walks the frames after the tag", () => {
    expect(offsets(tag, frame, frame)).toEqual([12, 156])
  })

  it("leaves out a frame cut short", () => {
    expect(offsets(frame, frame.subarray(0, 143))).toEqual([0])
  })

  it("ends at bytes that are no frame", () => {
    expect(offsets(frame, Buffer.alloc(144), frame)).toEqual([0])
  })
})
