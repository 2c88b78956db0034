import { Cause, Deferred, Effect, Exit, Fiber, Scope } from "effect"
import { describe, expect, it } from "vitest"
import { makeBatches } from "./batches.ts"

type Batch = ReadonlyArray<number>

/** A writer that writes nothing before it may, and fails batches that have one of these numbers. */
const heldWriter = (failing: ReadonlyArray<number> = []) => {
  const begun: Array<Batch> = []
  const gates: Array<Deferred.Deferred<void>> = []
  const write = (items: Batch): Effect.Effect<void, string> =>
    Effect.suspend(() => {
      const gate = Deferred.makeUnsafe<void>()
      begun.push(items)
      gates.push(gate)
      return items.some((item) => failing.includes(item))
        ? Effect.andThen(Deferred.await(gate), Effect.fail(`not ${items.join(", ")}`))
        : Deferred.await(gate)
    })
  const finish = (batch: number) =>
    Effect.suspend(() => {
      const gate = gates[batch]
      return gate === undefined ? Effect.die(`batch ${batch} was not begun`) : Deferred.succeed(gate, undefined)
    })
  return { begun, write, finish }
}

/** All that can go on has gone on. */
const settle = Effect.forEach(Array.from({ length: 20 }), () => Effect.yieldNow, { discard: true })

const run = <A, E>(effect: Effect.Effect<A, E, Scope.Scope>): Promise<A> => Effect.runPromise(Effect.scoped(effect))

describe("batches", () => {
  it("hold what was handed in while one was written, and let each caller wait for its own", () =>
    run(
      Effect.gen(function* () {
        const { begun, finish, write } = heldWriter()
        const put = yield* makeBatches(write)
        const first = yield* Effect.forkChild(put(1))
        yield* settle
        const rest = yield* Effect.forEach([2, 3, 4], (item) => Effect.forkChild(put(item)))
        yield* settle
        expect(begun).toStrictEqual([[1]])
        yield* finish(0)
        yield* Fiber.join(first)
        yield* settle
        expect(begun).toStrictEqual([[1], [2, 3, 4]])
        expect(rest.map((fiber) => fiber.pollUnsafe())).toStrictEqual([undefined, undefined, undefined])
        yield* finish(1)
        yield* Effect.forEach(rest, Fiber.join)
      })
    ))

  it("have at most 500 items each, and lose none", () =>
    run(
      Effect.gen(function* () {
        const written: Array<Batch> = []
        const put = yield* makeBatches((items: Batch) =>
          Effect.andThen(
            Effect.yieldNow,
            Effect.sync(() => {
              written.push(items)
            })
          )
        )
        const items = Array.from({ length: 1700 }, (_, index) => index)
        yield* Effect.forEach(items, put, { concurrency: "unbounded", discard: true })
        expect(written.flat()).toStrictEqual(items)
        expect(Math.max(...written.map(({ length }) => length))).toBe(500)
        expect(written.length).toBeLessThan(10)
      })
    ))

  it("that fail, fail for each caller in them and for nobody else", () =>
    run(
      Effect.gen(function* () {
        const { finish, write } = heldWriter([3])
        const put = yield* makeBatches(write)
        const first = yield* Effect.forkChild(put(1))
        yield* settle
        const second = yield* Effect.forEach([2, 3], (item) => Effect.forkChild(put(item)))
        yield* settle
        yield* finish(0)
        yield* settle
        const third = yield* Effect.forkChild(put(4))
        yield* finish(1)
        yield* settle
        yield* finish(2)
        yield* Fiber.join(first)
        expect(yield* Effect.forEach(second, (fiber) => Effect.flip(Fiber.join(fiber)))).toStrictEqual([
          "not 2, 3",
          "not 2, 3"
        ])
        yield* Fiber.join(third)
      })
    ))

  it("go on after a defect", () =>
    run(
      Effect.gen(function* () {
        const put = yield* makeBatches((items: Batch) => (items.includes(1) ? Effect.die("broken") : Effect.void))
        const exit = yield* Effect.exit(put(1))
        expect(Exit.isFailure(exit) && Cause.hasDies(exit.cause)).toBe(true)
        yield* put(2)
      })
    ))

  it("are written for the others when a caller is interrupted, and with its item", () =>
    run(
      Effect.gen(function* () {
        const { begun, finish, write } = heldWriter()
        const put = yield* makeBatches(write)
        yield* Effect.forkChild(put(1))
        yield* settle
        const [second, third] = [yield* Effect.forkChild(put(2)), yield* Effect.forkChild(put(3))]
        yield* settle
        yield* Fiber.interrupt(second)
        yield* finish(0)
        yield* settle
        expect(begun).toStrictEqual([[1], [2, 3]])
        yield* finish(1)
        yield* Fiber.join(third)
      })
    ))

  it("are all written before the scope is closed; whoever comes later is interrupted", () =>
    run(
      Effect.gen(function* () {
        const { begun, finish, write } = heldWriter()
        const scope = yield* Scope.make()
        const put = yield* Scope.provide(makeBatches(write), scope)
        const first = yield* Effect.forkChild(put(1))
        yield* settle
        const rest = yield* Effect.forEach([2, 3], (item) => Effect.forkChild(put(item)))
        yield* settle
        const closing = yield* Effect.forkChild(Scope.close(scope, Exit.void))
        yield* settle
        const late = yield* Effect.exit(put(4))
        expect(Exit.isFailure(late) && Cause.hasInterruptsOnly(late.cause)).toBe(true)
        expect(closing.pollUnsafe()).toBeUndefined()
        yield* finish(0)
        yield* settle
        expect(closing.pollUnsafe()).toBeUndefined()
        yield* finish(1)
        yield* Fiber.join(closing)
        yield* Effect.forEach([first, ...rest], Fiber.join)
        expect(begun).toStrictEqual([[1], [2, 3]])
      })
    ))

  it("that were never asked for close at once", () => run(Effect.asVoid(makeBatches(() => Effect.void))))
})
