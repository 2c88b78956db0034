import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { generateKeyPairSync, type KeyObject } from "node:crypto"
import { isSignedBy, readProofKey } from "./proofKey.ts"

interface Pair {
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

const pairs: ReadonlyArray<readonly [name: string, make: () => Pair]> = [
  ["Ed25519", () => generateKeyPairSync("ed25519")],
  ["EC on P-256", () => generateKeyPairSync("ec", { namedCurve: "prime256v1" })],
  ["EC on P-384", () => generateKeyPairSync("ec", { namedCurve: "secp384r1" })],
  ["EC on P-521", () => generateKeyPairSync("ec", { namedCurve: "secp521r1" })],
  ["RSA", () => generateKeyPairSync("rsa", { modulusLength: 2048 })]
]

const privatePem = ({ privateKey }: Pair) => privateKey.export({ type: "pkcs8", format: "pem" }).toString()
const publicPem = ({ publicKey }: Pair) => publicKey.export({ type: "spki", format: "pem" }).toString()

const proof = Buffer.from('{"listed":1}\n')

const sign = (pair: Pair, bytes: Uint8Array = proof) =>
  Effect.gen(function* () {
    const key = yield* readProofKey(privatePem(pair))
    return Buffer.from(yield* key.sign(bytes)).toString("utf8")
  })

describe.each(pairs)("a proof signed with %s", (_, make) => {
  const pair = make()

  it.effect("is of that key, by its public and by its private half", () =>
    Effect.gen(function* () {
      const signature = yield* sign(pair)
      expect(signature.split(".")).toHaveLength(3)
      expect(yield* isSignedBy(signature, proof, publicPem(pair))).toBe(true)
      expect(yield* isSignedBy(`${signature}\n`, proof, privatePem(pair))).toBe(true)
    })
  )

  it.effect("is not of another key, even of the same kind", () =>
    Effect.gen(function* () {
      expect(yield* isSignedBy(yield* sign(pair), proof, publicPem(make()))).toBe(false)
    })
  )

  it.effect("is not of other bytes", () =>
    Effect.gen(function* () {
      expect(yield* isSignedBy(yield* sign(pair), Buffer.from('{"listed":2}\n'), publicPem(pair))).toBe(false)
    })
  )

  it.effect("is nothing once a character of it is changed", () =>
    Effect.gen(function* () {
      const [header = "", payload = "", value = ""] = (yield* sign(pair)).split(".")
      const changed = `${value.startsWith("A") ? "B" : "A"}${value.slice(1)}`
      const otherPayload = Buffer.from('{"listed":2}\n')
      const forged = [header, otherPayload.toString("base64url"), value].join(".")
      expect(yield* isSignedBy([header, payload, changed].join("."), proof, publicPem(pair))).toBe(false)
      expect(yield* isSignedBy(forged, otherPayload, publicPem(pair))).toBe(false)
    })
  )
})

describe("what is no key for it", () => {
  const ed25519: Pair = generateKeyPairSync("ed25519")
  const rsa: Pair = generateKeyPairSync("rsa", { modulusLength: 2048 })
  const useless: Pair = generateKeyPairSync("x25519")
  const otherCurve: Pair = generateKeyPairSync("ec", { namedCurve: "secp256k1" })

  it.effect("a key of another kind is of somebody else", () =>
    Effect.gen(function* () {
      expect(yield* isSignedBy(yield* sign(ed25519), proof, publicPem(rsa))).toBe(false)
    })
  )

  it.effect.each(["", "not a signature", "a.b", "a.b.c", "e30..", `${"a".repeat(10_000)}.b.c`])(
    "%j is no signature",
    (signature) =>
      Effect.gen(function* () {
        expect(yield* isSignedBy(signature, proof, publicPem(ed25519))).toBe(false)
      })
  )

  it.effect.each([
    ["no PEM", "secret-of-mine"],
    ["nothing", ""],
    ["a public key", publicPem(ed25519)],
    ["a key for agreement", privatePem(useless)],
    ["a curve that JWS signatures here do not have", privatePem(otherCurve)]
  ] as const)("%s signs nothing, and is not shown", ([, pem]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(readProofKey(pem))
      expect(error.reason).toBe("InvalidOptions")
      expect(error.detail).toContain("proofKey: is no private key")
      expect(JSON.stringify(error)).not.toContain("secret-of-mine")
    })
  )

  it.effect.each([
    ["no PEM", "secret-of-mine"],
    ["a key for agreement", publicPem(useless)],
    ["another curve", publicPem(otherCurve)]
  ] as const)("%s checks nothing, and that is said", ([, pem]) =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(isSignedBy(yield* sign(ed25519), proof, pem))
      expect(error.reason).toBe("InvalidOptions")
      expect(error.detail).toContain("key: is no public key")
    })
  )
})
