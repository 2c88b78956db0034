import { describe, expect, it } from "@effect/vitest"
import { Duration } from "effect"
import { instantOf, isAudio, type MapContext, recordingOfFile } from "./map.ts"
import type { CallFile, HistoryCall } from "./wire.ts"

const context: MapContext = {
  source: "centre",
  account: "1",
  region: "UA",
  now: new Date(1_782_900_100_000),
  pendingFor: Duration.hours(24)
}

const file: CallFile = {
  id: "501",
  name: "1782900006_380501112233_0800.mp3",
  size: "12345",
  mime_type: "audio/mp3",
  start_at: "1782900006000",
  stop_at: "1782900060000",
  start_record: "client",
  channel: "call",
  type: "file_type_audio"
}

const row: HistoryCall = {
  id: "11111111-1111-1111-1111-111111111111",
  direction: "inbound",
  destination: "0800",
  from: { type: "dest", number: "380501112233", id: "", name: "Cust" },
  to: { type: "user", number: "101", id: "10", name: "Agent One" },
  variables: { Company: "eb0b" },
  created_at: "1782900000000",
  answered_at: "1782900005000",
  bridged_at: "1782900006000",
  hangup_at: "1782900060000",
  stored_at: "1782900062000",
  cause: "NORMAL_CLEARING",
  talk_sec: 54,
  extension: "101",
  user: { id: "10", name: "Agent One" },
  queue: { id: "7", name: "Sales" },
  tags: ["vip"],
  files: [file]
}

const map = (owner: HistoryCall = row, root: HistoryCall = owner, of: CallFile = file) =>
  recordingOfFile({ file: of, owner, root, legIds: [owner.id] }, context)

describe("recordingOfFile", () => {
  it("gives all that the row tells", () => {
    expect(map()).toEqual({
      source: "centre",
      provider: "webitel",
      account: "1",
      id: "501",
      call: {
        id: row.id,
        legIds: [row.id],
        direction: "inbound",
        outcome: "answered",
        startedAt: new Date(1_782_900_000_000),
        answeredAt: new Date(1_782_900_005_000),
        endedAt: new Date(1_782_900_060_000),
        durationSeconds: 60,
        from: { number: "380501112233", e164: "+380501112233", name: "Cust" },
        to: { number: "101", name: "Agent One", extension: { id: "10", number: "101", name: "Agent One" } },
        queue: { id: "7", name: "Sales" },
        tags: ["vip"],
        variables: { Company: "eb0b" }
      },
      kind: "unknown",
      startedAt: new Date(1_782_900_006_000),
      endedAt: new Date(1_782_900_060_000),
      durationSeconds: 54,
      audio: { mediaType: "audio/mpeg", bytes: 12_345, filename: "1782900006_380501112233_0800.mp3" },
      availability: { state: "available" },
      raw: row
    })
  })

  it.each([undefined, null, "", "0", 0])("takes %j for unknown wherever it stands", (unset) => {
    const set = (...keys: ReadonlyArray<string>) =>
      unset === undefined ? {} : Object.fromEntries(keys.map((key) => [key, unset]))
    const bare: HistoryCall = {
      id: row.id,
      created_at: "1782900000000",
      ...set("answered_at", "hangup_at", "talk_sec"),
      queue: set("id"),
      user: set("id")
    }
    const { call, ...recording } = map(bare, bare, { id: "501", ...set("start_at", "stop_at") })
    expect(call).toEqual({
      id: row.id,
      legIds: [row.id],
      direction: "unknown",
      outcome: "unknown",
      startedAt: new Date(1_782_900_000_000)
    })
    expect(Object.keys(recording)).toEqual(["source", "provider", "account", "id", "kind", "availability", "raw"])
  })

  it("keeps ids that no number holds", () => {
    const id = "9007199254740993"
    expect(map(row, row, { ...file, id }).id).toBe(id)
    expect(map({ ...row, queue: { id, name: "Big" } }).call?.queue).toEqual({ id, name: "Big" })
  })

  it("gives a leg's recording the whole call, and the agent of the leg", () => {
    const leg: HistoryCall = {
      ...row,
      id: "22222222-2222-2222-2222-222222222222",
      parent_id: row.id,
      created_at: "1782900002000",
      user: { id: "11", name: "Agent Two" },
      extension: "102"
    }
    const { call, raw } = map(leg, { ...row, user: null, extension: "" })
    expect(call).toMatchObject({ id: row.id, startedAt: new Date(1_782_900_000_000), durationSeconds: 60 })
    expect(call?.to?.extension).toEqual({ id: "11", number: "102", name: "Agent Two" })
    expect(raw).toBe(leg)
  })

  it.each([
    ["NORMAL_CLEARING", { talk_sec: 5 }, "answered"],
    ["USER_BUSY", {}, "busy"],
    ["CALL_REJECTED", {}, "busy"],
    ["NO_ANSWER", {}, "missed"],
    ["ORIGINATOR_CANCEL", {}, "missed"],
    ["NORMAL_CLEARING", {}, "missed"],
    ["RECOVERY_ON_TIMER_EXPIRE", {}, "failed"],
    ["MEDIA_TIMEOUT", {}, "failed"],
    ["NORMAL_CLEARING", { tags: ["vm"] }, "voicemail"],
    ["constructor", {}, "failed"],
    ["", {}, "unknown"]
  ])("takes the cause %s with %j for %s", (cause, more, outcome) => {
    const silent = { ...row, bridged_at: "0", talk_sec: 0, tags: [], cause, ...more }
    expect(map(silent).call?.outcome).toBe(outcome)
  })

  it.each(["outbound", "internal"])("puts the agent at the caller's side of an %s call", (direction) => {
    const { call } = map({ ...row, direction })
    expect(call?.direction).toBe(direction)
    expect(call?.from?.extension?.id).toBe("10")
    expect(call?.to).not.toHaveProperty("extension")
  })

  it("has no audio in a file of no bytes", () => {
    expect(map(row, row, { ...file, size: "0" }).availability).toEqual({ state: "unavailable", reason: "absent" })
  })

  it("is pending while the database shows it on its way to the storage", () => {
    const { availability } = map(row, row, { ...file, uploading: true })
    expect(availability).toEqual({ state: "pending", retryAt: new Date(1_782_900_120_000) })
  })

  it("takes variables as text, whatever they came as", () => {
    const variables = { a: "x", b: 1, c: true, d: null, e: { f: 1 }, __proto__x: "y" }
    expect(map({ ...row, variables }).call?.variables).toEqual({ a: "x", b: "1", c: "true", __proto__x: "y" })
  })
})

describe("isAudio", () => {
  it.each([
    [{ id: 1, mime_type: "audio/mpeg" }, true],
    [{ id: 1, mime_type: "audio/mp3", channel: "call", type: "file_type_audio" }, true],
    [{ id: 1, mime_type: "AUDIO/WAV", channel: "call" }, true],
    [{ id: 1, mime_type: "video/mp4" }, false],
    [{ id: 1, mime_type: "audio/webm", channel: "screenrecording", type: "file_type_screensharing" }, false],
    [{ id: 1, mime_type: "audio/mpeg", type: "file_type_pdf" }, false],
    [{ id: 1, mime_type: "image/png", channel: "call", type: "file_type_screenshot" }, false],
    [{ id: 1, mime_type: "audio/mpeg", type: "file_type_empty" }, true],
    [{ id: 1 }, false],
    [{ id: 1, mime_type: "" }, false]
  ])("of %j is %s", (of, expected) => {
    expect(isAudio(of)).toBe(expected)
  })
})

describe("instantOf", () => {
  it.each([
    ["1782900000000", new Date(1_782_900_000_000)],
    [1_782_900_000_000, new Date(1_782_900_000_000)],
    ["0", undefined],
    [0, undefined],
    ["", undefined],
    [null, undefined],
    [undefined, undefined],
    ["soon", undefined],
    ["-5", undefined]
  ])("reads %j", (value, expected) => {
    expect(instantOf(value)).toEqual(expected)
  })
})
