import { Clock, Duration, Effect, type Fiber, type Scope } from "effect"

interface Alarm {
  readonly at: number
  rung: boolean
  fiber?: Fiber.Fiber<void>
}

/**
 * Sets the one alarm to an instant (epoch milliseconds) instead of the former one; Infinity switches it off. It runs
 * `ring` once, in a fiber of the scope.
 */
export type SetAlarm = (at: number, ring: Effect.Effect<void>) => Effect.Effect<void>

/** An alarm that is off. While it is off, nothing of it keeps the process alive. */
export const alarmIn = (scope: Scope.Scope): SetAlarm => {
  let current: Alarm | undefined

  const cancel = (alarm: Alarm | undefined): void => {
    if (alarm !== undefined && !alarm.rung) alarm.fiber?.interruptUnsafe()
  }

  const wait = (alarm: Alarm, ring: Effect.Effect<void>): Effect.Effect<void> =>
    Clock.currentTimeMillis.pipe(
      Effect.flatMap((now) => Effect.sleep(Duration.millis(Math.max(0, alarm.at - now)))),
      Effect.andThen(
        Effect.suspend(() => {
          if (current !== alarm) return Effect.void
          alarm.rung = true
          current = undefined
          return ring
        })
      )
    )

  return (at, ring) =>
    Effect.suspend(() => {
      if (current?.at === at) return Effect.void
      cancel(current)
      current = undefined
      if (at === Infinity) return Effect.void
      const alarm: Alarm = { at, rung: false }
      current = alarm
      return Effect.map(Effect.forkIn(wait(alarm, ring), scope), (fiber) => {
        alarm.fiber = fiber
        // Somebody may have set another one while this was being forked.
        if (current !== alarm) cancel(alarm)
      })
    })
}
