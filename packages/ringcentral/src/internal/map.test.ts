import { asRegion, defaultPendingFor, Recording } from "@callreel/recording"
import * as fc from "fast-check"
import * as Either from "fp-ts/lib/Either.js"
import { describe, expect, it } from "vitest"
import { defaultRetryLadder } from "../RingCentralOptions.ts"
import { type MapContext, recordingsOfRecord, recordingsOfRecords } from "./map.ts"
import { LogRecord } from "./wire.ts"

const patience = { pendingFor: defaultPendingFor, ladder: defaultRetryLadder }
const now = new Date("2026-01-01T00:00:00Z")
const region = asRegion("US")
const context: MapContext = {
  source: "us",
  account: "~",
  patience,
  now,
  voicemail: false,
  ...(region && { region })
}

const platform = "https://platform.ringcentral.com/restapi/v1.0/account"
const media = "https://media.ringcentral.com/restapi/v1.0/account"

/** The record that the vendor's developers documented, of an extension's log in the Simple view. */
const sample = {
  uri: `${platform}/11111111/extension/22222222/call-log/1234567890ABCDEFGabcdefgh?view=Simple`,
  id: "1234567890ABCDEFGabcdefgh",
  sessionId: "1234567890",
  startTime: "2019-03-08T22:30:29.505Z",
  duration: 35,
  type: "Voice",
  direction: "Inbound",
  action: "Phone Call",
  result: "Accepted",
  to: { phoneNumber: "+16505550100", name: "Jane Doe" },
  from: { phoneNumber: "+14155550100", name: "John Smith", location: "San Francisco, CA" },
  recording: {
    uri: `${platform}/11111111/recording/44444444`,
    id: "44444444",
    type: "OnDemand",
    contentUri: `${media}/111111111/recording/44444444/content`
  },
  extension: { uri: `${platform}/111111111/extension/22222222`, id: 22_222_222 },
  reason: "Accepted",
  reasonDescription: "The call connected to and was accepted by this number."
}

const { recording: sampleInfo, ...unrecorded } = sample

/** As the codec reads it: what does not fit the codec fits no test. */
const recordOf = (json: unknown): LogRecord => {
  const decoded = LogRecord.decode(json)
  if (Either.isLeft(decoded)) throw new Error("the record does not fit its codec")
  return decoded.right
}

const mapped = (json: unknown, more: Partial<MapContext> = {}): ReadonlyArray<Recording> =>
  recordingsOfRecord(recordOf(json), { ...context, ...more })

const only = (json: unknown, more: Partial<MapContext> = {}): Recording => {
  const [recording, ...others] = mapped(json, more)
  if (recording === undefined || others.length > 0) throw new Error("there must be one recording")
  return recording
}

const idsOf = (recordings: ReadonlyArray<Recording>): ReadonlyArray<string> => recordings.map(({ id }) => id)

const info = (id: string | number, type = "Automatic") => ({
  id,
  type,
  uri: `${platform}/11111111/recording/${id}`,
  contentUri: `${media}/11111111/recording/${id}/content`
})

const leg = (more: Readonly<Record<string, unknown>> = {}) => ({
  startTime: "2019-03-08T22:30:29.505Z",
  type: "Voice",
  direction: "Inbound",
  action: "Phone Call",
  legType: "Accept",
  ...more
})

describe("recordingsOfRecord", () => {
  it("maps the documented record", () => {
    expect(mapped(sample)).toEqual([
      {
        source: "us",
        provider: "ringcentral",
        account: "11111111",
        id: "44444444",
        call: {
          id: "1234567890",
          sessionId: "1234567890",
          legIds: ["1234567890ABCDEFGabcdefgh"],
          direction: "inbound",
          outcome: "answered",
          startedAt: new Date("2019-03-08T22:30:29.505Z"),
          endedAt: new Date("2019-03-08T22:31:04.505Z"),
          durationSeconds: 35,
          from: { number: "+14155550100", e164: "+14155550100", name: "John Smith" },
          to: { number: "+16505550100", e164: "+16505550100", name: "Jane Doe", extension: { id: "22222222" } }
        },
        kind: "on-demand",
        availability: { state: "available" },
        raw: sample
      }
    ])
  })

  it("gives what its JSON codec writes and reads again", () => {
    const recording = only({ ...sample, telephonySessionId: "s-1", legs: [leg({ recording: sampleInfo })] })
    expect(Recording.decode(JSON.parse(JSON.stringify(Recording.encode(recording))))).toEqual(Either.right(recording))
  })

  it.each([
    ["the record", { recording: info(4) }, ["4"]],
    ["a leg", { legs: [leg(), leg({ recording: info(4) })] }, ["4"]],
    ["the record and a leg", { recording: info(4), legs: [leg({ recording: info(4) })] }, ["4"]],
    ["two legs", { legs: [leg({ recording: info(4) }), leg({ recording: info(4) })] }, ["4"]],
    ["the record as text and a leg as a number", { recording: info("4"), legs: [leg({ recording: info(4) })] }, ["4"]],
    ["none", { legs: [leg(), leg()] }, []],
    ["no legs at all", { legs: null }, []],
    [
      "several of them, each its own",
      {
        recording: info(4),
        legs: [leg({ recording: info(5) }), leg({ recording: info(4) }), leg({ recording: info(6) })]
      },
      ["4", "5", "6"]
    ]
  ])("gives one recording for each id, where it stands on %s", (_, more, ids) => {
    expect(idsOf(mapped({ ...unrecorded, ...more }))).toEqual(ids)
  })

  it("gives a leg's recording the call of its record", () => {
    const legStart = "2019-03-08T22:31:00.000Z"
    const { call } = only({
      ...unrecorded,
      legs: [leg(), leg({ startTime: legStart, duration: 4, recording: info(4) })]
    })
    expect(call).toMatchObject({
      id: "1234567890",
      startedAt: new Date("2019-03-08T22:30:29.505Z"),
      durationSeconds: 35,
      from: { number: "+14155550100" }
    })
  })

  it("names the parties of the legs that a recording belongs to, and of no others", () => {
    const json = {
      ...unrecorded,
      legs: [
        leg({ partyId: "p-1", recording: info(4) }),
        leg({ partyId: "p-2", recording: info(5) }),
        leg({ partyId: "p-3", recording: info(4) })
      ]
    }
    expect(mapped(json).map(({ call }) => call?.legIds)).toEqual([
      [sample.id, "p-1", "p-3"],
      [sample.id, "p-2"]
    ])
  })

  it.each([
    ["nothing more", {}],
    ["a mark that its recording was too short", { shortRecording: true }],
    ["such a mark on a leg", { legs: [leg({ shortRecording: true })] }],
    ["a recording without a usable id", { recording: { ...info(""), type: "Automatic" } }]
  ])("gives none for a record with %s", (_, more) => {
    expect(mapped({ ...unrecorded, ...more })).toEqual([])
  })

  it("keeps a recording that has an id, whatever another leg is marked with", () => {
    const json = { ...unrecorded, legs: [leg({ shortRecording: true }), leg({ recording: info(4) })] }
    expect(only(json)).toMatchObject({ id: "4", availability: { state: "available" } })
  })

  it.each([
    ["Automatic", "automatic"],
    ["OnDemand", "on-demand"],
    ["Other", "unknown"],
    ["constructor", "unknown"],
    [null, "unknown"]
  ])("takes the recording mode %j for %s", (type, kind) => {
    expect(only({ ...sample, recording: { ...sampleInfo, type } }).kind).toBe(kind)
  })

  it("learns from every place of a recording what the first one leaves out", () => {
    const json = { ...unrecorded, recording: { id: "4" }, legs: [leg({ recording: info(4, "OnDemand") })] }
    expect(only(json).kind).toBe("on-demand")
  })

  it("keeps the vendor's record untouched", () => {
    const record = recordOf(sample)
    const copy = structuredClone(record)
    expect(recordingsOfRecord(record, context)[0]?.raw).toBe(record)
    expect(record).toEqual(copy)
  })
})

describe("the account of a recording", () => {
  const alias = `${platform}/~`
  const bare = {
    ...unrecorded,
    uri: `${alias}/call-log/1`,
    extension: { id: 7, uri: `${alias}/extension/7` },
    recording: {
      ...sampleInfo,
      uri: `${alias}/recording/44444444`,
      contentUri: `${media}/~/recording/44444444/content`
    }
  }

  it.each([
    ["the record's address", { uri: `${platform}/11111111/call-log/1` }],
    ["the recording's address", { recording: { ...bare.recording, uri: `${platform}/11111111/recording/44444444` } }],
    [
      "the address of the audio, with its port written out",
      {
        recording: {
          ...bare.recording,
          contentUri: "https://media.ringcentral.com:443/restapi/v1.0/account/11111111/recording/44444444/content"
        }
      }
    ],
    [
      "the address that a leg gives for the same recording",
      { legs: [leg({ recording: { ...bare.recording, uri: `${platform}/11111111/recording/44444444` } })] }
    ],
    ["the extension's address", { extension: { id: 7, uri: `${platform}/11111111/extension/7` } }]
  ])("is read from %s, where the others have an alias", (_, more) => {
    expect(only({ ...bare, ...more }).account).toBe("11111111")
  })

  it("is that of the record, where the others name another", () => {
    const elsewhere = {
      ...sampleInfo,
      uri: `${platform}/999/recording/44444444`,
      contentUri: `${media}/998/recording/4`
    }
    expect(only({ ...sample, recording: elsewhere }).account).toBe("11111111")
  })

  it("is the configured one where no address tells", () => {
    expect(only(bare, { account: "11111111" }).account).toBe("11111111")
    expect(only({ ...bare, uri: undefined }, { account: "11111111" }).account).toBe("11111111")
  })
})

describe("voicemail", () => {
  const voicemail = {
    ...unrecorded,
    result: "Voicemail",
    message: { id: 1_724_099, type: "VoiceMail", uri: `${platform}/11111111/extension/2/message-store/1724099` }
  }

  it("is none of the recordings, unless it is asked for", () => {
    expect(mapped(voicemail)).toEqual([])
    expect(only(voicemail, { voicemail: true })).toMatchObject({
      id: "1724099",
      kind: "voicemail",
      account: "11111111",
      call: { id: "1234567890", outcome: "voicemail" },
      availability: { state: "available" }
    })
  })

  it.each(["Voicemail", "VoiceMail"])("is known by the type %s", (type) => {
    expect(idsOf(mapped({ ...voicemail, message: { id: "8", type } }, { voicemail: true }))).toEqual(["8"])
  })

  it("stands beside the recording of the same call, and counts once where a leg repeats it", () => {
    const json = { ...voicemail, recording: info(4), legs: [leg({ message: voicemail.message })] }
    expect(idsOf(mapped(json))).toEqual(["4"])
    expect(mapped(json, { voicemail: true }).map(({ id, kind }) => [id, kind])).toEqual([
      ["4", "automatic"],
      ["1724099", "voicemail"]
    ])
  })

  it.each(["Fax", "SMS", "Pager", null])("is no message of type %j", (type) => {
    expect(mapped({ ...unrecorded, message: { id: "8", type } }, { voicemail: true })).toEqual([])
  })
})

describe("recordingsOfRecords", () => {
  it("gives a recording that stands on two records once, with the legs of both", () => {
    const records = [sample, { ...sample, id: "second", partyId: "p-2" }].map(recordOf)
    const recordings = recordingsOfRecords(records, context)
    expect(idsOf(recordings)).toEqual(["44444444"])
    expect(recordings[0]?.call?.legIds).toEqual([sample.id, "second", "p-2"])
  })

  it("gives the recordings of all records of a session", () => {
    const records = [sample, { ...unrecorded, id: "second", legs: [leg({ recording: info(5) })] }].map(recordOf)
    expect(idsOf(recordingsOfRecords(records, context))).toEqual(["44444444", "5"])
  })

  it("gives none for no records", () => {
    expect(recordingsOfRecords([], context)).toEqual([])
  })
})

describe("the recordings of any records", () => {
  // Ids are unique, as numbers in some answers and as text in others; recordings and messages are numbered apart.
  const numberOrText = (low: number, high: number) =>
    fc.integer({ min: low, max: high }).chain((id) => fc.constantFrom<string | number>(id, String(id)))
  const part = fc.record(
    {
      recording: fc.option(fc.record({ id: numberOrText(1, 9) })),
      message: fc.option(fc.record({ id: numberOrText(101, 105), type: fc.constantFrom("Voicemail", "Fax") })),
      shortRecording: fc.option(fc.boolean()),
      finished: fc.option(fc.boolean()),
      partyId: fc.option(fc.constantFrom("p-1", "p-2", "p-3"))
    },
    { requiredKeys: [] }
  )
  const record = fc
    .tuple(part, fc.option(fc.array(part, { maxLength: 5 })), fc.boolean())
    .map(([own, legs, deleted]) => ({ ...own, legs, deleted, startTime: sample.startTime }))
  const records = fc
    .array(record, { maxLength: 4 })
    .map((list) => list.map((each, index) => recordOf({ ...each, id: `record-${index}` })))

  const partsIn = (list: ReadonlyArray<LogRecord>) => list.flatMap((each) => [each, ...(each.legs ?? [])])
  const recordingIdsIn = (list: ReadonlyArray<LogRecord>): ReadonlySet<string> =>
    new Set(partsIn(list).flatMap(({ recording }) => (recording == null ? [] : String(recording.id))))
  const voicemailIdsIn = (list: ReadonlyArray<LogRecord>): ReadonlySet<string> =>
    new Set(partsIn(list).flatMap(({ message }) => (message?.type === "Voicemail" ? String(message.id) : [])))

  it("have every id of a recording, and each once", () => {
    fc.assert(
      fc.property(records, (list) => {
        expect([...idsOf(recordingsOfRecords(list, context))].toSorted()).toEqual([...recordingIdsIn(list)].toSorted())
      })
    )
  })

  it("have every id of a voicemail too, where it is asked for", () => {
    fc.assert(
      fc.property(records, (list) => {
        const recordings = recordingsOfRecords(list, { ...context, voicemail: true })
        const expected = [...recordingIdsIn(list), ...voicemailIdsIn(list)]
        expect([...idsOf(recordings)].toSorted()).toEqual(expected.toSorted())
        expect(idsOf(recordings.filter(({ kind }) => kind === "voicemail")).toSorted()).toEqual(
          [...voicemailIdsIn(list)].toSorted()
        )
      })
    )
  })

  it("name every record that names them", () => {
    fc.assert(
      fc.property(records, (list) => {
        for (const { call, id } of recordingsOfRecords(list, context)) {
          const naming = list.filter((each) => recordingIdsIn([each]).has(id)).map((each) => String(each.id))
          expect(call?.legIds?.filter((legId) => legId.startsWith("record-"))).toEqual(naming)
        }
      })
    )
  })
})
