/** Bodies that break off because the store behind the storage does, in the middle and under a full Content-Length. */
import type { FaultPlan } from "../simulator/FaultPlan.ts"
import type { Random } from "../simulator/Random.ts"

/** A plan that also breaks off the first body of a share of the files; what the plan itself does comes first. */
export const withShortBodies = (plan: FaultPlan, share: number, random: Random): FaultPlan => {
  const seen = new Set<string>()
  return {
    decide: (request) => {
      const planned = plan.decide(request)
      if (planned !== undefined || share <= 0 || !["stream", "download"].includes(request.route)) return planned
      const [file = ""] = request.resource.split("?")
      if (seen.has(file)) return undefined
      seen.add(file)
      const own = random.fork(file)
      return own.chance(share) ? { kind: "truncated-body", fraction: own.next() } : undefined
    }
  }
}
