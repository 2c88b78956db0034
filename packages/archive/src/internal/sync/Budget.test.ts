import { describe, expect, it } from "@effect/vitest"
import { Clock, Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { makeBudget } from "./Budget.ts"

const never = () => false

/** Takes in pieces one after another, and says how many milliseconds of test time that took. */
const timeFor = (rate: number, pieces: ReadonlyArray<number>) =>
  Effect.gen(function* () {
    const { received } = yield* makeBudget({ bandwidth: rate }, never)
    const begun = yield* Clock.currentTimeMillis
    const work = Effect.forEach(pieces, received, { discard: true }).pipe(Effect.andThen(Clock.currentTimeMillis))
    const fiber = yield* Effect.forkChild(work)
    yield* TestClock.adjust(Duration.days(365))
    return (yield* Fiber.join(fiber)) - begun
  })

describe("bandwidth", () => {
  it.effect("takes as long as the bytes need at that rate, less the second that may be made up for", () =>
    Effect.gen(function* () {
      expect(yield* timeFor(1000, [])).toBe(0)
      expect(yield* timeFor(1000, [500])).toBe(500)
      expect(yield* timeFor(1000, [500, 500, 4000])).toBe(5000)
      expect(yield* timeFor(1000, [10_000])).toBe(10_000)
    })
  )

  it.effect("never lets more through than the rate allows, however the pieces fall", () =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 100, max: 1_000_000 }),
          fc.array(fc.integer({ min: 1, max: 500_000 }), { maxLength: 30 }),
          async (rate, pieces) => {
            const total = pieces.reduce((sum, piece) => sum + piece, 0)
            const took = await Effect.runPromise(Effect.provide(timeFor(rate, pieces), TestClock.layer()))
            const ideal = (total / rate) * 1000
            // Whole milliseconds, each piece's rounded.
            expect(took).toBeGreaterThanOrEqual(Math.floor(ideal) - pieces.length)
            expect(took).toBeLessThanOrEqual(Math.ceil(ideal) + pieces.length)
          }
        ),
        { numRuns: 50 }
      )
    )
  )

  it.effect("makes up for at most a second in which nothing came", () =>
    Effect.gen(function* () {
      const { received } = yield* makeBudget({ bandwidth: 1000 }, never)
      yield* TestClock.adjust(Duration.minutes(10))
      const fiber = yield* Effect.forkChild(received(3000).pipe(Effect.andThen(Clock.currentTimeMillis)))
      const before = yield* Clock.currentTimeMillis
      yield* TestClock.adjust(Duration.minutes(1))
      expect((yield* Fiber.join(fiber)) - before).toBe(2000)
    })
  )

  it.effect("is shared by all that is under way", () =>
    Effect.gen(function* () {
      const { received } = yield* makeBudget({ bandwidth: 1000 }, never)
      const begun = yield* Clock.currentTimeMillis
      const fiber = yield* Effect.forkChild(
        Effect.forEach([1, 2, 3, 4], () => received(1000), { concurrency: 4, discard: true }).pipe(
          Effect.andThen(Clock.currentTimeMillis)
        )
      )
      yield* TestClock.adjust(Duration.minutes(1))
      expect((yield* Fiber.join(fiber)) - begun).toBe(4000)
    })
  )

  it.effect("without it nothing is held back, and bytes are counted all the same", () =>
    Effect.gen(function* () {
      const budget = yield* makeBudget({}, never)
      yield* Effect.forEach([1, 2, 3], budget.received)
      expect(budget.bytes()).toBe(6)
    })
  )
})

describe("whether more may begin", () => {
  it.effect("goes by the bytes that came", () =>
    Effect.gen(function* () {
      const { mayBegin, received, stopped } = yield* makeBudget({ maxTransfer: 1000 }, never)
      yield* received(999)
      expect(yield* mayBegin).toBe(true)
      yield* received(1)
      expect(stopped()).toBeUndefined()
      expect(yield* mayBegin).toBe(false)
      expect(stopped()).toBe("max-transfer")
    })
  )

  it.effect("goes by the time since it began", () =>
    Effect.gen(function* () {
      yield* TestClock.adjust(Duration.hours(5))
      const { mayBegin, stopped } = yield* makeBudget({ maxDuration: Duration.minutes(1) }, never)
      yield* TestClock.adjust(Duration.millis(59_999))
      expect(yield* mayBegin).toBe(true)
      yield* TestClock.adjust(Duration.millis(1))
      expect(yield* mayBegin).toBe(false)
      expect(stopped()).toBe("max-duration")
    })
  )

  it.effect("goes first by a request from outside", () =>
    Effect.gen(function* () {
      const { mayBegin, received, stopped } = yield* makeBudget({ maxTransfer: 1 }, () => true)
      yield* received(10)
      expect(yield* mayBegin).toBe(false)
      expect(stopped()).toBe("stopped")
    })
  )

  it.effect("is refused for good, for the reason that was there first", () =>
    Effect.gen(function* () {
      let asked = true
      const { mayBegin, stopped } = yield* makeBudget({ maxDuration: Duration.minutes(1) }, () => asked)
      expect(yield* mayBegin).toBe(false)
      asked = false
      yield* TestClock.adjust(Duration.hours(1))
      expect(yield* mayBegin).toBe(false)
      expect(stopped()).toBe("stopped")
    })
  )

  it.effect("is never refused without bounds", () =>
    Effect.gen(function* () {
      const { mayBegin, received, stopped } = yield* makeBudget({}, never)
      yield* received(1e12)
      yield* TestClock.adjust(Duration.days(365))
      expect(yield* mayBegin).toBe(true)
      expect(stopped()).toBeUndefined()
    })
  )

  it.effect("leaves nothing undone where nobody asked", () =>
    Effect.gen(function* () {
      const { received, stopped } = yield* makeBudget({ maxTransfer: 1 }, () => true)
      yield* received(10)
      expect(stopped()).toBeUndefined()
    })
  )
})
