import type { Reason } from "@callreel/recording"
import { Effect, type Duration } from "effect"
import { fromThrown, stalled } from "../HttpError.ts"
import type { BodyBytes } from "./httpExchange.ts"

/** Who sent the body, and how patient to be with it. */
export interface BodyContext {
  readonly host: string
  readonly optionName: string
  readonly idleTimeout: Duration.Duration
}

/** A body under way: the next bytes, or undefined at its end. Nothing is read before it is asked for. */
export type ReadBody = Effect.Effect<Uint8Array | undefined, Reason>

/** Reads the body piece by piece. Whoever opened the answer closes it. */
export const bodyReader = (body: BodyBytes | undefined, context: BodyContext): ReadBody =>
  body === undefined
    ? Effect.undefined
    : Effect.tryPromise({
        try: () => body.read(),
        catch: (error) => fromThrown(error, context.host, context.optionName)
      }).pipe(
        Effect.timeoutOrElse({
          duration: context.idleTimeout,
          orElse: () => Effect.fail(stalled(context.host, context.idleTimeout))
        }),
        Effect.map(({ done, value }) => (done ? undefined : value))
      )

/** The first `limit` bytes of a body, and whether there was more. */
export const readUpTo = Effect.fnUntraced(function* (read: ReadBody, limit: number) {
  const parts: Array<Uint8Array> = []
  let size = 0
  let part = yield* read
  while (part !== undefined && size < limit) {
    parts.push(part)
    size += part.byteLength
    if (size < limit) part = yield* read
  }
  return { bytes: joined(parts, Math.min(size, limit)), more: size > limit }
})

const joined = (parts: ReadonlyArray<Uint8Array>, size: number): Uint8Array => {
  const bytes = new Uint8Array(size)
  let position = 0
  for (const part of parts) {
    bytes.set(part.subarray(0, size - position), position)
    position += part.byteLength
  }
  return bytes
}
