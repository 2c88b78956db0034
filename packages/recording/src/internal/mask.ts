const masked = "<masked>"

/** A copy of a vendor's JSON in which the values of the named keys are masked, at any depth; the original stays as it is. */
export const maskKeys = (value: unknown, keys: ReadonlyArray<string>): unknown => {
  if (keys.length === 0 || typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.map((item) => maskKeys(item, keys))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      keys.includes(key) && item !== null ? masked : maskKeys(item, keys)
    ])
  )
}
