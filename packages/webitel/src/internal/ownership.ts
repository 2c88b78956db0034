/**
 * Which leg a file belongs to. Every child leg repeats its parent's files, so that one recording stands in several rows;
 * and a call is a tree of legs, of which the root has the call's start (docs/vendors/webitel.md#legs). Pure.
 */
import { audioFilesOf, hasUser, type OwnedFile, parentOf } from "./map.ts"
import type { HistoryCall } from "./wire.ts"

/** Rows by the id of their leg. */
export type Legs = ReadonlyMap<string, HistoryCall>

/** The deepest tree that is followed; real ones have a handful of levels. */
const deepest = 50

/**
 * Ids of legs that the rows refer to and that are not among them: their parents, up to the root, and for a recorded leg
 * without a person of the account the leg that it was connected with.
 */
export const missingLegs = (rows: Iterable<HistoryCall>, legs: Legs): ReadonlySet<string> => {
  const missing = new Set<string>()
  for (const row of rows) {
    const parent = parentOf(topOf(row, legs))
    const agent = hasUser(row) || audioFilesOf(row).length === 0 ? undefined : row.bridged_id
    for (const id of [parent, agent]) if (id && !legs.has(id)) missing.add(id)
  }
  return missing
}

/** The leg that the call began with, as far as it is known. */
export const topOf = (row: HistoryCall, legs: Legs): HistoryCall => {
  let top = row
  for (let depth = 0; depth < deepest; depth += 1) {
    const parent = legs.get(parentOf(top) ?? "")
    if (parent === undefined || parent.id === row.id) return top
    top = parent
  }
  return top
}

/** The audio files that belong to these rows themselves, each with its call and with every leg known to show it. */
export const ownedFiles = (rows: Iterable<HistoryCall>, legs: Legs): ReadonlyArray<OwnedFile> => {
  const shown = legsByFile(legs)
  const found: Array<OwnedFile> = []
  for (const owner of rows) {
    for (const file of audioFilesOf(owner)) {
      if (!isOwn(String(file.id), file.start_record, owner, legs)) continue
      const others = (shown.get(String(file.id)) ?? []).filter((id) => id !== owner.id)
      const agent = agentOf(owner, legs)
      found.push({ file, owner, root: topOf(owner, legs), legIds: [owner.id, ...others], ...(agent && { agent }) })
    }
  }
  return found
}

const agentOf = (owner: HistoryCall, legs: Legs): HistoryCall | undefined => {
  if (hasUser(owner)) return owner
  const bridged = legs.get(owner.bridged_id ?? "")
  return bridged !== undefined && hasUser(bridged) ? bridged : undefined
}

const legsByFile = (legs: Legs): ReadonlyMap<string, ReadonlyArray<string>> => {
  const shown = new Map<string, Array<string>>()
  for (const row of legs.values()) {
    for (const { id } of audioFilesOf(row)) {
      const ids = shown.get(String(id))
      if (ids === undefined) shown.set(String(id), [row.id])
      else ids.push(row.id)
    }
  }
  return shown
}

/**
 * Newer versions say who began the recording, only at the leg it belongs to. Elsewhere it is the parent's where the parent
 * shows it too; a parent that the history does not have can show nothing.
 */
const isOwn = (fileId: string, startRecord: string | null | undefined, row: HistoryCall, legs: Legs): boolean => {
  if (startRecord) return true
  const parent = legs.get(parentOf(row) ?? "")
  return parent === undefined || !audioFilesOf(parent).some(({ id }) => String(id) === fileId)
}
