import { Effect } from "effect"
import { flattenedVerify } from "jose"
import { X509Certificate } from "node:crypto"
import { gunzipSync } from "node:zlib"
import type { Certificate } from "./Certificate.ts"
import { isArray } from "./internal/json.ts"
import { type Jws, parameterOf, readJws, type Signature } from "./internal/jws.ts"
import { algorithms, type AsymmetricKey } from "./internal/keys.ts"
import { parseJson, parseVcon, type ReadOptions } from "./parseVcon.ts"
import type { Vcon } from "./Vcon.ts"
import { BadSignature, InvalidVcon, UntrustedVcon } from "./VconError.ts"

/** The certificates of a signature: the signer's own first, then those that vouch for it. */
export type CertificateChain = readonly [Certificate, ...ReadonlyArray<Certificate>]

/**
 * Whom the caller believes: the holder of a public key, or of a certificate in the document that `certificate` says yes to.
 * The document alone proves nothing: anybody can put a certificate into one. Look at the fingerprint, the dates, and who
 * issued it. Addresses of certificates (`x5u`) are never fetched.
 */
export type Trust = { readonly key: AsymmetricKey } | { readonly certificate: (chain: CertificateChain) => boolean }

/**
 * Reads a signed vCon, as text or as decoded JSON, in the general or the flattened form, gzipped inside or not. One
 * signature of a trusted signer is enough. A name that stands in both headers of a signature counts in the protected one.
 *
 * Fails with `UntrustedVcon` where the caller trusts none of the signers, with `BadSignature` where the signature of a trusted
 * one does not hold or the header names another vCon, and with `InvalidVcon` where it is not signed or what was signed is no
 * vCon.
 */
export const readSigned = (
  value: unknown,
  trust: Trust,
  options: ReadOptions = {}
): Effect.Effect<Vcon, BadSignature | InvalidVcon | UntrustedVcon> =>
  Effect.gen(function* () {
    const jws = readJws(yield* parseJson(value))
    if (jws === undefined) return yield* new InvalidVcon({ path: "", detail: "it is not signed" })
    const { payload, signature } = yield* Effect.firstSuccessOf(jws.signatures.map((each) => verify(jws, each, trust)))
    const vcon = yield* parseVcon(yield* textOf(payload), options)
    const named = parameterOf(signature, "uuid")
    return named === undefined || named === vcon.uuid
      ? vcon
      : yield* new BadSignature({ detail: "its header names another vCon" })
  })

interface Verified {
  readonly payload: Uint8Array
  readonly signature: Signature
}

const verify = (
  { payload }: Jws,
  signature: Signature,
  trust: Trust
): Effect.Effect<Verified, BadSignature | UntrustedVcon> => {
  const { header, protected: encoded, signature: value } = signature
  return keyOf(signature, trust).pipe(
    Effect.flatMap((key) =>
      Effect.tryPromise({
        try: () =>
          flattenedVerify({ payload, protected: encoded, header: { ...header }, signature: value }, key, {
            algorithms: [...algorithms]
          }),
        catch: () => new BadSignature({ detail: "it was changed, or signed with another key" })
      })
    ),
    Effect.map((verified) => ({ payload: verified.payload, signature }))
  )
}

const keyOf = (signature: Signature, trust: Trust): Effect.Effect<AsymmetricKey, UntrustedVcon> => {
  if ("key" in trust) return Effect.succeed(trust.key)
  return certificatesOf(parameterOf(signature, "x5c")).pipe(
    Effect.filterOrFail(
      (chain) => trust.certificate(chain),
      () => new UntrustedVcon({ detail: "its certificate was refused" })
    ),
    Effect.map(([certificate]) => certificate.publicKey)
  )
}

const certificatesOf = (x5c: unknown): Effect.Effect<CertificateChain, UntrustedVcon> => {
  const texts = isArray(x5c) ? x5c.filter((item) => typeof item === "string") : []
  const [first, ...others] = texts
  return first === undefined
    ? Effect.fail(new UntrustedVcon({ detail: "it carries no certificate; give the signer's public key" }))
    : Effect.try({
        try: (): CertificateChain => [certificateOf(first), ...others.map(certificateOf)],
        catch: () => new UntrustedVcon({ detail: "its certificate cannot be read" })
      })
}

const certificateOf = (text: string): Certificate => new X509Certificate(Buffer.from(text, "base64"))

const largestDocument = 512 * 1024 * 1024

/** The payload may be gzipped. */
const textOf = (payload: Uint8Array): Effect.Effect<string, InvalidVcon> =>
  Effect.try({
    try: () => {
      const isGzip = payload[0] === 0x1f && payload[1] === 0x8b
      const bytes = isGzip ? gunzipSync(payload, { maxOutputLength: largestDocument }) : payload
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
    },
    catch: () => new InvalidVcon({ path: "", detail: "what was signed is no text" })
  })
