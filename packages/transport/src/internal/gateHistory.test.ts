import { assert, describe, it } from "@effect/vitest"
import { MaxWait } from "@callreel/recording"
import { Clock, Duration, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { rateGate } from "../RateGate.ts"
import { memoryStore, StateStorage, type StateStore } from "../StateStore.ts"
import { decodeHistory, encodeHistory, mergeGroup } from "./gateHistory.ts"
import { type Admission, emptyGroup, type GroupState, type Quota } from "./gateState.ts"

const minute = 60_000
const day = 86_400_000
const learned = { requests: 5, windowMillis: minute, learnedAt: 0 }
const quota: Quota = {
  earliestReset: 90_000,
  latestReset: 92_000,
  learnedAt: 0,
  remaining: 7,
  interactiveUsed: 1,
  limit: 9
}
const admission = (id: string, endedAt?: number): Admission => ({
  id,
  lane: "bulk",
  startedAt: endedAt ?? 0,
  ...(endedAt === undefined ? {} : { endedAt })
})
const stored = (group: unknown) => ({ kind: "rate-gate", version: 1, groups: { heavy: group } })
const heavyOf = (value: unknown, now: number) => decodeHistory(value, now).get("heavy")

describe("the stored form", () => {
  const state: GroupState = { limit: learned, quota, blockedUntil: 5000, admissions: [admission("a", 1000)] }

  it("keeps what still matters, and goes through JSON", () => {
    const json: unknown = JSON.parse(JSON.stringify(encodeHistory(new Map([["heavy", state]]), 2000)))
    assert.deepStrictEqual(heavyOf(json, 2000), state)
  })

  it("has requests in flight as ended when it was written, and no documented limits", () => {
    const open = { ...emptyGroup({ requests: 5, windowMillis: minute }), admissions: [admission("a")] }
    const restored = heavyOf(encodeHistory(new Map([["heavy", open]]), 2000), 2000)
    assert.deepStrictEqual(restored, { ...emptyGroup(), admissions: [admission("a", 2000)] })
  })

  it("forgets what is over", () => {
    const json = encodeHistory(new Map([["heavy", state]]), 2000)
    assert.deepStrictEqual(heavyOf(json, 61_000), { ...emptyGroup(learned), quota })
    assert.deepStrictEqual(heavyOf(json, day), emptyGroup())
  })

  it("does not believe instants that lie too far ahead: the clock was set back", () => {
    const json = encodeHistory(
      new Map([["heavy", { ...emptyGroup({ ...learned, learnedAt: 2 * day }), blockedUntil: 3 * day }]]),
      2 * day
    )
    assert.deepStrictEqual(heavyOf(json, 0), emptyGroup())
  })

  it.each<readonly [title: string, value: unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["text", "rate-gate"],
    ["another kind", { ...stored({ admissions: [] }), kind: "token" }],
    ["a later version", { ...stored({ admissions: [] }), version: 2 }],
    ["no groups", { kind: "rate-gate", version: 1 }],
    ["a group of text", stored("x")],
    ["admissions of the wrong shape", stored({ admissions: [["a", "bulk", "noon"]] })],
    ["a fractional quota", stored({ admissions: [], quota: { ...quota, remaining: 0.5 } })]
  ])("ignores garbage: %s", (_title, value) => {
    assert.isUndefined(heavyOf(value, 0))
  })

  it("ignores a limit that makes no sense, and one garbled group beside a good one", () => {
    const group = { admissions: [], limit: { ...learned, requests: 0 } }
    assert.deepStrictEqual(heavyOf(stored(group), 1000), emptyGroup())
    const both = {
      ...stored({ admissions: [], limit: learned }),
      groups: { heavy: { admissions: [], limit: learned }, light: 1 }
    }
    assert.deepStrictEqual([...decodeHistory(both, 1000).keys()], ["heavy"])
  })
})

describe("two histories of one group", () => {
  const base = emptyGroup()

  it("count every request once, by its later end; ours in flight stay in flight", () => {
    const ours = { ...base, admissions: [admission("a", 1000), admission("b"), admission("c", 3000)] }
    const theirs = { ...base, admissions: [admission("a", 2000), admission("b", 500), admission("d", 4000)] }
    const merged = mergeGroup(ours, theirs).admissions
    assert.deepStrictEqual(Object.fromEntries(merged.map(({ id, endedAt }) => [id, endedAt])), {
      a: 2000,
      b: undefined,
      c: 3000,
      d: 4000
    })
  })

  it("have the longer penalty, and the limit told last", () => {
    const later = { ...learned, requests: 3, learnedAt: 10 }
    const one = { ...base, blockedUntil: 5, limit: learned }
    const other = { ...base, blockedUntil: 9, limit: later }
    for (const merged of [mergeGroup(one, other), mergeGroup(other, one)]) {
      assert.strictEqual(merged.blockedUntil, 9)
      assert.deepStrictEqual(merged.limit, later)
    }
    assert.deepStrictEqual(mergeGroup({ ...base, limit: { requests: 1, windowMillis: 1 } }, one).limit, learned)
  })

  it.each<readonly [title: string, theirs: Quota | undefined, remaining: number]>([
    ["nothing", undefined, 7],
    ["a later word of the same window, with less left", { ...quota, learnedAt: 5, remaining: 3 }, 3],
    ["a later word of the same window, with more left", { ...quota, learnedAt: 5, remaining: 9 }, 7],
    ["an older word", { ...quota, learnedAt: -5, remaining: 3 }, 7],
    ["the next window", { ...quota, earliestReset: 190_000, latestReset: 192_000, remaining: 50 }, 50],
    ["the former window", { ...quota, earliestReset: 10_000, latestReset: 12_000, remaining: 0 }, 7]
  ])("of the quota: ours and %s", (_title, theirs, remaining) => {
    const merged = mergeGroup({ ...base, quota }, theirs === undefined ? base : { ...base, quota: theirs })
    assert.strictEqual(merged.quota?.remaining, remaining)
  })
})

describe("the next run", () => {
  const options = {
    key: "runs",
    groups: { heavy: { requests: 2, window: Duration.seconds(60) } },
    interactiveReserve: 0
  }
  const run = <A, E>(use: (gate: Effect.Success<ReturnType<typeof rateGate>>) => Effect.Effect<A, E>) =>
    Effect.scoped(Effect.flatMap(rateGate(options), use))
  const stored = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
    Effect.provideServiceEffect(effect, StateStorage, memoryStore)
  const waitOf = (group: string) =>
    run((gate) => gate.run(group, Effect.void).pipe(Effect.provideService(MaxWait, Duration.zero), Effect.flip)).pipe(
      Effect.map(({ retryAfter }) => Duration.toMillis(retryAfter))
    )

  it.effect("goes on with the requests of the last", () =>
    Effect.gen(function* () {
      yield* run((gate) => Effect.forEach([1, 2], () => gate.run("heavy", Effect.void)))
      yield* TestClock.adjust(Duration.seconds(20))
      assert.strictEqual(yield* waitOf("heavy"), 40_000)
      yield* TestClock.adjust(Duration.seconds(40))
      assert.strictEqual(yield* run((gate) => gate.run("heavy", Clock.currentTimeMillis)), 60_000)
    }).pipe(stored)
  )

  it.effect("goes on with penalties, learned limits and quotas", () =>
    Effect.gen(function* () {
      yield* run((gate) =>
        Effect.all([
          gate.penalize("heavy", Duration.seconds(300)),
          gate.observe("light", { limit: 1, window: Duration.seconds(60) }),
          gate.run("light", Effect.void),
          gate.observe("api", { remaining: 0, resetsAfter: Duration.seconds(90) })
        ])
      )
      assert.isAtLeast(yield* waitOf("heavy"), 300_000)
      assert.strictEqual(yield* waitOf("light"), 60_000)
      assert.strictEqual(yield* waitOf("api"), 91_000)
    }).pipe(stored)
  )

  it.effect("knows what was written while the last one ran, at most once a second", () =>
    Effect.gen(function* () {
      const store = yield* memoryStore
      let writes = 0
      const counting: StateStore = {
        read: store.read,
        modify: (key, f) =>
          Effect.andThen(
            Effect.sync(() => writes++),
            store.modify(key, f)
          )
      }
      const gate = yield* rateGate({ ...options, groups: {} }).pipe(Effect.provideService(StateStorage, counting))
      for (let request = 0; request < 25; request++) {
        yield* gate.run("heavy", Effect.void)
        yield* TestClock.adjust(100)
      }
      assert.strictEqual(writes, 2)
      const written = decodeHistory(yield* store.read(options.key), yield* Clock.currentTimeMillis)
      assert.isAtLeast(written.get("heavy")?.admissions.length ?? 0, 15)
      yield* TestClock.adjust(Duration.seconds(60))
      assert.strictEqual(writes, 3)
    })
  )

  it.effect("counts what another process writes at the same time", () =>
    Effect.gen(function* () {
      const store = yield* StateStorage
      const gate = yield* rateGate(options)
      const theirs = { ...emptyGroup(), admissions: [admission("their-1", 0), admission("their-2", 0)] }
      yield* store.modify(options.key, () => encodeHistory(new Map([["heavy", theirs]]), 0))
      yield* gate.run("heavy", Effect.void)
      yield* TestClock.adjust(Duration.seconds(1))
      const both = decodeHistory(yield* store.read(options.key), 1000).get("heavy")
      assert.includeMembers(both?.admissions.map(({ id }) => id) ?? [], ["their-1", "their-2"])
      assert.strictEqual(both?.admissions.length, 3)
      const next = yield* Effect.forkChild(gate.run("heavy", Clock.currentTimeMillis))
      yield* TestClock.adjust(Duration.seconds(60))
      assert.strictEqual(yield* Fiber.join(next), 60_000)
    }).pipe(Effect.scoped, stored)
  )

  it.effect("does not fail when the store does", () =>
    Effect.gen(function* () {
      const broken: StateStore = { read: () => Effect.die("disk"), modify: () => Effect.die("disk") }
      const result = run((gate) => gate.run("heavy", Effect.succeed(1))).pipe(
        Effect.provideService(StateStorage, broken)
      )
      assert.strictEqual(yield* result, 1)
    })
  )
})
