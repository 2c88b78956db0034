/** How the gateway writes values: 64-bit integers as text, and what is not set in one of several ways. */
import type { JsonObject, JsonValue } from "./Json.ts"
import type { UnsetStyle } from "./WebitelOptions.ts"

/** A value of one of the message types. Zero, empty and absent are the same to the server: not set. */
export type Field =
  | { readonly kind: "int64"; readonly value: string | number | undefined }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "text"; readonly value: string | undefined }
  | { readonly kind: "flag"; readonly value: boolean }
  | { readonly kind: "list"; readonly value: ReadonlyArray<JsonValue> }
  | { readonly kind: "message"; readonly value: JsonObject | undefined }

export const int64 = (value: string | number | undefined): Field => ({ kind: "int64", value })
export const number = (value: number | undefined): Field => ({ kind: "number", value: value ?? 0 })
export const text = (value: string | undefined): Field => ({ kind: "text", value })
export const flag = (value: boolean): Field => ({ kind: "flag", value })
export const list = (value: ReadonlyArray<JsonValue>): Field => ({ kind: "list", value })
export const message = (value: JsonObject | undefined): Field => ({ kind: "message", value })

/**
 * Writes a message, of its fields those that are wanted (default: all). `salt` (an id, say) decides which way a value
 * that is not set is written where the ways are mixed.
 */
export type Write = (
  salt: string,
  fields: Readonly<Record<string, Field>>,
  wants?: (name: string) => boolean
) => JsonObject

const isUnset = ({ kind, value }: Field): boolean => {
  if (kind === "list") return value.length === 0
  return kind === "int64" ? value === undefined || Number(value) === 0 : !value
}

const styles = ["zero-string", "absent", "null", "empty-string"] as const

// FNV-1a: the same field of the same row is written the same way each time.
const hash = (text: string): number => {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value >>> 0
}

const nameHashes = new Map<string, number>()

// There are few names, and a page has thousands of each.
const hashOfName = (name: string): number => {
  const known = nameHashes.get(name) ?? hash(name)
  nameHashes.set(name, known)
  return known
}

const mixedStyle = (salt: number, name: string): UnsetStyle =>
  styles[(Math.imul(salt ^ hashOfName(name), 0x85ebca6b) >>> 16) % styles.length] ?? "absent"

const zeros: Readonly<Record<Field["kind"], JsonValue>> = {
  int64: "0",
  number: 0,
  text: "",
  flag: false,
  list: [],
  message: null
}

const unsetValue = (kind: Field["kind"], style: UnsetStyle, asNumber: boolean): JsonValue | undefined => {
  if (style === "absent") return undefined
  if (style === "null") return null
  if (kind !== "int64") return zeros[kind]
  if (style === "empty-string") return ""
  return asNumber ? 0 : "0"
}

const setValue = (field: Field, asNumber: boolean): JsonValue => {
  if (field.kind !== "int64") return field.value ?? null
  return asNumber ? Number(field.value) : String(field.value)
}

/** The way to write messages. */
export const makeWrite = (unset: UnsetStyle, int64Style: "string" | "number"): Write => {
  const asNumber = int64Style === "number"
  return (salt, fields, wants = () => true) => {
    const written: Record<string, JsonValue> = {}
    const saltHash = unset === "mixed" ? hash(salt) : 0
    for (const name of Object.keys(fields)) {
      const field = fields[name]
      if (field === undefined || !wants(name)) continue
      if (!isUnset(field)) {
        written[name] = setValue(field, asNumber)
        continue
      }
      const style = unset === "mixed" ? mixedStyle(saltHash, name) : unset
      const value = unsetValue(field.kind, style, asNumber)
      if (value !== undefined) written[name] = value
    }
    return written
  }
}
