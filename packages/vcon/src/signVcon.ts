import { Effect } from "effect"
import { flattenedVerify, GeneralSign, type GeneralJWS } from "jose"
import type { Certificate } from "./Certificate.ts"
import { encodeVcon } from "./encodeVcon.ts"
import { algorithmOf, type AsymmetricKey } from "./internal/keys.ts"
import type { Vcon } from "./Vcon.ts"
import { SigningFailed } from "./VconError.ts"

export type { AsymmetricKey } from "./internal/keys.ts"

/** How to sign. */
export interface SignOptions {
  /** The key's certificate first, then those that vouch for it. Without any, readers need the public key by another way. */
  readonly certificates?: ReadonlyArray<Certificate>
  /** A name such as `PS256`. Default: `RS256` of an RSA key, else what the key's curve or hash says. */
  readonly algorithm?: string
  /** Written as `updated_at`, which in a signed vCon is the time of the signature. Default: not written. */
  readonly signedAt?: Date
}

/**
 * The signed form of a vCon, as text: a JSON Web Signature in the general JSON serialisation. `alg` stands in the protected
 * header, certificates (`x5c`) and `uuid` in the unprotected one, and no name in both.
 *
 * Fails with `SigningFailed` where the key cannot sign, or the first certificate is not the key's.
 */
export const signVcon = (
  vcon: Vcon,
  privateKey: AsymmetricKey,
  options: SignOptions = {}
): Effect.Effect<string, SigningFailed> => {
  const { certificates = [], signedAt } = options
  const algorithm = options.algorithm ?? algorithmOf(privateKey)
  if (algorithm === undefined) {
    return Effect.fail(new SigningFailed({ detail: "the key is neither RSA nor of a curve that signs" }))
  }
  const payload = encodeVcon(signedAt === undefined ? vcon : { ...vcon, updated_at: signedAt.toISOString() })
  const header = {
    ...(certificates.length > 0 && { x5c: certificates.map(({ raw }) => Buffer.from(raw).toString("base64")) }),
    ...(vcon.uuid !== undefined && { uuid: vcon.uuid })
  }
  return Effect.tryPromise({
    try: () =>
      new GeneralSign(new TextEncoder().encode(payload))
        .addSignature(privateKey)
        .setProtectedHeader({ alg: algorithm })
        .setUnprotectedHeader(header)
        .sign(),
    catch: () => new SigningFailed({ detail: `the key cannot sign by ${algorithm}: is it private, and long enough?` })
  }).pipe(
    Effect.tap((jws) => checkCertificate(jws, certificates[0])),
    Effect.map((jws) => `${JSON.stringify(jws, null, 2)}\n`)
  )
}

/** A certificate of another key would make every reader refuse the document. */
const checkCertificate = (
  { payload, signatures }: GeneralJWS,
  certificate: Certificate | undefined
): Effect.Effect<void, SigningFailed> => {
  const [signature] = signatures
  if (certificate === undefined || signature === undefined) return Effect.void
  return Effect.tryPromise({
    try: () => flattenedVerify({ ...signature, payload }, certificate.publicKey),
    catch: () => new SigningFailed({ detail: "the first certificate is not the key's" })
  }).pipe(Effect.asVoid)
}
