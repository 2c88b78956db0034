import { Effect, Exit, Scope } from "effect"

/**
 * Runs the effect in a scope of its own inside the present one: closed at once when it fails, so that a failed attempt
 * holds no socket while the next one is made; else it lives on with the present one.
 */
export const inChildScope = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R | Scope.Scope> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const child = yield* Scope.fork(yield* Effect.scope)
      return yield* Scope.provide(restore(effect), child).pipe(
        Effect.onExit((exit) => (Exit.isSuccess(exit) ? Effect.void : Scope.close(child, exit)))
      )
    })
  )
