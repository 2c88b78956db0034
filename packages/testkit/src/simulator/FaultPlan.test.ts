import { describe, expect, it } from "vitest"
import { type FaultContext, faultKinds } from "./Fault.ts"
import { FaultPlan, faultPlan } from "./FaultPlan.ts"

const request = (resource: string, change: Partial<FaultContext> = {}): FaultContext => ({
  route: "list",
  resource,
  kinds: faultKinds,
  refusals: ["quota"],
  possible: () => true,
  ...change
})

const resources = Array.from({ length: 2000 }, (_, index) => `GET /page?${index}`)

describe("faultPlan", () => {
  it("does the same to the same requests, whatever their order", () => {
    const options = { seed: "a", rate: 0.3 }
    const forwards = faultPlan(options)
    const backwards = faultPlan(options)
    const there = resources.map((resource) => forwards.decide(request(resource)))
    const back = resources.toReversed().map((resource) => backwards.decide(request(resource)))
    expect(back.toReversed()).toEqual(there)
    const other = faultPlan({ seed: "b", rate: 0.3 })
    expect(resources.map((resource) => other.decide(request(resource)))).not.toEqual(there)
  })

  it("hits the share of requests it was asked to, with every kind", () => {
    const plan = faultPlan({ seed: "share", rate: 0.3 })
    const faults = resources.map((resource) => plan.decide(request(resource))).filter((fault) => fault !== undefined)
    expect(faults.length / resources.length).toBeCloseTo(0.3, 1)
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(faultKinds))
  })

  it("leaves a resource alone after so many hits in a row, and never forgets its token twice in a row", () => {
    const plan = faultPlan({ seed: "always", rate: 1, maxConsecutive: 2 })
    const decisions = Array.from({ length: 9 }, () => plan.decide(request("GET /one"))?.kind)
    expect(decisions.map((kind) => kind !== undefined)).toEqual([
      true,
      true,
      false,
      true,
      true,
      false,
      true,
      true,
      false
    ])
    const tokens = faultPlan({ seed: "tokens", rate: 1, kinds: ["expired-token"], maxConsecutive: 9 })
    const kinds = Array.from({ length: 4 }, () => tokens.decide(request("GET /one"))?.kind)
    expect(kinds).toEqual(["expired-token", undefined, "expired-token", undefined])
  })

  it("does only what makes sense for the route, is possible now, and was asked for", () => {
    const kindsOf = (plan: FaultPlan, change: Partial<FaultContext>): ReadonlySet<string | undefined> =>
      new Set(resources.map((resource) => plan.decide(request(resource, change))?.kind))
    expect(kindsOf(faultPlan({ seed: "a", rate: 1 }), { kinds: ["latency", "short-body"] })).toEqual(
      new Set(["latency", "short-body"])
    )
    expect(kindsOf(faultPlan({ seed: "a", rate: 1, kinds: ["refusal"] }), { refusals: [] })).toEqual(
      new Set([undefined])
    )
    expect(kindsOf(faultPlan({ seed: "a", rate: 1, routes: ["file"] }), {})).toEqual(new Set([undefined]))
    const impossible = kindsOf(faultPlan({ seed: "a", rate: 1 }), { possible: (kind) => kind !== "expired-token" })
    expect(impossible).not.toContain("expired-token")
    expect(impossible).not.toContain(undefined)
  })
})

describe("FaultPlan", () => {
  it("none leaves every request alone", () => {
    expect(FaultPlan.none.decide(request("GET /one"))).toBeUndefined()
  })

  it("script hits exactly the nth matching request of its route, so many times", () => {
    const plan = FaultPlan.script([
      { route: "list", nth: 2, times: 2, fault: { kind: "malformed-json" } },
      { route: "file", containing: "/7-", fault: { kind: "html-page" } }
    ])
    const kinds = Array.from({ length: 5 }, () => plan.decide(request("GET /record/"))?.kind)
    expect(kinds).toEqual([undefined, "malformed-json", "malformed-json", undefined, undefined])
    expect(plan.decide(request("GET /record/8-A", { route: "file" }))).toBeUndefined()
    expect(plan.decide(request("GET /record/7-A", { route: "file" }))?.kind).toBe("html-page")
    expect(plan.decide(request("GET /record/7-A", { route: "file" }))).toBeUndefined()
  })
})
