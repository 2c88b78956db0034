/** The options with their defaults, and everything about the account that follows from the seed. */
import { generateCalls } from "../calls/generateCalls.ts"
import type { CallWorld } from "../calls/SimulatedCall.ts"
import { makeRandom, type Random } from "../simulator/Random.ts"
import type { ListingOptions, PbxApp, StorageOptions, VirtualPbxOptions } from "./VirtualPbxOptions.ts"

export interface Settings {
  readonly random: Random
  readonly world: CallWorld
  /** The account: its id, the prefix of its extensions' full names, the domain of its switch. */
  readonly clientId: number
  readonly prefix: string
  readonly domain: string
  readonly apps: Readonly<Record<"client" | "extensionGroup" | "extension" | "blocked" | "withoutAccess", PbxApp>>
  readonly basic: { readonly login: string; readonly password: string }
  readonly storageKey: Uint8Array
  readonly listing: Required<ListingOptions>
  readonly storage: Required<StorageOptions> | false
  readonly statsFields: { readonly count: string; readonly size: string }
  readonly retention: { readonly days: number; readonly rows: "kept" | "removed" } | undefined
  readonly timeScale: number
  readonly fileRange: boolean
  readonly hostileFilenames: boolean
  readonly recordIds: "any-case" | "as-listed"
  readonly requestsPerHour: number
  readonly historyMilliseconds: number
  readonly tokenSeconds: number
  readonly tellsExpiry: boolean
}

const defaultWorld = (seed: string): CallWorld =>
  generateCalls({ seed, from: new Date("2026-01-01T00:00:00Z"), to: new Date("2026-04-01T00:00:00Z"), count: 300 })

const makeApps = (random: Random, clientId: number, world: CallWorld): Settings["apps"] => {
  const phone = world.extensions.find(({ groupId }) => groupId !== undefined)
  const app = (name: string, level: PbxApp["level"], id: string): PbxApp => ({
    clientId: random.fork(`${name} id`).hex(32),
    clientSecret: random.fork(`${name} secret`).hex(32),
    level,
    id
  })
  const client = String(clientId)
  return {
    client: app("client", "client", client),
    extensionGroup: app("extension group", "extension_group", phone?.groupId ?? "0"),
    extension: app("extension", "extension", phone?.id ?? "0"),
    blocked: app("blocked", "client", client),
    withoutAccess: app("without access", "client", client)
  }
}

/** Fills in the defaults. */
export const makeSettings = (options: VirtualPbxOptions): Settings => {
  const seed = options.seed ?? "virtual-pbx"
  const random = makeRandom(seed)
  const world = options.world ?? defaultWorld(seed)
  const clientId = random.fork("client").integer(10_000, 99_999)
  const { storage = {}, retention } = options
  return {
    random,
    world,
    clientId,
    prefix: random.fork("prefix").integer(0, 99_999).toString().padStart(5, "0"),
    domain: "sip.pbx.example",
    apps: makeApps(random, clientId, world),
    basic: { login: "records@office", password: `пароль: ${random.fork("password").hex(12)}` },
    storageKey: Buffer.from(random.fork("storage key").hex(64), "hex"),
    listing: {
      paging: "pages",
      pageCap: 100,
      filterOn: "start",
      endIncluded: true,
      storageUrl: "some",
      unknownKeys: true,
      ...options.listing
    },
    storage: storage === false ? false : { missing: 0.1, refused: 0, ...storage },
    statsFields: options.statsFields ?? { count: "count", size: "size" },
    retention: retention === undefined ? undefined : { days: retention.days, rows: retention.rows ?? "removed" },
    timeScale: options.timeScale ?? 1,
    fileRange: options.fileRange ?? false,
    hostileFilenames: options.hostileFilenames ?? false,
    recordIds: options.recordIds ?? "any-case",
    requestsPerHour: options.requestsPerHour ?? 100_000,
    historyMilliseconds: options.historyMilliseconds ?? 10,
    tokenSeconds: options.tokenSeconds ?? 3600,
    tellsExpiry: options.tellsExpiry ?? true
  }
}
