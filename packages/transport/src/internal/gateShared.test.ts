import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Scope } from "effect"
import { TestClock } from "effect/testing"
import { sharedByKey } from "./gateShared.ts"

const traced = () => {
  const events: Array<string> = []
  const make = (name: string, opening = 0, closing = 0) =>
    Effect.acquireRelease(
      Effect.sleep(opening).pipe(
        Effect.as(name),
        Effect.tap(() => Effect.sync(() => events.push(`open ${name}`)))
      ),
      () =>
        Effect.andThen(
          Effect.sleep(closing),
          Effect.sync(() => events.push(`close ${name}`))
        )
    )
  return { events, make }
}

describe("sharedByKey", () => {
  it.effect("makes one value for concurrent holders, and closes it with the last, whatever the order", () =>
    Effect.gen(function* () {
      const shared = sharedByKey<string>()
      const { events, make } = traced()
      const first = yield* Scope.make()
      const second = yield* Scope.make()
      const one = yield* Effect.forkChild(Scope.provide(shared("k", make("one", 10)), first))
      const two = yield* Effect.forkChild(Scope.provide(shared("k", make("two", 10)), second))
      yield* TestClock.adjust(10)
      assert.deepStrictEqual([yield* Fiber.join(one), yield* Fiber.join(two)], ["one", "one"])
      yield* Scope.close(first, Exit.void)
      assert.deepStrictEqual(events, ["open one"])
      yield* Scope.close(second, Exit.void)
      assert.deepStrictEqual(events, ["open one", "close one"])
      assert.strictEqual(yield* Effect.scoped(shared("k", make("three"))), "three")
    })
  )

  it.effect("makes the next only when the former has closed", () =>
    Effect.gen(function* () {
      const shared = sharedByKey<string>()
      const { events, make } = traced()
      const scope = yield* Scope.make()
      yield* Scope.provide(shared("k", make("old", 0, 50)), scope)
      const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void))
      yield* TestClock.adjust(10)
      const next = yield* Effect.forkChild(Effect.scoped(shared("k", make("new"))))
      yield* TestClock.adjust(10)
      assert.deepStrictEqual(events, ["open old"])
      yield* TestClock.adjust(40)
      assert.strictEqual(yield* Fiber.join(next), "new")
      yield* Fiber.join(closing)
      assert.deepStrictEqual(events, ["open old", "close old", "open new", "close new"])
    })
  )

  it.effect("a maker that dies leaves nothing behind", () =>
    Effect.gen(function* () {
      const shared = sharedByKey<string>()
      const { make } = traced()
      assert.isTrue(Exit.hasDies(yield* Effect.exit(Effect.scoped(shared("k", Effect.die("broken"))))))
      assert.strictEqual(yield* Effect.scoped(shared("k", make("next"))), "next")
    })
  )
})
