import type { CryptoKey, JWK, KeyObject } from "jose"
import { KeyObject as NodeKey } from "node:crypto"
import { isObject } from "./json.ts"

/** A key of a pair: of WebCrypto, of Node, or a JSON Web Key. Shared secrets sign nothing that others could check. */
export type AsymmetricKey = CryptoKey | KeyObject | JWK

/** The algorithms that signatures may have. */
export const algorithms: ReadonlyArray<string> =
  "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" ")

// The draft asks for RS256 wherever the key can do it.
const byShape: ReadonlyMap<string, string> = new Map([
  ["RSA", "RS256"],
  ["rsa", "RS256"],
  ["rsa-pss", "PS256"],
  ["P-256", "ES256"],
  ["prime256v1", "ES256"],
  ["P-384", "ES384"],
  ["secp384r1", "ES384"],
  ["P-521", "ES512"],
  ["secp521r1", "ES512"],
  ["Ed25519", "EdDSA"],
  ["ed25519", "EdDSA"],
  ["RSASSA-PKCS1-v1_5 SHA-256", "RS256"],
  ["RSASSA-PKCS1-v1_5 SHA-384", "RS384"],
  ["RSASSA-PKCS1-v1_5 SHA-512", "RS512"],
  ["RSA-PSS SHA-256", "PS256"],
  ["RSA-PSS SHA-384", "PS384"],
  ["RSA-PSS SHA-512", "PS512"]
])

/** The algorithm to sign with; undefined where the key is not one that can. */
export const algorithmOf = (key: AsymmetricKey): string | undefined => byShape.get(shapeOf(key))

const shapeOf = (key: AsymmetricKey): string => {
  if (key instanceof NodeKey) return key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? ""
  if ("algorithm" in key) return webShapeOf(key.algorithm)
  return "kty" in key ? (key.crv ?? key.kty ?? "") : ""
}

const webShapeOf = (algorithm: { readonly name: string }): string => {
  if ("namedCurve" in algorithm && typeof algorithm.namedCurve === "string") return algorithm.namedCurve
  const hash = "hash" in algorithm && isObject(algorithm.hash) ? algorithm.hash["name"] : undefined
  return typeof hash === "string" ? `${algorithm.name} ${hash}` : algorithm.name
}
