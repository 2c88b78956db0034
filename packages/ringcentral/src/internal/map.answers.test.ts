import { Duration } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import { describe, expect, it } from "vitest"
import {
  accountOf,
  contentUriIn,
  type MapContext,
  messageExtensionOf,
  recordingAnnounced,
  recordingOfMessage,
  recordingOfMetadata,
  voicemailAttachment,
  voicemailIn
} from "./map.ts"
import { LogRecord, type Message, RecordingMetadata } from "./wire.ts"

const platform = "https://platform.ringcentral.com/restapi/v1.0/account"
const media = "https://media.ringcentral.com/restapi/v1.0/account"

const context: MapContext = {
  source: "us",
  account: "~",
  patience: { pendingFor: Duration.hours(24), ladder: [Duration.seconds(30), Duration.minutes(5)] },
  now: new Date("2026-03-08T10:02:00Z"),
  voicemail: true
}

const recordOf = (more: Readonly<Record<string, unknown>> = {}): LogRecord => {
  const decoded = LogRecord.decode({
    id: "AbC1",
    uri: `${platform}/11111111/call-log/AbC1`,
    sessionId: "1234567890",
    telephonySessionId: "s-1",
    startTime: "2026-03-08T10:00:00Z",
    duration: 60,
    direction: "Inbound",
    result: "Accepted",
    finished: true,
    ...more
  })
  if (Either.isLeft(decoded)) throw new Error("the record does not fit its codec")
  return decoded.right
}

describe("recordingOfMetadata", () => {
  const metadata: RecordingMetadata = {
    id: "44444444",
    uri: `${platform}/~/recording/44444444`,
    contentUri: `${media}/11111111/recording/44444444/content`,
    contentType: "audio/x-wav",
    duration: 35
  }

  it("knows the file and nothing of the call", () => {
    expect(recordingOfMetadata(metadata, context)).toEqual({
      source: "us",
      provider: "ringcentral",
      account: "11111111",
      id: "44444444",
      kind: "unknown",
      durationSeconds: 35,
      audio: { mediaType: "audio/wav" },
      availability: { state: "available" },
      raw: metadata
    })
  })

  it("leaves out what is not told", () => {
    const bare = { id: 44_444_444, contentUri: metadata.contentUri, contentType: null, duration: null }
    const recording = recordingOfMetadata(bare, context)
    expect(recording.id).toBe("44444444")
    expect(Object.keys(recording).toSorted()).toEqual(
      ["account", "availability", "id", "kind", "provider", "raw", "source"].toSorted()
    )
  })

  it.each([
    ["the documented answer", metadata, true],
    ["an answer without the address", { ...metadata, contentUri: undefined }, false]
  ])("takes %s", (_, json, fits) => {
    expect(Either.isRight(RecordingMetadata.decode(json))).toBe(fits)
  })
})

describe("recordingOfMessage", () => {
  const message: Message = {
    id: 1_724_099_032_020,
    uri: `${platform}/11111111/extension/22222222/message-store/1724099032020`,
    availability: "Alive",
    creationTime: "2026-03-08T10:00:30.000Z",
    attachments: [
      { id: 8, type: "AudioTranscription", contentType: "text/plain", size: 12 },
      {
        id: 9,
        type: "AudioRecording",
        contentType: "audio/x-wav",
        vmDuration: 7,
        fileName: "voicemail.wav",
        size: 57_600
      }
    ]
  }

  it("knows the audio among the attachments", () => {
    expect(recordingOfMessage(message, context)).toEqual({
      source: "us",
      provider: "ringcentral",
      account: "11111111",
      id: "1724099032020",
      kind: "voicemail",
      startedAt: new Date("2026-03-08T10:00:30Z"),
      durationSeconds: 7,
      audio: { mediaType: "audio/wav", bytes: 57_600, filename: "voicemail.wav" },
      availability: { state: "available" },
      raw: message
    })
    expect(voicemailAttachment(message)?.id).toBe(9)
  })

  it("is gone once the vendor has purged its audio", () => {
    const purged = recordingOfMessage({ ...message, availability: "Purged" }, context)
    expect(purged.availability).toEqual({ state: "unavailable", reason: "deleted" })
  })

  it("leaves out what is not told, and never writes null", () => {
    const recording = recordingOfMessage({ id: 5, creationTime: null, attachments: null, availability: null }, context)
    expect(Object.keys(recording).toSorted()).toEqual(
      ["account", "availability", "id", "kind", "provider", "raw", "source"].toSorted()
    )
    const attachments = [
      { id: 9, type: "AudioRecording", contentType: null, vmDuration: null, fileName: null, size: null }
    ]
    expect(recordingOfMessage({ id: 5, attachments }, context)).not.toHaveProperty("audio")
  })
})

describe("recordingAnnounced", () => {
  const event = { telephonySessionId: "s-1", recordings: [{ id: "7" }] }

  it("is pending while the call is young, with the call that the log shows", () => {
    const recording = recordingAnnounced({ id: "7", records: [recordOf()], event, account: "11111111" }, context)
    expect(recording).toMatchObject({
      account: "11111111",
      id: "7",
      call: { id: "s-1", sessionId: "1234567890", legIds: ["AbC1"], endedAt: new Date("2026-03-08T10:01:00Z") },
      kind: "unknown",
      // The call ended at 10:01, and 30 seconds after that are over.
      availability: { state: "pending", retryAt: new Date("2026-03-08T10:06:00Z") },
      raw: event
    })
  })

  it.each([
    ["still runs", { finished: false }, "2026-03-08T10:02:00Z", { state: "pending" }],
    ["ended just less than a day ago", {}, "2026-03-09T10:00:59.999Z", { state: "pending" }],
    ["ended a day ago", {}, "2026-03-09T10:01:00Z", { state: "unavailable", reason: "absent" }],
    ["was too short", { shortRecording: true }, "2026-03-08T10:02:00Z", { state: "unavailable", reason: "too-short" }],
    ["has one short leg", { legs: [{ shortRecording: true }, {}] }, "2026-03-08T10:02:00Z", { state: "pending" }],
    [
      "was too short, as its legs say",
      { legs: [{ shortRecording: true }, { shortRecording: true }] },
      "2026-03-08T10:02:00Z",
      { state: "unavailable", reason: "too-short" }
    ]
  ])("is judged by its call: one that %s", (_, more, now, availability) => {
    const known = { ...context, now: new Date(now) }
    expect(
      recordingAnnounced({ id: "7", records: [recordOf(more)], event, account: undefined }, known).availability
    ).toMatchObject(availability)
  })

  it.each([
    ["the record's", recordOf(), "22", "11111111"],
    ["the notification's", recordOf({ uri: `${platform}/~/call-log/AbC1` }), "22", "22"],
    ["the configured one", recordOf({ uri: null }), undefined, "33"]
  ])("is of an account: %s", (_, record, announced, account) => {
    expect(
      recordingAnnounced({ id: "7", records: [record], event, account: announced }, { ...context, account: "33" })
        .account
    ).toBe(account)
  })
})

describe("contentUriIn", () => {
  const here = `${media}/11111111/recording/4/content`

  it.each([
    ["on the record", { recording: { id: "4", contentUri: here } }, here],
    ["on a leg, with an id that is a number", { legs: [{ recording: { id: 4, contentUri: here } }] }, here],
    [
      "on a leg, where the record leaves it out",
      { recording: { id: "4", contentUri: null }, legs: [{ recording: { id: "4", contentUri: here } }] },
      here
    ],
    ["with another id", { recording: { id: "44", contentUri: here } }, undefined],
    ["without an address", { recording: { id: "4" } }, undefined],
    ["nowhere", {}, undefined]
  ])("finds the address that stands %s", (_, more, uri) => {
    expect(contentUriIn([recordOf(), recordOf(more)], "4")).toBe(uri)
  })
})

describe("voicemailIn", () => {
  it("finds the voicemail of an id, and no other message", () => {
    const voicemail = { id: 8, type: "VoiceMail", uri: "https://v.example/8" }
    const records = [recordOf({ message: { id: 9, type: "Fax" } }), recordOf({ legs: [{ message: voicemail }] })]
    expect(voicemailIn(records, "8")).toEqual(voicemail)
    expect(voicemailIn(records, "9")).toBeUndefined()
  })
})

describe("accountOf and messageExtensionOf", () => {
  it.each([
    [[`${platform}/11111111/call-log/1`], "11111111"],
    [[`${platform}/11111111?view=Simple`], "11111111"],
    [[`${platform}/11111111`], "11111111"],
    [["https://media.ringcentral.com:443/restapi/v1.0/account/11111111/recording/4/content"], "11111111"],
    [[null, undefined, `${platform}/~/call-log/1`, `${platform}/22/call-log/1`, `${platform}/33`], "22"],
    [[`${platform}/~/call-log/1`], undefined],
    [["https://v.example/restapi/v1.0/account/me11/call-log"], undefined],
    [[], undefined]
  ])("%#: reads the account in %j", (uris, account) => {
    expect(accountOf(...uris)).toBe(account)
  })

  it.each([
    [`${platform}/11111111/extension/22222222/message-store/5`, "22222222"],
    [`${platform}/11111111/extension/~/message-store/5`, "~"],
    [`${platform}/11111111/call-log/5`, undefined],
    [null, undefined]
  ])("reads the extension in %j", (uri, extension) => {
    expect(messageExtensionOf(uri)).toBe(extension)
  })
})
