/** Tokens and what they may do. */
import type { Random } from "../simulator/Random.ts"
import type { SimulatorClock } from "../simulator/SimulatorClock.ts"

/** Classes of objects, and the actions beside them, that matter here. */
export type ObjectClass = "calls" | "record_file" | "cc_queue" | "screen_recordings" | "videocall_files"
export type Action = "playback_record_file" | "time_limited_record_file" | "view_cdr_phone_numbers"

export interface Session {
  readonly name: string
  /** The tenant whose data it sees; another one sees nothing of ours. */
  readonly domain: string
  readonly actions: ReadonlySet<Action>
  /** Of each class the letters of what may be done: x create, r read, w write, d delete. None: no access. */
  readonly access: Readonly<Record<ObjectClass, string>>
  readonly expiresAt: Date | undefined
}

/** A token of each kind. */
export interface WebitelTokens {
  readonly expired: string
  /** Never given out. */
  readonly unknown: string
  /** May not play recordings: the lists of files are empty, and nobody says why. */
  readonly withoutPlayback: string
  /** Plays what is not older than the option `periodDays`. */
  readonly timeLimited: string
  /** May not read calls. */
  readonly withoutCalls: string
  /** Plays recordings, but has no access to their class. */
  readonly withoutRecordFile: string
  readonly withoutDelete: string
  /** May not read queues: rows name them all the same, their list is refused. */
  readonly withoutQueues: string
  /** Sees masked numbers. */
  readonly withoutNumbers: string
  readonly otherDomain: string
}

const everything: Readonly<Record<ObjectClass, string>> = {
  calls: "xrwd",
  record_file: "xrwd",
  cc_queue: "xrwd",
  screen_recordings: "xrwd",
  videocall_files: "xrwd"
}

/** The session of a token that may do everything. */
export const fullSession = (domain: string): Session => ({
  name: "service account",
  domain,
  actions: new Set<Action>(["playback_record_file", "view_cdr_phone_numbers"]),
  access: everything,
  expiresAt: undefined
})

/** The sessions of every token but `unknown`, by the kind of token. */
const sessionsOf = (domain: string): Readonly<Record<Exclude<keyof WebitelTokens, "unknown"> | "all", Session>> => {
  const all = fullSession(domain)
  return {
    all,
    expired: { ...all, name: "expired", expiresAt: new Date("2020-01-01T00:00:00Z") },
    withoutPlayback: { ...all, name: "without playback", actions: new Set<Action>(["view_cdr_phone_numbers"]) },
    timeLimited: {
      ...all,
      name: "time limited",
      actions: new Set<Action>(["time_limited_record_file", "view_cdr_phone_numbers"])
    },
    withoutCalls: { ...all, name: "without calls", access: { ...everything, calls: "" } },
    withoutRecordFile: { ...all, name: "without record files", access: { ...everything, record_file: "" } },
    withoutDelete: { ...all, name: "without delete", access: { ...everything, record_file: "r" } },
    withoutQueues: { ...all, name: "without queues", access: { ...everything, cc_queue: "" } },
    withoutNumbers: { ...all, name: "without numbers", actions: new Set<Action>(["playback_record_file"]) },
    otherDomain: { ...all, name: "other domain", domain: `${domain}9` }
  }
}

export interface Sessions {
  readonly token: string
  readonly tokens: WebitelTokens
  /** The session of a token, by the clock; undefined for a token that is unknown, expired or forgotten. */
  readonly find: (token: string) => Session | undefined
  /** The same as the storage sees it: by what it looked up some minutes ago. */
  readonly findCached: (token: string) => Session | undefined
  /** A new token with all permissions. */
  readonly mint: (seconds: number) => string
  readonly forgetAll: () => void
}

/** The sessions of a tenant; the storage keeps what it looked up for `cacheSeconds`. */
export const makeSessions = (domain: string, random: Random, clock: SimulatorClock, cacheSeconds: number): Sessions => {
  const tokenOf = (kind: string): string => random.fork(`token ${kind}`).hex(26)
  const kinds = sessionsOf(domain)
  const known = new Map<string, Session>(Object.entries(kinds).map(([kind, session]) => [tokenOf(kind), session]))
  const cache = new Map<string, { readonly session: Session; readonly until: number }>()
  let minted = 0

  const find = (token: string): Session | undefined => {
    const session = known.get(token)
    return session?.expiresAt === undefined || session.expiresAt > clock.now() ? session : undefined
  }

  return {
    token: tokenOf("all"),
    tokens: {
      expired: tokenOf("expired"),
      unknown: tokenOf("unknown"),
      withoutPlayback: tokenOf("withoutPlayback"),
      timeLimited: tokenOf("timeLimited"),
      withoutCalls: tokenOf("withoutCalls"),
      withoutRecordFile: tokenOf("withoutRecordFile"),
      withoutDelete: tokenOf("withoutDelete"),
      withoutQueues: tokenOf("withoutQueues"),
      withoutNumbers: tokenOf("withoutNumbers"),
      otherDomain: tokenOf("otherDomain")
    },
    find,
    findCached: (token) => {
      const now = clock.now().getTime()
      const cached = cache.get(token)
      if (cached !== undefined && cached.until > now) return cached.session
      const session = find(token)
      if (session === undefined) cache.delete(token)
      else cache.set(token, { session, until: now + cacheSeconds * 1000 })
      return session
    },
    mint: (seconds) => {
      minted += 1
      const token = random.fork(`login ${minted}`).hex(26)
      known.set(token, { ...fullSession(domain), expiresAt: new Date(clock.now().getTime() + seconds * 1000) })
      return token
    },
    forgetAll: () => known.clear()
  }
}
