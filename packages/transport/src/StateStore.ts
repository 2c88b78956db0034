import { Context, Effect } from "effect"

/**
 * What survives between runs of the process: small JSON values under keys (tokens, the recent history of rate gates).
 *
 * Values are secrets as far as the store is concerned. A store never fails: one that cannot read answers undefined, one
 * that cannot write drops the value, for no request may fail because something could not be remembered.
 */
export interface StateStore {
  /** The JSON value under the key, or undefined. */
  readonly read: (key: string) => Effect.Effect<unknown>
  /** Replaces the value atomically (under the store's lock) by what `f` makes of the current one. `f` must be pure. */
  readonly modify: (key: string, f: (current: unknown) => unknown) => Effect.Effect<void>
}

const makeMemoryStore = (): StateStore => {
  const values = new Map<string, unknown>()
  return {
    read: (key) => Effect.sync(() => values.get(key)),
    modify: (key, f) =>
      Effect.sync(() => {
        values.set(key, f(values.get(key)))
      })
  }
}

/** A new, empty store that lives as long as it is referenced. */
export const memoryStore: Effect.Effect<StateStore> = Effect.sync(makeMemoryStore)

/** The store that gates and token holders use; unset, one memory store shared by the whole process. */
export const StateStorage = Context.Reference<StateStore>("@callreel/transport/StateStorage", {
  defaultValue: makeMemoryStore
})
