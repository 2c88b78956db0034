/** The options with their defaults, and everything about the tenant that follows from the seed. */
import { generateCalls } from "../calls/generateCalls.ts"
import type { CallWorld } from "../calls/SimulatedCall.ts"
import { makeRandom, type Random } from "../simulator/Random.ts"
import { type Directory, makeDirectory } from "./directory.ts"
import { withEqualStarts } from "./equalStarts.ts"
import type { NumberMask } from "./numberMask.ts"
import { type Abilities, abilitiesOf } from "./versions.ts"
import type { QueryTimeout, UnsetStyle, WebitelOptions } from "./WebitelOptions.ts"

export interface Settings {
  readonly random: Random
  readonly world: CallWorld
  readonly directory: Directory
  /** The tenant: its id, and the name people log in with. */
  readonly domain: string
  readonly domainName: string
  readonly login: { readonly domain: string; readonly username: string; readonly password: string }
  /** Where the sequence of file ids begins. */
  readonly firstFileId: number
  readonly abilities: Abilities
  readonly unset: UnsetStyle
  readonly int64: "string" | "number"
  readonly errorEnvelope: "error" | "status"
  readonly queryTimeout: QueryTimeout
  readonly messageCap: number
  readonly batchSize: number
  readonly replicationLag: number
  readonly transient404: number
  readonly shortBodies: number
  readonly retentionDays: number | undefined
  readonly speed: number | undefined
  readonly periodDays: number
  readonly rawSort: "refused" | "honoured"
  readonly bearer: "refused" | "accepted"
  readonly queueNames: "told" | "missing"
  readonly sessionCacheSeconds: number
  readonly numberMask: NumberMask
}

const defaultWorld = (seed: string): CallWorld =>
  generateCalls({ seed, from: new Date("2026-01-01T00:00:00Z"), to: new Date("2026-04-01T00:00:00Z"), count: 300 })

/** Fills in the defaults. */
export const makeSettings = (options: WebitelOptions): Settings => {
  const seed = options.seed ?? "webitel"
  const random = makeRandom(seed)
  const world = withEqualStarts(options.world ?? defaultWorld(seed), options.equalCreatedAt ?? 1)
  const domainName = "pbx.example"
  return {
    random,
    world,
    directory: makeDirectory(world.extensions),
    domain: String(random.fork("domain").integer(2, 900)),
    domainName,
    login: { domain: domainName, username: "records", password: random.fork("password").hex(16) },
    firstFileId: random.fork("file ids").integer(400, 900_000),
    abilities: abilitiesOf(options.version ?? "26.04"),
    unset: options.unset ?? "mixed",
    int64: options.int64 ?? "string",
    errorEnvelope: options.errorEnvelope ?? "error",
    queryTimeout: options.queryTimeout ?? {},
    messageCap: options.messageCap ?? 16 * 1024 * 1024,
    batchSize: options.batchSize ?? 1,
    replicationLag: options.replicationLag ?? 0,
    transient404: options.transient404 ?? 0,
    shortBodies: options.shortBodies ?? 0,
    retentionDays: options.retentionDays,
    speed: options.speed,
    periodDays: options.periodDays ?? 30,
    rawSort: options.rawSort ?? "refused",
    bearer: options.bearer ?? "refused",
    queueNames: options.queueNames ?? "told",
    sessionCacheSeconds: options.sessionCacheSeconds ?? 300,
    numberMask: options.numberMask ?? { least: 6, prefix: 3, suffix: 2 }
  }
}
