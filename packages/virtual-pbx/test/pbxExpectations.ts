/** What the conformance suite must find at the simulator, read from its truth and not from any answer. */
import type { Expectations, ExpectedRecording } from "@callreel/testkit"
import type { RecordingTruth, VirtualPbxSimulator } from "@callreel/testkit/virtual-pbx"
import { Effect } from "effect"
import { make, type VirtualPbxSettings } from "@callreel/virtual-pbx"

const hour = 3_600_000

/** What a source of the simulator's client is made of. */
export const settingsOf = (pbx: VirtualPbxSimulator): VirtualPbxSettings => ({
  name: "office",
  baseUrl: pbx.baseUrl,
  clientId: pbx.apps.client.clientId,
  clientSecret: pbx.apps.client.clientSecret,
  storageOrigins: [pbx.storageOrigin],
  region: "RU",
  since: "2025-12-01"
})

const outcomes: Readonly<Record<string, "answered" | "missed" | "busy" | "failed" | "voicemail">> = {
  answered: "answered",
  "not answered": "missed",
  "answered elsewhere": "missed",
  busy: "busy",
  rejected: "busy",
  failed: "failed",
  voicemail: "voicemail"
}

const expectedOf = (truth: RecordingTruth, truncated: string | undefined): ExpectedRecording => {
  const outcome = outcomes[truth.result]
  return {
    id: truth.recordUuid,
    callId: truth.callUuid,
    startedAt: truth.initTime,
    direction: truth.flow === "in" ? "inbound" : truth.flow === "out" ? "outbound" : "unknown",
    ...(outcome && { outcome }),
    durationSeconds: truth.durationSeconds,
    bytes: truth.bytes,
    mediaType: truth.mediaType,
    sha512: truth.sha512,
    available: truth.state === "available" && truth.recordUuid !== truncated
  }
}

/** Expectations that follow the simulator's clock and what is removed from it. */
export const pbxExpectations = (pbx: VirtualPbxSimulator, more: Partial<Expectations> = {}): Expectations => {
  const listed = () => pbx.truth.filter(({ row }) => row !== undefined)
  const first = listed().find(({ state }) => state === "available")
  const event = first && pbx.hangupEvent({ callUuid: first.callUuid, recordUuid: first.recordUuid })
  const ofCall = listed().filter(({ callUuid }) => callUuid === first?.callUuid)
  const late = pbx.truth.find(({ row }) => row === undefined)
  return {
    window: { from: new Date("2025-12-15T00:00:00Z"), to: new Date(Date.now() - hour) },
    get recordings() {
      return listed().map((truth) => expectedOf(truth, more.truncatedId))
    },
    account: pbx.apps.client.id,
    unknownRecordingId: "1-00000000000000000000000000000000",
    unknownCallId: "00000000000000000000000000000000",
    filters: filtersOf(listed()),
    ...(event && {
      event: { payload: event.body, recordingIds: ofCall.map(({ recordUuid }) => recordUuid) },
      webhook: () =>
        new Request(`http://localhost/hook?${event.query}`, {
          method: event.method,
          headers: { "content-type": event.contentType },
          body: event.body
        })
    }),
    ...(late && {
      appearLate: () => {
        pbx.setNow(new Date(late.visibleFrom.getTime() + hour))
        return late.recordUuid
      }
    }),
    refusedSource: Effect.suspend(() => make({ ...settingsOf(pbx), name: "stranger", clientSecret: "wrong" })),
    openConnections: () => pbx.counts.openSockets,
    removable: true,
    ...more
  }
}

const filtersOf = (truths: ReadonlyArray<RecordingTruth>): NonNullable<Expectations["filters"]> => {
  const number = truths.find(({ flow, fromNumber }) => flow === "in" && fromNumber.startsWith("+7"))?.fromNumber
  const extension = truths.find((truth) => truth.extension.type === "phone")?.extension.number
  const queue = truths.find((truth) => truth.extension.type === "queue")?.extension
  return { ...(number && { number }), ...(extension && { extension }), ...(queue && { queue: String(queue.id) }) }
}
