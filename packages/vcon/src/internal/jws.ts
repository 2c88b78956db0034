/** The signed form: JSON Web Signatures in their JSON serialisations. Pure. */
import { isArray, isObject, type JsonObject } from "./json.ts"

/** One signature over the payload. `protected` is base64url, `header` is not signed and repeats nothing of it. */
export interface Signature {
  readonly protected: string
  readonly signature: string
  readonly header: JsonObject
  /** What `protected` says. */
  readonly protectedHeader: JsonObject
}

/** A signed document in the general form; `payload` is base64url. */
export interface Jws {
  readonly payload: string
  readonly signatures: ReadonlyArray<Signature>
}

/** Reads the general and the flattened form; undefined where it is neither. */
export const readJws = (json: unknown): Jws | undefined => {
  if (!isObject(json) || typeof json["payload"] !== "string") return undefined
  const { payload, signatures } = json
  const read = (isArray(signatures) ? signatures : [json]).map(readSignature)
  const whole = read.filter((signature) => signature !== undefined)
  return whole.length === read.length && whole.length > 0 ? { payload, signatures: whole } : undefined
}

const readSignature = (json: unknown): Signature | undefined => {
  if (!isObject(json)) return undefined
  const { protected: encoded, header = {}, signature } = json
  if (typeof encoded !== "string" || typeof signature !== "string" || !isObject(header)) return undefined
  const protectedHeader = decodeHeader(encoded)
  if (protectedHeader === undefined) return undefined
  return { protected: encoded, signature, protectedHeader, header: withoutRepeated(header, protectedHeader) }
}

const decodeHeader = (encoded: string): JsonObject | undefined => {
  try {
    const header: unknown = JSON.parse(Buffer.from(encoded, "base64url").toString())
    return isObject(header) ? header : undefined
  } catch {
    return undefined
  }
}

/** The two headers may not share a name; of two, the one that is signed counts. */
const withoutRepeated = (header: JsonObject, protectedHeader: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(header).filter(([name]) => !Object.hasOwn(protectedHeader, name)))

/** A parameter of a signature, from the signed header where it is there. */
export const parameterOf = ({ header, protectedHeader }: Signature, name: string): unknown =>
  Object.hasOwn(protectedHeader, name) ? protectedHeader[name] : header[name]
