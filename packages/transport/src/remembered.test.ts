import { describe, expect, it } from "@effect/vitest"
import { Deferred, Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { remembered } from "./remembered.ts"

/** Answers 1, 2, 3 …, but fails where `fails` says so. */
const counted = (fails: ReadonlyArray<number> = []) => {
  let asked = 0
  return Effect.suspend(() => {
    asked += 1
    return fails.includes(asked) ? Effect.fail(`failure ${asked}`) : Effect.succeed(asked)
  })
}

describe("remembered", () => {
  it.effect("asks once", () =>
    Effect.gen(function* () {
      const { get } = remembered(counted())
      expect([yield* get, yield* get]).toEqual([1, 1])
    })
  )

  it.effect("asks again after a failure, and keeps the answer then", () =>
    Effect.gen(function* () {
      const { get } = remembered(counted([1]))
      expect(yield* Effect.flip(get)).toBe("failure 1")
      expect([yield* get, yield* get]).toEqual([2, 2])
    })
  )

  it.effect("asks again once the answer's time is over, and when told to forget", () =>
    Effect.gen(function* () {
      const { forget, get } = remembered(counted(), Duration.minutes(5))
      expect(yield* get).toBe(1)
      yield* TestClock.adjust("299 seconds")
      expect(yield* get).toBe(1)
      yield* TestClock.adjust("1 second")
      expect(yield* get).toBe(2)
      yield* forget
      expect(yield* get).toBe(3)
    })
  )

  it.effect("asks for all who wait, and anew after all have left", () =>
    Effect.gen(function* () {
      const opened = yield* Deferred.make<void>()
      const { get } = remembered(Effect.andThen(Deferred.await(opened), counted()))
      const leaving = yield* Effect.forkChild(get)
      yield* Effect.yieldNow
      yield* Fiber.interrupt(leaving)
      const waiting = yield* Effect.forkChild(Effect.all([get, get], { concurrency: 2 }))
      yield* Deferred.succeed(opened, undefined)
      expect(yield* Fiber.join(waiting)).toEqual([1, 1])
    })
  )
})
