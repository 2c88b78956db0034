/** JSON values: telling them apart, and writing the same value always as the same text. */

/** An object of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** `Array.isArray` without its `any`. */
export const isArray = (value: unknown): value is ReadonlyArray<unknown> => Array.isArray(value)

// Members of a vCon in the order in which people read them. All others follow, sorted by code unit.
const order = `vcon uuid type extensions critical created_at updated_at subject redacted amended tel name start duration
  disposition originator recordings recording_set purpose party parties dialog mediatype filename url content_hash
  encoding body session_id application analysis attachments`.split(/\s+/)
const ranks: ReadonlyMap<string, number> = new Map(order.map((key, rank) => [key, rank]))

const rankOf = (key: string): number => ranks.get(key) ?? order.length

const compareKeys = (left: string, right: string): number =>
  rankOf(left) - rankOf(right) || (left < right ? -1 : left === right ? 0 : 1)

/**
 * The value as JSON has it, keys in a fixed order: what JSON cannot say is left out or null, as in `JSON.stringify`, and an
 * integer too large for its numbers becomes text.
 */
export const jsonOf = (value: unknown): unknown => {
  if (typeof value === "bigint") return String(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (typeof value === "number") return Number.isFinite(value) ? value || 0 : null
  if (isArray(value)) return value.map((item) => jsonOf(item) ?? null)
  if (typeof value === "function" || typeof value === "symbol") return undefined
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, jsonOf(member)] as const)
      .filter(([, member]) => member !== undefined)
      .toSorted(([left], [right]) => compareKeys(left, right))
  )
}
