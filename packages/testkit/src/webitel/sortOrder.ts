/** The order a search asks for: one column, or raw SQL that happens to be a list of columns. */
import type { LegEntry, LegIndex } from "./LegIndex.ts"
import { billOf, durationOf, holdOf, waitOf } from "./legTimes.ts"

export interface SortKey {
  readonly column: string
  readonly descending: boolean
}

/** Whether the server would put a `sort` into its query as it is. */
export const isRawSort = (sort: string): boolean => /[(),]|::|json|case /i.test(sort)

/** The keys of a `sort`: by default the newest first. A plus that was not encoded arrives as a space. */
export const parseSort = (sort: string): ReadonlyArray<SortKey> => {
  if (sort === "") return [{ column: "created_at", descending: true }]
  if (isRawSort(sort)) {
    return sort.split(",").map((part) => {
      const [column = "", direction = "asc"] = part.trim().split(/\s+/)
      return { column, descending: direction.toLowerCase() === "desc" }
    })
  }
  return [{ column: sort.replace(/^[-+ ]/, ""), descending: sort.startsWith("-") }]
}

type Value = string | number | undefined

const columns: Readonly<Record<string, (entry: LegEntry) => Value>> = {
  id: ({ leg }) => leg.id,
  created_at: ({ leg }) => leg.createdAt,
  stored_at: ({ storedAt }) => storedAt,
  answered_at: ({ leg }) => leg.answeredAt,
  bridged_at: ({ leg }) => leg.bridgedAt,
  hangup_at: ({ leg }) => leg.hangupAt,
  duration: ({ leg }) => durationOf(leg),
  wait_sec: ({ leg }) => waitOf(leg),
  bill_sec: ({ leg }) => billOf(leg),
  hold_sec: ({ leg }) => holdOf(leg),
  talk_sec: ({ leg }) => leg.talkSeconds,
  sip_code: ({ leg }) => leg.sipCode,
  cause: ({ leg }) => leg.cause,
  direction: ({ leg }) => leg.direction,
  destination: ({ leg }) => leg.destination,
  from_number: ({ leg }) => leg.from.number,
  to_number: ({ leg }) => leg.to?.number
}

/** Compares two positions; 0 where the order between them is nobody's. */
export type Compare = (left: number, right: number) => number

// What is not set comes last, and so first where the order is descending.
const compareValues = (left: Value, right: Value): number => {
  if (left === right) return 0
  if (left === undefined) return 1
  if (right === undefined) return -1
  return left < right ? -1 : 1
}

const indexed = (index: LegIndex, column: string): Compare | undefined => {
  const valuesByColumn: Readonly<Record<string, Float64Array>> = {
    created_at: index.createdAt,
    stored_at: index.storedAt
  }
  const values = valuesByColumn[column]
  if (values !== undefined) return (left, right) => (values[left] ?? 0) - (values[right] ?? 0)
  if (column !== "id") return undefined
  const { idKey } = index
  return (left, right) =>
    (idKey[left] ?? 0) - (idKey[right] ?? 0) ||
    (left === right ? 0 : compareValues(index.entry(left).leg.id, index.entry(right).leg.id))
}

const compareColumn = (
  index: LegIndex,
  positions: Uint32Array,
  { column, descending }: SortKey
): Compare | undefined => {
  const valueOf = columns[column]
  if (valueOf === undefined) return undefined
  let ascending = indexed(index, column)
  if (ascending === undefined) {
    const values = new Map<number, Value>()
    for (const position of positions) values.set(position, valueOf(index.entry(position)))
    ascending = (left, right) => compareValues(values.get(left), values.get(right))
  }
  const compare = ascending
  return descending ? (left, right) => compare(right, left) : compare
}

/** The comparison for keys over these positions; undefined where a key is no column. */
export const compareBy = (
  index: LegIndex,
  positions: Uint32Array,
  keys: ReadonlyArray<SortKey>
): Compare | undefined => {
  const compares = keys.map((key) => compareColumn(index, positions, key))
  if (compares.includes(undefined)) return undefined
  return (left, right) => {
    for (const compare of compares) {
      const order = compare?.(left, right) ?? 0
      if (order !== 0) return order
    }
    return 0
  }
}
