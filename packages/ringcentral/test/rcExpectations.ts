/** What the conformance suite must find at the simulator, read from its truth and not from any answer. */
import type { Outcome } from "@callreel/recording"
import { make, type RingCentralSettings } from "@callreel/ringcentral"
import type { ExpectedRecording, Expectations } from "@callreel/testkit"
import type {
  RecordingTruth,
  RingCentralApp,
  RingCentralOptions,
  RingCentralSimulator
} from "@callreel/testkit/ringcentral"
import { Effect } from "effect"

const hour = 3_600_000

/** Limits that a test does not wait for: the rules stay, a minute passes in a second. */
export const wideLimits: Pick<RingCentralOptions, "limits" | "timeScale"> = {
  limits: {
    heavy: { limit: 2000, windowSeconds: 60, penaltySeconds: 60 },
    medium: { limit: 2000, windowSeconds: 60, penaltySeconds: 60 },
    light: { limit: 2000, windowSeconds: 60, penaltySeconds: 60 },
    auth: { limit: 60, windowSeconds: 60, penaltySeconds: 60 }
  },
  timeScale: 60
}

/** What a source of the simulator's account is made of. */
export const settingsOf = (vendor: RingCentralSimulator, app: RingCentralApp = vendor.app): RingCentralSettings => ({
  name: "us",
  serverUrl: vendor.serverUrl,
  mediaUrl: vendor.mediaUrl,
  ...app,
  include: ["voicemail"],
  region: "US",
  since: "2025-12-01"
})

const outcomes: Readonly<Record<string, Outcome>> = {
  answered: "answered",
  "answered-elsewhere": "missed",
  missed: "missed",
  busy: "busy",
  rejected: "busy",
  failed: "failed",
  voicemail: "voicemail"
}

/** The id that the log tells: of a voicemail that of its message. */
export const idOf = ({ messageId, recordingId }: RecordingTruth): string => messageId ?? recordingId

/** The id of the whole call: of the session that a warm transfer was made from. */
const callIdOf = ({ sessionId, telephonySessionId, transferredFrom }: RecordingTruth): string =>
  transferredFrom ?? (telephonySessionId || sessionId)

const expectedOf = (truth: RecordingTruth, truncated: string | undefined): ExpectedRecording => {
  const outcome = outcomes[truth.outcome]
  return {
    id: idOf(truth),
    callId: callIdOf(truth),
    startedAt: truth.recordStartedAt,
    direction: truth.direction,
    ...(outcome && { outcome }),
    bytes: truth.bytes,
    mediaType: truth.mediaType,
    sha512: truth.sha512,
    available: truth.state === "available" && idOf(truth) !== truncated
  }
}

/** Whether the log names the recording now. */
const isListed = ({ attachedAt, record }: RecordingTruth, now: Date): boolean =>
  record !== undefined && attachedAt <= now

/** Expectations that follow the simulator's clock and what is removed from it. */
export const rcExpectations = (vendor: RingCentralSimulator, more: Partial<Expectations> = {}): Expectations => {
  let now = new Date()
  const listed = () => vendor.truth.filter((truth) => truth.state !== "too-short" && isListed(truth, now))
  const first = listed().find(({ kind, state }) => state === "available" && kind !== "voicemail")
  const event = first && vendor.telephonyEvent({ telephonySessionId: first.telephonySessionId })
  const ofCall = listed().filter((truth) => first !== undefined && callIdOf(truth) === callIdOf(first))
  const late = vendor.truth.find((truth) => truth.state !== "too-short" && !isListed(truth, now))
  return {
    window: { from: new Date("2025-12-15T00:00:00Z"), to: new Date(Date.now() - hour) },
    get recordings() {
      return listed().map((truth) => expectedOf(truth, more.truncatedId))
    },
    account: vendor.account,
    unknownRecordingId: "99999999999",
    unknownCallId: "s-00000000000000000000000000000000",
    filters: filtersOf(listed()),
    ...(event && {
      event: { payload: event, recordingIds: ofCall.map(idOf) },
      webhook: () =>
        new Request("http://localhost/hook", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(event)
        })
    }),
    ...(late && {
      appearLate: () => {
        now = new Date(Math.max(late.visibleFrom.getTime(), late.attachedAt.getTime()) + hour)
        vendor.setNow(now)
        return idOf(late)
      }
    }),
    refusedSource: Effect.suspend(() => make({ ...settingsOf(vendor, vendor.apps.wrongSecret), name: "stranger" })),
    openConnections: () => vendor.counts.openSockets,
    removable: true,
    listsRemoved: true,
    removesAgain: true,
    ...more
  }
}

const filtersOf = (truths: ReadonlyArray<RecordingTruth>): NonNullable<Expectations["filters"]> => {
  const number = truths.find((truth) => truth.direction === "inbound" && truth.fromNumber?.startsWith("+"))?.fromNumber
  const extension = truths.find(({ place }) => place !== "leg")?.extension.id
  return { ...(number && { number }), ...(extension && { extension }) }
}
