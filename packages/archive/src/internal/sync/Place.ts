import { Effect, type Semaphore } from "effect"

/**
 * One of the places for fetches at once. It is left as soon as the bytes are in: another fetch begins while they are brought
 * to the disk and into the ledger.
 */
export interface Place {
  /** Waits for a place, where it was left before: for another try. */
  readonly enter: Effect.Effect<void>
  readonly leave: Effect.Effect<void>
}

/** Waits for a place. */
export const takePlace = (places: Semaphore.Semaphore): Effect.Effect<Place> =>
  Effect.map(places.take(1), () => {
    let isTaken = true
    return {
      enter: Effect.suspend(() => {
        if (isTaken) return Effect.void
        return Effect.andThen(
          places.take(1),
          Effect.sync(() => {
            isTaken = true
          })
        )
      }).pipe(Effect.uninterruptible),
      leave: Effect.suspend(() => {
        if (!isTaken) return Effect.void
        isTaken = false
        return Effect.asVoid(places.release(1))
      })
    }
  })
