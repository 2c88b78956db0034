import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { singleFlight } from "./singleFlight.ts"

const counted = <A, E>(work: Effect.Effect<A, E>) => {
  const seen = { started: 0, interrupted: 0 }
  const effect = Effect.suspend(() => {
    seen.started++
    return Effect.onInterrupt(work, () => Effect.sync(() => seen.interrupted++))
  })
  return { seen, effect }
}

describe("singleFlight", () => {
  it.effect("runs once for all concurrent callers of a key, and once per key", () =>
    Effect.gen(function* () {
      const flight = singleFlight<string, number>()
      const { seen, effect } = counted(Effect.as(Effect.sleep(1000), 7))
      const same = yield* Effect.forkChild(
        Effect.all(
          Array.from({ length: 20 }, () => flight("a", effect)),
          { concurrency: "unbounded" }
        )
      )
      const other = yield* Effect.forkChild(flight("b", effect))
      yield* TestClock.adjust(1000)
      assert.deepStrictEqual(
        yield* Fiber.join(same),
        Array.from({ length: 20 }, () => 7)
      )
      assert.strictEqual(yield* Fiber.join(other), 7)
      assert.strictEqual(seen.started, 2)
    })
  )

  it.effect("keeps neither success nor failure", () =>
    Effect.gen(function* () {
      const flight = singleFlight<string, string, string>()
      assert.strictEqual(yield* flight("a", Effect.succeed("one")), "one")
      assert.strictEqual(yield* Effect.flip(flight("a", Effect.fail("broken"))), "broken")
      assert.strictEqual(yield* flight("a", Effect.succeed("two")), "two")
    })
  )

  it.effect("gives a failure to all who wait", () =>
    Effect.gen(function* () {
      const flight = singleFlight<string, never, string>()
      const { seen, effect } = counted(Effect.andThen(Effect.sleep(10), Effect.fail("broken")))
      const fibers = yield* Effect.forEach([1, 2, 3], () => Effect.forkChild(Effect.flip(flight("a", effect))))
      yield* TestClock.adjust(10)
      assert.deepStrictEqual(yield* Effect.forEach(fibers, Fiber.join), ["broken", "broken", "broken"])
      assert.strictEqual(seen.started, 1)
    })
  )

  it.effect("goes on for the others when the first caller is interrupted", () =>
    Effect.gen(function* () {
      const flight = singleFlight<string, number>()
      const { seen, effect } = counted(Effect.as(Effect.sleep(1000), 7))
      const first = yield* Effect.forkChild(flight("a", effect))
      yield* TestClock.adjust(1)
      const second = yield* Effect.forkChild(flight("a", effect))
      yield* TestClock.adjust(1)
      yield* Fiber.interrupt(first)
      yield* TestClock.adjust(1000)
      assert.strictEqual(yield* Fiber.join(second), 7)
      assert.deepStrictEqual(seen, { started: 1, interrupted: 0 })
    })
  )

  it.effect("stops the work when the last caller is interrupted, and starts anew for the next", () =>
    Effect.gen(function* () {
      const flight = singleFlight<string, number>()
      const stopping = yield* Deferred.make<void>()
      const { seen, effect } = counted(Effect.onInterrupt(Effect.never, () => Deferred.await(stopping)))
      const fibers = yield* Effect.forEach([1, 2], () => Effect.forkChild(flight("a", effect)))
      yield* TestClock.adjust(1)
      const interrupting = yield* Effect.forkChild(Fiber.interruptAll(fibers))
      yield* TestClock.adjust(1)
      // The old work is still cleaning up; a newcomer must not be caught by its end.
      const newcomer = yield* Effect.forkChild(flight("a", Effect.as(Effect.sleep(5), 8)))
      yield* TestClock.adjust(5)
      assert.strictEqual(yield* Fiber.join(newcomer), 8)
      yield* Deferred.succeed(stopping, undefined)
      yield* Fiber.join(interrupting)
      assert.deepStrictEqual(seen, { started: 1, interrupted: 1 })
      const exits = yield* Effect.forEach(fibers, Fiber.await)
      assert.isTrue(exits.every(Exit.hasInterrupts))
    })
  )

  it.effect("a caller interrupted before the work began leaves nothing behind", () =>
    Effect.gen(function* () {
      const flight = singleFlight<string, number>()
      const first = yield* Effect.forkChild(flight("a", Effect.succeed(1)), { startImmediately: true })
      yield* Fiber.interrupt(first)
      assert.strictEqual(yield* flight("a", Effect.succeed(2)), 2)
    })
  )
})
