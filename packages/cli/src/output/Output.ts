import { Context, Effect, Layer } from "effect"
import type { Writable } from "node:stream"
import { CommandError, OutputClosed } from "../failure/Failure.ts"
import { Invocation } from "../Invocation.ts"
import { describeSystemError, systemErrorCode } from "../destination/systemError.ts"

/** Where the command writes. Each write waits until the stream took it, so that a slow reader slows the work down. */
export class Output extends Context.Service<
  Output,
  {
    /** Results, to stdout. Fails with `OutputClosed` when the reader is gone. */
    readonly print: (chunk: string | Uint8Array) => Effect.Effect<void, OutputClosed | CommandError>
    /** Everything else, to stderr; where nobody reads it, it is lost. */
    readonly note: (text: string) => Effect.Effect<void>
  }
>()("callreel/Output") {
  static readonly layer = Layer.effect(
    Output,
    Effect.gen(function* () {
      const { stdout, stderr } = yield* Invocation
      for (const stream of [stdout, stderr]) {
        yield* Effect.acquireRelease(
          Effect.sync(() => stream.on("error", ignoreEvent)),
          () => Effect.sync(() => stream.off("error", ignoreEvent))
        )
      }
      return Output.of({
        print: (chunk) => Effect.mapError(write(stdout, chunk), toFailure),
        note: (text) => Effect.ignore(write(stderr, text))
      })
    })
  )
}

// The callback of the write tells; without a listener the same error would end the process.
const ignoreEvent = (): void => {}

const write = (stream: Writable, chunk: string | Uint8Array): Effect.Effect<void, Error> =>
  Effect.callback((resume) => {
    stream.write(chunk, (error) => {
      if (!(error instanceof Error)) return resume(Effect.void)
      // The stream's error event comes after this callback; by the next turn it has met its listener.
      setImmediate(() => resume(Effect.fail(error)))
    })
  })

const closedCodes = new Set(["EPIPE", "ERR_STREAM_DESTROYED", "ERR_STREAM_WRITE_AFTER_END", "ECONNRESET"])

const toFailure = (error: Error): OutputClosed | CommandError =>
  closedCodes.has(systemErrorCode(error) ?? "")
    ? new OutputClosed()
    : new CommandError({
        reason: "Destination",
        operation: "print",
        detail: `standard output cannot be written: ${describeSystemError(error)}`
      })
