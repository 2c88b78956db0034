/** Finds rows: by an index first, by all the rest of the filters then, in order, and only a page of them. */
import type { LegFilter } from "./filters.ts"
import type { LegIndex } from "./LegIndex.ts"
import { within } from "./LegIndex.ts"
import { order, type Ordered, slicePage } from "./paging.ts"
import { bothBounds, type SearchRequest } from "./searchRequest.ts"
import { compareBy, type SortKey } from "./sortOrder.ts"

/** A search with all that decides its result. */
export interface Query {
  readonly request: SearchRequest
  readonly keys: ReadonlyArray<SortKey>
  readonly filters: ReadonlyArray<LegFilter>
  /** Rows stored after this, in microseconds since the epoch, are not there yet. */
  readonly horizon: number
  /** Whether the filters give the same each time: has_file does not, files come and go. */
  readonly repeatable: boolean
  /** Rows that came in at the top since the page before. */
  readonly drift: number
}

export interface Found {
  readonly positions: ReadonlyArray<number>
  readonly next: boolean
}

const keptResults = 4

/** The rows an index leaves to look at: positions in any order. */
const candidates = (index: LegIndex, { request }: Query): Uint32Array => {
  const { createdAt, dependencyId, id } = request
  if (id.length > 0) return Uint32Array.from(new Set(id.flatMap((each) => index.find(each)?.position ?? [])))
  if (dependencyId !== "") {
    const root = index.find(dependencyId)
    return Uint32Array.from(root === undefined ? [] : index.positionsOf(root.treeIndex))
  }
  const stored = bothBounds(request.storedAt)
  const [storedFirst, storedAfter] =
    stored === undefined ? [0, index.size] : within(index.storedAtSorted, stored.from * 1000, stored.to * 1000)
  const [first, after] = within(index.createdAt, createdAt?.from, createdAt?.to)
  if (storedAfter - storedFirst < after - first) return index.byStoredAt.subarray(storedFirst, storedAfter)
  return Uint32Array.from({ length: Math.max(0, after - first) }, (_, place) => first + place)
}

const columnTest = (index: LegIndex, { horizon, request }: Query): ((position: number) => boolean) => {
  const stored = bothBounds(request.storedAt)
  const latest = Math.min(horizon, stored === undefined ? Infinity : stored.to * 1000)
  const earliest = stored === undefined ? -Infinity : stored.from * 1000
  const from = request.createdAt?.from ?? -Infinity
  const to = request.createdAt?.to ?? Infinity
  return (position) => {
    const storedAt = index.storedAt[position] ?? 0
    const createdAt = index.createdAt[position] ?? 0
    return storedAt >= earliest && storedAt <= latest && createdAt >= from && createdAt <= to
  }
}

export interface Search {
  /** How many rows a query goes through. */
  readonly scanned: (query: Query) => number
  /** A page; undefined where the order is by something that is no column. */
  readonly page: (query: Query) => Found | undefined
}

/** Searches over an index; the last results are kept, so that paging through one does not sort it again and again. */
export const makeSearch = (index: LegIndex): Search => {
  const kept = new Map<string, Ordered>()

  const find = (query: Query): Ordered | undefined => {
    const inColumns = columnTest(index, query)
    const { filters } = query
    const positions = candidates(index, query).filter((position) => {
      if (!inColumns(position)) return false
      if (filters.length === 0) return true
      const entry = index.entry(position)
      return filters.every((filter) => filter(entry))
    })
    const compare = compareBy(index, positions, query.keys)
    return compare === undefined ? undefined : order(positions, compare)
  }

  // The same rows are there until the next one is stored.
  const keyOf = ({ horizon, keys, request }: Query): string => {
    const [, visible] = within(index.storedAtSorted, undefined, horizon)
    return JSON.stringify([{ ...request, page: 0, size: 0, fields: [] }, keys, visible])
  }

  const ordered = (query: Query): Ordered | undefined => {
    if (!query.repeatable) return find(query)
    const key = keyOf(query)
    const result = kept.get(key) ?? find(query)
    kept.delete(key)
    if (result !== undefined) kept.set(key, result)
    const [oldest] = kept.keys()
    if (kept.size > keptResults && oldest !== undefined) kept.delete(oldest)
    return result
  }

  return {
    scanned: (query) => candidates(index, query).length,
    page: (query) => {
      const result = ordered(query)
      if (result === undefined) return undefined
      const { page, size } = query.request
      const start = Math.max(0, size * (page - 1) - query.drift)
      // One row more tells whether there is another page.
      const rows = slicePage(result, start, start + size + 1, page * 31 + size)
      return { positions: rows.slice(0, size), next: rows.length > size }
    }
  }
}
