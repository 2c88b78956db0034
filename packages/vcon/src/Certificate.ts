import type { KeyObject } from "jose"

/**
 * An X.509 certificate: what of Node's `X509Certificate`, which is one, is looked at here. So these declarations need no
 * types of Node.
 */
export interface Certificate {
  /** DER. */
  readonly raw: Uint8Array
  readonly publicKey: KeyObject
  readonly subject: string
  readonly issuer: string
  /** SHA-256 of `raw`, as hexadecimal pairs with colons. */
  readonly fingerprint256: string
  readonly validFrom: string
  readonly validTo: string
}
