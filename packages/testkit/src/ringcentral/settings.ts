/** The options with their defaults, and everything about the account that follows from the seed. */
import { generateCalls } from "../calls/generateCalls.ts"
import type { CallWorld } from "../calls/SimulatedCall.ts"
import { makeRandom, type Random } from "../simulator/Random.ts"
import { type AppName, type AppUser, makeApps } from "./apps.ts"
import type { RateGroup, RateLimit, RingCentralApp, RingCentralOptions } from "./RingCentralOptions.ts"

type Filled = Required<
  Omit<
    RingCentralOptions,
    | "seed"
    | "world"
    | "extraRecordings"
    | "now"
    | "faults"
    | "limits"
    | "groupNames"
    | "retentionDays"
    | "historyDays"
    | "syncTokenSeconds"
    | "unrequested206"
  >
>

export interface Settings extends Filled {
  readonly random: Random
  readonly world: CallWorld
  /** The account's id, digits. */
  readonly account: string
  readonly apps: Readonly<Record<AppName, AppUser>>
  readonly wrongSecret: RingCentralApp
  readonly limits: Readonly<Record<RateGroup, RateLimit>>
  readonly groupNames: Readonly<Record<RateGroup, string>>
  readonly retentionDays: number | undefined
  readonly historyDays: number | undefined
  readonly syncTokenSeconds: number | undefined
  /** The bytes of a 206 that nobody asked for; 0: none is sent. */
  readonly unrequestedBytes: number
}

const defaultWorld = (seed: string): CallWorld =>
  generateCalls({ seed, from: new Date("2026-01-01T00:00:00Z"), to: new Date("2026-04-01T00:00:00Z"), count: 300 })

const limitOf = (limit: number): RateLimit => ({ limit, windowSeconds: 60, penaltySeconds: 60 })

const defaultUnrequested = 64 * 1024

const unrequestedBytes = (option: boolean | number): number => {
  if (typeof option === "number") return option
  return option ? defaultUnrequested : 0
}

/** Fills in the defaults. */
export const makeSettings = (options: RingCentralOptions): Settings => {
  const seed = options.seed ?? "ringcentral"
  const random = makeRandom(seed)
  const world = options.world ?? defaultWorld(seed)
  const account = String(random.fork("account").integer(100_000_000, 999_999_999))
  const apps = makeApps(random.fork("apps"), account, world.extensions)
  return {
    random,
    world,
    account,
    apps,
    wrongSecret: {
      clientId: apps.app.clientId,
      clientSecret: random.fork("wrong secret").hex(44),
      jwt: apps.app.jwt
    },
    limits: { heavy: limitOf(10), medium: limitOf(40), light: limitOf(50), auth: limitOf(5), ...options.limits },
    groupNames: { heavy: "heavy", medium: "medium", light: "light", auth: "auth", ...options.groupNames },
    timeScale: options.timeScale ?? 1,
    rateHeaders: options.rateHeaders ?? "always",
    retryAfter: options.retryAfter ?? "seconds",
    tokenSeconds: options.tokenSeconds ?? 3600,
    sessionsCap: options.sessionsCap ?? 5,
    refreshTokens: options.refreshTokens ?? false,
    totals: options.totals ?? false,
    dateToIncluded: options.dateToIncluded ?? true,
    retentionDays: options.retentionDays,
    historyDays: options.historyDays,
    nextPage: options.nextPage ?? "absolute",
    contentUri: options.contentUri ?? "media",
    mediaRedirect: options.mediaRedirect ?? "none",
    mediaRange: options.mediaRange ?? true,
    unrequestedBytes: unrequestedBytes(options.unrequested206 ?? false),
    format: options.format ?? "mixed",
    strictSession: options.strictSession ?? false,
    sessionWindow: options.sessionWindow ?? true,
    maskedNumbers: options.maskedNumbers ?? false,
    runningInLog: options.runningInLog ?? false,
    extractSync: options.extractSync ?? true,
    syncTokenSeconds: options.syncTokenSeconds,
    unknownKeys: options.unknownKeys ?? true
  }
}
