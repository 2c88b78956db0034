import { asRegion, Recording } from "@callreel/recording"
import { Duration } from "effect"
import * as Either from "fp-ts/lib/Either.js"
import { describe, expect, it } from "vitest"
import { type MapContext, recordingOfPath, recordingOfRow, recordingsOfCall, shortNumber } from "./map.ts"
import { type LegRow, RecordRow } from "./wire.ts"

const region = asRegion("RU")
const context: MapContext = {
  source: "office",
  account: "37649",
  pendingFor: Duration.hours(24),
  now: new Date("2026-01-01T00:00:00Z"),
  ...(region && { region })
}

/** A row as the platform gives them: every key, null where it has nothing, and keys that nobody documented. */
const outbound = {
  flow: "out",
  init_time_gmt: "2021-01-01 00:00:05.98",
  start_time_gmt: "2021-01-01 00:00:18",
  hangup_time_gmt: "2021-01-01 00:00:35",
  duration: 17,
  extension_id: 468_944,
  extension_name: "01874*0541@pbx.example",
  extension_type: "phone",
  extension_group_owner_id: null,
  client_owner_id: 37_649,
  result: "answered",
  from_username: "01874*0541",
  from_domain: "pbx.example",
  source_number: null,
  source_domain: null,
  to_username: "+74991234567",
  to_domain: "pbx.example",
  dest_number: "+74991234567",
  dest_domain: "pbx.example",
  did_number: null,
  did_domain: null,
  from_screen_name: "01874*0541",
  hangup_cause: "NORMAL_CLEARING",
  ext_number_reg: null,
  application: null,
  call_uuid: "C67CBFE9F86C48F9A473DF57FEA1AE65",
  hangup_disposition: "caller_bye",
  ani_number: "74999610999",
  record_uuid: "468944-C7C3931362A5458580DF48AEFFECEF74",
  record_file_size: 34_416,
  file_name: "2021-01-01-00-00-18-UTC_out_0541_ypgt.mp3",
  record_transfer: false,
  key_of_next_year: { nested: true }
}

const inbound = {
  ...outbound,
  flow: "in",
  from_username: "89161234567",
  from_screen_name: "Иван Петров",
  to_username: "01874*0541",
  did_number: "74999610999"
}

describe("recordingOfRow", () => {
  it("maps an outbound row", () => {
    expect(recordingOfRow(outbound, context)).toEqual({
      source: "office",
      provider: "virtual-pbx",
      account: "37649",
      id: "468944-C7C3931362A5458580DF48AEFFECEF74",
      call: {
        id: "C67CBFE9F86C48F9A473DF57FEA1AE65",
        direction: "outbound",
        outcome: "answered",
        startedAt: new Date("2021-01-01T00:00:05.980Z"),
        answeredAt: new Date("2021-01-01T00:00:18Z"),
        endedAt: new Date("2021-01-01T00:00:35Z"),
        durationSeconds: 29.02,
        from: {
          number: "01874*0541",
          extension: { id: "468944", number: "0541", name: "01874*0541" }
        },
        to: { number: "+74991234567", e164: "+74991234567" }
      },
      kind: "unknown",
      startedAt: new Date("2021-01-01T00:00:18Z"),
      endedAt: new Date("2021-01-01T00:00:35Z"),
      durationSeconds: 17,
      audio: { bytes: 34_416, filename: "2021-01-01-00-00-18-UTC_out_0541_ypgt.mp3" },
      availability: { state: "available" },
      raw: outbound
    })
  })

  it("puts the client and the extension on their sides of an inbound row", () => {
    const { call } = recordingOfRow(inbound, context)
    expect(call).toMatchObject({
      direction: "inbound",
      from: { number: "89161234567", e164: "+79161234567", name: "Иван Петров" },
      to: { number: "74999610999", e164: "+74999610999", extension: { id: "468944", number: "0541" } }
    })
    expect(call?.from).not.toHaveProperty("extension")
  })

  it.each([
    ["answered", "answered"],
    ["bridged", "answered"],
    ["not answered", "missed"],
    ["answered elsewhere", "missed"],
    ["busy", "busy"],
    ["rejected", "busy"],
    ["failed", "failed"],
    ["voicemail", "voicemail"],
    ["new words", "unknown"],
    [null, "unknown"]
  ])("takes the result %j for %s", (result, outcome) => {
    expect(recordingOfRow({ ...outbound, result }, context).call?.outcome).toBe(outcome)
  })

  it.each([
    ["in", "inbound"],
    ["out", "outbound"],
    ["transfer", "unknown"],
    [null, "unknown"]
  ])("takes the flow %j for %s", (flow, direction) => {
    expect(recordingOfRow({ ...outbound, flow }, context).call?.direction).toBe(direction)
  })

  it("names a queue by its id and number", () => {
    const row = { ...inbound, extension_type: "queue", extension_id: 7, extension_name: "01874*0700@pbx.example" }
    expect(recordingOfRow(row, context).call?.queue).toEqual({ id: "7", name: "0700" })
    expect(recordingOfRow(inbound, context).call).not.toHaveProperty("queue")
  })

  it("leaves out what the row does not know, and never writes null", () => {
    const bare = { record_uuid: "1-A", init_time_gmt: "2021-01-01 00:00:05", call_uuid: "C" }
    const recording = recordingOfRow(bare, context)
    expect(Object.keys(recording).toSorted()).toEqual(
      ["account", "availability", "call", "id", "kind", "provider", "raw", "source"].toSorted()
    )
    expect(Object.keys(recording.call ?? {}).toSorted()).toEqual(["direction", "id", "outcome", "startedAt"])
    const nulls = Object.fromEntries(Object.keys(outbound).map((key) => [key, null]))
    expect(
      JSON.stringify(Recording.encode({ ...recordingOfRow({ ...nulls, ...bare }, context), raw: {} }))
    ).not.toContain("null")
  })

  it("takes a file of no bytes for not written yet, and a day later for absent", () => {
    const empty = { ...outbound, record_file_size: 0 }
    expect(recordingOfRow(empty, context).availability).toEqual({ state: "unavailable", reason: "absent" })
    const soon = { ...context, now: new Date("2021-01-01T00:01:05Z") }
    expect(recordingOfRow(empty, soon).availability).toEqual({
      state: "pending",
      retryAt: new Date("2021-01-01T00:01:35Z")
    })
  })

  it("puts the extension of a transfer on the side that names it, and takes empty text for none", () => {
    const transfer = recordingOfRow({ ...outbound, flow: "transfer" }, context).call
    expect(transfer?.from?.extension?.number).toBe("0541")
    expect(transfer?.to).not.toHaveProperty("extension")
    const received = recordingOfRow({ ...inbound, flow: "transfer" }, context).call
    expect(received?.to?.extension?.number).toBe("0541")
    expect(recordingOfRow({ ...inbound, did_number: "" }, context).call?.to?.number).toBe("01874*0541")
    expect(recordingOfRow({ ...outbound, to_username: "" }, context).call?.to?.number).toBe("+74991234567")
  })

  it("takes a number that is shown as a name for the number it is", () => {
    const row = { ...inbound, from_username: "79161234567", from_screen_name: "+79161234567" }
    expect(recordingOfRow(row, context).call?.from).not.toHaveProperty("name")
  })

  it("takes a leg without a call's id for a call of its own", () => {
    const { call_uuid: _, ...bare } = outbound
    expect(recordingOfRow(bare, context).call).toMatchObject({ id: outbound.record_uuid, direction: "outbound" })
  })

  it("takes the recording of a call that runs for not ready", () => {
    const running = { ...outbound, hangup_time_gmt: null, duration: null, record_file_size: null }
    const soon = { ...context, now: new Date("2021-01-01T00:02:05.980Z") }
    expect(recordingOfRow(running, soon).availability).toMatchObject({ state: "pending" })
  })

  it("keeps the vendor's row untouched", () => {
    expect(recordingOfRow(outbound, context).raw).toBe(outbound)
  })
})

describe("recordingsOfCall", () => {
  const { call_uuid, record_transfer, file_name, ...leg } = outbound
  const legs: ReadonlyArray<LegRow> = [leg, { ...leg, record_uuid: "7-B" }, { ...leg, record_uuid: null }]
  const history = { call_uuid, init_time_gmt: "2021-01-01 00:00:05", cdr: [...legs] }

  it("gives one recording a recorded leg, with the parent's call id and the leg's own time", () => {
    const recordings = recordingsOfCall(history, context)
    expect(recordings.map((recording) => recording.id)).toEqual([outbound.record_uuid, "7-B"])
    for (const recording of recordings) {
      expect(recording.call).toMatchObject({ id: call_uuid, startedAt: new Date("2021-01-01T00:00:05.980Z") })
    }
    expect(recordings[0]?.raw).toBe(legs[0])
    expect([record_transfer, file_name]).toEqual([false, outbound.file_name])
  })
})

describe("recordingOfPath", () => {
  it("knows the file and nothing of the call", () => {
    const path = {
      record_datetime_gmt: "2017-02-17 11:05:09",
      file_size: 19_152,
      filename: "/300/2017-02-17-11-05-04_in_300_uhl4.mp3"
    }
    expect(recordingOfPath("30-6248", path, context)).toEqual({
      source: "office",
      provider: "virtual-pbx",
      account: "37649",
      id: "30-6248",
      kind: "unknown",
      startedAt: new Date("2017-02-17T11:05:09Z"),
      audio: { bytes: 19_152, filename: "2017-02-17-11-05-04_in_300_uhl4.mp3" },
      availability: { state: "available" },
      raw: path
    })
  })
})

describe("RecordRow", () => {
  it.each([
    ["a full row", outbound, true],
    ["the row of 2018, without the newer keys", { ...outbound, ani_number: undefined, file_name: undefined }, true],
    ["a row without its id", { ...outbound, record_uuid: null }, false],
    ["a size that is text", { ...outbound, record_file_size: "34416" }, false]
  ])("decodes %s: %#", (_, row, fits) => {
    expect(Either.isRight(RecordRow.decode(row))).toBe(fits)
  })
})

describe("shortNumber", () => {
  it.each([
    ["01874*0541@pbx.example", "0541"],
    ["0541@pbx.example", "0541"],
    ["a*b*0541", "0541"],
    ["0541", "0541"]
  ])("reads %s", (name, number) => {
    expect(shortNumber(name)).toBe(number)
  })
})
