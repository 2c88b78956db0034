/** A simulator of RingCentral: the platform's API, the media host, and a third origin that no credentials may reach. */
import type { ComposedAudio } from "../audio/compose.ts"
import type { CallWorld } from "../calls/SimulatedCall.ts"
import { FaultPlan } from "../simulator/FaultPlan.ts"
import { makeRequestLog, type RequestLog } from "../simulator/RequestLog.ts"
import { makeSimulatorClock } from "../simulator/SimulatorClock.ts"
import { type SimulatorServer, startSimulatorServer } from "../simulator/SimulatorServer.ts"
import { makeAccount } from "./account.ts"
import { makeAddresses, type Origins } from "./addresses.ts"
import { audioOfRecording, makeCallLog } from "./CallLog.ts"
import { tooManyRequests } from "./errors.ts"
import { makeExtraCalls } from "./extraRecordings.ts"
import { makeExtractSync } from "./extractSync.ts"
import { makeListing } from "./listing.ts"
import { makeLogIndex } from "./LogIndex.ts"
import { mapCall } from "./mapCall.ts"
import { makeMessages } from "./messages.ts"
import { makeTokens } from "./oauth.ts"
import { makePager } from "./paging.ts"
import { handleHost, isPossible, type PlatformContext, refuseRequest } from "./platform.ts"
import { makeRateLimits } from "./rateLimits.ts"
import { makeReadRecords } from "./readRecords.ts"
import { makeRecordWriter } from "./recordJson.ts"
import { makeRecordings } from "./recordings.ts"
import type {
  RecordingTruth,
  RingCentralApp,
  RingCentralCounts,
  RingCentralOptions,
  TelephonySessionEvent,
  TelephonySessionEventOptions
} from "./RingCentralOptions.ts"
import { parseAddress, redirectedRoute, simulatorRoute } from "./routes.ts"
import { makeSettings } from "./settings.ts"
import { makeSubscriptions } from "./subscriptions.ts"
import { makeSync } from "./sync.ts"
import { makeSyncTokenStore } from "./syncTokens.ts"
import { makeTelephonyEvent } from "./telephonyEvent.ts"
import { handleThirdOrigin } from "./thirdOrigin.ts"
import { truthOfAll } from "./truth.ts"

export type * from "./RingCentralOptions.ts"

/** A running simulator. */
export interface RingCentralSimulator {
  /** The platform's origin, `http://127.0.0.1:<port>`: tokens at `/restapi/oauth/token`, the rest below `/restapi/v1.0`. */
  readonly serverUrl: string
  /** The origin of audio, another one. */
  readonly mediaUrl: string
  /** An origin of somebody else. */
  readonly thirdOrigin: string
  /** The account's id, digits. */
  readonly account: string
  /** Every scope, and a user with every permission. */
  readonly app: RingCentralApp
  /** Apps that are refused something, each with another user. */
  readonly apps: {
    readonly withoutCallLogScope: RingCentralApp
    readonly withoutRecordingScope: RingCentralApp
    /** The app has the scope, the user lacks ReadCallRecording. */
    readonly withoutRecordingPermission: RingCentralApp
    /** The user lacks FullCompanyCallLog. */
    readonly withoutCompanyCallLog: RingCentralApp
    readonly withoutExtractSync: RingCentralApp
    /** The user is locked out: no token. */
    readonly locked: RingCentralApp
    /** {@link RingCentralSimulator.app} with a wrong secret. */
    readonly wrongSecret: RingCentralApp
  }
  readonly world: CallWorld
  /** Every recording and voicemail, whatever its state, call by call. Made at the first reading. */
  readonly truth: ReadonlyArray<RecordingTruth>
  /** How many recordings and voicemails there are, whatever their state. */
  readonly size: number
  /** The audio of a recording or voicemail, also of one that is not to be had; undefined for an unknown id. */
  readonly audioOf: (recordingId: string) => ComposedAudio | undefined
  /** The notification of a session. Throws RangeError for an unknown one. */
  readonly telephonyEvent: (
    call: { readonly telephonySessionId: string },
    options?: TelephonySessionEventOptions
  ) => TelephonySessionEvent
  readonly requests: RequestLog
  readonly counts: RingCentralCounts
  /** Forgets every token, as the platform may at any time. */
  readonly expireTokens: () => void
  /** Stops the clock at an instant, or replaces it. */
  readonly setNow: (now: Date | (() => Date)) => void
  /** Destroys every connection and stops all servers. */
  readonly close: () => Promise<void>
}

/** What a client is told of its app, and no more. */
const credentialsOf = ({ clientId, clientSecret, jwt }: RingCentralApp): RingCentralApp => ({
  clientId,
  clientSecret,
  jwt
})

/** Starts the simulator on free ports of the loopback interface. */
export const startRingCentral = async (options: RingCentralOptions = {}): Promise<RingCentralSimulator> => {
  const settings = makeSettings(options)
  const { random, world } = settings
  const clock = makeSimulatorClock(options.now)
  const requests = makeRequestLog()
  const faults = options.faults ?? FaultPlan.none
  const extras = makeExtraCalls(options.extraRecordings ?? [], world.extensions, random.fork("extra recordings"))
  const index = makeLogIndex(world.size, (place) => mapCall(world.call(place), place, settings), extras.calls)
  const log = makeCallLog(settings, clock, index, extras.deletedIds)
  // Known only after the servers have started.
  let origins: Origins = { platform: "", media: "", third: "" }
  const addresses = makeAddresses(settings, () => origins)
  const writer = makeRecordWriter(settings, addresses)
  const pager = makePager(settings, addresses)
  const syncTokens = makeSyncTokenStore(random.fork("sync tokens"), settings.syncTokenSeconds)
  const context: PlatformContext = {
    settings,
    tokens: makeTokens(settings, clock),
    limits: makeRateLimits(settings, clock),
    listing: makeListing(settings, log, writer, pager),
    readRecords: makeReadRecords(log, writer, addresses),
    sync: makeSync(log, writer, addresses, syncTokens),
    extractSync: makeExtractSync(log, writer, addresses, syncTokens),
    recordings: makeRecordings(settings, log, addresses, () => origins),
    messages: makeMessages(settings, log, writer, addresses, pager),
    account: makeAccount(settings, log, writer, addresses),
    subscriptions: makeSubscriptions(settings, log, () => origins)
  }
  const { limits, tokens } = context
  const startHost = (name: "platform" | "media"): Promise<SimulatorServer> =>
    startSimulatorServer({
      name,
      log: requests,
      clock,
      faults,
      route: (method, path) =>
        name === "media" && path.startsWith("/content/") ? redirectedRoute : simulatorRoute(parseAddress(method, path)),
      handle: (request) => handleHost(context, name, request),
      refuse: (refusal, seconds, route) => refuseRequest(context, refusal, seconds, route),
      possible: (kind, headers) => isPossible(context, kind, headers)
    })
  const platform = await startHost("platform")
  const media = await startHost("media")
  const third = await startSimulatorServer({
    name: "third",
    log: requests,
    clock,
    faults: FaultPlan.none,
    route: () => ({ name: "third", kinds: [], refusals: [] }),
    handle: (request) => handleThirdOrigin(settings, context.recordings, request),
    refuse: () => tooManyRequests("CMN-310", {})
  })
  origins = { platform: platform.origin, media: media.origin, third: third.origin }
  const count = (matches: (entry: RequestLog["entries"][number]) => boolean): number =>
    requests.entries.reduce((total, entry) => (matches(entry) ? total + 1 : total), 0)
  let truth: ReadonlyArray<RecordingTruth> | undefined
  const { apps } = settings

  return {
    serverUrl: origins.platform,
    mediaUrl: origins.media,
    thirdOrigin: origins.third,
    account: settings.account,
    app: credentialsOf(apps.app),
    apps: {
      withoutCallLogScope: credentialsOf(apps.withoutCallLogScope),
      withoutRecordingScope: credentialsOf(apps.withoutRecordingScope),
      withoutRecordingPermission: credentialsOf(apps.withoutRecordingPermission),
      withoutCompanyCallLog: credentialsOf(apps.withoutCompanyCallLog),
      withoutExtractSync: credentialsOf(apps.withoutExtractSync),
      locked: credentialsOf(apps.locked),
      wrongSecret: credentialsOf(settings.wrongSecret)
    },
    world,
    size: index.recordingCount,
    get truth() {
      truth ??= truthOfAll({ settings, log, writer, addresses })
      return truth
    },
    audioOf: (recordingId) => {
      const held = index.recordingById(recordingId)
      return held === undefined ? undefined : audioOfRecording(held.recording)
    },
    telephonyEvent: ({ telephonySessionId }, eventOptions) =>
      makeTelephonyEvent(settings, log, telephonySessionId, eventOptions),
    requests,
    counts: {
      get tokens() {
        return tokens.minted
      },
      get sessionsEvicted() {
        return tokens.evicted
      },
      get refusals() {
        return count(({ status }) => status === 429)
      },
      get heavy() {
        return limits.counts.heavy
      },
      get medium() {
        return limits.counts.medium
      },
      get light() {
        return limits.counts.light
      },
      get auth() {
        return limits.counts.auth
      },
      get penaltiesRestarted() {
        return limits.penaltiesRestarted
      },
      get platformRequests() {
        return count(({ server }) => server === "platform")
      },
      get mediaRequests() {
        return count(({ server }) => server === "media")
      },
      get leakedCredentials() {
        return count(({ credentials, server }) => server === "third" && credentials !== "none")
      },
      get openSockets() {
        return platform.openSockets + media.openSockets + third.openSockets
      }
    },
    expireTokens: tokens.forgetAll,
    setNow: clock.set,
    close: async () => {
      await Promise.all([platform.close(), media.close(), third.close()])
    }
  }
}
