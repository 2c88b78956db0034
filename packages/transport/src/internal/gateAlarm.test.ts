import { assert, describe, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import { alarmIn } from "./gateAlarm.ts"

const makeAlarm = Effect.gen(function* () {
  const set = alarmIn(yield* Effect.scope)
  const rings: Array<number> = []
  const ring = Effect.map(Clock.currentTimeMillis, (now) => void rings.push(now))
  return { rings, set: (at: number) => set(at, ring) }
})

describe("alarm", () => {
  it.effect("rings once, at the instant set last, sooner or later than before", () =>
    Effect.gen(function* () {
      const { rings, set } = yield* makeAlarm
      yield* set(100)
      yield* set(10)
      yield* TestClock.adjust(50)
      assert.deepStrictEqual(rings, [10])
      yield* set(100)
      yield* set(300)
      yield* TestClock.adjust(500)
      assert.deepStrictEqual(rings, [10, 300])
    })
  )

  it.effect("can be set from its own ring", () =>
    Effect.gen(function* () {
      const set = alarmIn(yield* Effect.scope)
      const rings: Array<number> = []
      const ring: Effect.Effect<void> = Effect.flatMap(Clock.currentTimeMillis, (now) => {
        rings.push(now)
        return set(rings.length < 3 ? now + 10 : Infinity, ring)
      })
      yield* set(10, ring)
      yield* TestClock.adjust(100)
      assert.deepStrictEqual(rings, [10, 20, 30])
    })
  )

  it.effect("leaves no sleeper behind when it is moved or switched off", () =>
    Effect.gen(function* () {
      const sleepers = { begun: 0, interrupted: 0 }
      const sleep = () =>
        Effect.suspend(() => {
          sleepers.begun++
          return Effect.onInterrupt(Effect.never, () => Effect.sync(() => sleepers.interrupted++))
        })
      const clock: Clock.Clock = {
        currentTimeMillisUnsafe: () => 0,
        currentTimeMillis: Effect.succeed(0),
        currentTimeNanosUnsafe: () => 0n,
        currentTimeNanos: Effect.succeed(0n),
        monotonicTimeNanosUnsafe: () => 0n,
        monotonicTimeNanos: Effect.succeed(0n),
        sleep
      }
      const { set } = yield* makeAlarm
      yield* Effect.gen(function* () {
        for (const at of [100, 100, 50, Infinity]) {
          yield* set(at)
          yield* Effect.yieldNow
        }
      }).pipe(Effect.provideService(Clock.Clock, clock))
      yield* TestClock.adjust(1)
      assert.deepStrictEqual(sleepers, { begun: 2, interrupted: 2 })
    })
  )
})
