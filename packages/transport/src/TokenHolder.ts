import { Lane, type Reason, Unauthorized } from "@callreel/recording"
import { Clock, Duration, Effect, type Redacted, type Scope } from "effect"
import { sharedByKey } from "./internal/gateShared.ts"
import { currentStore } from "./internal/gateStore.ts"
import { Unblockable } from "./internal/gateWait.ts"
import { decodeToken, encodeToken, type HeldToken, sameToken } from "./internal/tokenStored.ts"
import { singleFlight } from "./singleFlight.ts"

/** A token as the vendor just issued it. */
export interface MintedToken {
  readonly value: Redacted.Redacted<string>
  /** How long it lives from now. */
  readonly expiresIn: Duration.Duration
  /** What came with it and is worth keeping (an account id); no secrets but what the state store may hold. */
  readonly extra?: Readonly<Record<string, string>>
}

/** Gives the access token of a source. */
export interface TokenHolder {
  /** The token to send now. */
  readonly current: Effect.Effect<Redacted.Redacted<string>, Reason>
  /** The vendor refused this one: gives another, minted once for all who ask; if there is a newer one already, that. */
  readonly renew: (refused: Redacted.Redacted<string>) => Effect.Effect<Redacted.Redacted<string>, Reason>
}

/** A holder that mints its tokens. */
export interface MintingTokenHolder extends TokenHolder {
  /** The `extra` of the current token. */
  readonly extra: Effect.Effect<Readonly<Record<string, string>>, Reason>
}

export interface TokenHolderOptions {
  /** Provider, account and credentials, hashed: names the holder in the process, and its token in the state store. */
  readonly key: string
  /** Asks the vendor for a token. Brings its own retries. Runs as interactive work, whoever asks. */
  readonly mint: Effect.Effect<MintedToken, Reason>
  /** How long before its end a token is renewed. Default 60 seconds; never more than a tenth of the token's life. */
  readonly renewBefore?: Duration.Duration
}

/** After a renewal in good time has failed, the next one is tried no sooner, in milliseconds. */
const renewalPause = 10_000

const makeHolder = Effect.fnUntraced(function* (options: TokenHolderOptions) {
  const store = yield* currentStore
  const flight = singleFlight<"mint", HeldToken, Reason>()
  const margin = Duration.toMillis(options.renewBefore ?? Duration.seconds(60))
  const mint = options.mint.pipe(Effect.provideService(Lane, "interactive"), Effect.provideService(Unblockable, true))
  let held: HeldToken | undefined

  /** What this process or another one has and the vendor has not refused. */
  const usable = Effect.fnUntraced(function* (refused: Redacted.Redacted<string> | undefined) {
    const now = yield* Clock.currentTimeMillis
    const isGood = (token: HeldToken) => token.renewAt > now && !(refused && sameToken(token.value, refused))
    if (held !== undefined && isGood(held)) return held
    const stored = decodeToken(yield* store.read(options.key), now)
    return stored !== undefined && isGood(stored) ? stored : undefined
  })

  const mintAndKeep = Effect.gen(function* () {
    const minted = yield* mint
    const now = yield* Clock.currentTimeMillis
    const life = Math.max(0, Duration.toMillis(minted.expiresIn))
    const expiresAt = now + life
    const token = {
      value: minted.value,
      extra: minted.extra ?? {},
      expiresAt,
      renewAt: expiresAt - Math.min(margin, life / 10)
    }
    yield* store.modify(options.key, () => encodeToken(token))
    return token
  })

  const obtain = Effect.fnUntraced(function* (refused: Redacted.Redacted<string> | undefined) {
    held = (yield* usable(refused)) ?? (yield* mintAndKeep)
    return held
  })

  /** A token that should be renewed but still works goes on being used when the vendor cannot mint just now. */
  const makeDo = Effect.fnUntraced(function* (old: HeldToken | undefined, reason: Reason) {
    const now = yield* Clock.currentTimeMillis
    if (old === undefined || old !== held || now >= old.expiresAt || !reason.isRetryable) return yield* reason
    held = { ...old, renewAt: Math.min(old.expiresAt, now + renewalPause) }
    return held
  })

  const token = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const old = held
    if (old !== undefined && now < old.renewAt) return old
    return yield* flight("mint", obtain(undefined).pipe(Effect.catch((reason) => makeDo(old, reason))))
  })

  const renew = Effect.fnUntraced(function* (refused: Redacted.Redacted<string>) {
    if (held !== undefined && sameToken(held.value, refused)) held = undefined
    const renewed = yield* flight("mint", obtain(refused))
    // Joined somebody who took the refused one from the store, before it was known to be refused.
    return sameToken(renewed.value, refused) ? yield* flight("mint", obtain(refused)) : renewed
  })

  const holder: MintingTokenHolder = {
    current: Effect.map(token, ({ value }) => value),
    extra: Effect.map(token, ({ extra }) => extra),
    renew: (refused) => Effect.map(renew(refused), ({ value }) => value)
  }
  return holder
})

const holders = sharedByKey<MintingTokenHolder>()

/**
 * Holds the token of a source: minted when first needed, renewed before its end, and kept in `StateStorage` for the next
 * run. Everything in the process that holds the same key shares it; a mint that fails is tried again by the next caller.
 */
export const tokenHolder = (options: TokenHolderOptions): Effect.Effect<MintingTokenHolder, never, Scope.Scope> =>
  holders(options.key, makeHolder(options))

/** Holds a token that cannot be renewed: once refused, `Unauthorized`. */
export const fixedToken = (value: Redacted.Redacted<string>): TokenHolder => ({
  current: Effect.succeed(value),
  renew: () => Effect.fail(new Unauthorized({ detail: "the access token was refused" }))
})
