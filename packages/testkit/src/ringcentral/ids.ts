/** The vendor's ids, made from hexadecimal digits, and numbers they can be looked up by. */

const keyDigits = 12

const keyOf = (hex: string): number => Number.parseInt(hex.slice(0, keyDigits), 16)

/** Digits, as of sessions and recordings: up to fifteen of them, exact in a JSON number. */
export const digitsId = (hex: string): string => String(keyOf(hex))

/** The number of an id of digits; undefined for anything else. */
export const digitsKey = (id: string): number | undefined => (/^[1-9]\d{0,15}$|^0$/.test(id) ? Number(id) : undefined)

/** `s-` and the digits. */
export const telephonySessionId = (hex: string): string => `s-${hex}`

export const telephonySessionKey = (id: string): number | undefined =>
  /^s-[0-9a-f]{32}$/.test(id) ? keyOf(id.slice(2)) : undefined

/** Sixteen letters of either case, digits, `-` and `_`. */
export const callRecordId = (hex: string): string => Buffer.from(hex.slice(0, 24), "hex").toString("base64url")

export const callRecordKey = (id: string): number | undefined =>
  /^[\w-]{16}$/.test(id) ? keyOf(Buffer.from(id, "base64url").toString("hex")) : undefined

/** The value (0 to 15) of one hexadecimal digit: chance that costs nothing. */
export const nibble = (hex: string, index: number): number => Number.parseInt(hex.charAt(index), 16) || 0
