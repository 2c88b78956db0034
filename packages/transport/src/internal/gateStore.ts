import { Effect } from "effect"
import { StateStorage, type StateStore } from "../StateStore.ts"

/** The store of the context, with defects of a faulty implementation turned into "nothing stored". */
export const currentStore: Effect.Effect<StateStore> = Effect.map(StateStorage, (store) => ({
  read: (key) =>
    store
      .read(key)
      .pipe(
        Effect.catchDefect(() => Effect.as(Effect.logDebug("state store: a read failed and was left out"), undefined))
      ),
  modify: (key, f) =>
    store.modify(key, f).pipe(Effect.catchDefect(() => Effect.logDebug("state store: a write failed and was left out")))
}))
