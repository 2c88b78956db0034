/** Tokens of the sync resources: opaque to the client, with what they stand for kept here. */
import type { Answer } from "../simulator/Answer.ts"
import type { Random } from "../simulator/Random.ts"
import { syncTokenRefused } from "./errors.ts"

export interface SyncTokens<A> {
  readonly make: (value: A, now: number) => string
  /** What a token stands for, or why it does not. */
  readonly use: (token: string, now: number) => { readonly value: A } | Answer
}

/** The tokens of all sync resources: one that was made for another resource is told apart from an unknown one. */
export interface SyncTokenStore {
  readonly of: <A>(resource: string) => SyncTokens<A>
}

/** An empty store; tokens live so many seconds, or for ever. */
export const makeSyncTokenStore = (random: Random, seconds: number | undefined): SyncTokenStore => {
  const resources = new Map<string, string>()
  let made = 0
  return {
    of: <A>(resource: string): SyncTokens<A> => {
      const values = new Map<string, { readonly value: A; readonly expiresAt: number }>()
      return {
        make: (value, now) => {
          made += 1
          const token = Buffer.from(random.fork(made).hex(44), "hex").toString("base64")
          resources.set(token, resource)
          values.set(token, { value, expiresAt: now + (seconds ?? Infinity) * 1000 })
          return token
        },
        use: (token, now) => {
          const known = values.get(token)
          if (known === undefined) return syncTokenRefused(resources.has(token) ? "other-resource" : "unknown")
          return now >= known.expiresAt ? syncTokenRefused("expired") : { value: known.value }
        }
      }
    }
  }
}
