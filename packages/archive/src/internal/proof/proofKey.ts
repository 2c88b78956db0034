/** Signs and checks proofs: a JWS in its compact form over the proof's bytes. */
import { Effect } from "effect"
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto"
import { ArchiveError } from "../../ArchiveError.ts"

/** A private key for proofs. */
export interface ProofKey {
  readonly sign: (proof: Uint8Array) => Effect.Effect<Uint8Array, ArchiveError>
}

/** The algorithm of a kind of key; undefined for kinds that are not used for signatures. */
const algorithmOf = ({ asymmetricKeyDetails, asymmetricKeyType }: KeyObject): string | undefined => {
  switch (asymmetricKeyType) {
    case "ed25519":
      return "EdDSA"
    case "rsa":
      return "PS256"
    case "ec":
      return { prime256v1: "ES256", secp384r1: "ES384", secp521r1: "ES512" }[asymmetricKeyDetails?.namedCurve ?? ""]
    default:
      return undefined
  }
}

/** A private key in PEM (PKCS #8): Ed25519, EC on P-256, P-384 or P-521, or RSA. */
export const readProofKey = (pem: string): Effect.Effect<ProofKey, ArchiveError> =>
  Effect.gen(function* () {
    const key = yield* Effect.try({ try: () => createPrivateKey(pem), catch: () => notAKey("proofKey", "private") })
    const alg = algorithmOf(key)
    if (alg === undefined) return yield* notAKey("proofKey", "private")
    const { CompactSign } = yield* Effect.promise(() => import("jose"))
    return {
      sign: (proof) =>
        Effect.tryPromise({
          try: async () => Buffer.from(await new CompactSign(proof).setProtectedHeader({ alg }).sign(key)),
          catch: () => notAKey("proofKey", "private")
        })
    }
  })

/** Whether a signature is one of these bytes by the owner of the key (PEM: the public key, a certificate, or the private key). */
export const isSignedBy = (signature: string, proof: Uint8Array, pem: string): Effect.Effect<boolean, ArchiveError> =>
  Effect.gen(function* () {
    const key = yield* Effect.try({ try: () => createPublicKey(pem), catch: () => notAKey("key", "public") })
    const alg = algorithmOf(key)
    if (alg === undefined) return yield* notAKey("key", "public")
    const { compactVerify } = yield* Effect.promise(() => import("jose"))
    return yield* Effect.promise(() =>
      compactVerify(signature.trim(), key, { algorithms: [alg] }).then(
        ({ payload }) => Buffer.compare(payload, proof) === 0,
        () => false
      )
    )
  })

const notAKey = (option: string, kind: "private" | "public") =>
  new ArchiveError({
    reason: "InvalidOptions",
    detail: `${option}: is no ${kind} key in PEM of Ed25519, EC (P-256, P-384, P-521) or RSA`
  })
