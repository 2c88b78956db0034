/** What is true of the files at the clock's time: which are listed, which can be fetched, and what they hold. */
import { type ComposedAudio, composeAudio } from "../audio/compose.ts"
import type { SimulatorClock } from "../simulator/SimulatorClock.ts"
import type { FileEntry } from "./FileIndex.ts"
import type { LegFile } from "./Leg.ts"
import type { FileState } from "./WebitelOptions.ts"

/** What a file holds; also what is no audio is made of such bytes. */
export const contentOf = ({ audioKind, durationSeconds, seed }: LegFile): ComposedAudio =>
  composeAudio({ kind: audioKind, seed, durationSeconds })

const second = 1000

export interface Files {
  /** By the clock. */
  readonly stateOf: (entry: FileEntry) => FileState
  /** Whether its row is there, as of a read of the replica. */
  readonly isThere: (entry: FileEntry) => boolean
  /** Whether a history row shows it: also a file that is marked as removed is there, for a second, but not shown. */
  readonly isShown: (entry: FileEntry) => boolean
  /** When it was marked as removed, in milliseconds since the epoch. */
  readonly removedAt: (entry: FileEntry) => number | undefined
  /** Marks it as removed. */
  readonly remove: (entry: FileEntry) => void
}

/** The files of a tenant. The remover runs once a second: what is to go is there for a second more. */
export const makeFiles = (clock: SimulatorClock, replicationLag: number): Files => {
  const removed = new Map<string, number>()
  const removedAt = ({ file, id }: FileEntry): number | undefined => removed.get(id) ?? file.removedAt
  const isAfter = (time: number | undefined, at: number): boolean => time !== undefined && at > time
  const isIn = (entry: FileEntry, at: number): boolean => at >= entry.file.readyAt
  const stateAt = (entry: FileEntry, at: number): FileState => {
    if (!isIn(entry, at)) return "not-ready"
    if (isAfter(removedAt(entry), at - second)) return "removed"
    if (isAfter(entry.file.retentionUntil, at - second)) return "expired"
    return entry.file.trouble ?? "available"
  }
  const replica = (): number => clock.now().getTime() - replicationLag
  const isThere = (entry: FileEntry): boolean => {
    const state = stateAt(entry, replica())
    return state !== "not-ready" && state !== "removed" && state !== "expired"
  }
  return {
    removedAt,
    isThere,
    isShown: (entry) => {
      const marked = removedAt(entry)
      return isThere(entry) && !(marked !== undefined && marked <= replica())
    },
    stateOf: (entry) => {
      const at = clock.now().getTime()
      const marked = removedAt(entry)
      return marked !== undefined && marked <= at && isIn(entry, at) ? "removed" : stateAt(entry, at)
    },
    remove: (entry) => {
      removed.set(entry.id, clock.now().getTime())
    }
  }
}
