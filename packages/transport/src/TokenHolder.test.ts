import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Lane, type LaneName, type Reason, Unauthorized, Unavailable } from "@callreel/recording"
import { Cause, Duration, Effect, Exit, Fiber, Formatter, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { rateGate } from "./RateGate.ts"
import { memoryStore, StateStorage, type StateStore } from "./StateStore.ts"
import { fixedToken, type MintedToken, tokenHolder } from "./TokenHolder.ts"

const hour = Duration.hours(1)
const secret = (number: number) => `s3cret-${number}`
const unavailable = new Unavailable({ detail: "the vendor did not answer" })

/** Mints s3cret-1, s3cret-2, …, each a second after it was asked for, or fails while `failure` is set. */
const makeMint = (life: Duration.Duration = hour) => {
  const seen: { count: number; interrupted: number; failure?: Reason; lane?: LaneName | undefined } = {
    count: 0,
    interrupted: 0
  }
  const mint = Effect.gen(function* () {
    seen.count++
    const number = seen.count
    seen.lane = yield* Lane
    yield* Effect.sleep(1000).pipe(Effect.onInterrupt(() => Effect.sync(() => seen.interrupted++)))
    if (seen.failure !== undefined) return yield* seen.failure
    const minted: MintedToken = {
      value: Redacted.make(secret(number)),
      expiresIn: life,
      extra: { owner: `o${number}` }
    }
    return minted
  })
  return { seen, mint }
}

const ownStore = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.provideServiceEffect(effect, StateStorage, memoryStore)

/** Runs to its end while the clock goes on for so long. */
const during = Effect.fnUntraced(function* <A, E, R>(effect: Effect.Effect<A, E, R>, time: Duration.Input = 1000) {
  const fiber = yield* Effect.forkChild(effect)
  yield* TestClock.adjust(time)
  return yield* Fiber.join(fiber)
})
const reveal = Effect.map((token: Redacted.Redacted<string>) => Redacted.value(token))

describe("tokenHolder", () => {
  it.effect("mints when first asked, once for all, and not before", () =>
    Effect.gen(function* () {
      const { seen, mint } = makeMint()
      const holder = yield* tokenHolder({ key: "once", mint })
      yield* TestClock.adjust(5000)
      assert.strictEqual(seen.count, 0)
      const all = Effect.all(
        Array.from({ length: 50 }, () => reveal(holder.current)),
        { concurrency: "unbounded" }
      )
      const tokens = yield* during(all)
      assert.deepStrictEqual(new Set(tokens), new Set([secret(1)]))
      assert.strictEqual(yield* reveal(holder.current), secret(1))
      assert.deepStrictEqual(yield* holder.extra, { owner: "o1" })
      assert.strictEqual(seen.count, 1)
      assert.strictEqual(seen.lane, "interactive")
    }).pipe(ownStore)
  )

  it.effect.each([
    ["a minute before the end of an hour", hour, undefined, 3540],
    ["as long before as asked", hour, Duration.minutes(5), 3300],
    ["never more than a tenth of its life before", Duration.seconds(100), undefined, 90]
  ] as const)("renews %s", ([_title, life, renewBefore, afterSeconds]) =>
    Effect.gen(function* () {
      const { seen, mint } = makeMint(life)
      const options = { key: "early", mint, ...(renewBefore === undefined ? {} : { renewBefore }) }
      const holder = yield* tokenHolder(options)
      yield* during(holder.current)
      yield* TestClock.adjust(Duration.seconds(afterSeconds - 1))
      assert.strictEqual(yield* reveal(holder.current), secret(1))
      yield* TestClock.adjust(1000)
      assert.strictEqual(yield* during(reveal(holder.current)), secret(2))
      assert.strictEqual(seen.count, 2)
    }).pipe(ownStore)
  )

  it.effect("a first caller that is interrupted neither fails nor hangs the others", () =>
    Effect.gen(function* () {
      const { seen, mint } = makeMint()
      const holder = yield* tokenHolder({ key: "interrupted", mint })
      const first = yield* Effect.forkChild(holder.current)
      yield* TestClock.adjust(100)
      const second = yield* Effect.forkChild(reveal(holder.current))
      yield* TestClock.adjust(100)
      yield* Fiber.interrupt(first)
      yield* TestClock.adjust(1000)
      assert.strictEqual(yield* Fiber.join(second), secret(1))
      assert.deepStrictEqual([seen.count, seen.interrupted], [1, 0])
    }).pipe(ownStore)
  )

  it.effect("a failed mint is told to all who wait, and tried again by the next", () =>
    Effect.gen(function* () {
      const { seen, mint } = makeMint()
      seen.failure = unavailable
      const holder = yield* tokenHolder({ key: "failing", mint })
      const both = Effect.all([Effect.flip(holder.current), Effect.flip(holder.current)], { concurrency: 2 })
      assert.deepStrictEqual(yield* during(both), [unavailable, unavailable])
      delete seen.failure
      assert.strictEqual(yield* during(reveal(holder.current)), secret(2))
    }).pipe(ownStore)
  )

  it.effect("a refused token is renewed once for all who were refused; whoever comes late gets the new one", () =>
    Effect.gen(function* () {
      const { seen, mint } = makeMint()
      const holder = yield* tokenHolder({ key: "refused", mint })
      const old = yield* during(holder.current)
      const renewals = Effect.all([reveal(holder.renew(old)), reveal(holder.renew(old)), reveal(holder.current)], {
        concurrency: 3
      })
      assert.deepStrictEqual(yield* during(renewals), [secret(2), secret(2), secret(2)])
      assert.strictEqual(yield* reveal(holder.renew(old)), secret(2))
      assert.strictEqual(seen.count, 2)
    }).pipe(ownStore)
  )

  it.effect("goes on with a token that still works while the vendor cannot mint, but not past its end", () =>
    Effect.gen(function* () {
      const { seen, mint } = makeMint()
      const holder = yield* tokenHolder({ key: "make do", mint })
      yield* during(holder.current)
      seen.failure = unavailable
      yield* TestClock.adjust(Duration.seconds(3550))
      assert.strictEqual(yield* during(reveal(holder.current)), secret(1))
      // Not tried again at once.
      assert.strictEqual(yield* reveal(holder.current), secret(1))
      assert.strictEqual(seen.count, 2)
      yield* TestClock.adjust(Duration.seconds(50))
      assert.strictEqual(yield* during(Effect.flip(holder.current)), unavailable)
    }).pipe(ownStore)
  )

  it.effect("does not go on with one that was refused meanwhile", () =>
    Effect.gen(function* () {
      const { seen, mint } = makeMint()
      const holder = yield* tokenHolder({ key: "refused meanwhile", mint })
      const old = yield* during(holder.current)
      seen.failure = unavailable
      yield* TestClock.adjust(Duration.seconds(3550))
      const renewing = yield* Effect.forkChild(Effect.flip(holder.current))
      yield* TestClock.adjust(100)
      const refused = yield* Effect.forkChild(Effect.flip(holder.renew(old)))
      yield* TestClock.adjust(5000)
      assert.strictEqual(yield* Fiber.join(renewing), unavailable)
      assert.strictEqual(yield* Fiber.join(refused), unavailable)
    }).pipe(ownStore)
  )

  it.effect("fails at once when the vendor refuses to renew", () =>
    Effect.gen(function* () {
      const { seen, mint } = makeMint()
      const holder = yield* tokenHolder({ key: "revoked", mint })
      yield* during(holder.current)
      seen.failure = new Unauthorized({ detail: "the client secret was refused" })
      yield* TestClock.adjust(Duration.seconds(3550))
      assert.strictEqual(yield* during(Effect.flip(holder.current)), seen.failure)
    }).pipe(ownStore)
  )

  it.effect("is shared by all holders of the key", () =>
    Effect.gen(function* () {
      const { seen, mint } = makeMint()
      const one = yield* tokenHolder({ key: "same", mint })
      const two = yield* tokenHolder({ key: "same", mint })
      yield* during(Effect.all([one.current, two.current], { concurrency: 2 }))
      assert.strictEqual(seen.count, 1)
    }).pipe(ownStore)
  )

  it.effect("is minted even when everybody at the gate waits for it", () =>
    Effect.gen(function* () {
      const { mint } = makeMint()
      const gate = yield* rateGate({ key: "token gate", groups: {}, concurrency: 2 })
      const holder = yield* tokenHolder({ key: "behind the gate", mint: gate.run("auth", mint) })
      const inside = gate.run("heavy", reveal(holder.current))
      const all = Effect.all([reveal(holder.current), inside, inside, inside], { concurrency: 4 })
      assert.deepStrictEqual(yield* during(all, 5000), [secret(1), secret(1), secret(1), secret(1)])
    }).pipe(ownStore)
  )
})

describe("the next run", () => {
  const run = (mint: Effect.Effect<MintedToken, Reason>) =>
    Effect.scoped(Effect.flatMap(tokenHolder({ key: "runs", mint }), (holder) => reveal(holder.current)))

  it.effect("takes the stored token while it need not be renewed", () =>
    Effect.gen(function* () {
      const { seen, mint } = makeMint()
      assert.strictEqual(yield* during(run(mint)), secret(1))
      yield* TestClock.adjust(Duration.seconds(3539))
      assert.strictEqual(yield* run(mint), secret(1))
      yield* TestClock.adjust(1000)
      assert.strictEqual(yield* during(run(mint)), secret(2))
      assert.strictEqual(seen.count, 2)
    }).pipe(ownStore)
  )

  it.effect("takes what another process has renewed instead of minting, but not what was refused", () =>
    Effect.gen(function* () {
      const { seen, mint } = makeMint()
      const store = yield* StateStorage
      const holder = yield* tokenHolder({ key: "runs", mint })
      const old = yield* during(holder.current)
      const entry = { kind: "token", version: 1, extra: {}, renewAt: 1e7, expiresAt: 1e7 }
      yield* store.modify("runs", () => ({ ...entry, value: "theirs" }))
      const theirs = yield* holder.renew(old)
      assert.strictEqual(Redacted.value(theirs), "theirs")
      assert.strictEqual(seen.count, 1)
      assert.strictEqual(yield* during(reveal(holder.renew(theirs))), secret(2))
    }).pipe(ownStore)
  )

  it.effect.each([
    ["text", "s3cret-0"],
    ["no token", { kind: "token", version: 1, value: "", extra: {}, renewAt: 1e7, expiresAt: 1e7 }],
    ["an old one", { kind: "token", version: 1, value: "s3cret-0", extra: {}, renewAt: 0, expiresAt: 0 }],
    ["a number", { kind: "token", version: 1, value: 5, extra: {}, renewAt: 1e7, expiresAt: 1e7 }],
    ["a later version", { kind: "token", version: 2, value: "s3cret-0", extra: {}, renewAt: 1e7, expiresAt: 1e7 }]
  ] as const)("ignores garbage: %s", ([_title, stored]) =>
    Effect.gen(function* () {
      const { mint } = makeMint()
      const store = yield* StateStorage
      yield* store.modify("runs", () => stored)
      assert.strictEqual(yield* during(run(mint)), secret(1))
    }).pipe(ownStore)
  )

  it.effect("does not fail when the store does", () =>
    Effect.gen(function* () {
      const broken: StateStore = { read: () => Effect.die("disk"), modify: () => Effect.die("disk") }
      const { mint } = makeMint()
      assert.strictEqual(yield* during(run(mint).pipe(Effect.provideService(StateStorage, broken))), secret(1))
    })
  )
})

describe("fixedToken", () => {
  it.effect("gives its token, and is at its end when that is refused", () =>
    Effect.gen(function* () {
      const value = Redacted.make(secret(0))
      const holder = fixedToken(value)
      assert.strictEqual(yield* holder.current, value)
      assert.instanceOf(yield* Effect.flip(holder.renew(value)), Unauthorized)
    })
  )
})

describe("secrecy", () => {
  it.effect("no token shows in anything that can be printed", () =>
    Effect.gen(function* () {
      const { seen, mint } = makeMint()
      const store = yield* StateStorage
      const minting = yield* tokenHolder({ key: "secret", mint })
      const token = yield* during(minting.current)
      seen.failure = unavailable
      const failed = yield* during(Effect.exit(minting.renew(token)))
      const fixed = fixedToken(token)
      const refused = yield* Effect.exit(fixed.renew(token))
      const causes = [failed, refused].flatMap((exit) => (Exit.isFailure(exit) ? [Cause.pretty(exit.cause)] : []))
      assert.strictEqual(causes.length, 2)
      const stored = yield* Effect.scoped(
        Effect.flatMap(tokenHolder({ key: "secret", mint }), ({ current }) => current)
      )
      for (const shown of [minting, token, stored, failed, refused, fixed, store, causes]) {
        const printed = [
          inspect(shown, { depth: 20, showHidden: true }),
          JSON.stringify(shown),
          Formatter.format(shown)
        ].join("\n")
        assert.notInclude(printed, "s3cret")
      }
      assert.strictEqual(Redacted.value(token), secret(1))
    }).pipe(ownStore)
  )
})
