import { Deferred, Effect, Fiber } from "effect"

interface Flight<A, E> {
  readonly outcome: Deferred.Deferred<A, E>
  callers: number
  fiber?: Fiber.Fiber<A, E>
}

/** Runs `effect` for the key, or joins the run of an equal key that is under way. */
export type SingleFlight<K, A, E> = <R>(key: K, effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/**
 * Shares the work of concurrent callers that ask for the same thing: one effect runs, all get its outcome.
 *
 * Nothing is kept once it is over: the next caller starts anew, also after a failure. The work belongs to no caller: one
 * that is interrupted leaves, the others notice nothing; the last one that leaves stops the work and waits until it has
 * stopped. Keys are compared like those of a `Map`.
 *
 * The effect runs with the context (lane, patience) of the caller that came first. So retries and waits for limits
 * belong inside it, and its result must not hang on that caller's scope.
 */
export const singleFlight = <K, A, E = never>(): SingleFlight<K, A, E> => {
  const flights = new Map<K, Flight<A, E>>()

  const land = (key: K, flight: Flight<A, E>): void => {
    if (flights.get(key) === flight) flights.delete(key)
  }

  // One synchronous step: between looking and registering no other caller may come in.
  const board = (key: K): readonly [flight: Flight<A, E>, first: boolean] => {
    const underWay = flights.get(key)
    if (underWay !== undefined) {
      underWay.callers++
      return [underWay, false]
    }
    const flight: Flight<A, E> = { outcome: Deferred.makeUnsafe(), callers: 1 }
    flights.set(key, flight)
    return [flight, true]
  }

  const start = <R>(key: K, flight: Flight<A, E>, effect: Effect.Effect<A, E, R>): Effect.Effect<void, never, R> =>
    Effect.map(Effect.forkDetach(effect), (fiber) => {
      flight.fiber = fiber
      fiber.addObserver((exit) => {
        land(key, flight)
        Deferred.doneUnsafe(flight.outcome, exit)
      })
    })

  const leave = (key: K, flight: Flight<A, E>): Effect.Effect<void> =>
    Effect.suspend(() => {
      flight.callers--
      if (flight.callers > 0 || flight.fiber === undefined) return Effect.void
      // Off the map first: whoever comes while the work is being stopped must not join it.
      land(key, flight)
      return Fiber.interrupt(flight.fiber)
    })

  return (key, effect) =>
    Effect.uninterruptibleMask((restore) =>
      Effect.suspend(() => {
        const [flight, first] = board(key)
        return (first ? start(key, flight, effect) : Effect.void).pipe(
          Effect.andThen(restore(Deferred.await(flight.outcome))),
          Effect.onExit(() => leave(key, flight))
        )
      })
    )
}
