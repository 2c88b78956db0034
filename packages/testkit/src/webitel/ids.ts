/** Ids as the server has them, made from hexadecimal digits. */

/** A uuid of version 4 whose first 12 digits are those of `hex` (32 lower-case digits). */
export const uuidOf = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${"89ab".charAt(Number.parseInt(hex.charAt(16), 16) % 4)}${hex.slice(17, 20)}-${hex.slice(20, 32)}`

/** Whether a text is a uuid, in any case. */
export const isUuid = (text: string): boolean => /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)

/** A number to find a uuid by, in the order of uuids: its first twelve digits, which fit a number exactly. */
export const uuidKey = (uuid: string): number => Number.parseInt(uuid.replace("-", "").slice(0, 12), 16)
