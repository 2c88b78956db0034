import { Deferred, Effect, Exit, Scope } from "effect"

interface Shared<A> {
  readonly scope: Scope.Closeable
  readonly value: Deferred.Deferred<A>
  readonly closed: Deferred.Deferred<void>
  holders: number
}

/** Gives the value under the key to the scope, made by `make` if nobody holds it yet. */
export type SharedByKey<A> = (
  key: string,
  make: Effect.Effect<A, never, Scope.Scope>
) => Effect.Effect<A, never, Scope.Scope>

/**
 * One value per key for everything in the process, made for its first holder and closed with its last.
 *
 * Unlike an `RcMap`, a value that is being closed is waited for before the next of its key is made: what it saves on
 * closing is there for its successor.
 */
export const sharedByKey = <A>(): SharedByKey<A> => {
  const entries = new Map<string, Shared<A>>()

  const enter = (key: string): readonly [entry: Shared<A>, first: boolean] => {
    const held = entries.get(key)
    if (held !== undefined) {
      if (held.holders > 0) held.holders++
      return [held, false]
    }
    const entry: Shared<A> = {
      scope: Scope.makeUnsafe(),
      value: Deferred.makeUnsafe(),
      closed: Deferred.makeUnsafe(),
      holders: 1
    }
    entries.set(key, entry)
    return [entry, true]
  }

  const acquire = (key: string, make: Effect.Effect<A, never, Scope.Scope>): Effect.Effect<Shared<A>> =>
    Effect.suspend(() => {
      const [entry, first] = enter(key)
      if (first) return Effect.as(Deferred.into(Scope.provide(make, entry.scope), entry.value), entry)
      if (entry.holders > 0) return Effect.succeed(entry)
      return Effect.andThen(Deferred.await(entry.closed), acquire(key, make))
    })

  const release = (key: string, entry: Shared<A>): Effect.Effect<void> =>
    Effect.suspend(() => {
      entry.holders--
      if (entry.holders > 0) return Effect.void
      return Scope.close(entry.scope, Exit.void).pipe(
        Effect.ensuring(
          Effect.sync(() => {
            entries.delete(key)
            Deferred.doneUnsafe(entry.closed, Exit.void)
          })
        )
      )
    })

  return (key, make) =>
    Effect.acquireRelease(acquire(key, make), (entry) => release(key, entry)).pipe(
      Effect.flatMap((entry) => Deferred.await(entry.value))
    )
}
