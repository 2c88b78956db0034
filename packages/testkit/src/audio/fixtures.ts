/** The committed audio files: synthetic speech made by `scripts/make-audio-fixtures.sh`, where their formats are described. */
import { readFileSync } from "node:fs"

export type FixtureName = "mono-8k.mp3" | "stereo-id3-8k.mp3" | "mono-8k.wav" | "stereo-8k.wav"

/** The bytes of one fixture, read from the disk at each call: the caller may change them. */
export const fixture = (name: FixtureName): Uint8Array =>
  // The folder is two levels up both from src/audio and, once published, from dist/audio.
  new Uint8Array(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url)))
