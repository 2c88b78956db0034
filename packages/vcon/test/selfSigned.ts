/** Certificates for tests, without files: X.509 (RFC 5280) of an RSA key, signed by itself. */
import { generateKeyPairSync, type KeyObject, sign, X509Certificate } from "node:crypto"

const der = (tag: number, ...contents: ReadonlyArray<Uint8Array>): Uint8Array => {
  const content = Buffer.concat(contents)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Uint8Array.from([tag, ...size]), content])
}
const sequence = (...contents: ReadonlyArray<Uint8Array>): Uint8Array => der(0x30, ...contents)
const objectId = (hex: string): Uint8Array => der(0x06, Buffer.from(hex, "hex"))
const ascii = (tag: number, text: string): Uint8Array => der(tag, Buffer.from(text, "ascii"))

const sha256WithRsa = sequence(objectId("2a864886f70d01010b"), der(0x05))
const commonName = (name: string): Uint8Array => sequence(der(0x31, sequence(objectId("550403"), ascii(0x0c, name))))
const validity = sequence(ascii(0x17, "260101000000Z"), ascii(0x17, "360101000000Z"))

export interface Signer {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  readonly certificate: X509Certificate
}

export const selfSigned = (name: string): Signer => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  const body = sequence(
    der(0xa0, der(0x02, Uint8Array.of(2))),
    der(0x02, Uint8Array.of(1)),
    sha256WithRsa,
    commonName(name),
    validity,
    commonName(name),
    publicKey.export({ type: "spki", format: "der" })
  )
  const signature = der(0x03, Uint8Array.of(0), sign("sha256", body, privateKey))
  return { privateKey, publicKey, certificate: new X509Certificate(sequence(body, sha256WithRsa, signature)) }
}
