import type { Kind, Recording } from "@callreel/recording"
import { describe, expect, it } from "vitest"
import type { MediaFacts, RecordingMedia, Side } from "../RecordingMedia.ts"
import { recordingDialog } from "./dialogs.ts"

const recording: Recording = {
  source: "us",
  provider: "webitel",
  account: "1",
  id: "2",
  kind: "automatic",
  durationSeconds: 12,
  availability: { state: "available" },
  raw: {}
}
const places = { from: 3, to: 5 }
const mediaType = "audio/wav"
const inline: RecordingMedia = { mediaType, body: Uint8Array.of(251, 255, 0) }
const left: ReadonlyArray<Side> = ["from"]
const right: ReadonlyArray<Side> = ["to"]

describe("recordingDialog", () => {
  it.each<[string, RecordingMedia, object]>([
    [
      "beside it",
      { mediaType, filename: "2026/a.wav", sha512: "00ff" },
      { filename: "2026/a.wav", content_hash: "sha512-AP8" }
    ],
    [
      "elsewhere",
      { mediaType, url: "https://a.example/b", sha512: "00ff" },
      { url: "https://a.example/b", content_hash: "sha512-AP8" }
    ],
    ["inside", { ...inline, filename: "a.wav" }, { filename: "a.wav", encoding: "base64url", body: "-_8A" }]
  ])("refers to a file %s", (_, media, expected) => {
    expect(recordingDialog(recording, media, places)).toEqual({
      type: "recording",
      start: "1970-01-01T00:00:00.000Z",
      duration: 12,
      parties: [3, 5],
      mediatype: "audio/wav",
      application: "webitel",
      ...expected
    })
  })

  it.each<[string, MediaFacts["channels"] | undefined, Kind, object]>([
    ["one channel", 1, "automatic", { parties: [3, 5] }],
    ["an unknown number of channels", undefined, "automatic", { parties: [3, 5] }],
    ["a voicemail", undefined, "voicemail", { parties: [3] }],
    [
      "two channels with nobody knows who",
      2,
      "automatic",
      {
        parties: [
          [3, 5],
          [3, 5]
        ]
      }
    ],
    ["a voicemail of two channels", 2, "voicemail", { parties: [3, 3] }],
    ["the caller on the left", [left, right], "automatic", { parties: [3, 5] }],
    ["the caller on the right", [right, left], "automatic", { parties: [5, 3], originator: 3 }],
    ["a channel for nobody", [left, []], "automatic", { parties: [3, null] }],
    ["only the called one", [right], "automatic", { parties: [5], originator: 3 }],
    ["a number of channels that cannot be", 0, "automatic", { parties: [3, 5] }],
    ["more channels than any file has", 1e9, "automatic", { parties: [3, 5] }]
  ])("says who is heard: %s", (_, channels, kind, expected) => {
    const dialog = recordingDialog({ ...recording, kind }, { ...inline, ...(channels && { channels }) }, places)
    const { originator, parties } = dialog
    expect({ parties, ...(originator !== undefined && { originator }) }).toEqual(expected)
  })

  it("believes the recording where the media does not say how many channels there are", () => {
    const stereo = { ...recording, audio: { channels: 2 } }
    expect(recordingDialog(stereo, inline, places).parties).toHaveLength(2)
    expect(recordingDialog(stereo, { ...inline, channels: 1 }, places).parties).toEqual([3, 5])
  })

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])("leaves out a length of %d seconds", (durationSeconds) => {
    expect(recordingDialog(recording, { ...inline, durationSeconds }, places)).not.toHaveProperty("duration")
  })

  const nil = "00000000000000000000000000000000"
  const one = "0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9"
  const oneBare = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"
  const two = "11111111222233334444555555555555"

  it.each<[string, string | undefined, object | undefined]>([
    [one, two, { local: oneBare, remote: two }],
    [one, undefined, { local: oneBare, remote: nil }],
    ["s-1", two, { local: nil, remote: two }],
    ["s-1", "1234567890", undefined]
  ])("writes the ids of a call that are UUIDs: %s, %s", (id, sessionId, expected) => {
    const call: Recording["call"] = {
      id,
      direction: "inbound",
      outcome: "answered",
      startedAt: new Date(0),
      ...(sessionId !== undefined && { sessionId })
    }
    expect(recordingDialog({ ...recording, call }, inline, places).session_id).toEqual(expected)
  })
})
