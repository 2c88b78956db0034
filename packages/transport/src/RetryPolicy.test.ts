import { assert, describe, it } from "@effect/vitest"
import {
  Forbidden,
  Gone,
  InvalidOptions,
  InvalidQuery,
  InvalidResponse,
  MaxWait,
  NotFound,
  Pending,
  RateLimited,
  type Reason,
  RetryLimits,
  Truncated,
  Unauthorized,
  Unavailable,
  Unsupported
} from "@callreel/recording"
import { Clock, Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { WaitRefused } from "./internal/gateWait.ts"
import { rateGate } from "./RateGate.ts"
import { parseRetryAfter, retryDelay, retrying } from "./RetryPolicy.ts"
import { memoryStore, StateStorage } from "./StateStore.ts"

const detail = "it broke"
const unavailable = new Unavailable({ detail })
const seconds = Duration.seconds

describe("retryDelay", () => {
  it.each<readonly [title: string, reason: Reason, attempt: number, random: number, millis: number | undefined]>([
    ["the first, least", unavailable, 1, 0, 250],
    ["the first, most", unavailable, 1, 1, 500],
    ["doubles", unavailable, 2, 1, 1000],
    ["doubles again", unavailable, 3, 0.5, 1500],
    ["is capped", unavailable, 20, 1, 30_000],
    ["is capped before the jitter", unavailable, 2000, 0, 15_000],
    ["Retry-After wins, longer", new Unavailable({ detail, retryAfter: seconds(90) }), 1, 0.3, 90_000],
    ["Retry-After wins, shorter", new Unavailable({ detail, retryAfter: Duration.zero }), 5, 0.3, 0],
    ["truncated", new Truncated({ expected: 2, received: 1 }), 1, 1, 500],
    ["the vendor's limit", new RateLimited({ retryAfter: seconds(60) }), 1, 0.5, 60_000],
    ["the caller's patience", new WaitRefused({ retryAfter: seconds(60) }), 1, 0.5, undefined],
    ["not found", new NotFound({ what: "x" }), 1, 0, undefined],
    ["pending", new Pending({ retryAt: new Date(0), detail }), 1, 0, undefined],
    ["gone", new Gone({ why: "deleted", detail }), 1, 0, undefined],
    ["unauthorized", new Unauthorized({ detail }), 1, 0, undefined],
    ["forbidden", new Forbidden({ detail }), 1, 0, undefined],
    ["an invalid answer", new InvalidResponse({ path: "", detail }), 1, 0, undefined],
    ["an invalid query", new InvalidQuery({ field: "from", detail }), 1, 0, undefined],
    ["unsupported", new Unsupported({ capability: "link" }), 1, 0, undefined],
    ["invalid options", new InvalidOptions({ option: "baseUrl", detail }), 1, 0, undefined]
  ])("%s", (_title, reason, attempt, random, millis) => {
    const delay = retryDelay({ attempt, reason, random })
    assert.strictEqual(delay && Duration.toMillis(delay), millis)
  })
})

describe("retrying", () => {
  /** Fails so often, noting when it ran. */
  const failing = (times: number, reason: Reason) => {
    const runs: Array<number> = []
    const effect = Effect.gen(function* () {
      runs.push(yield* Clock.currentTimeMillis)
      if (runs.length <= times) return yield* reason
      return "done"
    })
    return { runs, effect }
  }
  const finished = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>, time = 600) {
    const fiber = yield* Effect.forkChild(Effect.exit(effect))
    yield* TestClock.adjust(seconds(time))
    return yield* yield* Fiber.join(fiber)
  })
  const limits = (attempts: number, within: Duration.Duration) =>
    Effect.provideService(RetryLimits, { attempts, within })

  it.effect("goes on until it succeeds", () =>
    Effect.gen(function* () {
      const { runs, effect } = failing(3, unavailable)
      assert.strictEqual(yield* finished(retrying(effect)), "done")
      const [first = 0, second = 0, third = 0, fourth = 0] = runs
      assert.strictEqual(first, 0)
      for (const [pause, most] of [
        [second - first, 500],
        [third - second, 1000],
        [fourth - third, 2000]
      ] as const) {
        assert.isAtMost(pause, most)
        assert.isAtLeast(pause, most / 2)
      }
    })
  )

  it.effect.each([
    ["4 attempts by default", 4, undefined],
    ["as many as allowed", 6, { attempts: 6, within: seconds(600) }],
    ["once only", 1, { attempts: 1, within: seconds(600) }]
  ] as const)("stops after %s, with the last failure", ([_title, attempts, allowed]) =>
    Effect.gen(function* () {
      const { runs, effect } = failing(100, unavailable)
      const bounded =
        allowed === undefined ? retrying(effect) : limits(allowed.attempts, allowed.within)(retrying(effect))
      assert.strictEqual(yield* Effect.flip(finished(bounded)), unavailable)
      assert.strictEqual(runs.length, attempts)
    })
  )

  it.effect("does not begin what would come too late", () =>
    Effect.gen(function* () {
      const patient = failing(100, new Unavailable({ detail, retryAfter: seconds(8) }))
      yield* Effect.flip(finished(retrying(patient.effect)))
      assert.deepStrictEqual(patient.runs, [0, 8000, 16_000])
      const hopeless = failing(100, new Unavailable({ detail, retryAfter: seconds(21) }))
      yield* Effect.flip(finished(retrying(hopeless.effect)))
      assert.strictEqual(hopeless.runs.length, 1)
    })
  )

  it.effect("does not retry what will not mend itself", () =>
    Effect.gen(function* () {
      const { runs, effect } = failing(100, new NotFound({ what: "x" }))
      yield* Effect.flip(finished(retrying(effect)))
      assert.strictEqual(runs.length, 1)
    })
  )

  it.effect("does not begin again with what one inside it has given up on, as the mint of a token", () =>
    Effect.gen(function* () {
      const runs: Array<number> = []
      const mint = Effect.flatMap(Clock.currentTimeMillis, (now) => {
        runs.push(now)
        return Effect.fail(new Unavailable({ detail }))
      })
      const error = yield* Effect.flip(finished(retrying(retrying(retrying(mint)))))
      assert.strictEqual(error._tag, "Unavailable")
      assert.strictEqual(runs.length, 4)
    })
  )

  const withGate = Effect.provideServiceEffect(StateStorage, memoryStore)

  it.effect("leaves waiting for the vendor's limit to the gate, outside its own time", () =>
    Effect.gen(function* () {
      const gate = yield* rateGate({ key: "retrying", groups: {} })
      const { runs, effect } = failing(3, new RateLimited({ retryAfter: seconds(60) }))
      const request = Effect.tapError(effect, () => gate.penalize("heavy", seconds(60)))
      assert.strictEqual(yield* finished(retrying(gate.run("heavy", request))), "done")
      const gaps = runs.slice(1).map((at, index) => at - (runs[index] ?? 0))
      assert.strictEqual(gaps.length, 3)
      for (const gap of gaps) assert.isTrue(gap >= 60_000 && gap <= 66_001)
    }).pipe(withGate)
  )

  it.effect("counts only its own time where both happen", () =>
    Effect.gen(function* () {
      const gate = yield* rateGate({ key: "retrying", groups: { heavy: { requests: 1, window: seconds(15) } } })
      const { runs, effect } = failing(3, new Unavailable({ detail, retryAfter: seconds(5) }))
      assert.strictEqual(yield* finished(retrying(gate.run("heavy", effect))), "done")
      assert.deepStrictEqual(runs, [0, 15_000, 30_000, 45_000])
    }).pipe(withGate)
  )

  it.effect("is over at once when the caller does not want to wait for the limit", () =>
    Effect.gen(function* () {
      const gate = yield* rateGate({ key: "retrying", groups: {} })
      const { runs, effect } = failing(100, new RateLimited({ retryAfter: seconds(60) }))
      const request = Effect.tapError(effect, () => gate.penalize("heavy", seconds(60)))
      const impatient = retrying(gate.run("heavy", request)).pipe(Effect.provideService(MaxWait, seconds(30)))
      const error = yield* Effect.flip(impatient)
      assert.instanceOf(error, RateLimited)
      assert.isAtLeast(Duration.toSeconds(error.retryAfter), 60)
      assert.strictEqual(runs.length, 1)
      assert.strictEqual(yield* Clock.currentTimeMillis, 0)
    }).pipe(withGate)
  )

  it.effect("reports waits outwards where one is inside another", () =>
    Effect.gen(function* () {
      const gate = yield* rateGate({ key: "retrying", groups: { heavy: { requests: 1, window: seconds(60) } } })
      const { runs, effect } = failing(2, unavailable)
      const inner = retrying(gate.run("heavy", Effect.void))
      assert.strictEqual(yield* finished(retrying(Effect.andThen(inner, effect))), "done")
      assert.strictEqual(runs.length, 3)
    }).pipe(withGate)
  )
})

describe("parseRetryAfter", () => {
  const now = new Date("1994-11-06T08:49:00Z")

  it.each<readonly [header: string | null, millis: number | undefined]>([
    ["120", 120_000],
    [" 5 ", 5000],
    ["0", 0],
    ["1.5", 1500],
    ["Sun, 06 Nov 1994 08:49:37 GMT", 37_000],
    ["Sunday, 06-Nov-94 08:49:37 GMT", 37_000],
    ["Sun Nov  6 08:49:37 1994", 37_000],
    ["Sun, 06 Nov 1994 08:49:00 GMT", 0],
    ["Sun, 06 Nov 1994 08:48:59 GMT", undefined],
    ["86400", 86_400_000],
    ["99999999999999999999999", 86_400_000],
    ["Sun, 06 Nov 2094 08:49:37 GMT", 86_400_000],
    ["-5", undefined],
    ["", undefined],
    [null, undefined],
    ["soon", undefined],
    ["1e3", undefined],
    ["0x10", undefined],
    ["5 seconds", undefined],
    ["Infinity", undefined],
    ["1994", 1_994_000],
    ["1994-11-06T08:49:37Z", undefined],
    ["Sun, 99 Nov 1994 08:49:37 GMT", undefined]
  ])("%j: %j ms", (header, millis) => {
    const wait = parseRetryAfter(header, now)
    assert.strictEqual(wait && Duration.toMillis(wait), millis)
  })
})
