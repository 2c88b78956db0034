/**
 * Every leg in order of `created_at`, in some forty bytes each: trees are made again from the world when one of their
 * legs is looked at, so that hundreds of thousands of rows need no memory to speak of.
 */
import { firstAtOrAfter, type KeyIndex, makeKeyIndex } from "../simulator/KeyIndex.ts"
import { isUuid, uuidKey } from "./ids.ts"
import type { CallTree, Leg } from "./Leg.ts"
import type { LegColumns } from "./readTrees.ts"
import { inBatches } from "./storedTimes.ts"

/** A leg with what it belongs to. */
export interface LegEntry {
  /** Its place in the order of `created_at`, from 0. */
  readonly position: number
  readonly tree: CallTree
  readonly treeIndex: number
  readonly leg: Leg
  /** Microseconds since the epoch. */
  readonly storedAt: number
}

export interface LegIndex {
  readonly size: number
  /** The columns, by position. `created_at` in milliseconds, ascending; `stored_at` in microseconds. */
  readonly createdAt: Float64Array
  readonly storedAt: Float64Array
  /** By position: a number in the order of the legs' ids. */
  readonly idKey: Float64Array
  /** The positions in order of `stored_at`, and that column in the same order. */
  readonly byStoredAt: Uint32Array
  readonly storedAtSorted: Float64Array
  readonly entry: (position: number) => LegEntry
  readonly tree: (treeIndex: number) => CallTree
  /** The positions of a tree's legs, in their order. */
  readonly positionsOf: (treeIndex: number) => ReadonlyArray<number>
  readonly find: (uuid: string) => LegEntry | undefined
}

const keptTrees = 64

// The trees looked at last: the legs of a tree are mostly looked at one after another.
const remember = (make: (index: number) => CallTree): ((index: number) => CallTree) => {
  const kept = new Map<number, CallTree>()
  return (index) => {
    const known = kept.get(index)
    if (known !== undefined) return known
    const tree = make(index)
    kept.set(index, tree)
    const [oldest] = kept.keys()
    if (kept.size > keptTrees && oldest !== undefined) kept.delete(oldest)
    return tree
  }
}

const orderBy = (size: number, valueOf: (place: number) => number): Uint32Array =>
  Uint32Array.from({ length: size }, (_, place) => place).toSorted(
    (left, right) => valueOf(left) - valueOf(right) || left - right
  )

const inverse = (order: Uint32Array): Uint32Array => {
  const places = new Uint32Array(order.length)
  order.forEach((place, position) => {
    places[place] = position
  })
  return places
}

/** The index over what was read of the trees; `batchSize` as in the options. */
export const makeLegIndex = (columns: LegColumns, treeAt: (index: number) => CallTree, batchSize: number): LegIndex => {
  const size = columns.createdAt.length
  const order = orderBy(size, (place) => columns.createdAt[place] ?? 0)
  const positions = inverse(order)
  const sorted = (column: ReadonlyArray<number>): Float64Array =>
    Float64Array.from(order, (place) => column[place] ?? 0)
  const storedAt = sorted(inBatches(columns.storedAt, batchSize))
  const treeIndexes = sorted(columns.treeIndex)
  const legIndexes = sorted(columns.legIndex)
  const idKey = sorted(columns.idKey)
  const byStoredAt = orderBy(size, (position) => storedAt[position] ?? 0)
  const byId: KeyIndex = makeKeyIndex(Array.from(idKey), Array.from(idKey.keys()))
  const tree = remember(treeAt)

  const entry = (position: number): LegEntry => {
    const treeIndex = treeIndexes[position] ?? 0
    const ofTree = tree(treeIndex)
    const leg = ofTree.legs[legIndexes[position] ?? 0]
    if (leg === undefined) throw new RangeError(`there is no leg at ${position}`)
    return { position, tree: ofTree, treeIndex, leg, storedAt: storedAt[position] ?? 0 }
  }

  return {
    size,
    createdAt: sorted(columns.createdAt),
    storedAt,
    idKey,
    byStoredAt,
    storedAtSorted: Float64Array.from(byStoredAt, (position) => storedAt[position] ?? 0),
    entry,
    tree,
    positionsOf: (treeIndex) => {
      const first = columns.firstOfTree[treeIndex] ?? size
      const after = columns.firstOfTree[treeIndex + 1] ?? size
      return Array.from(positions.subarray(first, after))
    },
    find: (uuid) => {
      if (!isUuid(uuid)) return undefined
      const position = byId.find(uuidKey(uuid.toLowerCase()))
      const found = position === undefined ? undefined : entry(position)
      return found?.leg.id === uuid.toLowerCase() ? found : undefined
    }
  }
}

/** The positions whose column, ascending, lies within both bounds; a missing bound is none. */
export const within = (
  column: Float64Array,
  from: number | undefined,
  to: number | undefined
): readonly [first: number, after: number] => [
  from === undefined ? 0 : firstAtOrAfter(column, from),
  // Columns hold whole numbers, so that what is after a bound is at least one more.
  to === undefined ? column.length : firstAtOrAfter(column, Math.floor(to) + 1)
]
