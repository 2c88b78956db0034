/** The bytes of one audio file as a stream that goes on where it broke off. */
import { RetryLimits, Truncated, Unavailable, type Reason } from "@callreel/recording"
import { Cause, Duration, Effect, Exit, Random, Result, Scope, Stream } from "effect"
import type { ReadBody } from "./internal/httpBody.ts"
import { retryDelay } from "./RetryPolicy.ts"

/** A body under way whose first byte is the one asked for. Positions are those in the whole file. */
export interface Segment {
  readonly read: ReadBody
  /** Where the body ends (exclusive), where the answer says so. */
  readonly end: number | undefined
}

/** What a stream delivers, and how it gets on. */
export interface AudioBody {
  /** The first byte to deliver. */
  readonly start: number
  /** Where delivery ends (exclusive), where it is known. */
  readonly end: number | undefined
  /** Whether `end` is the end of the file, so that more bytes are an error and not the part that was not asked for. */
  readonly toFileEnd: boolean
  /** The body that is open already; a second run of the stream opens its own. */
  readonly first: Segment
  readonly closeFirst: Effect.Effect<void>
  /** Opens the file at a position; undefined where the file turns out to end there. */
  readonly reopen: (position: number) => Effect.Effect<Segment | undefined, Reason, Scope.Scope>
  /** Whether the gate waits for the vendor's limits; else they are waited for here. */
  readonly gated: boolean
  /** The scope of the audio: with it every socket closes. */
  readonly scope: Scope.Scope
}

// So much between two failures proves that a resumption was worth it, and the attempts are counted anew.
const progressBytes = 256 * 1024

const isPassing = (reason: Reason): boolean => reason._tag === "Unavailable" || reason._tag === "Truncated"

interface Run {
  segment: Segment | undefined
  close: Effect.Effect<void>
  position: number
  failures: number
  delayed: Duration.Duration
  failedAt: number
}

/** What the reader is told in the end: how much is missing where that is known, else what broke. */
const lasting = (body: AudioBody, run: Run, reason: Reason): Reason =>
  body.end !== undefined && isPassing(reason)
    ? new Truncated({ expected: body.end - body.start, received: run.position - body.start })
    : reason

/** Waits before the next try, or fails where there must be none. */
const bearFailure = Effect.fnUntraced(function* (body: AudioBody, run: Run, reason: Reason) {
  yield* run.close
  run.segment = undefined
  run.close = Effect.void
  if (run.position - run.failedAt >= progressBytes) {
    run.failures = 0
    run.delayed = Duration.zero
  }
  run.failedAt = run.position
  run.failures++
  const limits = yield* RetryLimits
  const asked = retryDelay({ attempt: run.failures, reason, random: yield* Random.next })
  const delay = asked !== undefined && body.gated && reason._tag === "RateLimited" ? Duration.zero : asked
  if (delay === undefined || run.failures >= limits.attempts || body.scope.state._tag === "Closed") {
    return yield* lasting(body, run, reason)
  }
  run.delayed = Duration.sum(run.delayed, delay)
  if (Duration.isGreaterThan(run.delayed, limits.within)) return yield* lasting(body, run, reason)
  yield* Effect.logDebug(`the audio broke off after ${run.position - body.start} bytes: ${reason.message}`)
  yield* Effect.sleep(delay)
})

/** Opens the next body; true where there is none because the file ends here. */
const open = Effect.fnUntraced(function* (body: AudioBody, run: Run, sockets: Scope.Scope) {
  // Without its scope nothing would close the socket again.
  if (body.scope.state._tag === "Closed") return yield* lasting(body, run, new Unavailable({ detail: "it was closed" }))
  const socket = yield* Scope.fork(sockets)
  run.close = Scope.close(socket, Exit.void)
  const opened = yield* Effect.result(Scope.provide(body.reopen(run.position), socket))
  if (Result.isFailure(opened)) {
    yield* bearFailure(body, run, opened.failure)
    return false
  }
  run.segment = opened.success
  return opened.success === undefined
})

/** After the last byte of a body whose length nobody promised, nothing may follow. */
const checkEnd = Effect.fnUntraced(function* (body: AudioBody, run: Run) {
  if (!body.toFileEnd || body.end === undefined || run.segment === undefined || run.segment.end !== undefined)
    return undefined
  const after = yield* Effect.result(run.segment.read)
  const more = Result.isSuccess(after) ? (after.success?.byteLength ?? 0) : 0
  if (more === 0) return undefined
  const expected = body.end - body.start
  return yield* new Truncated({ expected, received: expected + more })
})

type Pulled = readonly [Uint8Array, ...Array<Uint8Array>]

const pull = Effect.fnUntraced(function* (
  body: AudioBody,
  run: Run,
  sockets: Scope.Scope
): Effect.fn.Return<Pulled, Reason | Cause.Done> {
  for (;;) {
    if (body.end !== undefined && run.position >= body.end) {
      yield* checkEnd(body, run)
      yield* run.close
      return yield* Cause.done()
    }
    if (run.segment === undefined) {
      if (yield* open(body, run, sockets)) return yield* Cause.done()
      continue
    }
    const { segment } = run
    const part = yield* Effect.result(segment.read)
    if (Result.isFailure(part)) {
      yield* bearFailure(body, run, part.failure)
    } else if (part.success !== undefined) {
      const bytes = body.end === undefined ? part.success : fitting(body, run, part.success, body.end)
      if (bytes === undefined) {
        const expected = (body.end ?? 0) - body.start
        const received = run.position - body.start + part.success.byteLength
        return yield* new Truncated({ expected, received })
      }
      run.position += bytes.byteLength
      if (bytes.byteLength > 0) return [bytes]
    } else if (body.end === undefined && segment.end === undefined) {
      return yield* Cause.done()
    } else if (segment.end === run.position) {
      // The server sends the file in parts: this one is over, and no failure.
      yield* run.close
      run.segment = undefined
    } else {
      const expected = (body.end ?? segment.end ?? run.position) - body.start
      yield* bearFailure(body, run, new Truncated({ expected, received: run.position - body.start }))
    }
  }
})

/** The bytes up to the end; undefined where the whole file was promised to be shorter. */
const fitting = (body: AudioBody, run: Run, bytes: Uint8Array, end: number): Uint8Array | undefined => {
  if (run.position + bytes.byteLength <= end) return bytes
  return body.toFileEnd ? undefined : bytes.subarray(0, end - run.position)
}

/**
 * The stream of a body that is open. One read for every pull, so that a slow reader slows the server down. When the
 * connection drops or stalls it opens the file again where it broke off, within the attempts of `RetryLimits` (counted
 * anew after 256 KiB), whose time bounds the waits between them. Ending it in any way closes the socket.
 */
export const audioStream = (body: AudioBody): Stream.Stream<Uint8Array, Reason> => {
  let firstIsFree = true
  return Stream.unwrap(
    Effect.gen(function* () {
      const sockets = yield* Effect.acquireRelease(Scope.fork(body.scope), (scope, exit) => Scope.close(scope, exit))
      const takesFirst = firstIsFree
      firstIsFree = false
      if (takesFirst) yield* Effect.addFinalizer(() => body.closeFirst)
      const run: Run = {
        segment: takesFirst ? body.first : undefined,
        close: takesFirst ? body.closeFirst : Effect.void,
        position: body.start,
        failures: 0,
        delayed: Duration.zero,
        failedAt: body.start
      }
      return Stream.fromPull(Effect.succeed(pull(body, run, sockets)))
    })
  )
}
