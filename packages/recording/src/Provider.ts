import type { Effect, Scope } from "effect"
import type * as t from "io-ts"
import type { RecordingError } from "./RecordingError.ts"
import type { RecordingSource } from "./RecordingSource.ts"

/**
 * An adapter as programs with a configuration file see it: which provider it is, what its options look like there, and
 * how to make a source of them.
 */
export interface Provider<Options> {
  /** The `provider` of the source in the configuration. */
  readonly provider: string
  /** Codec of the options as the file has them, without `provider`, secrets already `Redacted`. */
  readonly options: t.Decoder<unknown, Options>
  /** Makes the source under its configured name. */
  readonly make: (name: string, options: Options) => Effect.Effect<RecordingSource, RecordingError, Scope.Scope>
}

/** What a configured source's name must look like. */
export const sourceNamePattern = /^[a-z0-9][a-z0-9-]{0,62}$/
