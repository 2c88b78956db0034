import {
  asRegion,
  type Capability,
  connectSource,
  decodeOptions,
  defineSource,
  InvalidOptions,
  type PlainSecrets,
  type Provider,
  type Reason,
  type Recording,
  type RecordingClient,
  RecordingError,
  type RecordingSource,
  redactSecrets,
  sourceNamePattern,
  Unsupported
} from "@callreel/recording"
import { parseOrigin, remembered } from "@callreel/transport"
import { Clock, Context, Duration, Effect, Layer, type Scope, Stream } from "effect"
import { type Api, makeApi, pageSize } from "./internal/api.ts"
import { changesSince, rescanHours } from "./internal/changes.ts"
import { check } from "./internal/check.ts"
import { openAudio } from "./internal/hybrid.ts"
import { listPages } from "./internal/listing.ts"
import { type MapContext, provider as providerName, recordingsOfRecords } from "./internal/map.ts"
import { findRecordings, getRecording, linkOf } from "./internal/recordings.ts"
import { notificationOf } from "./internal/webhook.ts"
import type { LogRecord } from "./internal/wire.ts"
import { includesVoicemail, mediaUrlOf, patienceOf, retentionOf, RingCentralOptions } from "./RingCentralOptions.ts"

/** What a RingCentral account can do. */
const capabilityOf = (options: RingCentralOptions): Capability => ({
  changes: true,
  link: true,
  // The log could be counted, but that would be our figure and not the vendor's.
  stats: false,
  remove: true,
  removeWindow: false,
  requestArchive: false,
  notification: true,
  // The vendor knows no internal calls, and its number filter takes only one spelling.
  listByDirection: "here",
  listByNumber: "here",
  listByExtension: "here",
  listByQueue: "unsupported",
  listOrder: "newest-first",
  findByCallId: true,
  findByEvent: true,
  audioWithRange: true,
  listPageSize: pageSize,
  requestsPerMinute: 10,
  changesRescanHours: rescanHours(patienceOf(options).pendingFor),
  retentionDays: Duration.toDays(retentionOf(options)),
  hasBytes: false,
  hasDuration: false,
  hasChecksum: false,
  hasMediaType: false,
  hasQueue: false,
  getIsSlow: false,
  audioRequests: 1
})

/** What {@link make} takes: the options of a configuration file, the source's name, and hooks. */
export type RingCentralSettings = PlainSecrets<RingCentralOptions> & {
  /** The name that recordings and errors carry. */
  readonly name: string
  /** Replaces the connection pool, such as by `globalThis.fetch` where that is intercepted. */
  readonly fetch?: typeof globalThis.fetch
}

/**
 * A RingCentral account as a source of recordings.
 *
 * Nothing is asked before the first operation; wrong options fail with `InvalidOptions`. The token and the limits are
 * shared with other sources of the same user and app in the process.
 */
export const make = ({
  name,
  fetch,
  ...options
}: RingCentralSettings): Effect.Effect<RecordingSource, RecordingError, Scope.Scope> =>
  Effect.gen(function* () {
    const secrets = ["clientSecret", "jwt", "verificationToken"]
    const checked = yield* decodeOptions(RingCentralOptions, redactSecrets(options, secrets))
    yield* checkOptions(name, checked)
    return sourceOf(name, checked, yield* makeApi(checked, fetch))
  }).pipe(Effect.mapError((reason) => new RecordingError({ source: name, operation: "make", reason })))

/** The service of a RingCentral account. */
export class RingCentral extends Context.Service<RingCentral, RecordingSource>()("@callreel/ringcentral/RingCentral") {}

/** {@link make} as a layer. */
export const layer = (settings: RingCentralSettings): Layer.Layer<RingCentral, RecordingError> =>
  Layer.effect(RingCentral, make(settings))

/** {@link make} for programs without Effect. Close the client in the end. */
export const connect = (settings: RingCentralSettings): Promise<RecordingClient> => connectSource(make(settings))

/** RingCentral for programs with a configuration file. */
export const provider: Provider<RingCentralOptions> = {
  provider: providerName,
  options: RingCentralOptions,
  make: (name, options) => make({ ...options, name })
}

/** What no codec of a single option can see. */
const checkOptions = (name: string, options: RingCentralOptions): Effect.Effect<void, InvalidOptions> => {
  const { mediaOrigins = [], retentionDays, serverUrl } = options
  if (!sourceNamePattern.test(name)) {
    return invalid("name", "must be lower-case letters, digits and hyphens, at most 63")
  }
  if (serverUrl !== undefined && !URL.canParse(serverUrl)) return invalid("serverUrl", "must be a full address")
  if (!URL.canParse(mediaUrlOf(options))) return invalid("mediaUrl", "must be a full address")
  if (mediaOrigins.some((origin) => parseOrigin(origin) === undefined)) {
    return invalid("mediaOrigins", "holds what is no origin; write each as https://host")
  }
  if (retentionDays !== undefined && !(retentionDays > 0)) return invalid("retentionDays", "must be a number of days")
  return Effect.void
}

const invalid = (option: string, detail: string) => Effect.fail(new InvalidOptions({ option, detail }))

const sourceOf = (name: string, options: RingCentralOptions, api: Api): RecordingSource => {
  const region = options.region === undefined ? undefined : asRegion(options.region)
  const patience = patienceOf(options)
  const voicemail = includesVoicemail(options)
  const context: Effect.Effect<MapContext> = Effect.map(Clock.currentTimeMillis, (now) => ({
    source: name,
    account: options.account ?? "~",
    patience,
    now: new Date(now),
    voicemail,
    ...(region && { region })
  }))
  const account = remembered(Effect.map(api.account, ({ id }) => String(id)))
  /** The account's id where no address in the records tells it: what is configured may be an alias. */
  const named = (recordings: ReadonlyArray<Recording>): Effect.Effect<ReadonlyArray<Recording>, Reason> =>
    recordings.every(({ account }) => account !== "~")
      ? Effect.succeed(recordings)
      : Effect.map(account.get, (id) =>
          recordings.map((recording) => (recording.account === "~" ? { ...recording, account: id } : recording))
        )
  const recordingsOf = (records: ReadonlyArray<LogRecord>): Effect.Effect<ReadonlyArray<Recording>, Reason> =>
    Effect.flatMap(context, (known) => named(recordingsOfRecords(records, known)))

  // Nothing has happened in the future, which may be far; a day allows for clocks that differ.
  const list = (from: Date, to: Date): Stream.Stream<Recording, Reason> =>
    Stream.unwrap(
      Effect.map(Clock.currentTimeMillis, (now) => {
        const window = { from, to: new Date(Math.min(to.getTime(), now + 86_400_000)) }
        return window.from < window.to
          ? listPages(api, window, !voicemail).pipe(Stream.mapEffect(recordingsOf), Stream.flattenIterable)
          : Stream.empty
      })
    )

  return defineSource({
    name,
    provider: providerName,
    capability: capabilityOf(options),
    ...(region && { region }),
    pendingFor: patience.pendingFor,
    retryLadder: patience.ladder,
    list: ({ from, to }) => list(from, to),
    changes: (after) =>
      changesSince(after, options.since, patience.pendingFor, {
        sync: options.extension === undefined ? api.sync : undefined,
        list,
        recordingsOf
      }),
    get: (reference) =>
      Effect.gen(function* () {
        const found = yield* getRecording(api, options, reference, yield* context)
        const [recording = found] = yield* named([found])
        return recording
      }),
    find: (call) =>
      Effect.gen(function* () {
        const found = yield* findRecordings(api, call, yield* context)
        return { ...found, recordings: yield* named(found.recordings) }
      }),
    audio: (reference, audioOptions) => openAudio(api, options, reference, audioOptions),
    check: check(api, options),
    link: (reference) => linkOf(api, reference),
    // Voicemail is not among what the vendor deletes by this resource; its ids are of another kind.
    remove: (reference) =>
      "kind" in reference && reference.kind === "voicemail"
        ? Effect.fail(new Unsupported({ capability: "remove" }))
        : api.remove(reference.id),
    notification: (request) => notificationOf(request, options.verificationToken)
  })
}
