import type { Availability, Outcome, Recording } from "@callreel/recording"
import { describe, expect, it } from "vitest"
import { encodeVcon } from "./encodeVcon.ts"
import type { RecordingMedia } from "./RecordingMedia.ts"
import { toVcon, toVconOfCall } from "./toVcon.ts"

const call: Recording["call"] = {
  id: "c-1",
  direction: "inbound",
  outcome: "answered",
  startedAt: new Date("2026-03-08T22:30:29.505Z"),
  durationSeconds: 35,
  from: { number: "(415) 555-0100", e164: "+14155550100", name: "John Smith" },
  to: { number: "0541", extension: { id: "7", number: "0541", name: "Jane Doe" } }
}
const recording: Recording = {
  source: "us",
  provider: "ringcentral",
  account: "11111111",
  id: "44444444",
  call,
  kind: "automatic",
  startedAt: new Date("2026-03-08T22:30:31.000Z"),
  durationSeconds: 17,
  availability: { state: "available" },
  raw: { "10": "a", b: { z: 1, a: undefined } }
}
const emptyHash = "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg_SpIdNs6c5H0NE8XYXysP-DGNKHfuwvY7kxvUdBeoGlODJ6-SfaPg"
const media: RecordingMedia = {
  mediaType: "audio/mpeg",
  filename: "a.mp3",
  sha512:
    "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce" +
    "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
  durationSeconds: 17.136
}

describe("toVcon", () => {
  it("writes what is known of a recording", () => {
    expect(toVcon(recording, media)).toEqual({
      uuid: "a4f19310-daae-8866-b379-11d3b171e4b9",
      created_at: "2026-03-08T22:30:31.000Z",
      parties: [
        { tel: "+14155550100", name: "John Smith" },
        { tel: "0541", name: "Jane Doe", uuid: "f1c90006-fe0e-8f20-bad7-34aa6de7b16b" },
        { name: "callreel", type: "bot" }
      ],
      dialog: [
        {
          type: "recording",
          start: "2026-03-08T22:30:31.000Z",
          duration: 17.136,
          parties: [0, 1],
          mediatype: "audio/mpeg",
          filename: "a.mp3",
          content_hash: emptyHash,
          application: "ringcentral"
        }
      ],
      attachments: [
        {
          purpose: "callreel-recording",
          start: "2026-03-08T22:30:31.000Z",
          party: 2,
          dialog: 0,
          mediatype: "application/json",
          encoding: "json",
          body: {
            source: "us",
            provider: "ringcentral",
            account: "11111111",
            id: "44444444",
            call: { ...call, startedAt: "2026-03-08T22:30:29.505Z" },
            kind: "automatic",
            startedAt: "2026-03-08T22:30:31.000Z",
            durationSeconds: 17,
            availability: { state: "available" },
            raw: { "10": "a", b: { z: 1 } }
          }
        }
      ]
    })
  })

  const { startedAt: _, call: __, ...bare } = recording

  it.each([
    ["the caller's word", recording, { createdAt: new Date("2026-04-01T00:00:00Z") }, "2026-04-01T00:00:00.000Z"],
    ["the recording's start", recording, {}, "2026-03-08T22:30:31.000Z"],
    ["the call's start", { ...bare, call }, {}, "2026-03-08T22:30:29.505Z"],
    ["1970 where no start is known", bare, {}, "1970-01-01T00:00:00.000Z"]
  ])("takes created_at from %s", (__, of, options, expected) => {
    expect(toVcon(of, media, options).created_at).toBe(expected)
  })

  it("names a recording by where it is from, whatever else changes of it", () => {
    const { uuid } = toVcon(recording, media)
    expect(toVcon({ ...recording, durationSeconds: 18, kind: "unknown" }).uuid).toBe(uuid)
    const others = (["source", "provider", "account", "id"] as const).map(
      (key) => toVcon({ ...recording, [key]: "another" }, media).uuid
    )
    expect(new Set([uuid, ...others]).size).toBe(5)
  })

  const unavailable = (reason: "absent" | "deleted" | "too-short"): Availability => ({ state: "unavailable", reason })
  const set = { type: "recording-set", recordings: [], duration: 35 }
  const incomplete = (disposition: string) => ({ type: "incomplete", disposition })
  const voicemail: Partial<Recording> = { kind: "voicemail", audio: { bytes: 0 } }

  it.each<[Outcome, Availability, Partial<Recording>, object]>([
    ["missed", unavailable("absent"), {}, incomplete("no-answer")],
    ["busy", unavailable("absent"), {}, incomplete("busy")],
    ["failed", unavailable("absent"), {}, incomplete("failed")],
    ["voicemail", unavailable("too-short"), {}, incomplete("voicemail-no-message")],
    ["unknown", unavailable("absent"), voicemail, incomplete("voicemail-no-message")],
    // There may have been a message.
    ["voicemail", unavailable("deleted"), {}, set],
    ["voicemail", unavailable("absent"), {}, set],
    // There was a conversation, or may have been.
    ["answered", unavailable("too-short"), {}, set],
    ["unknown", { state: "pending", retryAt: new Date(0) }, {}, set],
    ["answered", { state: "available" }, {}, set]
  ])("says of a %s call without audio (%j, %j): %j", (outcome, availability, more, expected) => {
    const vcon = toVcon({ ...recording, ...more, availability, call: { ...call, outcome } })
    expect(vcon.dialog).toEqual([
      { ...expected, start: "2026-03-08T22:30:29.505Z", parties: [0, 1], application: "ringcentral" }
    ])
    expect(vcon.attachments?.[0]?.dialog).toBe(0)
  })
})

describe("toVconOfCall", () => {
  const second: Recording = {
    ...recording,
    id: "55555555",
    startedAt: new Date("2026-03-08T22:31:00.000Z"),
    call: { ...call, to: { number: "0542", name: "Max" } }
  }
  const third: Recording = { ...recording, id: "66666666", startedAt: new Date("2026-03-08T22:31:30.000Z") }
  const files = [{ recording: second, media }, { recording: third }, { recording, media }] as const

  it("joins the files of a call in a set, in the order of their starts", () => {
    const vcon = toVconOfCall(files)
    expect(vcon.parties?.map(({ name }) => name)).toEqual(["John Smith", "Jane Doe", "Max", "callreel"])
    expect(vcon.dialog).toMatchObject([
      {
        type: "recording-set",
        start: "2026-03-08T22:30:29.505Z",
        duration: 35,
        parties: [0, 1, 2],
        recordings: [1, 2]
      },
      { type: "recording", start: "2026-03-08T22:30:31.000Z", parties: [0, 1], recording_set: 0 },
      { type: "recording", start: "2026-03-08T22:31:00.000Z", parties: [0, 2], recording_set: 0 }
    ])
    expect(vcon.attachments?.map(({ body, dialog, party }) => ({ body, dialog, party }))).toMatchObject([
      { body: { id: "44444444" }, dialog: 1, party: 3 },
      { body: { id: "55555555" }, dialog: 2, party: 3 },
      { body: { id: "66666666" }, dialog: 0, party: 3 }
    ])
  })

  it("is the same in whatever order the files are given", () => {
    const [one, two, three] = files
    expect(encodeVcon(toVconOfCall([three, two, one]))).toBe(encodeVcon(toVconOfCall([one, two, three])))
  })

  it("keeps its name when another file of the call appears, and has another than its files", () => {
    const { uuid } = toVconOfCall([{ recording, media }])
    expect(toVconOfCall(files).uuid).toBe(uuid)
    expect(toVcon(recording, media).uuid).not.toBe(uuid)
  })

  it("is incomplete only where all of its recordings say why", () => {
    const missed: Recording = { ...third, call: { ...call, outcome: "missed" } }
    expect(toVconOfCall([{ recording: missed }, { recording: missed }]).dialog?.[0]?.type).toBe("incomplete")
    expect(toVconOfCall([{ recording: missed }, { recording }]).dialog?.[0]?.type).toBe("recording-set")
  })
})
