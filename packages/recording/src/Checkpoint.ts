import * as t from "io-ts"

/**
 * Where `changes` stopped: JSON, safe to store for months, opaque to everybody but the adapter that made it.
 *
 * `version` is the adapter's version of `state`, so that an adapter can read what an older release stored.
 */
export interface Checkpoint {
  readonly provider: string
  readonly version: number
  readonly state: unknown
}

/** JSON codec of {@link Checkpoint}. */
export const Checkpoint: t.Type<Checkpoint, Checkpoint, unknown> = t.readonly(
  t.type({ provider: t.string, version: t.number, state: t.unknown }),
  "Checkpoint"
)
