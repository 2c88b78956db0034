/** The Promise face of a source, for the many who have no Effect: the same operations and the same errors, thrown. */
import { Cause, Effect, Exit, Scope, Stream } from "effect"
import type { AudioOptions, DeliveredRange } from "./Audio.ts"
import type { CallReference } from "./CallReference.ts"
import type { Capability } from "./Capability.ts"
import type { Checkpoint } from "./Checkpoint.ts"
import { abortable } from "./internal/abortable.ts"
import type { Recording } from "./Recording.ts"
import type { RecordingError } from "./RecordingError.ts"
import type { RecordingQuery, TimeWindow } from "./RecordingQuery.ts"
import type { RecordingReference } from "./RecordingReference.ts"
import type {
  ArchiveReceipt,
  ArchiveRequest,
  ChangePage,
  Notification,
  RecordingLink,
  RecordingSource,
  RecordingStats,
  SourceCheck
} from "./RecordingSource.ts"

/** Every operation can be called off; what it throws then is the signal's reason. */
export interface CallOptions {
  readonly signal?: AbortSignal
}

/**
 * Audio on its way as a web stream. Read it to the end or cancel it: until then it holds one of the vendor's connections.
 * It errors with `RecordingError`, and never just ends early.
 */
export interface ClientAudio {
  readonly mediaType: string
  readonly bytes?: number
  readonly filename?: string
  readonly range?: DeliveredRange
  readonly stream: ReadableStream<Uint8Array>
}

/**
 * One phone system's recordings with Promises. Errors are `RecordingError`.
 *
 * Leaving a `for await` early, cancelling a stream or aborting the signal closes the sockets; `close` frees the rest
 * (`await using client = await connect(…)` does it by itself).
 */
export interface RecordingClient extends AsyncDisposable {
  readonly name: string
  readonly provider: string
  readonly capability: Capability
  list(query: RecordingQuery, options?: CallOptions): AsyncIterable<Recording>
  changes(after?: Checkpoint, options?: CallOptions): AsyncIterable<ChangePage>
  get(recording: RecordingReference, options?: CallOptions): Promise<Recording>
  find(call: CallReference, options?: CallOptions): Promise<ReadonlyArray<Recording>>
  audio(recording: RecordingReference, options?: AudioOptions & CallOptions): Promise<ClientAudio>
  check(options?: CallOptions): Promise<SourceCheck>
  link(recording: RecordingReference, options?: CallOptions): Promise<RecordingLink>
  stats(window: TimeWindow, options?: CallOptions): Promise<RecordingStats>
  remove(recording: RecordingReference, options?: CallOptions): Promise<void>
  removeWindow(window: TimeWindow, options?: CallOptions): Promise<void>
  requestArchive(request: ArchiveRequest, options?: CallOptions): Promise<ArchiveReceipt>
  notification(request: Request, options?: CallOptions): Promise<Notification>
  maskRaw(raw: unknown): unknown
  close(): Promise<void>
}

/** Makes the source and gives its Promise face; `close` ends everything that making it opened. */
export const connectSource = async (
  make: Effect.Effect<RecordingSource, RecordingError, Scope.Scope>
): Promise<RecordingClient> => {
  const scope = Scope.makeUnsafe()
  const close = (): Promise<void> => Effect.runPromise(Scope.close(scope, Exit.void))
  try {
    return clientOf(await run(Effect.provideService(make, Scope.Scope, scope)), scope, close)
  } catch (error) {
    await close()
    throw error
  }
}

const clientOf = (source: RecordingSource, scope: Scope.Scope, close: () => Promise<void>): RecordingClient => ({
  name: source.name,
  provider: source.provider,
  capability: source.capability,
  list: (query, options) => abortable(Stream.toAsyncIterable(source.list(query)), options?.signal),
  changes: (after, options) => abortable(Stream.toAsyncIterable(source.changes(after)), options?.signal),
  get: (recording, options) => run(source.get(recording), options),
  find: (call, options) => run(source.find(call), options),
  audio: (recording, options) => openAudio(source, scope, recording, options),
  check: (options) => run(source.check(), options),
  link: (recording, options) => run(source.link(recording), options),
  stats: (window, options) => run(source.stats(window), options),
  remove: (recording, options) => run(source.remove(recording), options),
  removeWindow: (window, options) => run(source.removeWindow(window), options),
  requestArchive: (request, options) => run(source.requestArchive(request), options),
  notification: (request, options) => run(source.notification(request), options),
  maskRaw: (raw) => source.maskRaw(raw),
  close,
  [Symbol.asyncDispose]: close
})

/** Opens the audio in a scope of its own, which ends with the stream, or with the client. */
const openAudio = async (
  source: RecordingSource,
  clientScope: Scope.Scope,
  recording: RecordingReference,
  options: (AudioOptions & CallOptions) | undefined
): Promise<ClientAudio> => {
  const scope = await Effect.runPromise(Scope.fork(clientScope))
  const closeScope = (): Promise<void> => Effect.runPromise(Scope.close(scope, Exit.void))
  try {
    const opening = Effect.provideService(source.audio(recording, options), Scope.Scope, scope)
    const { stream, ...audio } = await run(opening, options)
    return { ...audio, stream: webStream(stream, closeScope, options?.signal) }
  } catch (error) {
    await closeScope()
    throw error
  }
}

/** A web stream that pulls only what is read, and calls `onClose` however it ends: read, cancelled, failed or aborted. */
const webStream = (
  bytes: Stream.Stream<Uint8Array, RecordingError>,
  onClose: () => Promise<void>,
  signal: AbortSignal | undefined
): ReadableStream<Uint8Array> => {
  const iterator = abortable(Stream.toAsyncIterable(bytes), signal)[Symbol.asyncIterator]()
  const onAbort = (): void => void onClose()
  const close = async (): Promise<void> => {
    signal?.removeEventListener("abort", onAbort)
    await onClose()
  }
  signal?.addEventListener("abort", onAbort, { once: true })
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const next = await iterator.next()
          if (next.done !== true) return controller.enqueue(next.value)
          await close()
          controller.close()
        } catch (error) {
          await close()
          throw error
        }
      },
      async cancel() {
        await iterator.return?.()
        await close()
      }
    },
    { highWaterMark: 0 }
  )
}

/** Runs an effect; rejects with the error itself, or with the signal's reason when it was called off. */
const run = async <A>(effect: Effect.Effect<A, RecordingError>, options?: CallOptions): Promise<A> => {
  options?.signal?.throwIfAborted()
  const exit = await Effect.runPromiseExit(effect, options)
  if (Exit.isSuccess(exit)) return exit.value
  options?.signal?.throwIfAborted()
  throw Cause.squash(exit.cause)
}
