import {
  asRegion,
  type Capability,
  connectSource,
  decodeOptions,
  defineSource,
  InvalidOptions,
  NotFound,
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
  sourceNamePattern,
  type SourceCheck,
  type TimeWindow
} from "@callreel/recording"
import { clockSkewSeconds, notificationBody, parseOrigin, remembered } from "@callreel/transport"
import { Array as Arrays, Clock, Context, Effect, Layer, Redacted, Ref, Result, type Scope, Stream } from "effect"
import { type Api, makeApi } from "./internal/api.ts"
import { linkOf, openAudio } from "./internal/audioWays.ts"
import { changesSince, rescanHours } from "./internal/changes.ts"
import { eventFields, parseEvent } from "./internal/events.ts"
import { listRows, pageSize } from "./internal/listing.ts"
import { removeWindow } from "./internal/removal.ts"
import type { LegRow } from "./internal/wire.ts"
import { findRecordings, getRecording } from "./internal/lookup.ts"
import { type MapContext, provider as providerName, recordingOfRow } from "./internal/map.ts"
import { readStats, sumStats } from "./internal/stats.ts"
import { slices } from "./internal/windows.ts"
import { pendingForOf, VirtualPbxOptions } from "./VirtualPbxOptions.ts"

/** What a virtual PBX can do. Archives are made for a whole client only. */
const capabilityOf = (options: VirtualPbxOptions): Capability => ({
  changes: true,
  link: options.audioVia === undefined || options.audioVia.some((way) => way !== "ftp"),
  stats: true,
  remove: true,
  removeWindow: true,
  requestArchive: isClientScope(options),
  notification: true,
  listByDirection: "here",
  listByNumber: "here",
  listByExtension: "here",
  listByQueue: "here",
  // The vendor lists both ways, but only oldest first can be continued from the last row (internal/listing.ts).
  listOrder: "oldest-first",
  // Call history is known at client level only; elsewhere a notification's recording is found by its own id.
  findByCallId: isClientScope(options),
  findByEvent: true,
  audioWithRange: false,
  listMaxWindowDays: 28,
  listPageSize: pageSize,
  changesRescanHours: rescanHours(pendingForOf(options)),
  hasBytes: true,
  hasDuration: true,
  hasChecksum: false,
  hasMediaType: false,
  hasQueue: true,
  getIsSlow: true,
  audioRequests: 1
})

const isClientScope = ({ scope }: VirtualPbxOptions): boolean => scope === undefined || "client" in scope

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
    yield* checkOptions(name, checked)
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

/** What no codec of a single option can see: above all, a way that needs a login needs the option that holds it. */
const checkOptions = (
  name: string,
  { audioVia, basic, ftp, storageOrigins, trustedOrigins }: VirtualPbxOptions
): Effect.Effect<void, InvalidOptions> => {
  if (!sourceNamePattern.test(name))
    return invalid("name", "must be lower-case letters, digits and hyphens, at most 63")
  for (const [option, origins] of Object.entries({ storageOrigins, trustedOrigins })) {
    if (origins?.some((origin) => parseOrigin(origin) === undefined) === true) {
      return invalid(option, "holds what is no origin; write each as https://host")
    }
  }
  if (ftp?.port !== undefined && !(Number.isInteger(ftp.port) && ftp.port > 0 && ftp.port < 65_536)) {
    return invalid("ftp.port", "must be a port from 1 to 65535")
  }
  if ([ftp?.user, ftp && Redacted.value(ftp.password)].some((text) => text !== undefined && /\p{Cc}/u.test(text))) {
    return invalid("ftp", "its user and password must hold no line breaks or other control characters")
  }
  if (audioVia?.length === 0) return invalid("audioVia", "is empty; leave it out for storage, then api")
  const missing = audioVia?.find((way) => (way === "basic" && !basic) || (way === "ftp" && !ftp))
  return missing === undefined ? Effect.void : invalid(missing, `is needed, as audioVia names the way ${missing}`)
}

const invalid = (option: string, detail: string) => Effect.fail(new InvalidOptions({ option, detail }))

const sourceOf = (name: string, options: VirtualPbxOptions, api: Api): Effect.Effect<RecordingSource> =>
  Effect.gen(function* () {
    const largestAnswer = yield* Ref.make(0)
    const ownAccount = remembered(Effect.map(api.user, (user) => String(user.value.client_id)))
    const region = options.region === undefined ? undefined : asRegion(options.region)
    const pendingFor = pendingForOf(options)

    const contextAt = (now: number, account: string): MapContext => ({
      source: name,
      account,
      pendingFor,
      now: new Date(now),
      ...(region && { region })
    })
    /** For answers that do not name their account, as most rows do. */
    const askedContext = Effect.gen(function* () {
      const account = yield* ownAccount.get
      return contextAt(yield* Clock.currentTimeMillis, account)
    })
    const contextFor = (rows: ReadonlyArray<LegRow>): Effect.Effect<MapContext, Reason> =>
      rows.every((row) => row.client_owner_id != null)
        ? Effect.map(Clock.currentTimeMillis, (now) => contextAt(now, ""))
        : askedContext

    const list = (from: Date, to: Date): Stream.Stream<Recording, Reason> =>
      Stream.unwrap(
        Effect.map(Clock.currentTimeMillis, (now) => {
          // Nothing has happened in the future, which may be far; a day allows for clocks that differ.
          const end = new Date(Math.min(to.getTime(), now + 86_400_000))
          return listRows({ from, to: end }, api.rows, largestAnswer).pipe(
            Stream.mapArrayEffect((rows) =>
              Effect.map(contextFor(rows), (context) => Arrays.map(rows, (row) => recordingOfRow(row, context)))
            )
          )
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
      changes: (after) => changesSince(after, options.since, pendingFor, list),
      get: (reference) => getRecording(api, list, reference, askedContext),
      find: (call) =>
        findRecordings(isClientScope(options) ? api.history : noHistory, api, list, call, contextFor, askedContext),
      audio: (reference, audioOptions) => openAudio(api, options, reference, audioOptions),
      check: check(api, list),
      link: (reference) => linkOf(api, options, reference),
      stats: (window) => stats(api, window),
      remove: (reference) => api.remove(reference.id),
      removeWindow: (window) => removeWindow(api, list, window),
      requestArchive: ({ emails, ...window }) =>
        Effect.map(api.requestArchive(window, emails), (raw) => ({ accepted: true, raw })),
      notification
    })
  })

const noHistory = () => Effect.fail(new NotFound({ what: "the call's history at this level" }))

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
    const body = yield* Effect.result(notificationBody(request))
    if (Result.isFailure(body)) return { response: new Response(null, { status: body.failure }), calls: [] }
    const query = new URL(request.url).search.slice(1)
    const payload = [query, body.success.trim()].filter((part) => part !== "").join("&")
    const event = parseEvent(payload)
    const ended = event !== undefined && event.type === "hangup"
    // Only the fields that are understood go on: the address may hold the secret that proves the sender.
    return { response: new Response(null, { status: 200 }), calls: ended ? [{ event: eventFields(event) }] : [] }
  })
