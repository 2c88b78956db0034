/** A simulator of a Webitel server: the call history, the storage of files, and what little else an archive asks for. */
import type { ComposedAudio } from "../audio/compose.ts"
import type { CallWorld } from "../calls/SimulatedCall.ts"
import { FaultPlan } from "../simulator/FaultPlan.ts"
import { makeRequestLog, type RequestLog } from "../simulator/RequestLog.ts"
import { makeSimulatorClock } from "../simulator/SimulatorClock.ts"
import { startSimulatorServer } from "../simulator/SimulatorServer.ts"
import type { Context } from "./context.ts"
import { makeDataSet } from "./dataSet.ts"
import { tooManyRequests } from "./errors.ts"
import { makeFlowEvent, makeHangupEvent } from "./events.ts"
import { makeExtraTrees } from "./extraRecordings.ts"
import { makeFileIndex } from "./FileIndex.ts"
import { contentOf, makeFiles } from "./files.ts"
import { makeHandler } from "./gateway.ts"
import type { CallTree } from "./Leg.ts"
import { type LegEntry, makeLegIndex } from "./LegIndex.ts"
import { mapCall } from "./mapCall.ts"
import { readTrees } from "./readTrees.ts"
import { parseAddress, simulatorRoute } from "./routes.ts"
import { makeSearch } from "./search.ts"
import { fullSession, makeSessions, type WebitelTokens } from "./sessions.ts"
import { makeSettings, type Settings } from "./settings.ts"
import { withShortBodies } from "./shortBodies.ts"
import { makeTranscripts } from "./transcripts.ts"
import { writeFiles } from "./storedFiles.ts"
import { truthOf } from "./truth.ts"
import { makeWrite } from "./wire.ts"
import type {
  AmqpHangup,
  FlowEvent,
  RecordingTruth,
  WebitelCounts,
  WebitelDataSet,
  WebitelOptions
} from "./WebitelOptions.ts"

export type { WebitelTokens } from "./sessions.ts"
export type * from "./WebitelOptions.ts"

/** A running simulator. */
export interface WebitelSimulator {
  /** `http://127.0.0.1:<port>`; everything is below `/api/`. */
  readonly baseUrl: string
  /** Id of the tenant, digits. */
  readonly domain: string
  /** A token with all permissions, for the header `X-Webitel-Access`. */
  readonly token: string
  /** Tokens that lack something. */
  readonly tokens: WebitelTokens
  /** What `/api/login` takes. */
  readonly login: { readonly domain: string; readonly username: string; readonly password: string }
  readonly world: CallWorld
  /** Every audio file of calls in order of its id, whatever its state. Made at the first reading. */
  readonly truth: ReadonlyArray<RecordingTruth>
  /** How many audio files there are, whatever their state. */
  readonly size: number
  /** What a file holds, also of one that is not to be had; undefined for an unknown id. */
  readonly audioOf: (fileId: string) => ComposedAudio | undefined
  /** The message to the exchange `call` when a leg ends. */
  readonly hangupEvent: (call: { readonly callId: string }) => AmqpHangup
  /** A flow's request to a customer's web server after a call. */
  readonly flowEvent: (call: { readonly callId: string }) => FlowEvent
  /** The same data, as it is now, as rows of the database's tables. */
  readonly dataSet: () => WebitelDataSet
  /** Writes the bytes of every file of {@link dataSet} below a folder, as its row says; how many they are. */
  readonly writeFiles: (folder: string) => Promise<number>
  readonly requests: RequestLog
  readonly counts: WebitelCounts
  /** Forgets every token; the storage goes by those it knows for some minutes more. */
  readonly expireTokens: () => void
  /** Stops the clock at an instant, or replaces it. */
  readonly setNow: (now: Date | (() => Date)) => void
  /** Destroys every connection and stops the server. */
  readonly close: () => Promise<void>
}

const makeContext = (settings: Settings, options: WebitelOptions): Context => {
  const { directory, domain, random, replicationLag, retentionDays, world } = settings
  const clock = makeSimulatorClock(options.now)
  const tenant = { directory, retentionDays }
  const extras = makeExtraTrees(
    tenant,
    options.extraRecordings ?? [],
    world.extensions,
    random.fork("extra recordings")
  )
  const treeAt = (index: number): CallTree => extras[index - world.size] ?? mapCall(tenant, world.call(index))
  const columns = readTrees(world.size + extras.length, treeAt)
  const index = makeLegIndex(columns.legs, treeAt, settings.batchSize)
  const fileIndex = makeFileIndex(index, columns.files, settings.firstFileId)
  return {
    settings,
    clock,
    sessions: makeSessions(domain, random.fork("tokens"), clock, settings.sessionCacheSeconds),
    index,
    fileIndex,
    files: makeFiles(clock, replicationLag),
    transcripts: makeTranscripts(fileIndex),
    search: makeSearch(index),
    write: makeWrite(settings.unset, settings.int64),
    rawSorts: { count: 0 }
  }
}

const legOf = ({ index }: Context, callId: string): LegEntry => {
  const entry = index.find(callId)
  if (entry === undefined) throw new RangeError("the simulator has no such call")
  return entry
}

const makeTruth = (context: Context): ReadonlyArray<RecordingTruth> => {
  const session = fullSession(context.settings.domain)
  return Array.from(context.fileIndex.all())
    .filter(({ file }) => file.kind === "audio")
    .map((entry) => truthOf(context, session, entry))
}

const makeCounts = (log: RequestLog, { rawSorts }: Context, openSockets: () => number): WebitelCounts => {
  const count = (matches: (entry: RequestLog["entries"][number]) => boolean): number =>
    log.entries.reduce((total, entry) => (matches(entry) ? total + 1 : total), 0)
  return {
    get historyRequests() {
      return count(({ route }) => route === "history")
    },
    get streamRequests() {
      return count(({ route }) => route === "stream")
    },
    get downloadRequests() {
      return count(({ route }) => route === "download")
    },
    get refusals() {
      return count(({ status }) => status === 429)
    },
    get tokensInUrl() {
      return count(({ query }) => new URLSearchParams(query).has("access_token"))
    },
    get rawSorts() {
      return rawSorts.count
    },
    get bytesOfHistory() {
      return log.of("history").reduce((total, { bytesSent }) => total + bytesSent, 0)
    },
    get openSockets() {
      return openSockets()
    }
  }
}

/** Starts the simulator on a free port of the loopback interface. */
export const startWebitel = async (options: WebitelOptions = {}): Promise<WebitelSimulator> => {
  const settings = makeSettings(options)
  const context = makeContext(settings, options)
  const { clock, fileIndex, sessions } = context
  const log = makeRequestLog()
  const server = await startSimulatorServer({
    name: "api",
    log,
    clock,
    faults: withShortBodies(
      options.faults ?? FaultPlan.none,
      settings.shortBodies,
      settings.random.fork("short bodies")
    ),
    route: (method, path) => simulatorRoute(parseAddress(method, path).name),
    handle: makeHandler(context),
    refuse: tooManyRequests
  })
  let truth: ReadonlyArray<RecordingTruth> | undefined

  return {
    baseUrl: server.origin,
    domain: settings.domain,
    token: sessions.token,
    tokens: sessions.tokens,
    login: settings.login,
    world: settings.world,
    get truth() {
      truth ??= makeTruth(context)
      return truth
    },
    size: fileIndex.audioCount,
    audioOf: (fileId) => {
      const entry = fileIndex.find(fileId)
      return entry === undefined ? undefined : contentOf(entry.file)
    },
    hangupEvent: ({ callId }) => makeHangupEvent(settings, legOf(context, callId)),
    flowEvent: ({ callId }) => makeFlowEvent(settings, legOf(context, callId)),
    dataSet: () => makeDataSet(context),
    writeFiles: (folder) => writeFiles(context, folder),
    requests: log,
    counts: makeCounts(log, context, () => server.openSockets),
    expireTokens: sessions.forgetAll,
    setNow: clock.set,
    close: server.close
  }
}
