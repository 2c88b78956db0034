import {
  asRegion,
  type Capability,
  connectSource,
  decodeOptions,
  defineSource,
  InvalidOptions,
  InvalidResponse,
  type Notification,
  type PlainSecrets,
  type Provider,
  type Reason,
  type Recording,
  type RecordingClient,
  RecordingError,
  type RecordingSource,
  type RecordingStats,
  redactSecrets,
  type SourceCheck,
  type TimeWindow
} from "@callreel/recording"
import { clockSkewSeconds } from "@callreel/transport"
import { Clock, Context, Effect, Layer, Ref, type Scope, Stream } from "effect"
import { type Api, makeApi } from "./internal/api.ts"
import { linkOf, openAudio } from "./internal/audioWays.ts"
import { changesSince, rescanHours } from "./internal/changes.ts"
import { parseEvent } from "./internal/events.ts"
import { listRows, pageSize } from "./internal/listing.ts"
import { findRecordings, getRecording } from "./internal/lookup.ts"
import { type MapContext, provider as providerName, recordingOfRow } from "./internal/map.ts"
import { readStats, sumStats } from "./internal/stats.ts"
import { slices } from "./internal/windows.ts"
import { pendingForOf, VirtualPbxOptions } from "./VirtualPbxOptions.ts"

/** What a virtual PBX can do. Archives are made for a whole client only. */
const capabilityOf = ({ scope }: VirtualPbxOptions): Capability => ({
  changes: true,
  link: true,
  stats: true,
  remove: true,
  removeWindow: true,
  requestArchive: scope === undefined || "client" in scope,
  notification: true,
  listByDirection: "here",
  listByNumber: "here",
  listByExtension: "here",
  listByQueue: "here",
  // The vendor lists both ways, but only oldest first can be continued from the last row (internal/listing.ts).
  listOrder: "oldest-first",
  findByCallId: true,
  findByEvent: true,
  audioWithRange: false,
  listMaxWindowDays: 28,
  listPageSize: pageSize,
  changesRescanHours: rescanHours,
  hasBytes: true,
  hasDuration: true,
  hasChecksum: false,
  hasMediaType: false,
  hasQueue: true,
  getIsSlow: true,
  audioRequests: 1
})

/** What {@link make} takes: the options of a configuration file, the source's name, and hooks. */
export type VirtualPbxSettings = PlainSecrets<VirtualPbxOptions> & {
  /** The name that recordings and errors carry. */
  readonly name: string
  /** Replaces the connection pool, such as by `globalThis.fetch` where that is intercepted. */
  readonly fetch?: typeof globalThis.fetch
}

/**
 * A virtual PBX as a source of recordings.
 *
 * Nothing is asked before the first operation; wrong options fail with `InvalidOptions`. Tokens and limits are shared
 * with other sources of the same account in the process.
 */
export const make = ({
  name,
  fetch,
  ...options
}: VirtualPbxSettings): Effect.Effect<RecordingSource, RecordingError, Scope.Scope> =>
  Effect.gen(function* () {
    const checked = yield* decodeOptions(VirtualPbxOptions, redactSecrets(options, ["clientSecret", "password"]))
    yield* checkWays(checked)
    return yield* sourceOf(name, checked, yield* makeApi(checked, fetch))
  }).pipe(Effect.mapError((reason) => new RecordingError({ source: name, operation: "make", reason })))

/** The service of a virtual PBX. */
export class VirtualPbx extends Context.Service<VirtualPbx, RecordingSource>()("@callreel/virtual-pbx/VirtualPbx") {}

/** {@link make} as a layer. */
export const layer = (settings: VirtualPbxSettings): Layer.Layer<VirtualPbx, RecordingError> =>
  Layer.effect(VirtualPbx, make(settings))

/** {@link make} for programs without Effect. Close the client in the end. */
export const connect = (settings: VirtualPbxSettings): Promise<RecordingClient> => connectSource(make(settings))

/** The virtual PBX for programs with a configuration file. */
export const provider: Provider<VirtualPbxOptions> = {
  provider: providerName,
  options: VirtualPbxOptions,
  make: (name, options) => make({ ...options, name })
}

/** A way to the audio that needs a login needs the option that holds it. */
const checkWays = ({ audioVia, basic, ftp }: VirtualPbxOptions): Effect.Effect<void, InvalidOptions> => {
  if (audioVia?.length === 0) return invalid("audioVia", "is empty; leave it out for storage, then api")
  const missing = audioVia?.find((way) => (way === "basic" && !basic) || (way === "ftp" && !ftp))
  return missing === undefined ? Effect.void : invalid(missing, `is needed, as audioVia names the way ${missing}`)
}

const invalid = (option: string, detail: string) => Effect.fail(new InvalidOptions({ option, detail }))

const sourceOf = (name: string, options: VirtualPbxOptions, api: Api): Effect.Effect<RecordingSource> =>
  Effect.map(Ref.make(0), (largestAnswer) => {
    const region = options.region === undefined ? undefined : asRegion(options.region)
    const pendingFor = pendingForOf(options)

    const contextAt = (now: number, account: string): MapContext => ({
      source: name,
      account,
      pendingFor,
      now: new Date(now),
      ...(region && { region })
    })
    /** For answers that do not name their account, as list rows do. */
    const askedContext = Effect.gen(function* () {
      const user = yield* api.user
      return contextAt(yield* Clock.currentTimeMillis, String(user.value.client_id))
    })

    const list = (from: Date, to: Date): Stream.Stream<Recording, Reason> =>
      Stream.unwrap(
        Effect.map(Clock.currentTimeMillis, (now) => {
          const context = contextAt(now, "")
          return Stream.map(listRows({ from, to }, api.rows, largestAnswer), (row) => recordingOfRow(row, context))
        })
      )

    return defineSource({
      name,
      provider: providerName,
      capability: capabilityOf(options),
      ...(region && { region }),
      pendingFor,
      secretRawKeys: ["storage_url", "record_url"],
      list: ({ from, to }) => list(from, to),
      changes: (after) => changesSince(after, options.since, list),
      get: (reference) => getRecording(api, list, reference, askedContext),
      find: (call) => findRecordings(api, list, call, askedContext),
      audio: (reference, audioOptions) => openAudio(api, options, reference, audioOptions),
      check: check(api, list),
      link: (reference) => linkOf(api, options, reference),
      stats: (window) => stats(api, window),
      remove: (reference) => api.remove(reference.id),
      removeWindow: (window) => Effect.forEach(slices(window), api.removeWindow, { discard: true }),
      requestArchive: ({ emails, ...window }) =>
        Effect.map(api.requestArchive(window, emails), (raw) => ({ accepted: true, raw })),
      notification
    })
  })

/** The login works, and the token's user may list at the level that is configured. */
const check = (
  api: Api,
  list: (from: Date, to: Date) => Stream.Stream<Recording, Reason>
): Effect.Effect<SourceCheck, Reason> =>
  Effect.gen(function* () {
    const user = yield* api.user
    const now = user.receivedAt
    yield* Stream.runDrain(list(new Date(now.getTime() - 60_000), now))
    const skew = clockSkewSeconds(user.headers, now)
    return {
      account: String(user.value.client_id),
      permissions: [{ name: "Call API", granted: true }],
      ...(skew !== undefined && { clockSkewSeconds: skew }),
      limits: yield* api.limits
    }
  })

const stats = (api: Api, window: TimeWindow): Effect.Effect<RecordingStats, Reason> =>
  Effect.map(
    Effect.forEach(slices(window), (slice) => Effect.flatMap(api.stats(slice), readStats)),
    sumStats
  )

/** Reads a webhook request, whose fields come in the query or in the body, and answers it at once. */
const notification = (request: Request): Effect.Effect<Notification, Reason> =>
  Effect.gen(function* () {
    const body = yield* Effect.tryPromise({
      try: () => request.text(),
      catch: () => new InvalidResponse({ path: "", detail: "the notification's body could not be read" })
    })
    const query = new URL(request.url).search.slice(1)
    const payload = [query, body.trim()].filter((part) => part !== "").join("&")
    const event = parseEvent(payload)
    const ended = event !== undefined && event.type === "hangup"
    return { response: new Response(null, { status: 200 }), calls: ended ? [{ event: payload }] : [] }
  })
