import { describe, expect, it } from "vitest"
import { kindOf, type ScannerKind } from "./scannerFor.ts"

const wav = "RIFF\u0001\u0002\u0003\u0004WAVE"

const table: ReadonlyArray<readonly [begins: string, mediaType: string, ScannerKind]> = [
  [wav, "audio/wav", "wav"],
  [wav, "audio/mpeg", "wav"],
  ["RF64\xff\xff\xff\xffWAVE", "audio/wav", "wav"],
  ["RIFF\u0001\u0002\u0003\u0004AVI ", "audio/wav", "library"],
  ["ID3\u0003\u0000\u0000\u0000\u0000\u0000\u0000", "audio/mpeg", "frames"],
  ["\xff\xe3\x28\xc4\u0000\u0000", "application/octet-stream", "frames"],
  ["OggS\u0000\u0002", "audio/mpeg", "library"],
  ["fLaC", "audio/flac", "library"],
  ["\u0000\u0000\u0000\u001cftypM4A ", "audio/mpeg", "library"],
  ["damaged at the beginning", "audio/mpeg", "frames"],
  ["damaged at the beginning", "audio/aac", "frames"],
  ["<!doctype html>", "text/html", "library"],
  ["", "audio/wav", "library"]
]

describe("kindOf", () => {
  it.each(table)("%j as %s: %s", (begins, mediaType, kind) => {
    expect(kindOf(Buffer.from(begins, "latin1"), mediaType)).toBe(kind)
  })
})
