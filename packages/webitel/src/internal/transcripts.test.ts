import { Forbidden, NotFound, type Reason, type Recording } from "@callreel/recording"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import type { OwnedFile } from "./map.ts"
import { transcriptsIn } from "../Transcript.ts"
import { phraseOf, type Told, transcriptsOf, withTranscripts } from "./transcripts.ts"
import type { HistoryCall, PhrasePage, WirePhrase } from "./wire.ts"

const owned = (transcripts: HistoryCall["transcripts"], fileId: string | number = "501"): OwnedFile => {
  const owner: HistoryCall = { id: "leg", transcripts: transcripts ?? null }
  return { file: { id: fileId }, owner, root: owner, legIds: ["leg"] }
}
const told = (file: OwnedFile): Told => {
  const recording: Recording = {
    source: "centre",
    provider: "webitel",
    account: "1",
    id: String(file.file.id),
    kind: "unknown",
    availability: { state: "available" },
    raw: file.owner
  }
  return { owned: file, recording }
}

describe("the transcripts of a file", () => {
  it.each<[string, HistoryCall["transcripts"], ReadonlyArray<unknown>]>([
    ["by the file's id", [{ id: "7", locale: "uk-UA", file_id: "501" }], [{ id: "7", locale: "uk-UA" }]],
    ["by the file", [{ id: "7", locale: "", file: { id: 501 } }], [{ id: "7" }]],
    ["by the file, whatever the older key says", [{ id: "7", file_id: "0", file: { id: "501" } }], [{ id: "7" }]],
    [
      "in two languages",
      [
        { id: 7, file_id: 501 },
        { id: 8, file_id: 501 }
      ],
      [{ id: "7" }, { id: "8" }]
    ],
    ["not those of another file", [{ id: "7", file_id: "502" }], []],
    ["not one that names no file", [{ id: "7" }, { id: "8", file_id: null, file: null }], []],
    ["not one without an id", [{ id: "0", file_id: "501" }, { file_id: "501" }], []],
    ["none", null, []]
  ])("are found: %s", (_, transcripts, expected) => {
    expect(transcriptsOf(owned(transcripts))).toEqual(expected)
    expect(transcriptsOf(owned(transcripts, 501))).toEqual(expected)
  })
})

it.each<[WirePhrase, unknown]>([
  [
    { start_sec: 1.5, end_sec: 2, channel: 1, phrase: "Hello" },
    { start_sec: 1.5, end_sec: 2, channel: 1, phrase: "Hello" }
  ],
  [
    { start_sec: "1.5", end_sec: "2", channel: "1", phrase: "Hello" },
    { start_sec: 1.5, end_sec: 2, channel: 1, phrase: "Hello" }
  ],
  [{ end_sec: 2 }, { start_sec: 0, end_sec: 2, channel: 0, phrase: "" }],
  [
    { start_sec: null, end_sec: "", channel: "0", phrase: null },
    { start_sec: 0, end_sec: 0, channel: 0, phrase: "" }
  ]
])("the phrase %j is %j", (phrase, expected) => {
  expect(phraseOf(phrase)).toEqual(expected)
})

/** Answers by the transcript's id, one for each page. */
const server = (answers: Readonly<Record<string, ReadonlyArray<PhrasePage | Reason>>>) => {
  const asked: Array<string> = []
  return {
    asked,
    phrases: (id: string, page: number) => {
      asked.push(`${id} ${page}`)
      const answer = answers[id]?.[page - 1] ?? {}
      return "_tag" in answer ? Effect.fail(answer) : Effect.succeed(answer)
    }
  }
}

describe("recordings with transcripts", () => {
  const hello = { start_sec: 0, end_sec: 1, channel: 0, phrase: "Hello" }
  const goodbye = { start_sec: 9, end_sec: 10, channel: 1, phrase: "Goodbye" }

  it("have them in raw, page after page, beside the row; or an empty list", async () => {
    const api = server({
      "7": [
        { next: true, items: [hello] },
        { next: false, items: [goodbye] }
      ]
    })
    const recordings = [told(owned([{ id: "7", locale: "en", file_id: "501" }])), told(owned(null, "502"))]
    const [one, two] = await Effect.runPromise(withTranscripts(api, recordings))
    expect(one?.raw).toEqual({ id: "leg", transcripts: [{ id: "7", locale: "en", phrases: [hello, goodbye] }] })
    expect(two?.raw).toEqual({ id: "leg", transcripts: [] })
    expect(api.asked).toEqual(["7 1", "7 2"])
    expect(one && transcriptsIn(one)).toEqual([{ id: "7", locale: "en", phrases: [hello, goodbye] }])
  })

  it("lack one that is gone, and are not listed without one that is refused", async () => {
    const both = [
      told(
        owned([
          { id: "7", file_id: "501" },
          { id: "8", file_id: "501" }
        ])
      )
    ]
    const gone = server({ "7": [new NotFound({ what: "it" })], "8": [{ items: [hello] }] })
    const [recording] = await Effect.runPromise(withTranscripts(gone, both))
    expect(recording && transcriptsIn(recording)).toEqual([{ id: "8", phrases: [hello] }])
    const refused = server({ "7": [new Forbidden({ detail: "no" })] })
    expect((await Effect.runPromise(Effect.flip(withTranscripts(refused, both))))._tag).toBe("Forbidden")
    const endless = server({ "7": [{ next: true, items: [] }] })
    expect((await Effect.runPromise(Effect.flip(withTranscripts(endless, both))))._tag).toBe("InvalidResponse")
  })

  it.each([undefined, null, "text", {}, { id: "leg", transcripts: [{ id: "7", file_id: "501" }] }])(
    "are none in %j",
    (raw) => {
      expect(transcriptsIn({ raw })).toEqual([])
    }
  )
})
