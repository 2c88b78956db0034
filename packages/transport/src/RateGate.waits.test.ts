import { assert, describe, it } from "@effect/vitest"
import { Lane, MaxWait, RateLimited, WaitListener, type WaitNotice } from "@callreel/recording"
import { Clock, Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { rateGate, type RateGateOptions } from "./RateGate.ts"
import { memoryStore, StateStorage } from "./StateStore.ts"

const seconds = Duration.seconds
const tenAMinute = { heavy: { requests: 10, window: seconds(60) } }
const range = (count: number) => Array.from({ length: count }, (_, index) => index)
const interactive = Effect.provideService(Lane, "interactive")

/** A gate with a store of its own, so that no test goes on where another one stopped. */
const freshGate = (options: Partial<RateGateOptions> = {}) =>
  rateGate({ key: "test", groups: tenAMinute, ...options }).pipe(Effect.provideServiceEffect(StateStorage, memoryStore))

/** Requests that note when they started. */
const journal = () => {
  const times: Array<number> = []
  return { times, request: Effect.map(Clock.currentTimeMillis, (now) => void times.push(now)) }
}

describe("penalties", () => {
  it("nothing of the group starts during one, and all goes on after the longest with its jitter", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ at: fc.integer({ min: 0, max: 5000 }), wait: fc.integer({ min: 0, max: 5000 }) }), {
          maxLength: 5
        }),
        fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 20 }),
        (penalties, arrivals) =>
          Effect.gen(function* () {
            const { request, times } = journal()
            const gate = yield* freshGate({ groups: {} })
            for (const { at, wait } of penalties) {
              yield* Effect.forkChild(Effect.delay(gate.penalize("heavy", Duration.millis(wait)), at))
            }
            yield* TestClock.adjust(0)
            yield* Effect.forEach(arrivals, (at) => Effect.forkChild(Effect.delay(gate.run("heavy", request), at)))
            yield* TestClock.adjust(20_000)
            assert.strictEqual(times.length, arrivals.length)
            for (const start of times) {
              assert.isTrue(penalties.every(({ at, wait }) => start < at || start >= at + wait + 10))
            }
            const latest = Math.max(0, ...penalties.map(({ at, wait }) => at + Math.max(10, wait * 1.1)))
            assert.isAtMost(Math.max(...times), Math.max(latest + 1, ...arrivals))
          }).pipe(Effect.scoped, Effect.provide(TestClock.layer()), Effect.runPromise)
      ),
      { numRuns: 60 }
    ))

  it.effect("set inside a request, holds back those who wait for its place", () =>
    Effect.gen(function* () {
      const { request, times } = journal()
      const gate = yield* freshGate({ concurrency: 1 })
      yield* Effect.forkChild(gate.run("heavy", Effect.andThen(Effect.sleep(10), gate.penalize("heavy", seconds(60)))))
      yield* Effect.forkChild(gate.run("heavy", request))
      yield* TestClock.adjust(seconds(60))
      assert.deepStrictEqual(times, [])
      yield* TestClock.adjust(seconds(7))
      assert.strictEqual(times.length, 1)
    })
  )
})

describe("quotas", () => {
  it.effect("let no more out than the vendor says is left, and go on after the reset", () =>
    Effect.gen(function* () {
      const { request, times } = journal()
      const gate = yield* freshGate({ groups: { api: undefined }, interactiveReserve: 0 })
      yield* gate.run("api", gate.observe("api", { limit: 100, remaining: 3, resetsAfter: seconds(600) }))
      const fibers = yield* Effect.forEach(range(8), () => Effect.forkChild(gate.run("api", request)))
      yield* TestClock.adjust(seconds(600))
      assert.deepStrictEqual(times, [0, 0, 0])
      // The vendor's seconds may be rounded down, so one is added.
      yield* TestClock.adjust(seconds(1))
      yield* Effect.forEach(fibers, Fiber.join)
      assert.deepStrictEqual(
        times.slice(3),
        range(5).map(() => 601_000)
      )
    })
  )

  it.effect("that others have used up block until the reset", () =>
    Effect.gen(function* () {
      const gate = yield* freshGate({ groups: { api: undefined } })
      yield* gate.run("api", gate.observe("api", { remaining: 0, resetsAfter: seconds(30) }))
      const next = yield* Effect.forkChild(interactive(gate.run("api", Clock.currentTimeMillis)))
      yield* TestClock.adjust(seconds(40))
      assert.strictEqual(yield* Fiber.join(next), 31_000)
    })
  )

  it.effect("learned sliding limits replace documented ones", () =>
    Effect.gen(function* () {
      const { request, times } = journal()
      const gate = yield* freshGate({ interactiveReserve: 0 })
      yield* gate.run("heavy", gate.observe("heavy", { limit: 3, remaining: 2, window: seconds(10) }))
      yield* Effect.forkChild(Effect.forEach(range(5), () => gate.run("heavy", request), { concurrency: 5 }))
      yield* TestClock.adjust(seconds(30))
      assert.deepStrictEqual(times, [0, 0, 10_000, 10_000, 10_000])
    })
  )
})

describe("patience", () => {
  const full = Effect.gen(function* () {
    const gate = yield* freshGate()
    yield* Effect.forEach(range(10), () => interactive(gate.run("heavy", Effect.void)))
    yield* TestClock.adjust(seconds(15))
    return gate
  })
  const within = (wait: Duration.Duration) => Effect.provideService(MaxWait, wait)

  it.effect("a known wait beyond MaxWait fails at once, telling the wait", () =>
    Effect.gen(function* () {
      const gate = yield* full
      const error = yield* Effect.flip(within(seconds(44))(gate.run("heavy", Effect.void)))
      assert.instanceOf(error, RateLimited)
      assert.deepStrictEqual(error.retryAfter, seconds(45))
      assert.strictEqual(error.group, "heavy")
      assert.strictEqual(yield* Clock.currentTimeMillis, 15_000)
    })
  )

  it.effect("one that suffices waits", () =>
    Effect.gen(function* () {
      const gate = yield* full
      const fiber = yield* Effect.forkChild(within(seconds(45))(gate.run("heavy", Clock.currentTimeMillis)))
      yield* TestClock.adjust(seconds(45))
      assert.strictEqual(yield* Fiber.join(fiber), 60_000)
    })
  )

  it.effect("counts those ahead, and a penalty that comes while waiting", () =>
    Effect.gen(function* () {
      const gate = yield* full
      yield* Effect.forkChild(Effect.forEach(range(9), () => gate.run("heavy", Effect.void), { concurrency: 9 }))
      yield* TestClock.adjust(0)
      const error = yield* Effect.flip(within(seconds(104))(gate.run("heavy", Effect.void)))
      assert.deepStrictEqual(error.retryAfter, seconds(105))
      const waiting = yield* Effect.forkChild(Effect.flip(within(seconds(106))(gate.run("heavy", Effect.void))))
      yield* TestClock.adjust(seconds(20))
      yield* gate.penalize("heavy", seconds(100))
      assert.isAtLeast(Duration.toSeconds((yield* Fiber.join(waiting)).retryAfter), 100)
      assert.strictEqual(yield* Clock.currentTimeMillis, 35_000)
    })
  )

  it.effect("whoever cannot wait any more makes room for those behind", () =>
    Effect.gen(function* () {
      const gate = yield* freshGate({ groups: { heavy: { requests: 1, window: seconds(60) } } })
      yield* gate.run("heavy", Effect.void)
      const first = yield* Effect.forkChild(Effect.flip(within(seconds(70))(gate.run("heavy", Effect.void))))
      const second = yield* Effect.forkChild(within(seconds(130))(gate.run("heavy", Clock.currentTimeMillis)))
      yield* TestClock.adjust(1)
      yield* gate.penalize("heavy", seconds(80))
      assert.isAtLeast(Duration.toSeconds((yield* Fiber.join(first)).retryAfter), 80)
      yield* TestClock.adjust(seconds(130))
      assert.isBelow(yield* Fiber.join(second), 89_000)
    })
  )

  it.effect("whoever waits on answers that do not come fails when its time is over, not later", () =>
    Effect.gen(function* () {
      const gate = yield* freshGate({ groups: { heavy: { requests: 1, window: seconds(10) } } })
      yield* Effect.forkChild(gate.run("heavy", Effect.never))
      yield* TestClock.adjust(0)
      const waiting = yield* Effect.forkChild(Effect.flip(within(seconds(30))(gate.run("heavy", Effect.void))))
      yield* TestClock.adjust(seconds(29))
      assert.isUndefined(waiting.pollUnsafe())
      yield* TestClock.adjust(seconds(1))
      assert.deepStrictEqual((yield* Fiber.join(waiting)).retryAfter, seconds(10))
    })
  )

  it.effect("waits longer than a second are told before they begin, and when they grow", () =>
    Effect.gen(function* () {
      const gate = yield* full
      const notices: Array<readonly [number, WaitNotice]> = []
      const listener = (notice: WaitNotice) =>
        Effect.map(Clock.currentTimeMillis, (now) => void notices.push([now, notice]))
      const told = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provideService(effect, WaitListener, listener)
      yield* Effect.forkChild(told(gate.run("heavy", Effect.void)))
      yield* TestClock.adjust(seconds(10))
      assert.deepStrictEqual(notices, [[15_000, { group: "heavy", duration: seconds(45) }]])
      yield* gate.penalize("heavy", seconds(100))
      yield* TestClock.adjust(seconds(120))
      assert.strictEqual(notices.length, 2)
      assert.isAtLeast(Duration.toSeconds(notices[1]?.[1].duration ?? Duration.zero), 100)
      yield* gate.penalize("heavy", Duration.millis(900))
      yield* Effect.forkChild(told(gate.run("heavy", Effect.void)))
      yield* TestClock.adjust(seconds(1))
      assert.strictEqual(notices.length, 2)
    })
  )
})
