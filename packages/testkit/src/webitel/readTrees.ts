/** What the indices keep of every tree, read in one go. */
import { uuidKey } from "./ids.ts"
import type { CallTree } from "./Leg.ts"
import { nextTurn } from "./storedTimes.ts"

/** One value for each leg, tree by tree. */
export interface LegColumns {
  /** Milliseconds since the epoch. */
  readonly createdAt: ReadonlyArray<number>
  /** Microseconds since the epoch. */
  readonly storedAt: ReadonlyArray<number>
  readonly treeIndex: ReadonlyArray<number>
  /** The leg's place in its tree. */
  readonly legIndex: ReadonlyArray<number>
  readonly idKey: ReadonlyArray<number>
  /** Of each tree: the place of its first leg among all. */
  readonly firstOfTree: ReadonlyArray<number>
}

/** One value for each file, tree by tree. */
export interface FileColumns {
  /** Milliseconds since the epoch. */
  readonly queuedAt: ReadonlyArray<number>
  readonly treeIndex: ReadonlyArray<number>
  /** Of each tree: the place of its first file among all. */
  readonly firstOfTree: ReadonlyArray<number>
  readonly audioCount: number
}

/** Reads the trees with the indices from 0 up to `count`. */
export const readTrees = (
  count: number,
  treeAt: (index: number) => CallTree
): { readonly legs: LegColumns; readonly files: FileColumns } => {
  const none = (): Array<number> => []
  const legs = {
    createdAt: none(),
    storedAt: none(),
    treeIndex: none(),
    legIndex: none(),
    idKey: none(),
    firstOfTree: none()
  }
  const files = { queuedAt: none(), treeIndex: none(), firstOfTree: none(), audioCount: 0 }
  for (let treeIndex = 0; treeIndex < count; treeIndex += 1) {
    legs.firstOfTree.push(legs.createdAt.length)
    files.firstOfTree.push(files.queuedAt.length)
    treeAt(treeIndex).legs.forEach((leg, legIndex) => {
      legs.createdAt.push(leg.createdAt)
      legs.storedAt.push(leg.storedAt ?? nextTurn(leg.eligibleAt))
      legs.treeIndex.push(treeIndex)
      legs.legIndex.push(legIndex)
      legs.idKey.push(uuidKey(leg.id))
      for (const file of leg.files) {
        files.queuedAt.push(file.queuedAt)
        files.treeIndex.push(treeIndex)
        if (file.kind === "audio") files.audioCount += 1
      }
    })
  }
  return { legs, files }
}
