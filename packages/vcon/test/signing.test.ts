import { describe, expect, it } from "@effect/vitest"
import {
  type AsymmetricKey,
  encodeVcon,
  parseVcon,
  readSigned,
  recordingOf,
  signVcon,
  toVcon,
  type Trust
} from "@callreel/vcon"
import { Effect } from "effect"
import { exportJWK, FlattenedSign, generateKeyPair } from "jose"
import { generateKeyPairSync } from "node:crypto"
import { gzipSync } from "node:zlib"
import { sample, sha512 } from "./samples.ts"
import { selfSigned } from "./selfSigned.ts"

const vcon = toVcon(sample, { mediaType: "audio/mpeg", filename: "a.mp3", sha512: sha512("audio") })
const payload = new TextEncoder().encode(encodeVcon(vcon))
const signer = selfSigned("signer.example")
const stranger = selfSigned("stranger.example")
const { certificate, privateKey, publicKey } = signer

const web = await generateKeyPair("PS384", { extractable: true })
const edwards = generateKeyPairSync("ed25519")
const curve = generateKeyPairSync("ec", { namedCurve: "P-256" })
const jwk = await exportJWK(generateKeyPairSync("ec", { namedCurve: "P-521" }).privateKey)
const { d: _, ...publicJwk } = jwk

interface GeneralForm {
  readonly payload: string
  readonly signatures: ReadonlyArray<{
    readonly protected: string
    readonly header: object
    readonly signature: string
  }>
}
const parse = (text: string): GeneralForm => JSON.parse(text) as GeneralForm
const headerOf = (encoded: string): unknown => JSON.parse(Buffer.from(encoded, "base64url").toString())
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url")

const signed = await Effect.runPromise(signVcon(vcon, privateKey, { certificates: [certificate] }))
const [signature] = parse(signed).signatures
if (signature === undefined) throw new Error("there is no signature")

/** What is signed by the flattened form's own means, with any headers and payload. */
const flattened = (body: Uint8Array, header?: object) => {
  const unsigned = new FlattenedSign(body).setProtectedHeader({ alg: "RS256" })
  return Effect.promise(() =>
    (header === undefined ? unsigned : unsigned.setUnprotectedHeader({ ...header })).sign(privateKey)
  )
}

const byCertificate: Trust = { certificate: ([leaf]) => leaf.fingerprint256 === certificate.fingerprint256 }

describe("signVcon", () => {
  it("puts alg into the protected header, the rest into the other, and no name into both", () => {
    expect(headerOf(signature.protected)).toEqual({ alg: "RS256" })
    expect(signature.header).toEqual({ x5c: [certificate.raw.toString("base64")], uuid: vcon.uuid })
    expect(Buffer.from(parse(signed).payload, "base64url").toString()).toBe(encodeVcon(vcon))
  })

  it.effect.each<[string, AsymmetricKey, AsymmetricKey, string]>([
    ["RSA", privateKey, publicKey, "RS256"],
    ["WebCrypto", web.privateKey, web.publicKey, "PS384"],
    ["Ed25519", edwards.privateKey, edwards.publicKey, "EdDSA"],
    ["P-256", curve.privateKey, curve.publicKey, "ES256"],
    ["JSON Web Key", jwk, publicJwk, "ES512"]
  ])("signs by the algorithm of the key: %s", ([, own, others, algorithm]) =>
    Effect.gen(function* () {
      const text = yield* signVcon(vcon, own)
      expect(headerOf(parse(text).signatures[0]?.protected ?? "")).toEqual({ alg: algorithm })
      expect(yield* readSigned(text, { key: others })).toEqual(vcon)
    })
  )

  it.effect("signs by another algorithm, and says when, where it is told to", () =>
    Effect.gen(function* () {
      const signedAt = new Date("2026-04-01T12:00:00Z")
      const text = yield* signVcon(vcon, privateKey, { algorithm: "PS512", signedAt })
      expect(headerOf(parse(text).signatures[0]?.protected ?? "")).toEqual({ alg: "PS512" })
      const read = yield* readSigned(text, { key: publicKey })
      expect(read).toEqual({ ...vcon, updated_at: "2026-04-01T12:00:00.000Z" })
    })
  )

  it.effect.each<[string, AsymmetricKey, object, string]>([
    ["a public key", publicKey, {}, "RS256"],
    ["an algorithm of other keys", privateKey, { algorithm: "ES256" }, "ES256"],
    ["a shared secret", { kty: "oct", k: "c2VjcmV0" }, {}, "neither RSA"],
    ["a key that agrees on secrets", generateKeyPairSync("x25519").privateKey, {}, "neither RSA"],
    ["somebody else's certificate", privateKey, { certificates: [stranger.certificate] }, "not the key's"]
  ])("refuses %s", ([, key, options, detail]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(signVcon(vcon, key, options))
      expect(error._tag).toBe("SigningFailed")
      expect(error.message).toContain(detail)
    })
  )
})

describe("readSigned", () => {
  it.effect.each<[string, Trust]>([
    ["a key", { key: publicKey }],
    ["the certificate inside", byCertificate]
  ])("gives back what was signed, by %s", ([, trust]) =>
    Effect.gen(function* () {
      const read = yield* readSigned(signed, trust)
      expect(read).toEqual(vcon)
      expect(recordingOf(read)).toEqual(sample)
    })
  )

  it.effect("reads the flattened form, decoded JSON, and a gzipped payload", () =>
    Effect.gen(function* () {
      const trust = { key: publicKey }
      expect(yield* readSigned(parse(signed), trust)).toEqual(vcon)
      expect(yield* readSigned(yield* flattened(payload), trust)).toEqual(vcon)
      expect(yield* readSigned(yield* flattened(gzipSync(payload)), trust)).toEqual(vcon)
    })
  )

  it.effect("takes a name that stands in both headers from the signed one", () =>
    Effect.gen(function* () {
      const doubled = {
        payload: parse(signed).payload,
        signatures: [{ ...signature, header: { ...signature.header, alg: "none", kid: "k" } }]
      }
      expect(yield* readSigned(doubled, byCertificate)).toEqual(vcon)
    })
  )

  it.effect("is content with one trusted signer of several", () =>
    Effect.gen(function* () {
      const others = parse(yield* signVcon(vcon, stranger.privateKey, { certificates: [stranger.certificate] }))
      const both = { payload: parse(signed).payload, signatures: [...others.signatures, signature] }
      expect(yield* readSigned(both, byCertificate)).toEqual(vcon)
      expect(yield* readSigned(both, { key: publicKey })).toEqual(vcon)
    })
  )

  const changed = { ...parse(signed), payload: encode({ ...vcon, subject: "changed" }) }
  const bare = { ...parse(signed), signatures: [{ ...signature, header: {} }] }
  const named = (uuid: string) => ({ ...parse(signed), signatures: [{ ...signature, header: { uuid } }] })
  const swapped = {
    ...parse(signed),
    signatures: [{ ...signature, header: { x5c: [stranger.certificate.raw.toString("base64")] } }]
  }
  const unsigned = {
    payload: parse(signed).payload,
    signatures: [{ protected: encode({ alg: "none" }), header: {}, signature: "" }]
  }
  const anybody: Trust = { certificate: () => true }

  it.effect.each<[string, unknown, Trust, string, string]>([
    ["a changed payload", changed, { key: publicKey }, "BadSignature", "changed"],
    ["a changed payload that brings its certificate", changed, anybody, "BadSignature", "changed"],
    ["another key", signed, { key: stranger.publicKey }, "BadSignature", "another key"],
    ["a certificate of another key", swapped, anybody, "BadSignature", "another key"],
    ["no algorithm", unsigned, { key: publicKey }, "BadSignature", "changed"],
    [
      "a header of another vCon",
      named("018a2b3c-4d5e-8f60-8182-838485868788"),
      { key: publicKey },
      "BadSignature",
      "another vCon"
    ],
    ["a refused certificate", signed, { certificate: () => false }, "UntrustedVcon", "refused"],
    ["a certificate that the caller does not know", swapped, byCertificate, "UntrustedVcon", "refused"],
    ["no certificate", bare, anybody, "UntrustedVcon", "no certificate"],
    [
      "a certificate that is none",
      { ...parse(signed), signatures: [{ ...signature, header: { x5c: ["AAAA"] } }] },
      anybody,
      "UntrustedVcon",
      "cannot be read"
    ],
    ["the unsigned form", encodeVcon(vcon), { key: publicKey }, "InvalidVcon", "not signed"],
    ["no signatures", { ...parse(signed), signatures: [] }, { key: publicKey }, "InvalidVcon", "not signed"],
    [
      "a header that is none",
      { ...parse(signed), signatures: [{ ...signature, protected: "x" }] },
      { key: publicKey },
      "InvalidVcon",
      "not signed"
    ],
    ["text that is not JSON", "{", { key: publicKey }, "InvalidVcon", "not JSON"]
  ])("refuses %s", ([, value, trust, tag, detail]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(readSigned(value, trust))
      expect(error._tag).toBe(tag)
      expect(error.message).toContain(detail)
    })
  )

  it.effect.each<[string, Uint8Array, string]>([
    ["another document", new TextEncoder().encode('{"dialog":5}'), "dialog"],
    ["bytes that are no text", Uint8Array.of(0xff, 0xfe), ""],
    ["broken gzip", Uint8Array.of(0x1f, 0x8b, 0), ""],
    ["a signed document in a signed one", new TextEncoder().encode(signed), ""]
  ])("refuses a good signature of %s", ([, body, path]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(readSigned(yield* flattened(body), { key: publicKey }))
      expect(error).toMatchObject({ _tag: "InvalidVcon", path })
    })
  )

  it.effect("refuses a critical extension that is not supported, unless it is", () =>
    Effect.gen(function* () {
      const text = yield* signVcon({ ...vcon, critical: ["consent"] }, privateKey)
      const error = yield* Effect.flip(readSigned(text, { key: publicKey }))
      expect(error).toMatchObject({ _tag: "InvalidVcon", path: "critical[0]" })
      const read = yield* readSigned(text, { key: publicKey }, { extensions: ["consent"] })
      expect(read.critical).toEqual(["consent"])
    })
  )

  it.effect("refuses a shared secret, with which everybody who can check could also sign", () =>
    Effect.gen(function* () {
      const secret = { kty: "oct", k: Buffer.alloc(32, 1).toString("base64url") }
      const unsigned = new FlattenedSign(payload).setProtectedHeader({ alg: "HS256" })
      const text = yield* Effect.promise(() => unsigned.sign(secret))
      expect((yield* Effect.flip(readSigned(text, { key: secret })))._tag).toBe("BadSignature")
    })
  )

  it.effect("leaves the signed form unread where nobody checks the signature", () =>
    Effect.gen(function* () {
      expect((yield* Effect.flip(parseVcon(signed))).detail).toContain("readSigned")
    })
  )
})
