import {
  asRegion,
  type CallQueue,
  type Capability,
  connectSource,
  decodeOptions,
  defineSource,
  InvalidOptions,
  type NativeQuery,
  type Notification,
  type PlainSecrets,
  type Provider,
  type Reason,
  type Recording,
  type RecordingClient,
  RecordingError,
  type RecordingSource,
  redactSecrets,
  sourceNamePattern
} from "@callreel/recording"
import { notificationBody, parseOrigin, remembered } from "@callreel/transport"
import { Clock, Context, Duration, Effect, Layer, Result, type Scope, Stream } from "effect"
import { check, mustSeeFiles } from "./internal/access.ts"
import { type Api, makeApi } from "./internal/api.ts"
import { linkOf, openAudio } from "./internal/audio.ts"
import { changesSince } from "./internal/changes.ts"
import { eventFields, parseEvent } from "./internal/events.ts"
import { pageSize } from "./internal/history.ts"
import { listFiles } from "./internal/listing.ts"
import { listFilesOfNumber } from "./internal/listingByNumber.ts"
import { findRecordings, getRecording } from "./internal/lookup.ts"
import { onSite } from "./internal/onSite.ts"
import { listQueues, queueNaming } from "./internal/queues.ts"
import { storedFiles } from "./internal/storedFiles.ts"
import { withTranscripts } from "./internal/transcripts.ts"
import { type MapContext, type OwnedFile, provider as providerName, recordingOfFile } from "./internal/map.ts"
import { includesTranscripts, pendingForOf, WebitelOptions } from "./WebitelOptions.ts"

/** What a Webitel domain can do. */
const capabilityOf = (options: WebitelOptions): Capability => ({
  changes: true,
  link: true,
  stats: false,
  remove: true,
  removeWindow: false,
  requestArchive: false,
  notification: true,
  // The vendor filters legs; a recording's leg may lack what its call has. Calls are found by a number of their first leg.
  listByDirection: "here",
  listByNumber: "vendor",
  listByExtension: "here",
  listByQueue: "here",
  listOrder: "none",
  findByCallId: true,
  findByEvent: true,
  audioWithRange: true,
  listPageSize: pageSize,
  changesRescanHours: Math.ceil(Duration.toHours(pendingForOf(options))),
  hasBytes: true,
  hasDuration: true,
  hasChecksum: false,
  hasMediaType: true,
  hasQueue: true,
  getIsSlow: true,
  audioRequests: 1
})

/** What {@link make} takes: the options of a configuration file, the source's name, and hooks. */
export type WebitelSettings = PlainSecrets<WebitelOptions> & {
  /** The name that recordings and errors carry. */
  readonly name: string
  /** Replaces the connection pool, such as by `globalThis.fetch` where that is intercepted. */
  readonly fetch?: typeof globalThis.fetch
}

/** A Webitel domain: what every source can do, and what else it knows. */
export interface WebitelSource extends RecordingSource {
  /** The domain's queues, by whose ids and names `list` filters. Needs read access to the class `cc_queue`. */
  readonly queues: Effect.Effect<ReadonlyArray<CallQueue>, RecordingError>
}

/** {@link WebitelSource} with Promises. */
export interface WebitelClient extends RecordingClient {
  queues(): Promise<ReadonlyArray<CallQueue>>
}

/**
 * A Webitel domain as a source of recordings.
 *
 * Nothing is asked before the first operation; wrong options fail with `InvalidOptions`. A token that may not see
 * recordings fails with `Forbidden` wherever it would find nothing.
 */
export const make = ({
  name,
  fetch,
  ...options
}: WebitelSettings): Effect.Effect<WebitelSource, RecordingError, Scope.Scope> =>
  Effect.gen(function* () {
    const checked = yield* decodeOptions(WebitelOptions, redactSecrets(options, ["accessToken", "url"]))
    yield* checkOptions(name, checked)
    return yield* sourceOf(name, checked, yield* makeApi(checked, fetch))
  }).pipe(Effect.mapError((reason) => new RecordingError({ source: name, operation: "make", reason })))

/** The service of a Webitel domain. */
export class Webitel extends Context.Service<Webitel, WebitelSource>()("@callreel/webitel/Webitel") {}

/** {@link make} as a layer. */
export const layer = (settings: WebitelSettings): Layer.Layer<Webitel, RecordingError> =>
  Layer.effect(Webitel, make(settings))

/** {@link make} for programs without Effect. Close the client in the end. */
export const connect = async (settings: WebitelSettings): Promise<WebitelClient> => {
  const made = Promise.withResolvers<WebitelSource>()
  const client = await connectSource(Effect.tap(make(settings), (source) => Effect.sync(() => made.resolve(source))))
  const { queues } = await made.promise
  return { ...client, queues: () => Effect.runPromise(queues) }
}

/** Webitel for programs with a configuration file. */
export const provider: Provider<WebitelOptions> = {
  provider: providerName,
  options: WebitelOptions,
  make: (name, options) => make({ ...options, name })
}

/** What no codec of a single option can see. */
const checkOptions = (name: string, { trustedOrigins = [] }: WebitelOptions): Effect.Effect<void, InvalidOptions> => {
  if (!sourceNamePattern.test(name)) {
    return invalid("name", "must be lower-case letters, digits and hyphens, at most 63")
  }
  return trustedOrigins.some((origin) => parseOrigin(origin) === undefined)
    ? invalid("trustedOrigins", "holds what is no origin; write each as https://host")
    : Effect.void
}

const invalid = (option: string, detail: string) => Effect.fail(new InvalidOptions({ option, detail }))

/** How long what a token may do is taken for granted. */
const accessMemory = Duration.minutes(5)

const sourceOf = (
  name: string,
  options: WebitelOptions,
  http: Api
): Effect.Effect<WebitelSource, InvalidOptions, Scope.Scope> =>
  Effect.gen(function* () {
    const region = options.region === undefined ? undefined : asRegion(options.region)
    const { get: user } = remembered(
      Effect.map(http.userInfo, ({ value }) => value),
      accessMemory
    )
    const domain = Effect.map(user, ({ dc }) => String(dc ?? ""))
    const database = yield* onSite(options, domain)
    const api = { ...http, ...(database && { history: database.history }) }
    const files = yield* storedFiles(options, { storedFile: database?.storedFile ?? (() => Effect.undefined), user })
    /** The account, of a token that sees recordings. */
    const context: Effect.Effect<MapContext, Reason> = Effect.gen(function* () {
      const known = yield* user
      yield* mustSeeFiles(known)
      const now = new Date(yield* Clock.currentTimeMillis)
      return {
        source: name,
        account: String(known.dc ?? ""),
        now,
        pendingFor: pendingForOf(options),
        ...(region && { region })
      }
    })
    const isWanted = hasVariables(options.variables ?? {})
    const withQueueNames = queueNaming(http)
    /** The recordings that are kept, with what else is told of them. */
    const tell = (
      owned: ReadonlyArray<OwnedFile>,
      isKept: (recording: Recording) => boolean
    ): Effect.Effect<ReadonlyArray<Recording>, Reason> =>
      Effect.gen(function* () {
        const known = yield* context
        const told = owned
          .map((file) => ({ owned: file, recording: recordingOfFile(file, known) }))
          .filter(({ recording }) => isKept(recording))
        const recordings = includesTranscripts(options)
          ? yield* withTranscripts(http, told)
          : told.map(({ recording }) => recording)
        return yield* withQueueNames(recordings)
      })
    const recordingsOf = (owned: ReadonlyArray<OwnedFile>) => tell(owned, isWanted)
    const allOf = (owned: ReadonlyArray<OwnedFile>) => tell(owned, () => true)

    // Nothing has happened in the future, which may be far; a day allows for clocks that differ.
    const list = ({ from, number, to }: NativeQuery): Stream.Stream<Recording, Reason> =>
      Stream.unwrap(
        Effect.gen(function* () {
          yield* context
          const now = yield* Clock.currentTimeMillis
          const window = { from, to: new Date(Math.min(to.getTime(), now + 86_400_000)) }
          if (window.from >= window.to) return Stream.empty
          const owned = number === undefined ? listFiles(api, window) : listFilesOfNumber(api, window, number, region)
          return owned.pipe(Stream.mapEffect(recordingsOf), Stream.flattenIterable)
        })
      )

    const source = defineSource({
      name,
      provider: providerName,
      capability: capabilityOf(options),
      ...(region && { region }),
      pendingFor: pendingForOf(options),
      list,
      changes: (after) =>
        Stream.unwrap(Effect.as(context, changesSince(api, after, options.since, pendingForOf(options), recordingsOf))),
      get: (reference) => Effect.flatMap(context, (known) => getRecording(api, reference, allOf, known)),
      find: (call) => Effect.andThen(context, findRecordings(api, call, allOf)),
      audio: (reference, audioOptions) => openAudio(api, reference, audioOptions, files),
      check: Effect.gen(function* () {
        const checked = yield* check(api)
        return { ...checked, permissions: [...checked.permissions, ...(files === undefined ? [] : yield* files.check)] }
      }),
      link: (reference) => linkOf(api, reference),
      remove: (reference) => api.remove(reference.id),
      notification
    })
    const inSource = (reason: Reason) => new RecordingError({ source: name, operation: "list", reason })
    return { ...source, queues: Effect.mapError(listQueues(http), inSource) }
  })

/** Whether the call has all the variables that are asked for. Not the vendor's filter, which never matches numbers. */
const hasVariables =
  (wanted: Readonly<Record<string, string>>) =>
  ({ call }: Recording): boolean =>
    Object.entries(wanted).every(
      ([key, value]) =>
        call?.variables !== undefined && Object.hasOwn(call.variables, key) && call.variables[key] === value
    )

/** Reads a flow's HTTP request, or a message of the queue that was posted on, and answers it at once. */
const notification = (request: Request): Effect.Effect<Notification, Reason> =>
  Effect.gen(function* () {
    const body = yield* Effect.result(notificationBody(request))
    if (Result.isFailure(body)) return { response: new Response(null, { status: body.failure }), calls: [] }
    const event = parseEvent(body.success) ?? parseEvent(new URL(request.url).search.slice(1))
    const ended = event !== undefined && (event.type === undefined || event.type === "hangup")
    return { response: new Response(null, { status: 200 }), calls: ended ? [{ event: eventFields(event) }] : [] }
  })
