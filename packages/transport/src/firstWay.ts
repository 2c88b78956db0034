/** Several ways to one audio file: each is checked, the next is tried, and doubtful rounds are repeated. */
import { type Audio, type Reason, Unavailable, Unsupported } from "@callreel/recording"
import { Effect, type Scope, Stream } from "effect"
import { inChildScope } from "./internal/httpScope.ts"
import { isContentFailure } from "./internal/mediaContent.ts"
import { retrying } from "./RetryPolicy.ts"

/** One way to the audio of a recording. */
export interface Way {
  readonly name: string
  readonly open: Effect.Effect<Audio<Reason>, Reason, Scope.Scope>
  /** Whether the next way is tried after this reason; default: after every one but `RateLimited`. */
  readonly fallsThrough?: (reason: Reason) => boolean
}

type Opening = Effect.Effect<Audio<Reason>, Reason, Scope.Scope>

/**
 * Tries the ways in order and gives the audio of the first that opens; when none does, the last reason stands. Each way
 * that failed is closed before the next is tried.
 *
 * Where a way breaks off for good while it is read, the next goes on from there. Where a way's answer had wrong content (an error page, a wrong size), the whole round is repeated within
 * `RetryLimits`: going straight to the next way is faster than insisting on a bad one.
 */
export const firstWay = (ways: ReadonlyArray<Way>): Opening =>
  retrying(round(ways, false)).pipe(
    Effect.mapError((reason) => (reason instanceof DoubtfulRound ? reason.lasting : reason)),
    Effect.flatMap((outcome) => (outcome instanceof Settled ? Effect.fail(outcome.reason) : Effect.succeed(outcome)))
  )

/** A round that failed, with content in it that may be better the next time. */
class DoubtfulRound extends Unavailable {
  readonly lasting: Reason
  constructor(lasting: Reason) {
    super({ detail: "no way gave the audio" })
    this.lasting = lasting
  }
}

/** A round that failed for reasons which each way has retried already. */
class Settled {
  readonly reason: Reason
  constructor(reason: Reason) {
    this.reason = reason
  }
}

const round = (
  ways: ReadonlyArray<Way>,
  doubtful: boolean
): Effect.Effect<Audio<Reason> | Settled, DoubtfulRound, Scope.Scope> => {
  const [way, ...others] = ways
  if (way === undefined) return Effect.succeed(new Settled(new Unsupported({ capability: "audio" })))
  const afterFailure = (reason: Reason) => {
    const inDoubt = doubtful || isContentFailure(reason)
    const fallsThrough = way.fallsThrough?.(reason) ?? reason._tag !== "RateLimited"
    if (fallsThrough && others.length > 0) {
      return Effect.andThen(Effect.logDebug(`no audio by ${way.name}: ${reason.message}`), round(others, inDoubt))
    }
    return inDoubt ? Effect.fail(new DoubtfulRound(reason)) : Effect.succeed(new Settled(reason))
  }
  return inChildScope(way.open).pipe(
    Effect.map((audio) => (others.length === 0 ? audio : goingOn(audio, others))),
    Effect.catch(afterFailure)
  )
}

/**
 * The audio, going on by the other ways where this one keeps breaking off. Both must promise the same number of bytes:
 * the same file, or the same part of it.
 */
const goingOn = (audio: Audio<Reason>, others: ReadonlyArray<Way>): Audio<Reason> => ({
  ...audio,
  stream: Stream.suspend(() => {
    let delivered = 0
    const rest = (reason: Reason): Stream.Stream<Uint8Array, Reason> =>
      Stream.unwrap(
        Effect.map(
          // What broke off may be repeated, whatever the other ways say of themselves.
          Effect.mapError(firstWay(others), () => reason),
          (other) =>
            audio.bytes !== undefined && other.bytes === audio.bytes
              ? withoutFirst(other.stream, delivered)
              : Stream.fail(reason)
        )
      )
    return audio.stream.pipe(
      Stream.tap((bytes) => Effect.sync(() => void (delivered += bytes.length))),
      Stream.catchIf((reason) => reason._tag === "Truncated" || reason._tag === "Unavailable", rest)
    )
  })
})

/** A stream of bytes without its first ones. */
const withoutFirst = <E>(stream: Stream.Stream<Uint8Array, E>, bytes: number): Stream.Stream<Uint8Array, E> =>
  Stream.suspend(() => {
    let left = bytes
    return stream.pipe(
      Stream.map((chunk) => {
        const rest = chunk.subarray(Math.min(left, chunk.length))
        left -= chunk.length - rest.length
        return rest
      }),
      Stream.filter((chunk) => chunk.length > 0)
    )
  })
