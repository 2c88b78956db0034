import { assert, describe, it } from "@effect/vitest"
import fc from "fast-check"
import {
  abandon,
  type Admission,
  admit,
  type Claim,
  emptyGroup,
  finish,
  forecast,
  type GroupState,
  reservedPlaces,
  settle
} from "./gateState.ts"

const minute = 60_000
const limit = { requests: 10, windowMillis: minute }
const bulk: Claim = { lane: "bulk", reserve: 0.1 }
const interactive: Claim = { lane: "interactive", reserve: 0.1 }

const ended = (count: number, endedAt: number, lane: Admission["lane"] = "bulk"): ReadonlyArray<Admission> =>
  Array.from({ length: count }, (_, index) => ({
    id: `${lane}-${endedAt}-${index}`,
    lane,
    startedAt: endedAt,
    endedAt
  }))

const inFlight = (count: number): ReadonlyArray<Admission> =>
  Array.from({ length: count }, (_, index) => ({ id: `open-${index}`, lane: "bulk", startedAt: 0 }))

const quota = (remaining: number, quotaLimit?: number, interactiveUsed = 0) => ({
  earliestReset: 50_000,
  latestReset: 52_000,
  learnedAt: 0,
  remaining,
  interactiveUsed,
  ...(quotaLimit === undefined ? {} : { limit: quotaLimit })
})

const waits: ReadonlyArray<readonly [title: string, state: GroupState, claim: Claim, wait: number]> = [
  ["nothing is known", emptyGroup(), bulk, 0],
  ["the window is empty", emptyGroup(limit), bulk, 0],
  [
    "one place is left, which bulk leaves to interactive",
    { ...emptyGroup(limit), admissions: ended(9, 1000) },
    bulk,
    51_000
  ],
  ["one place is left", { ...emptyGroup(limit), admissions: ended(9, 1000) }, interactive, 0],
  [
    "the reserve has been used by interactive itself",
    { ...emptyGroup(limit), admissions: [...ended(8, 1000), ...ended(1, 2000, "interactive")] },
    bulk,
    0
  ],
  [
    "the window is full",
    { ...emptyGroup(limit), admissions: [...ended(9, 1000), ...ended(1, 500, "interactive")] },
    interactive,
    50_500
  ],
  [
    "a request in flight frees its place one window from now at the earliest",
    { ...emptyGroup(limit), admissions: inFlight(10) },
    interactive,
    minute
  ],
  [
    "the limit was lowered below what is used",
    { ...emptyGroup({ ...limit, requests: 2 }), admissions: [1, 2, 3, 4].flatMap((at) => ended(1, at * 1000)) },
    interactive,
    53_000
  ],
  ["the only place is free: a limit of one has no reserve", emptyGroup({ ...limit, requests: 1 }), bulk, 0],
  ["a penalty runs", { ...emptyGroup(limit), blockedUntil: 40_000 }, interactive, 30_000],
  ["a penalty is over", { ...emptyGroup(limit), blockedUntil: 10_000 }, interactive, 0],
  [
    "a penalty outlasts the window",
    { ...emptyGroup(limit), admissions: ended(10, 1000), blockedUntil: 100_000 },
    interactive,
    90_000
  ],
  ["the quota is used up", { ...emptyGroup(), quota: quota(0) }, interactive, 42_000],
  ["the quota has one left, the reserve", { ...emptyGroup(), quota: quota(1) }, bulk, 42_000],
  ["the quota has one left", { ...emptyGroup(), quota: quota(1) }, interactive, 0],
  ["the quota has its tenth left", { ...emptyGroup(), quota: quota(10, 100) }, bulk, 42_000],
  ["the quota has more than its tenth left", { ...emptyGroup(), quota: quota(11, 100) }, bulk, 0],
  ["interactive has had its tenth of the quota", { ...emptyGroup(), quota: quota(1, 100, 10) }, bulk, 0],
  ["the quota has been overdrawn", { ...emptyGroup(), quota: quota(-3) }, interactive, 42_000],
  ["the quota's window is over", { ...emptyGroup(), quota: { ...quota(0), latestReset: 10_000 } }, bulk, 0],
  ["no reserve is wanted", { ...emptyGroup(limit), admissions: ended(9, 1000) }, { lane: "bulk", reserve: 0 }, 0]
]

describe("admit", () => {
  it.each(waits)("at 10 s, when %s", (_title, state, claim, wait) => {
    const decision = admit(state, 10_000, "x", claim)
    assert.deepStrictEqual("wait" in decision ? decision.wait : 0, wait)
    if ("wait" in decision) return
    assert.deepStrictEqual(decision.admitted, { id: "x", lane: claim.lane, startedAt: 10_000 })
    assert.deepStrictEqual(decision.state.admissions.at(-1), decision.admitted)
  })

  it("takes a place of the quota, and of the reserve for interactive", () => {
    const after = (claim: Claim) => {
      const decision = admit({ ...emptyGroup(), quota: quota(50, 100) }, 0, "x", claim)
      return "wait" in decision ? undefined : decision.state.quota
    }
    assert.deepStrictEqual(after(bulk), quota(49, 100))
    assert.deepStrictEqual(after(interactive), quota(49, 100, 1))
  })
})

describe("forecast", () => {
  const startsOf = (state: GroupState, claims: ReadonlyArray<Claim>) => {
    const startOf = forecast(state, 0)
    return claims.map((claim) => startOf(claim))
  }
  const times = (count: number, at: number) => Array.from({ length: count }, () => at)

  it("puts each behind those before it, window by window", () => {
    const starts = startsOf(
      emptyGroup(limit),
      times(20, 0).map(() => bulk)
    )
    assert.deepStrictEqual(starts, [...times(9, 0), ...times(9, minute), ...times(2, 2 * minute)])
  })

  it("gives places as they come free, to interactive first", () => {
    const state = { ...emptyGroup(limit), admissions: [...ended(5, -50_000), ...ended(5, -10_000)] }
    const claims = [...times(5, 0).map(() => interactive), ...times(3, 0).map(() => bulk)]
    assert.deepStrictEqual(startsOf(state, claims), [...times(5, 10_000), ...times(3, 50_000)])
  })

  it("spends the quota, then goes on after the reset", () => {
    const state = { ...emptyGroup(), quota: quota(4, 10) }
    const claims = [interactive, interactive, bulk, bulk, bulk]
    assert.deepStrictEqual(startsOf(state, claims), [0, 0, 0, 0, 52_000])
  })

  it("agrees with what admit does, one after the other", () => {
    const entry = fc.record({ endedAt: fc.integer({ min: -80, max: 0 }), person: fc.boolean() })
    const small = fc.integer({ min: 0, max: 12 })
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 15 }), small, small, small, (past, places, people, migration) => {
        const admissions = past.map((one, index): Admission => {
          const lane = one.person ? "interactive" : "bulk"
          return { id: `p${index}`, lane, startedAt: one.endedAt, endedAt: one.endedAt }
        })
        const claims = [...times(people, 0).map(() => interactive), ...times(migration, 0).map(() => bulk)]
        const begin: GroupState = { ...emptyGroup({ requests: places + 1, windowMillis: 60 }), admissions }
        let state = begin
        let now = 0
        const starts = claims.map((claim, index) => {
          let decision = admit(state, now, `n${index}`, claim)
          while ("wait" in decision) {
            now += decision.wait
            decision = admit(state, now, `n${index}`, claim)
          }
          state = finish(decision.state, now, `n${index}`)
          return now
        })
        assert.deepStrictEqual(startsOf(begin, claims), starts)
      })
    )
  })
})

describe("the life of an admission", () => {
  const one = (state: GroupState, now: number) => {
    const decision = admit(state, now, "x", interactive)
    return "wait" in decision ? assert.fail("not admitted") : decision
  }
  const single = emptyGroup({ requests: 1, windowMillis: minute })

  it("counts from its start until a window after its end", () => {
    const { state } = one(single, 0)
    const done = finish(state, 5000, "x")
    assert.deepStrictEqual(admit(done, 64_999, "y", interactive), { wait: 1 })
    assert.notProperty(admit(done, 65_000, "y", interactive), "wait")
  })

  it("gives its place and its part of the quota back when nothing was sent", () => {
    const { admitted, state } = one({ ...single, quota: quota(5) }, 0)
    assert.deepStrictEqual(abandon(state, admitted), { ...single, quota: quota(5) })
  })

  it("is forgotten when it no longer matters, and kept while in flight", () => {
    const state = { ...single, admissions: [...ended(3, 0), ...inFlight(1)] }
    assert.deepStrictEqual(settle(state, minute).admissions, inFlight(1))
  })

  it("is remembered for a limit that is yet to be learned, within bounds", () => {
    const state = { ...emptyGroup(), admissions: ended(2500, 0) }
    assert.strictEqual(settle(state, 3_599_999).admissions.length, 1000)
    assert.strictEqual(settle(state, 3_600_000).admissions.length, 0)
  })

  it("does not block for longer than a window when the clock is set back", () => {
    const state = { ...single, admissions: ended(1, 3_600_000) }
    assert.deepStrictEqual(admit(state, 0, "y", interactive), { wait: minute })
  })
})

describe("reservedPlaces", () => {
  it.each([
    [10, 0.1, 1],
    [40, 0.1, 4],
    [5, 0.1, 1],
    [1, 0.1, 0],
    [2, 0.9, 1],
    [10, 0, 0],
    [10, 1, 9]
  ])("of %i with share %f: %i", (places, share, reserved) => {
    assert.strictEqual(reservedPlaces(places, share), reserved)
  })
})
