import { describe, expect, it } from "vitest"
import { type DatabaseFile, historyCall, type Recorded } from "./databaseRow.ts"
import type { HistoryCall } from "./wire.ts"

const call: HistoryCall = { id: "leg", answered_at: "200", hangup_at: "900" }
const file: DatabaseFile = { id: "7", name: "a.mp3", size: "9007199254740993", mime_type: "audio/mpeg", own: true }

const fileOf = (of: Partial<DatabaseFile>, recorded: Recorded = {}, more: Partial<HistoryCall> = {}) =>
  historyCall({ call: { ...call, ...more }, recorded: { ...recorded, files: [{ ...file, ...of }] }, payload: null })
    .files?.[0]

describe("a row of the database", () => {
  it("is told as it is, without keys for what there is not", () => {
    const row = { ...call, parent_id: "parent", talk_sec: 7, tags: ["vm"], from: { number: "101" } }
    const recorded = { queue_type: 1, record_start: "1", files: [], uploads: [], parent_uploads: [] }
    const told = historyCall({ call: row, recorded, payload: {} })
    expect(told).toEqual(row)
    expect(Object.keys(told).toSorted()).toEqual(Object.keys(row).toSorted())
  })

  it("has its payload as text", () => {
    expect(historyCall({ call, recorded: {}, payload: { a: 1 } })).toEqual({ ...call, variables: { a: "1" } })
  })

  it("has files with ids and sizes as text, and MP3 as the API names it", () => {
    expect(fileOf({ channel: "call" })).toEqual({
      id: "7",
      name: "a.mp3",
      size: "9007199254740993",
      mime_type: "audio/mp3",
      channel: "call",
      type: "file_type_audio",
      start_at: "200",
      stop_at: "900",
      start_record: "client"
    })
  })

  it.each([
    ["audio/wav", undefined, "audio/wav", "file_type_audio"],
    ["Audio/MPEG", "call", "Audio/MPEG", "file_type_audio"],
    ["video/mp4", "screenrecording", "video/mp4", "file_type_screensharing"],
    ["video/mp4", "call", "video/mp4", "file_type_video"],
    ["image/png", "call", "image/png", "file_type_screenshot"],
    ["application/pdf", "call", "application/pdf", "file_type_pdf"],
    ["text/plain", "call", "text/plain", undefined],
    ["", undefined, undefined, undefined]
  ])("names the kind of %s on channel %s", (mime, channel, mime_type, type) => {
    const told = fileOf({ mime_type: mime, ...(channel && { channel }) })
    expect([told?.mime_type, told?.type]).toEqual([mime_type, type])
  })

  const known = { record_start: "300", record_stop: "800" }
  it.each<[string, Partial<DatabaseFile>, Recorded, string | undefined, string | undefined]>([
    ["the recording's, at its own leg", {}, known, "300", "800"],
    ["the leg's, where the recording's are not known", {}, {}, "200", "900"],
    ["the child's, where the file is its parent's", { own: false }, known, "200", "900"],
    ["the file's own before all", { start_time: "400", end_time: "500" }, known, "400", "500"],
    ["those of a picture's row", { mime_type: "image/png", created_at: "600" }, known, "600", "900"],
    ["those of another channel", { channel: "screenrecording", created_at: "600" }, known, "600", "900"]
  ])("has times of its files: %s", (_, of, recorded, start, stop) => {
    expect(fileOf(of, recorded)).toMatchObject({ start_at: start, stop_at: stop })
  })

  it("leaves out the start of what nobody answered", () => {
    const told = historyCall({ call: { id: "leg", hangup_at: "900" }, recorded: { files: [file] }, payload: null })
    expect(told.files?.[0]).not.toHaveProperty("start_at")
  })

  const agent = { user: { id: "3" } }
  it.each<[Partial<HistoryCall>, number | undefined, string]>([
    [{ direction: "inbound", ...agent }, undefined, "client"],
    [{ direction: "outbound" }, undefined, "client"],
    [{ direction: "outbound", ...agent }, undefined, "operator"],
    [{ direction: "outbound", ...agent, queue: { id: "1" } }, 2, "operator"],
    [{ direction: "outbound", ...agent, queue: { id: "1" } }, 4, "client"],
    [{ direction: "outbound", ...agent, queue: { id: "1" } }, undefined, "client"]
  ])("says who began a recording of %j with a queue of type %s", (row, type, expected) => {
    const recorded = type === undefined ? {} : { queue_type: type }
    expect(fileOf({}, recorded, row)?.start_record).toBe(expected)
    expect(fileOf({ own: false }, recorded, row)).not.toHaveProperty("start_record")
  })

  it("marks what still waits for its upload, its own and its parent's", () => {
    const { own: _, ...job } = file
    const told = historyCall({
      call,
      recorded: { uploads: [{ ...job, id: "8" }], parent_uploads: [{ ...job, id: "9" }], files: [file] },
      payload: null
    })
    expect(told.files?.map(({ id, start_record, uploading }) => [id, start_record, uploading])).toEqual([
      ["7", "client", undefined],
      ["8", "client", true],
      ["9", undefined, true]
    ])
  })
})
