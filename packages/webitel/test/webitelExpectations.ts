/** What the conformance suite must find at the simulator, read from its truth and not from any answer. */
import type { Outcome } from "@callreel/recording"
import type { ExpectedRecording, Expectations } from "@callreel/testkit"
import type { RecordingTruth, WebitelSimulator } from "@callreel/testkit/webitel"
import { make, type WebitelSettings } from "@callreel/webitel"
import { Effect } from "effect"

const hour = 3_600_000

/** What a source of the simulator's domain is made of. */
export const settingsOf = (webitel: WebitelSimulator, accessToken = webitel.token): WebitelSettings => ({
  name: "centre",
  baseUrl: webitel.baseUrl,
  accessToken,
  region: "UA",
  since: "2025-12-01"
})

const outcomes: Readonly<Record<string, Outcome>> = { answered: "answered", voicemail: "voicemail" }

const expectedOf = (truth: RecordingTruth): ExpectedRecording => {
  const outcome = outcomes[truth.outcome]
  return {
    id: truth.fileId,
    callId: truth.rootId,
    startedAt: truth.startedAt,
    direction: truth.direction,
    ...(outcome && { outcome }),
    bytes: truth.bytes,
    mediaType: truth.mediaType,
    sha512: truth.sha512,
    available: truth.state === "available"
  }
}

/** Expectations that follow the simulator's clock and what is removed from it. */
export const webitelExpectations = (webitel: WebitelSimulator, more: Partial<Expectations> = {}): Expectations => {
  // Files that are not there (yet, any more) leave their leg's row as it is.
  const unlisted = new Set(["not-ready", "expired", "removed"])
  const listed = () => webitel.truth.filter(({ row, state }) => row !== undefined && !unlisted.has(state))
  const first = listed().find(({ state }) => state === "available")
  const event = first && webitel.hangupEvent({ callId: first.callId })
  const ofCall = listed().filter(({ rootId }) => rootId === first?.rootId)
  const late = webitel.truth.find(({ state }) => state === "not-ready")
  return {
    window: { from: new Date("2025-12-15T00:00:00Z"), to: new Date(Date.now() - hour) },
    get recordings() {
      return listed().map(expectedOf)
    },
    account: webitel.domain,
    unknownRecordingId: "999999999",
    unknownCallId: "00000000-0000-4000-8000-000000000000",
    filters: filtersOf(listed()),
    ...(event && {
      event: { payload: event.body, recordingIds: ofCall.map(({ fileId }) => fileId) },
      webhook: () =>
        new Request("http://localhost/hook", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: event.body
        })
    }),
    ...(late && {
      appearLate: () => {
        webitel.setNow(new Date(late.readyAt.getTime() + hour))
        return late.fileId
      }
    }),
    refusedSource: Effect.suspend(() => make({ ...settingsOf(webitel, webitel.tokens.unknown), name: "stranger" })),
    openConnections: () => webitel.counts.openSockets,
    removable: true,
    removesAgain: true,
    ...more
  }
}

const filtersOf = (truths: ReadonlyArray<RecordingTruth>): NonNullable<Expectations["filters"]> => {
  const number = truths.find(({ direction }) => direction === "inbound")?.fromNumber
  const extension = truths.find((truth) => truth.extension !== undefined)?.extension?.number
  const queue = truths.find((truth) => truth.queue !== undefined)?.queue?.name
  return { ...(number && { number }), ...(extension && { extension }), ...(queue && { queue }) }
}
