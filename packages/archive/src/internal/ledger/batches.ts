import { type Cause, Deferred, Effect, Fiber, Queue, type Scope } from "effect"

/** Most items of one batch. */
const most = 500

/**
 * Group commit: items that are handed in while a batch is being written go together into the next one. Each caller goes on
 * when the batch with its item is written, or fails with it; whether a caller still waits does not matter to the others.
 *
 * The scope closes when all that was handed in is written. Who comes later is interrupted.
 */
export const makeBatches = <A, E>(
  write: (items: readonly [A, ...Array<A>]) => Effect.Effect<void, E>
): Effect.Effect<(item: A) => Effect.Effect<void, E>, never, Scope.Scope> =>
  Effect.gen(function* () {
    const queue = yield* Queue.make<Waiting<A, E>, Cause.Done>()
    const writeNext = Effect.gen(function* () {
      const [first, ...rest] = yield* Queue.takeBetween(queue, 1, most)
      if (first === undefined) return
      const exit = yield* Effect.exit(write([first.item, ...rest.map(({ item }) => item)]))
      for (const { written } of [first, ...rest]) Deferred.doneUnsafe(written, exit)
      // Those that go on now may have more: it goes into one batch.
      yield* Effect.yieldNow
    })
    const writer = yield* Effect.forkDetach(Effect.ignore(Effect.forever(writeNext)))
    yield* Effect.addFinalizer(() => Effect.andThen(Queue.end(queue), Fiber.await(writer)))
    return (item) =>
      Effect.suspend(() => {
        const written = Deferred.makeUnsafe<void, E>()
        return Queue.offerUnsafe(queue, { item, written }) ? Deferred.await(written) : Effect.interrupt
      })
  })

interface Waiting<A, E> {
  readonly item: A
  readonly written: Deferred.Deferred<void, E>
}
