import { describe, expect, it } from "vitest"
import { parseWavHeader, wavHeader } from "./wav.ts"

const mono = { channels: 1, sampleRate: 8000, bitsPerSample: 16 }
const stereo = { channels: 2, sampleRate: 44_100, bitsPerSample: 24 }

describe("wavHeader", () => {
  it("is byte for byte the canonical one", () => {
    expect(Buffer.from(wavHeader(mono, 16_000)).toString("hex")).toBe(
      "52494646a43e000057415645666d74201000000001000100401f0000803e00000200100064617461803e0000"
    )
  })

  it.each([mono, stereo])("is read back as written: $channels channels", (shape) => {
    expect(parseWavHeader(wavHeader(shape, 600))).toEqual({ ...shape, dataOffset: 44, dataLength: 600 })
  })

  it("declares the largest length it can past 4 GiB", () => {
    expect(parseWavHeader(wavHeader(mono, 5 * 2 ** 30))?.dataLength).toBe(0xffff_ffff)
  })
})

describe("parseWavHeader", () => {
  const header = Buffer.from(wavHeader(mono, 4))

  it("skips chunks it does not know, and their padding to an even length", () => {
    const list = Buffer.from("4c49535403000000aabbcc00", "hex")
    const file = Buffer.concat([header.subarray(0, 12), list, header.subarray(12)])
    expect(parseWavHeader(file)).toEqual({ ...mono, dataOffset: 56, dataLength: 4 })
  })

  it("refuses sound that is not PCM", () => {
    const mulaw = Buffer.from(header)
    mulaw.writeUInt16LE(7, 20)
    expect(parseWavHeader(mulaw)).toBeUndefined()
  })

  it.each([
    { bytes: Buffer.alloc(0), why: "nothing" },
    { bytes: Buffer.alloc(44), why: "no RIFF" },
    { bytes: header.subarray(0, 30), why: "a format cut short" },
    { bytes: header.subarray(0, 36), why: "no samples" },
    { bytes: Buffer.concat([header.subarray(0, 12), header.subarray(36)]), why: "samples of unknown format" }
  ])("refuses $why", ({ bytes }) => {
    expect(parseWavHeader(bytes)).toBeUndefined()
  })
})
