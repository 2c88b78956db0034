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
  redactSecrets,
  sourceNamePattern
} from "@callreel/recording"
import { parseOrigin } from "@callreel/transport"
import { Clock, Context, Duration, Effect, Layer, type Scope, Stream } from "effect"
import { check, mustSeeFiles } from "./internal/access.ts"
import { type Api, makeApi } from "./internal/api.ts"
import { linkOf, openAudio } from "./internal/audio.ts"
import { changesSince } from "./internal/changes.ts"
import { eventFields, parseEvent } from "./internal/events.ts"
import { pageSize } from "./internal/history.ts"
import { listFiles } from "./internal/listing.ts"
import { findRecordings, getRecording } from "./internal/lookup.ts"
import { withDatabase } from "./internal/onSite.ts"
import { type MapContext, type OwnedFile, provider as providerName, recordingOfFile } from "./internal/map.ts"
import { pendingForOf, WebitelOptions } from "./WebitelOptions.ts"

/** What a Webitel domain can do. */
const capabilityOf = (options: WebitelOptions): Capability => ({
  changes: true,
  link: true,
  stats: false,
  remove: true,
  removeWindow: false,
  requestArchive: false,
  notification: true,
  // The vendor filters legs; a recording's leg may lack what its call has.
  listByDirection: "here",
  listByNumber: "here",
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
}: WebitelSettings): Effect.Effect<RecordingSource, RecordingError, Scope.Scope> =>
  Effect.gen(function* () {
    const checked = yield* decodeOptions(WebitelOptions, redactSecrets(options, ["accessToken", "url"]))
    yield* checkOptions(name, checked)
    return yield* sourceOf(name, checked, yield* makeApi(checked, fetch))
  }).pipe(Effect.mapError((reason) => new RecordingError({ source: name, operation: "make", reason })))

/** The service of a Webitel domain. */
export class Webitel extends Context.Service<Webitel, RecordingSource>()("@callreel/webitel/Webitel") {}

/** {@link make} as a layer. */
export const layer = (settings: WebitelSettings): Layer.Layer<Webitel, RecordingError> =>
  Layer.effect(Webitel, make(settings))

/** {@link make} for programs without Effect. Close the client in the end. */
export const connect = (settings: WebitelSettings): Promise<RecordingClient> => connectSource(make(settings))

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
): Effect.Effect<RecordingSource, never, Scope.Scope> =>
  Effect.gen(function* () {
    const region = options.region === undefined ? undefined : asRegion(options.region)
    const user = yield* Effect.cachedWithTTL(
      Effect.map(http.userInfo, ({ value }) => value),
      accessMemory
    )
    const domain = Effect.map(user, ({ dc }) => String(dc ?? ""))
    const api = yield* withDatabase(http, options, domain)
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
    const recordingsOf = (files: ReadonlyArray<OwnedFile>): Effect.Effect<ReadonlyArray<Recording>, Reason> =>
      Effect.map(context, (known) => files.map((file) => recordingOfFile(file, known)).filter(isWanted))

    // Nothing has happened in the future, which may be far; a day allows for clocks that differ.
    const list = (from: Date, to: Date): Stream.Stream<Recording, Reason> =>
      Stream.unwrap(
        Effect.gen(function* () {
          yield* context
          const now = yield* Clock.currentTimeMillis
          const window = { from, to: new Date(Math.min(to.getTime(), now + 86_400_000)) }
          return window.from < window.to
            ? listFiles(api, window).pipe(Stream.mapEffect(recordingsOf), Stream.flattenIterable)
            : Stream.empty
        })
      )

    return defineSource({
      name,
      provider: providerName,
      capability: capabilityOf(options),
      ...(region && { region }),
      pendingFor: pendingForOf(options),
      list: ({ from, to }) => list(from, to),
      changes: (after) =>
        Stream.unwrap(Effect.as(context, changesSince(api, after, options.since, pendingForOf(options), recordingsOf))),
      get: (reference) => Effect.flatMap(context, (known) => getRecording(api, reference, known)),
      find: (call) => Effect.flatMap(context, (known) => findRecordings(api, call, known)),
      audio: (reference, audioOptions) => openAudio(api, reference, audioOptions),
      check: check(api),
      link: (reference) => linkOf(api, reference),
      remove: (reference) => api.remove(reference.id),
      notification
    })
  })

/** Longest event to read, in bytes; real ones are some kilobytes. */
const longestBody = 1024 * 1024

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
    if (Number(request.headers.get("content-length")) > longestBody) {
      return { response: new Response(null, { status: 413 }), calls: [] }
    }
    const body = yield* Effect.tryPromise({
      try: () => request.text(),
      catch: () => new InvalidResponse({ path: "", detail: "the notification's body could not be read" })
    })
    const event = parseEvent(body) ?? parseEvent(new URL(request.url).search.slice(1))
    const ended = event !== undefined && (event.type === undefined || event.type === "hangup")
    return { response: new Response(null, { status: 200 }), calls: ended ? [{ event: eventFields(event) }] : [] }
  })
