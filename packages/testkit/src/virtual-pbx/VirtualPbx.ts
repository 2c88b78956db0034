/** A simulator of the virtual PBX: its API, the storage behind its links, and its FTP server. */
import type { ComposedAudio } from "../audio/compose.ts"
import type { CallWorld } from "../calls/SimulatedCall.ts"
import { FaultPlan } from "../simulator/FaultPlan.ts"
import { makeRequestLog, type RequestLog } from "../simulator/RequestLog.ts"
import { makeSimulatorClock } from "../simulator/SimulatorClock.ts"
import { startSimulatorServer } from "../simulator/SimulatorServer.ts"
import { type ApiContext, handleApi, isPossible, refuseApi } from "./api.ts"
import { makeArchives } from "./archive.ts"
import { audioOfRecording } from "./audio.ts"
import { makeCallHistory } from "./callHistory.ts"
import { quotaRefused } from "./errors.ts"
import { makeHangupEvent } from "./events.ts"
import { makeExtraCalls } from "./extraRecordings.ts"
import { makeFiles } from "./files.ts"
import type { PbxFtp } from "./ftp.ts"
import { makeListing } from "./listing.ts"
import { makeTokens } from "./oauth.ts"
import { makeQuota } from "./quota.ts"
import { makeRecordIndex } from "./RecordIndex.ts"
import { makeRecords, type Records } from "./records.ts"
import { parseAddress, simulatorRoute, storageKinds } from "./routes.ts"
import { makeSettings } from "./settings.ts"
import { handleStorage } from "./storage.ts"
import { truthOf } from "./truth.ts"
import type {
  HangupEvent,
  HangupEventOptions,
  PbxApp,
  PbxArchive,
  RecordingTruth,
  VirtualPbxCounts,
  VirtualPbxOptions
} from "./VirtualPbxOptions.ts"

export type * from "./VirtualPbxOptions.ts"

/** A running simulator. */
export interface VirtualPbxSimulator {
  /** `http://127.0.0.1:<port>`; tokens at `/oauth/token`, the rest below `/api/ver1.0/`. */
  readonly baseUrl: string
  /** The origin of storage links, another one. */
  readonly storageOrigin: string
  /** Apps of each level, and two that are refused: of a blocked user, and without access to calls. */
  readonly apps: {
    readonly client: PbxApp
    readonly extensionGroup: PbxApp
    readonly extension: PbxApp
    readonly blocked: PbxApp
    readonly withoutAccess: PbxApp
  }
  /** The user for HTTP Basic at `/download/`, of client level. */
  readonly basic: { readonly login: string; readonly password: string }
  /** The FTP server; undefined unless asked for. */
  readonly ftp:
    | { readonly host: string; readonly port: number; readonly user: string; readonly password: string }
    | undefined
  /** The key of the storage links, 32 bytes. */
  readonly storageKey: Uint8Array
  readonly world: CallWorld
  /** Every recording in order of `initTime`, whatever its state. Made at the first reading. */
  readonly truth: ReadonlyArray<RecordingTruth>
  /** How many recordings there are, whatever their state. */
  readonly size: number
  /** The audio of a recording, also of one that is not to be had; undefined for an unknown id. */
  readonly audioOf: (recordUuid: string) => ComposedAudio | undefined
  /** The hangup notification of a recorded leg; of the call's last leg where `recordUuid` is left out. */
  readonly hangupEvent: (
    call: { readonly callUuid: string; readonly recordUuid?: string },
    options?: HangupEventOptions
  ) => HangupEvent
  /** Downloads the archive asked for last, so that another may be asked for; undefined where there is none. */
  readonly fetchArchive: () => PbxArchive | undefined
  readonly requests: RequestLog
  readonly counts: VirtualPbxCounts
  /** Forgets every token, as the platform may at any time. */
  readonly expireTokens: () => void
  /** Stops the clock at an instant, or replaces it. */
  readonly setNow: (now: Date | (() => Date)) => void
  /** Destroys every connection and stops all servers. */
  readonly close: () => Promise<void>
}

// Imported only when wanted: the library is large and prepares for signals and logs as it loads.
const startFtpIfWanted = async (
  option: VirtualPbxOptions["ftp"],
  records: Records,
  login: { readonly user: string; readonly password: string }
): Promise<PbxFtp | undefined> => {
  if (option === undefined || option === false) return undefined
  const { startFtp } = await import("./ftp.ts")
  return startFtp(records, login, option)
}

/** Starts the simulator on free ports of the loopback interface. */
export const startVirtualPbx = async (options: VirtualPbxOptions = {}): Promise<VirtualPbxSimulator> => {
  const settings = makeSettings(options)
  const clock = makeSimulatorClock(options.now)
  const log = makeRequestLog()
  const faults = options.faults ?? FaultPlan.none
  const extras = makeExtraCalls(
    options.extraRecordings ?? [],
    settings.world.extensions,
    settings.random.fork("extra recordings")
  )
  const index = makeRecordIndex(settings.world, extras)
  let storageOrigin = ""
  const records = makeRecords({ settings, clock, index, storageOrigin: () => storageOrigin })
  const tokens = makeTokens(settings, clock)
  const archives = makeArchives(records, clock)
  const context: ApiContext = {
    settings,
    tokens,
    records,
    archives,
    quota: makeQuota(settings.requestsPerHour, settings.timeScale, clock),
    listing: makeListing(settings, records),
    files: makeFiles(settings, records),
    histories: makeCallHistory(settings, records, clock)
  }
  const storage = await startSimulatorServer({
    name: "storage",
    log,
    clock,
    faults,
    route: () => ({ name: "storage-file", kinds: storageKinds, refusals: [] }),
    handle: (request) => handleStorage(settings, records, request),
    refuse: (_, retryAfterSeconds) => quotaRefused(settings.requestsPerHour, retryAfterSeconds)
  })
  storageOrigin = storage.origin
  const api = await startSimulatorServer({
    name: "api",
    log,
    clock,
    faults,
    route: (method, path) => simulatorRoute(parseAddress(method, path).name),
    handle: (request) => handleApi(context, request),
    refuse: (refusal, retryAfterSeconds) => refuseApi(settings, refusal, retryAfterSeconds),
    possible: (kind, headers) => isPossible(context, kind, headers)
  })
  const ftpLogin = { user: settings.basic.login, password: settings.random.fork("ftp password").hex(16) }
  const ftp = await startFtpIfWanted(options.ftp, records, ftpLogin)
  const count = (matches: (entry: RequestLog["entries"][number]) => boolean): number =>
    log.entries.reduce((total, entry) => (matches(entry) ? total + 1 : total), 0)
  let truth: ReadonlyArray<RecordingTruth> | undefined

  return {
    baseUrl: api.origin,
    storageOrigin,
    apps: settings.apps,
    basic: settings.basic,
    ftp: ftp === undefined ? undefined : { host: "127.0.0.1", port: ftp.port, ...ftpLogin },
    storageKey: settings.storageKey,
    world: settings.world,
    size: index.size,
    get truth() {
      truth ??= Array.from({ length: index.size }, (_, position) => truthOf(settings, records, position))
      return truth
    },
    audioOf: (recordUuid) => {
      const entry = records.find(recordUuid)
      return entry === undefined ? undefined : audioOfRecording(entry.recording)
    },
    hangupEvent: ({ callUuid, recordUuid }, eventOptions) => {
      const call = index.findCall(callUuid)
      const recorded = recordUuid === undefined ? undefined : records.find(recordUuid)?.leg
      const leg = call?.legs.find(({ id }) => id === recorded?.id) ?? call?.legs.at(-1)
      if (call === undefined || leg === undefined) throw new RangeError("the simulator has no such call")
      return makeHangupEvent(settings, call, leg, eventOptions)
    },
    fetchArchive: archives.fetch,
    requests: log,
    counts: {
      get tokens() {
        return tokens.minted
      },
      get refusals() {
        return count(({ status }) => status === 429)
      },
      get apiRequests() {
        return count(({ server }) => server === "api")
      },
      get storageRequests() {
        return count(({ server }) => server === "storage")
      },
      get leakedCredentials() {
        return count(({ credentials, server }) => server === "storage" && credentials !== "none")
      },
      get ftpRetrievals() {
        return ftp?.retrievals ?? 0
      },
      get openSockets() {
        return api.openSockets + storage.openSockets
      }
    },
    expireTokens: tokens.forgetAll,
    setNow: clock.set,
    close: async () => {
      await Promise.all([api.close(), storage.close(), ftp?.close()])
    }
  }
}
