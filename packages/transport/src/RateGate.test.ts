import { assert, describe, it } from "@effect/vitest"
import { Lane, type LaneName, MaxWait, WaitListener } from "@callreel/recording"
import { Clock, Duration, Effect, Exit, Fiber, Scope } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { type RateGate, rateGate, type RateGateOptions } from "./RateGate.ts"
import { memoryStore, StateStorage } from "./StateStore.ts"

const seconds = Duration.seconds
const tenAMinute = { heavy: { requests: 10, window: seconds(60) } }

/** A gate with a store of its own, so that no test goes on where another one stopped. */
const freshGate = (options: Partial<RateGateOptions> = {}) =>
  rateGate({ key: "test", groups: tenAMinute, ...options }).pipe(Effect.provideServiceEffect(StateStorage, memoryStore))

/** Requests that note when they started and ended, by name. */
const journal = () => {
  const started: Array<readonly [name: string, at: number]> = []
  const spans: Array<{ readonly start: number; readonly end: number }> = []
  const request = (name: string, latency = 0) =>
    Effect.gen(function* () {
      const start = yield* Clock.currentTimeMillis
      started.push([name, start])
      yield* Effect.sleep(latency).pipe(
        Effect.onExit(() => Effect.map(Clock.currentTimeMillis, (end) => spans.push({ start, end })))
      )
      return name
    })
  return {
    started,
    spans,
    request,
    names: () => started.map(([name]) => name),
    times: () => started.map(([, at]) => at)
  }
}

const inLane = (lane: LaneName) => Effect.provideService(Lane, lane)
const range = (count: number) => Array.from({ length: count }, (_, index) => index)

interface Plan {
  readonly at: number
  readonly latency: number
  readonly lane: LaneName
  readonly interruptAfter: number | undefined
}

const plans = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 300 }),
    latency: fc.integer({ min: 0, max: 80 }),
    lane: fc.constantFrom<LaneName>("bulk", "interactive"),
    interruptAfter: fc.option(fc.integer({ min: 0, max: 200 }), { nil: undefined, freq: 3 })
  }),
  { minLength: 1, maxLength: 40 }
)

/** The most requests that a vendor can have counted in one window, wherever between start and end it counted each. */
const worstWindow = (spans: ReadonlyArray<{ readonly start: number; readonly end: number }>, window: number): number =>
  Math.max(
    0,
    ...spans.map(({ end: from }) => spans.filter(({ start, end }) => start < from + window && end >= from).length)
  )

describe("limits", () => {
  it("are never exceeded in any window, and nobody is lost, whatever comes when and leaves when", () =>
    fc.assert(
      fc.asyncProperty(
        plans,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 8 }),
        (all, requests, concurrency) =>
          Effect.gen(function* () {
            const { request, spans } = journal()
            const gate = yield* freshGate({
              groups: { heavy: { requests, window: Duration.millis(100) } },
              concurrency
            })
            const run = Effect.fnUntraced(function* (plan: Plan) {
              yield* Effect.sleep(plan.at)
              const work = yield* Effect.forkChild(inLane(plan.lane)(gate.run("heavy", request("", plan.latency))))
              if (plan.interruptAfter === undefined) return yield* Fiber.join(work)
              yield* Effect.sleep(plan.interruptAfter)
              yield* Fiber.interrupt(work)
              return "interrupted"
            })
            const fibers = yield* Effect.forEach(all, (plan) => Effect.forkChild(run(plan)))
            yield* TestClock.adjust(300 + 40 * 300)
            const stuck = fibers.filter((fiber) => fiber.pollUnsafe() === undefined)
            assert.strictEqual(stuck.length, 0)
            assert.isAtMost(worstWindow(spans, 100), requests)
            for (const { start } of spans) {
              assert.isAtMost(spans.filter((other) => other.start <= start && other.end > start).length, concurrency)
            }
          }).pipe(Effect.scoped, Effect.provide(TestClock.layer()), Effect.runPromise)
      ),
      { numRuns: 60 }
    ))

  it.effect(
    "are used in full: the reserve aside, a burst takes the window at once and the rest as places come free",
    () =>
      Effect.gen(function* () {
        const { request, times } = journal()
        const gate = yield* freshGate()
        const fibers = yield* Effect.forEach(range(20), () => Effect.forkChild(gate.run("heavy", request("", 2000))))
        yield* TestClock.adjust(seconds(200))
        yield* Effect.forEach(fibers, Fiber.join)
        const nine = (at: number) => range(9).map(() => at)
        // Ended after 2 s, so their places are free a minute after that.
        assert.deepStrictEqual(times(), [...nine(0), ...nine(62_000), 124_000, 124_000])
      })
  )

  it.effect("of one group do not hold up another; unknown ones hold up nobody", () =>
    Effect.gen(function* () {
      const { request, times } = journal()
      const gate = yield* freshGate({ groups: { ...tenAMinute, light: undefined }, concurrency: 100 })
      yield* Effect.forkChild(Effect.forEach(range(30), () => gate.run("heavy", Effect.void), { concurrency: 30 }))
      yield* TestClock.adjust(1)
      yield* Effect.forEach(range(30), () => gate.run("light", request("")), { concurrency: 30 })
      assert.deepStrictEqual(
        times(),
        range(30).map(() => 1)
      )
    })
  )

  it.effect("are counted for requests that fail, too", () =>
    Effect.gen(function* () {
      const gate = yield* freshGate({ groups: { heavy: { requests: 1, window: seconds(60) } } })
      assert.strictEqual(yield* Effect.flip(gate.run("heavy", Effect.fail("broken"))), "broken")
      const next = yield* Effect.forkChild(gate.run("heavy", Clock.currentTimeMillis))
      yield* TestClock.adjust(seconds(60))
      assert.strictEqual(yield* Fiber.join(next), 60_000)
    })
  )

  it.effect("show in `limits`", () =>
    Effect.gen(function* () {
      const gate = yield* freshGate({ groups: { ...tenAMinute, light: undefined, auth: undefined } })
      yield* gate.run("heavy", Effect.void)
      yield* TestClock.adjust(seconds(10))
      yield* gate.run("light", gate.observe("light", { limit: 100, remaining: 7, resetsAfter: seconds(30) }))
      assert.deepStrictEqual(yield* gate.limits, [
        { group: "heavy", limit: 10, remaining: 9, resetsInSeconds: 50 },
        { group: "light", limit: 100, remaining: 7, resetsInSeconds: 31 }
      ])
      yield* gate.penalize("heavy", seconds(600))
      const [heavy] = yield* gate.limits
      assert.strictEqual(heavy?.remaining, 0)
      assert.isAtLeast(heavy?.resetsInSeconds ?? 0, 600)
    })
  )
})

describe("concurrency", () => {
  it.effect("bounds what is in flight, of all groups together", () =>
    Effect.gen(function* () {
      const { request, times } = journal()
      const gate = yield* freshGate({ groups: {}, concurrency: 2 })
      const groups = ["a", "b", "c", "d", "e"]
      yield* Effect.forkChild(Effect.forEach(groups, (group) => gate.run(group, request("", 10)), { concurrency: 5 }))
      yield* TestClock.adjust(100)
      assert.deepStrictEqual(times(), [0, 0, 10, 10, 20])
    })
  )

  it.effect("does not lock up where a request contains another", () =>
    Effect.gen(function* () {
      const gate = yield* freshGate({ concurrency: 1 })
      assert.strictEqual(yield* gate.run("heavy", gate.run("auth", gate.run("heavy", Effect.succeed(1)))), 1)
    })
  )

  it.effect("waiting for it is no wait for a limit", () =>
    Effect.gen(function* () {
      const gate = yield* freshGate({ concurrency: 1 })
      yield* Effect.forkChild(gate.run("heavy", Effect.sleep(5000)))
      const patient = yield* gate
        .run("heavy", Effect.succeed(1))
        .pipe(Effect.provideService(MaxWait, Duration.zero), Effect.forkChild)
      yield* TestClock.adjust(5000)
      assert.strictEqual(yield* Fiber.join(patient), 1)
    })
  )
})

describe("lanes", () => {
  const served = Effect.fnUntraced(function* (
    gate: RateGate,
    entries: ReadonlyArray<readonly [string, LaneName | undefined]>
  ) {
    const { names, request } = journal()
    for (const [name, lane] of entries) {
      yield* gate.run("heavy", request(name)).pipe(Effect.provideService(Lane, lane), Effect.forkChild)
      yield* TestClock.adjust(1)
    }
    yield* TestClock.adjust(seconds(600))
    return names().join(" ")
  })

  it.effect("interactive goes before bulk, each lane in order of arrival; no lane means bulk", () =>
    Effect.gen(function* () {
      const gate = yield* freshGate({ groups: { heavy: { requests: 1, window: seconds(1) } } })
      yield* gate.run("heavy", Effect.void)
      const order = yield* served(gate, [
        ["b1", "bulk"],
        ["b2", undefined],
        ["i1", "interactive"],
        ["b3", "bulk"],
        ["i2", "interactive"]
      ])
      assert.strictEqual(order, "i1 i2 b1 b2 b3")
    })
  )

  it.effect("places in flight go to interactive of any group first, by arrival", () =>
    Effect.gen(function* () {
      const { names, request } = journal()
      const gate = yield* freshGate({ groups: {}, concurrency: 1 })
      yield* Effect.forkChild(gate.run("z", Effect.sleep(100)))
      yield* TestClock.adjust(1)
      for (const [name, lane] of [
        ["a", "bulk"],
        ["b", "interactive"],
        ["c", "bulk"],
        ["d", "interactive"]
      ] as const) {
        yield* Effect.forkChild(inLane(lane)(gate.run(`group ${name}`, request(name, 10))))
        yield* TestClock.adjust(1)
      }
      yield* TestClock.adjust(200)
      assert.strictEqual(names().join(" "), "b d a c")
    })
  )

  it.effect("bulk leaves the reserve free, so that a person never waits behind a migration", () =>
    Effect.gen(function* () {
      const { request, times } = journal()
      const gate = yield* freshGate({ groups: { heavy: { requests: 20, window: seconds(60) } }, concurrency: 100 })
      yield* Effect.forkChild(Effect.forEach(range(50), () => gate.run("heavy", Effect.void), { concurrency: 50 }))
      yield* TestClock.adjust(seconds(30))
      yield* Effect.forEach(range(2), () => inLane("interactive")(gate.run("heavy", request(""))))
      assert.deepStrictEqual(times(), [30_000, 30_000])
    })
  )

  it.effect("bulk loses no more than interactive uses", () =>
    Effect.gen(function* () {
      const { request, started } = journal()
      const gate = yield* freshGate()
      yield* Effect.forEach(range(3), () => inLane("interactive")(gate.run("heavy", request("i"))))
      yield* Effect.forkChild(Effect.forEach(range(9), () => gate.run("heavy", request("b")), { concurrency: 9 }))
      yield* TestClock.adjust(seconds(59))
      assert.strictEqual(started.filter(([name]) => name === "b").length, 7)
      yield* TestClock.adjust(seconds(1))
      assert.strictEqual(started.length, 12)
    })
  )
})

describe("interrupted waiters", () => {
  it.effect("free their place in the queue, and cost nothing", () =>
    Effect.gen(function* () {
      const { request, started } = journal()
      const gate = yield* freshGate({ groups: { heavy: { requests: 1, window: seconds(1) } } })
      yield* gate.run("heavy", Effect.void)
      const waiters = yield* Effect.forEach(range(10), (index) =>
        Effect.forkChild(gate.run("heavy", request(`w${index}`)))
      )
      yield* TestClock.adjust(100)
      yield* Fiber.interruptAll(waiters.filter((_, index) => index % 3 !== 0))
      yield* TestClock.adjust(seconds(4))
      assert.deepStrictEqual(started, [
        ["w0", 1000],
        ["w3", 2000],
        ["w6", 3000],
        ["w9", 4000]
      ])
    })
  )

  it.effect("give back at once a place that they were given and had not used yet", () =>
    Effect.gen(function* () {
      const gate = yield* freshGate({ groups: { heavy: { requests: 1, window: seconds(60) } } })
      yield* gate.run("heavy", Effect.void)
      const busy = yield* gate.run("heavy", Effect.void).pipe(
        Effect.provideService(WaitListener, () => Effect.never),
        Effect.forkChild
      )
      const next = yield* Effect.forkChild(gate.run("heavy", Clock.currentTimeMillis))
      yield* TestClock.adjust(seconds(70))
      yield* Fiber.interrupt(busy)
      assert.strictEqual(yield* Fiber.join(next), 70_000)
    })
  )

  it.effect("a request interrupted in flight still counts", () =>
    Effect.gen(function* () {
      const gate = yield* freshGate({ groups: { heavy: { requests: 1, window: seconds(1) } } })
      const first = yield* Effect.forkChild(gate.run("heavy", Effect.never))
      yield* TestClock.adjust(300)
      yield* Fiber.interrupt(first)
      const next = yield* Effect.forkChild(gate.run("heavy", Clock.currentTimeMillis))
      yield* TestClock.adjust(seconds(2))
      assert.strictEqual(yield* Fiber.join(next), 1300)
    })
  )
})

describe("one gate per key", () => {
  it.effect("everything that holds the key shares it; another key is another gate", () =>
    Effect.gen(function* () {
      const options = { key: "shared", groups: { heavy: { requests: 1, window: seconds(60) } } }
      const one = yield* rateGate(options)
      const two = yield* rateGate(options)
      const other = yield* rateGate({ ...options, key: "not shared" })
      yield* one.run("heavy", Effect.void)
      yield* other.run("heavy", Effect.void)
      const error = yield* Effect.flip(
        two.run("heavy", Effect.void).pipe(Effect.provideService(MaxWait, Duration.zero))
      )
      assert.deepStrictEqual(error.retryAfter, seconds(60))
    }).pipe(Effect.provideServiceEffect(StateStorage, memoryStore))
  )

  it.effect("lives as long as its last holder, and then those who wait are interrupted", () =>
    Effect.gen(function* () {
      const options = { key: "counted", groups: { heavy: { requests: 1, window: seconds(60) } } }
      const first = yield* Scope.make()
      const second = yield* Scope.make()
      const gate = yield* Scope.provide(rateGate(options), first)
      yield* Scope.provide(rateGate(options), second)
      yield* gate.run("heavy", Effect.void)
      const waiting = yield* Effect.forkChild(gate.run("heavy", Effect.void))
      yield* TestClock.adjust(seconds(1))
      yield* Scope.close(first, Exit.void)
      assert.isUndefined(waiting.pollUnsafe())
      yield* Scope.close(second, Exit.void)
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(waiting)))
      assert.isTrue(Exit.hasInterrupts(yield* Effect.exit(gate.run("heavy", Effect.void))))
    }).pipe(Effect.provideServiceEffect(StateStorage, memoryStore))
  )
})
