import { Clock, Effect, Stream } from "effect"
import type { Capability } from "./Capability.ts"
import { dedupe, uniqueById } from "./internal/dedupe.ts"
import { filterHere, pushedDown } from "./internal/filters.ts"
import { maskKeys } from "./internal/mask.ts"
import {
  checkArchiveRequest,
  checkCall,
  checkCheckpoint,
  checkQuery,
  checkRange,
  checkReference,
  checkWindow
} from "./internal/queryChecks.ts"
import { listInOrder } from "./internal/slices.ts"
import { defaultPendingFor, pendingReason, retryLadder as defaultLadder } from "./pending.ts"
import { NotFound, type Reason, Unsupported } from "./Reason.ts"
import { type Operation, RecordingError } from "./RecordingError.ts"
import { knownEnd, type RecordingReference } from "./RecordingReference.ts"
import type { RecordingSource } from "./RecordingSource.ts"
import { Lane, type LaneName } from "./RequestContext.ts"
import type { SourceDefinition } from "./SourceDefinition.ts"

/** The operations that a source may lack. */
type OptionalOperation = Operation & keyof Capability

/**
 * Makes a {@link RecordingSource} of an adapter: checks every question, refuses what the capability denies with
 * `Unsupported`, applies the filters the vendor cannot, gives both orders, removes duplicates, turns "not found" into
 * `Pending` while a recording may still come, chooses the lane, and names source and operation in every error.
 */
export const defineSource = (definition: SourceDefinition): RecordingSource => {
  const { capability, name, provider, pendingFor = defaultPendingFor, retryLadder: ladder = defaultLadder } = definition
  const named = (operation: Operation) => (reason: Reason) => new RecordingError({ source: name, operation, reason })

  const run = <A, R>(
    operation: Operation,
    effect: Effect.Effect<A, Reason, R>,
    lane: LaneName = "interactive"
  ): Effect.Effect<A, RecordingError, R> => effect.pipe(inLane(lane), Effect.mapError(named(operation)))

  const runStream = <A>(operation: Operation, stream: Stream.Stream<A, Reason>): Stream.Stream<A, RecordingError> =>
    stream.pipe(streamInLane("bulk"), Stream.mapError(named(operation)))

  /** Runs what the adapter offers and the capability declares; both, or it is `Unsupported`. */
  const offered = <Method, A, R>(
    operation: OptionalOperation,
    method: Method | undefined,
    use: (method: Method) => Effect.Effect<A, Reason, R>,
    lane?: LaneName
  ): Effect.Effect<A, RecordingError, R> =>
    capability[operation] && method !== undefined
      ? run(operation, use(method), lane)
      : run(operation, Effect.fail(new Unsupported({ capability: operation })))

  /** "Not found" means "not ready" while the call is young. */
  const notFoundOrPending = (reason: NotFound, end: Date | undefined): Effect.Effect<never, Reason> =>
    end === undefined
      ? Effect.fail(reason)
      : Effect.flatMap(Clock.currentTimeMillis, (now) =>
          Effect.fail(pendingReason({ knownEnd: end, now: new Date(now), pendingFor, ladder }) ?? reason)
        )

  const withReference = <A, R>(
    reference: RecordingReference,
    use: (reference: RecordingReference) => Effect.Effect<A, Reason, R>
  ): Effect.Effect<A, Reason, R> =>
    Effect.suspend(() => checkReference(reference, name)).pipe(
      Effect.flatMap(use),
      Effect.catchTag("NotFound", (reason) => notFoundOrPending(reason, knownEnd(reference)))
    )

  return {
    specification: "v1",
    name,
    provider,
    capability,

    list: (query) =>
      runStream(
        "list",
        Stream.unwrap(
          Effect.map(
            Effect.suspend(() => checkQuery(query, capability)),
            (checked) => {
              const found = listInOrder(
                definition,
                pushedDown(checked, capability),
                checked.order ?? "newest-first"
              ).pipe(filterHere(checked, capability, definition.region), dedupe)
              return checked.limit === undefined ? found : Stream.take(found, checked.limit)
            }
          )
        )
      ),

    changes: (after) => {
      const { changes } = definition
      return capability.changes && changes !== undefined
        ? runStream(
            "changes",
            Stream.unwrap(Effect.suspend(() => Effect.map(checkCheckpoint(after, provider), changes)))
          )
        : runStream("changes", Stream.fail(new Unsupported({ capability: "changes" })))
    },

    get: (reference) => run("get", withReference(reference, definition.get)),

    find: (call) =>
      run(
        "find",
        Effect.suspend(() => checkCall(call, capability)).pipe(
          Effect.flatMap(definition.find),
          Effect.flatMap((found) =>
            found.recordings.length > 0
              ? Effect.succeed(uniqueById(found.recordings))
              : notFoundOrPending(new NotFound({ what: "a recording of this call" }), found.knownEnd)
          )
        )
      ),

    audio: (reference, options = {}) =>
      checkRange(options.range).pipe(
        Effect.flatMap(() => withReference(reference, (checked) => definition.audio(checked, options))),
        Effect.map((audio) => ({ ...audio, stream: Stream.mapError(audio.stream, named("audio")) })),
        (effect) => run("audio", effect)
      ),

    check: () => run("check", definition.check),
    link: (reference) => offered("link", definition.link, (link) => withReference(reference, link)),
    stats: (window) =>
      offered("stats", definition.stats, (stats) => Effect.flatMap(checkWindow(window), stats), "bulk"),
    remove: (reference) => offered("remove", definition.remove, (remove) => withReference(reference, remove)),
    removeWindow: (window) =>
      offered("removeWindow", definition.removeWindow, (remove) => Effect.flatMap(checkWindow(window), remove), "bulk"),
    requestArchive: (request) =>
      offered("requestArchive", definition.requestArchive, (ask) => Effect.flatMap(checkArchiveRequest(request), ask)),
    notification: (request) => offered("notification", definition.notification, (read) => read(request)),

    maskRaw: (raw) => maskKeys(raw, definition.secretRawKeys ?? [])
  }
}

const inLane =
  (lane: LaneName) =>
  <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Effect.service(Lane), (chosen) => Effect.provideService(effect, Lane, chosen ?? lane))

const streamInLane =
  (lane: LaneName) =>
  <A, E>(stream: Stream.Stream<A, E>): Stream.Stream<A, E> =>
    Stream.unwrap(Effect.map(Effect.service(Lane), (chosen) => Stream.provideService(stream, Lane, chosen ?? lane)))
