import { describe, expect, it } from "vitest"
import { looksLikeText, sniffMediaType } from "./MediaSniffing.ts"

const bytes = (...parts: ReadonlyArray<string | number>): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "number" ? [part] : [...Buffer.from(part, "latin1")])))

describe("sniffMediaType", () => {
  it.each([
    ["ID3 tag", bytes("ID3", 4, 0, 0), "audio/mpeg"],
    ["MPEG 1 layer III", bytes(0xff, 0xfb, 0x90, 0x64), "audio/mpeg"],
    ["MPEG 2 layer III", bytes(0xff, 0xf3, 0x40, 0xc4), "audio/mpeg"],
    ["MPEG 2.5 layer III, 8 kHz mono", bytes(0xff, 0xe3, 0x28, 0xc4), "audio/mpeg"],
    ["WAVE", bytes("RIFF", 1, 2, 3, 4, "WAVEfmt "), "audio/wav"],
    ["Ogg", bytes("OggS", 0, 2), "audio/ogg"],
    ["FLAC", bytes("fLaC", 0, 0), "audio/flac"],
    ["MPEG 4 audio", bytes(0, 0, 0, 0x20, "ftypM4A "), "audio/mp4"],
    ["AAC in ADTS", bytes(0xff, 0xf1, 0x50, 0x80), "audio/aac"],
    ["AMR", bytes("#!AMR\n"), "audio/amr"],
    ["reserved MPEG version", bytes(0xff, 0xeb, 0x90, 0x64), undefined],
    ["bad bit rate", bytes(0xff, 0xfb, 0xf0, 0x64), undefined],
    ["sync alone", bytes(0xff, 0xfb), undefined],
    ["AVI", bytes("RIFF", 1, 2, 3, 4, "AVI LIST"), undefined],
    ["JPEG", bytes(0xff, 0xd8, 0xff, 0xe0), undefined],
    ["UTF-16", bytes(0xff, 0xfe, 0x61, 0), undefined],
    ["HTML", bytes("<!doctype html>"), undefined],
    ["nothing", bytes(), undefined]
  ])("%s", (_, given, expected) => {
    expect(sniffMediaType(given)).toBe(expected)
  })
})

describe("looksLikeText", () => {
  it.each([
    ["<html>", true],
    ["\n  <?xml", true],
    ['\u00ef\u00bb\u00bf{"message":', true],
    ["{}", true],
    ["RIFF<", false],
    ["ID3", false],
    ["", false]
  ])("%j: %s", (text, expected) => {
    expect(looksLikeText(bytes(text))).toBe(expected)
  })
})
