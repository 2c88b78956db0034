import { assert, describe, it } from "@effect/vitest"
import { Duration } from "effect"
import { learn, type LimitObservation, penalty } from "./gateLearning.ts"
import { type Admission, emptyGroup, type GroupState } from "./gateState.ts"

const minute = 60_000
const documented = emptyGroup({ requests: 10, windowMillis: minute })
const observer = { id: "me", startedAt: 1000 }
const me: Admission = { id: "me", lane: "bulk", startedAt: 1000 }
const other: Admission = { id: "other", lane: "bulk", startedAt: 1000 }

const sliding = (limit: number, remaining?: number): LimitObservation => ({
  limit,
  window: Duration.seconds(60),
  ...(remaining === undefined ? {} : { remaining })
})
const hourly = (remaining: number, seconds: number, limit?: number): LimitObservation => ({
  remaining,
  resetsAfter: Duration.seconds(seconds),
  ...(limit === undefined ? {} : { limit })
})

describe("learning a sliding limit", () => {
  it.each([5, 10, 50])("takes the vendor's %i for the documented 10", (requests) => {
    assert.deepStrictEqual(learn(documented, 2000, sliding(requests), observer).limit, {
      requests,
      windowMillis: minute,
      learnedAt: 2000
    })
  })

  it.each<readonly [title: string, observation: LimitObservation]>([
    ["no window", { limit: 5 }],
    ["no limit", { window: Duration.seconds(60) }],
    ["limit 0", sliding(0)],
    ["a fraction", sliding(2.5)],
    ["not a number", sliding(Number.NaN)],
    ["an absurd limit", sliding(1e9)],
    ["an endless window", { limit: 5, window: Duration.infinity }],
    ["an empty window", { limit: 5, window: Duration.zero }],
    ["a negative rest", { remaining: -1, resetsAfter: Duration.seconds(5) }],
    ["a reset in 1970 style", { remaining: 0, resetsAfter: Duration.seconds(1_763_700_000) }],
    ["an endless reset", { remaining: 0, resetsAfter: Duration.infinity }]
  ])("leaves out %s", (_title, observation) => {
    assert.deepStrictEqual(learn(documented, 2000, observation, observer), documented)
  })

  it("counts what other applications use, once", () => {
    const mine: GroupState = { ...documented, admissions: [me] }
    const shared = learn(mine, 2000, sliding(10, 4), observer)
    assert.strictEqual(shared.admissions.length, 6)
    assert.strictEqual(learn(shared, 2000, sliding(10, 4), observer).admissions.length, 6)
    assert.strictEqual(learn(shared, 2000, sliding(10, 3), observer).admissions.length, 7)
    assert.strictEqual(new Set(shared.admissions.map(({ id }) => id)).size, 6)
  })

  it("makes up no others from answers that overtake each other", () => {
    const mine: GroupState = { ...documented, admissions: [me, other] }
    assert.deepStrictEqual(learn(mine, 2000, sliding(10, 9), observer).admissions, [me, other])
  })
})

describe("learning a quota", () => {
  const at = (now: number, observation: LimitObservation, state: GroupState, by = observer) =>
    learn({ ...state, admissions: [{ ...me, ...by }] }, now, observation, by)
  const first = at(2000, hourly(50, 100, 60), emptyGroup())

  it("knows what is left and when it starts anew", () => {
    assert.deepStrictEqual(first.quota, {
      // Processed between 1 s and 2 s, told in whole seconds.
      earliestReset: 100_000,
      latestReset: 103_000,
      learnedAt: 2000,
      remaining: 50,
      interactiveUsed: 0,
      limit: 60
    })
  })

  it("narrows the reset with every answer of the window", () => {
    const { quota } = at(12_000, hourly(49, 89), first, { id: "me", startedAt: 11_500 })
    assert.strictEqual(quota?.latestReset, 102_000)
    assert.strictEqual(quota?.earliestReset, 100_000)
  })

  it("believes the vendor when less is left than counted here", () => {
    assert.strictEqual(at(3000, hourly(20, 99), first).quota?.remaining, 20)
  })

  it("takes off what is in flight and may not be counted yet", () => {
    const state = { ...emptyGroup(), admissions: [me, other] }
    assert.strictEqual(learn(state, 2000, hourly(50, 100), observer).quota?.remaining, 49)
  })

  it("does not raise the budget by an answer that was overtaken", () => {
    const overtaken: Admission = { ...other, endedAt: 1500 }
    const state = { ...first, admissions: [me, overtaken] }
    assert.strictEqual(learn(state, 2000, hourly(55, 100), observer).quota?.remaining, 50)
    const inFlight = { ...first, admissions: [me, other] }
    assert.strictEqual(learn(inFlight, 2000, hourly(55, 100), observer).quota?.remaining, 50)
    assert.strictEqual(learn(first, 2000, hourly(55, 100), undefined).quota?.remaining, 50)
  })

  it("corrects the budget by an answer to a request that was alone", () => {
    const before: Admission = { ...other, startedAt: 0, endedAt: 1000 }
    const state = { ...first, admissions: [before, me] }
    assert.strictEqual(learn(state, 2000, hourly(55, 100), observer).quota?.remaining, 55)
  })

  it("ignores a late answer of the former window", () => {
    const { quota } = at(3000, hourly(0, 5), first)
    assert.deepStrictEqual(quota, first.quota)
  })

  it("starts anew with the next window", () => {
    const { quota } = at(104_000, hourly(59, 3590, 60), first, { id: "me", startedAt: 103_500 })
    assert.strictEqual(quota?.remaining, 59)
    assert.strictEqual(quota?.latestReset, 104_000 + 3_591_000)
  })
})

describe("penalty", () => {
  it.each([
    ["no jitter by chance: some milliseconds all the same", 60, 0, 60_010],
    ["half of the jitter", 60, 0.5, 63_000],
    ["almost all of it", 60, 0.999, 65_994],
    ["a short one", 0, 0.9, 10],
    ["negative, taken as none", -5, 0, 10]
  ])("%s", (_title, seconds, random, blockedUntil) => {
    assert.strictEqual(penalty(documented, 0, seconds * 1000, random).blockedUntil, blockedUntil)
  })

  it("is never shortened by another", () => {
    const long = penalty(documented, 0, minute, 0)
    assert.strictEqual(penalty(long, 1000, 5000, 0).blockedUntil, 60_010)
    assert.strictEqual(penalty(long, 1000, minute, 0).blockedUntil, 61_010)
  })

  it("is bounded", () => {
    assert.strictEqual(penalty(documented, 0, Infinity, 0).blockedUntil, 86_400_010)
  })
})
