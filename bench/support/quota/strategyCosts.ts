import { RecordingError, type RecordingClient, type RecordingReference } from "@callreel/recording"
import { connect, type Strategy } from "@callreel/ringcentral"
import { startRingCentral } from "@callreel/testkit/ringcentral"

/** What one way to a recording costs: Heavy requests, and what came of them (`audio`, `found`, or the reason). */
export interface StrategyCost {
  readonly way: string
  readonly strategy: Strategy
  readonly heavy: number
  readonly outcome: string
}

const now = Date.now()
const at = (minutes: number): Date => new Date(now + minutes * 60_000)

/** Three calls: of yesterday; just over, with audio, not in the log yet; just over, with neither. */
const logged = { recordingId: "1001", telephonySessionId: "s-logged", startedAt: at(-24 * 60) }
const ahead = { recordingId: "1002", telephonySessionId: "s-ahead", startedAt: at(-2), callEndsAt: at(-1) }
const early = { recordingId: "1003", telephonySessionId: "s-early", startedAt: at(-2), callEndsAt: at(-1) }
const later = at(60)

/** Heavy requests of our adapter for one recording, by what is known of it and by strategy. */
export const strategyCosts = async (): Promise<ReadonlyArray<StrategyCost>> => {
  const vendor = await startRingCentral({
    seed: "strategies",
    timeScale: 60,
    extraRecordings: [logged, { ...ahead, visibleFrom: later }, { ...early, visibleFrom: later, readyAt: later }]
  })
  const { clientId, clientSecret, jwt } = vendor.app
  const settings = { name: "us", serverUrl: vendor.serverUrl, mediaUrl: vendor.mediaUrl, clientId, clientSecret, jwt }
  const costs: Array<StrategyCost> = []
  for (const { prepare, way } of ways) {
    for (const strategy of ["direct-first", "call-log-first"] as const) {
      await using client = await connect({ ...settings, strategy })
      const ask = await prepare(client, vendor.telephonyEvent)
      const before = vendor.counts.heavy
      const outcome = await ask().catch(reasonOf)
      costs.push({ way, strategy, heavy: vendor.counts.heavy - before, outcome })
    }
  }
  await vendor.close()
  return costs
}

type TelephonyEvent = Awaited<ReturnType<typeof startRingCentral>>["telephonyEvent"]

interface WayTo {
  readonly way: string
  /** Gives what is counted. */
  readonly prepare: (client: RecordingClient, event: TelephonyEvent) => Promise<() => Promise<string>>
}

type Call = Pick<typeof logged, "recordingId" | "telephonySessionId"> & { readonly callEndsAt?: Date }

/** By what a notification tells, without `find`. */
const byIds = (way: string, { callEndsAt, recordingId, telephonySessionId }: Call): WayTo => ({
  way: `audio by id and session, ${way}`,
  prepare: async (client) => () =>
    listen(client, {
      id: recordingId,
      call: { id: telephonySessionId, ...(callEndsAt && { endedAt: callEndsAt }) }
    })
})

const find = (way: string, call: Call): WayTo => ({
  way: `\`find\` by a notification, ${way}`,
  prepare: async (client, event) => async () => {
    await client.find({ event: event(call) })
    return "found"
  }
})

const ways: ReadonlyArray<WayTo> = [
  {
    way: "audio of a listed recording",
    prepare: async (client) => {
      for await (const listed of client.list({ from: logged.startedAt, to: at(-23 * 60) })) {
        return () => listen(client, listed)
      }
      throw new Error("the call is not listed")
    }
  },
  { way: "audio by a bare id", prepare: async (client) => () => listen(client, { id: logged.recordingId }) },
  byIds("the call is in the log", logged),
  byIds("not in the log yet, audio ready", ahead),
  byIds("not in the log yet, audio not ready", early),
  find("the call is in the log", logged),
  find("not in the log yet", early)
]

const listen = async (client: RecordingClient, reference: RecordingReference): Promise<string> => {
  const { stream } = await client.audio(reference)
  for await (const _ of stream);
  return "audio"
}

const reasonOf = (error: unknown): string => {
  if (error instanceof RecordingError) return error.reason._tag
  throw error
}
