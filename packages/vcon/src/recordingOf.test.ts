import type { Recording } from "@callreel/recording"
import { describe, expect, it } from "vitest"
import { recordingOf, recordingsOf } from "./recordingOf.ts"
import { toVcon } from "./toVcon.ts"
import type { Vcon, VconAttachment } from "./Vcon.ts"

const recording: Recording = {
  source: "us",
  provider: "webitel",
  account: "1",
  id: "2",
  kind: "unknown",
  startedAt: new Date("2026-03-08T22:30:31.000Z"),
  availability: { state: "available" },
  raw: null
}
const [own = {}] = toVcon(recording).attachments ?? []
const { purpose: _, ...nameless } = own

describe("recordingOf", () => {
  it.each<[string, ReadonlyArray<VconAttachment> | undefined, ReadonlyArray<Recording>]>([
    ["finds the recording", [own], [recording]],
    ["finds it among attachments of others", [{ purpose: "contract" }, {}, own], [recording]],
    ["finds several", [own, own], [recording, recording]],
    ["takes no attachment for another purpose", [{ ...own, purpose: "contract" }, nameless], []],
    ["takes no body that is no recording", [{ ...own, body: { id: "2" } }], []],
    ["takes no body that is text", [{ ...own, encoding: "none", body: JSON.stringify(own.body) }], []],
    ["finds none in a vCon without attachments", undefined, []]
  ])("%s", (_, attachments, expected) => {
    const vcon: Vcon = attachments === undefined ? {} : { attachments }
    expect(recordingsOf(vcon)).toEqual(expected)
    expect(recordingOf(vcon)).toEqual(expected[0])
  })
})
