import { lookup as systemLookup } from "node:dns"
import type { LookupFunction } from "node:net"
import { Effect, type Scope } from "effect"
import { Agent } from "undici"
import { agentFetch } from "./internal/agentFetch.ts"
import { isPrivate } from "./OriginPolicy.ts"

/** A `fetch` like the global one. */
export type Fetch = typeof globalThis.fetch

/** The two ways out: to origins that the configuration names, and to those that only an answer named. */
export interface Fetches {
  readonly trusted: Fetch
  /** Refuses names that resolve to private or loopback addresses, when it connects: a second DNS answer cannot slip by. */
  readonly guarded: Fetch
}

/** Code of the error that a guarded connection to a private address fails with. */
export const privateAddressCode = "CALLREEL_PRIVATE_ADDRESS"

class PrivateAddressError extends Error {
  readonly code = privateAddressCode
}

/** `dns.lookup` of all addresses, spelled out: whoever uses the published types need not have Node's. */
type Resolve = (
  hostname: string,
  options: {
    readonly all: true
    readonly family?: number | "IPv4" | "IPv6" | undefined
    readonly hints?: number | undefined
  },
  callback: (error: Error | null, addresses: Array<{ address: string; family: number }>) => void
) => void

const guardedLookup =
  (resolve: Resolve): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, "")
      const [first] = addresses
      if (first === undefined || addresses.some(({ address }) => isPrivate(address))) {
        return callback(new PrivateAddressError("the name resolves to a private address"), "")
      }
      return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family)
    })
  }

const makeAgent = (lookup?: LookupFunction) =>
  Effect.acquireRelease(
    Effect.sync(
      () =>
        new Agent({
          connections: 32,
          pipelining: 1,
          // One socket per request under way: closing the socket is how a download is given up.
          allowH2: false,
          keepAliveTimeout: 30_000,
          // Effect owns these.
          headersTimeout: 0,
          bodyTimeout: 0,
          connect: { timeout: 10_000, ...(lookup === undefined ? {} : { lookup }) }
        })
    ),
    (agent) => Effect.promise(() => agent.destroy())
  )

/**
 * `fetch` on connection pools of our own, which are destroyed with the scope: 32 connections an origin, kept alive for 30
 * seconds, 10 seconds to connect. Request bodies are sent with their length, so they are read into memory first. Redirects
 * are answers like others: who follows them decides where to.
 */
export const makeFetch = (options: { readonly resolve?: Resolve } = {}): Effect.Effect<Fetches, never, Scope.Scope> =>
  Effect.all({
    trusted: Effect.map(makeAgent(), agentFetch),
    guarded: Effect.map(makeAgent(guardedLookup(options.resolve ?? systemLookup)), agentFetch)
  })
