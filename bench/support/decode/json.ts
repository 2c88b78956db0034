/** Any object of JSON. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** As the transport parses an answer. */
export const parse = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes))

/** Where something stands in a JSON value. */
export type Path = ReadonlyArray<string | number>

/** A copy of a value in which something else stands at a path. */
export const withValueAt = (value: unknown, [key, ...rest]: Path, replacement: unknown): unknown => {
  if (key === undefined) return replacement
  if (Array.isArray(value)) {
    return value.map((each: unknown, index) => (index === key ? withValueAt(each, rest, replacement) : each))
  }
  return isObject(value) ? { ...value, [key]: withValueAt(value[key], rest, replacement) } : value
}

/** The page with other phone numbers in each round: none that was seen before. Ids of as many digits become others, too. */
export const withOtherNumbers = (bytes: Uint8Array, round: number): Uint8Array =>
  new TextEncoder().encode(
    new TextDecoder()
      .decode(bytes)
      .replaceAll(/(?<="\+?\d{7,8})\d{3}(?=")/g, (last) => String((Number(last) + round + 1) % 1000).padStart(3, "0"))
  )
