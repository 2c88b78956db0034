import { decode } from "@callreel/transport"
import { Effect, Exit } from "effect"
import type * as t from "io-ts"

/** Decodes as the transport does; throws where the value is not as the codec says. */
export const decoded = <A>(codec: t.Decoder<unknown, A>, value: unknown): A => Effect.runSync(decode(codec, value))

/** The same as a question. */
export const isDecoded =
  (codec: t.Decoder<unknown, unknown>) =>
  (value: unknown): boolean =>
    Exit.isSuccess(Effect.runSyncExit(decode(codec, value)))
