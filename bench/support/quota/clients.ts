import type { Client } from "./Client.ts"

/** One of those that are compared. */
export interface Contender {
  /** Loaded only when asked for: the memory of a client must not hold the others' code. */
  readonly load: () => Promise<Client>
  /** Whether it waits when it is refused or near the limit, and so hardly uses the machine. */
  readonly waits: boolean
}

const callreel = (lane?: "bulk"): Contender => ({
  load: async () => (await import("./callreel.ts")).callreel(lane),
  waits: true
})

const sdk = (use: { readonly handleRateLimit: boolean; readonly holdBack: boolean }): Contender => ({
  load: async () => (await import("./ringcentralSdk.ts")).ringcentralSdk(use),
  waits: use.handleRateLimit
})

const core = (rateLimitRule: boolean): Contender => ({
  load: async () => (await import("./rcExCore.ts")).rcExCore({ rateLimitRule }),
  waits: rateLimitRule
})

/** Our adapter in the lane that a caller gets who says nothing: a person waits. Another program's bulk work leaves room. */
export const ours = ["callreel", "callreel, bulk lane"] as const

/** Who is compared, by what the table calls them. */
export const contenders: Readonly<Record<string, Contender>> = {
  [ours[0]]: callreel(),
  [ours[1]]: callreel("bulk"),
  "@ringcentral/sdk": sdk({ handleRateLimit: false, holdBack: false }),
  "@ringcentral/sdk, handleRateLimit": sdk({ handleRateLimit: true, holdBack: false }),
  "@ringcentral/sdk, handleRateLimit, holding back": sdk({ handleRateLimit: true, holdBack: true }),
  "@rc-ex/core": core(false),
  "@rc-ex/core, rule of @rc-ex/rate-limit": core(true)
}
