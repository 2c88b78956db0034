/** Ids of files: digits, from a sequence that runs in the order in which their uploads were queued. */
import type { CallTree, Leg, LegFile } from "./Leg.ts"
import type { LegIndex } from "./LegIndex.ts"
import type { FileColumns } from "./readTrees.ts"

/** A file with the leg that owns it. */
export interface FileEntry {
  readonly id: string
  readonly tree: CallTree
  readonly treeIndex: number
  readonly leg: Leg
  readonly file: LegFile
}

export interface FileIndex {
  readonly size: number
  /** How many of the files are audio. */
  readonly audioCount: number
  readonly idOf: (treeIndex: number, file: LegFile) => string
  readonly find: (id: string) => FileEntry | undefined
  /** The files of a tree in their order. */
  readonly ofTree: (treeIndex: number) => ReadonlyArray<FileEntry>
  /** Every file in the order of its id. */
  readonly all: () => Generator<FileEntry, void>
}

const step = 3

/** The index over what was read of the trees; `firstId` is the sequence's start. */
export const makeFileIndex = (index: LegIndex, columns: FileColumns, firstId: number): FileIndex => {
  const { audioCount, firstOfTree, queuedAt, treeIndex: treeIndexes } = columns
  const order = Uint32Array.from(queuedAt.keys()).toSorted(
    (left, right) => (queuedAt[left] ?? 0) - (queuedAt[right] ?? 0) || left - right
  )
  const rank = new Uint32Array(order.length)
  order.forEach((slot, place) => {
    rank[slot] = place
  })

  const idOf = (treeIndex: number, { ordinal }: LegFile): string =>
    String(firstId + (rank[(firstOfTree[treeIndex] ?? 0) + ordinal] ?? 0) * step)

  const ofTree = (treeIndex: number): ReadonlyArray<FileEntry> => {
    const tree = index.tree(treeIndex)
    return tree.legs.flatMap((leg) =>
      leg.files.map((file): FileEntry => ({ id: idOf(treeIndex, file), tree, treeIndex, leg, file }))
    )
  }

  const atRank = (place: number): FileEntry | undefined => {
    const slot = order[place]
    if (slot === undefined) return undefined
    const treeIndex = treeIndexes[slot] ?? 0
    return ofTree(treeIndex)[slot - (firstOfTree[treeIndex] ?? 0)]
  }

  return {
    size: order.length,
    audioCount,
    idOf,
    ofTree,
    find: (id) => {
      const place = (Number(id) - firstId) / step
      return /^\d{1,15}$/.test(id) && Number.isInteger(place) ? atRank(place) : undefined
    },
    *all() {
      for (let place = 0; place < order.length; place += 1) {
        const entry = atRank(place)
        if (entry !== undefined) yield entry
      }
    }
  }
}
